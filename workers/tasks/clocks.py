"""The clocks of needs and pairings: whatever fell due takes its effect, each in a transaction of its own."""

from datetime import timedelta

import structlog

from matcher.database import transaction
from matcher.models.deadline import Deadline
from matcher.services import clock_actions, clocks
from workers.app import CLOCKS, task
from workers.runtime import Runtime, runtime

# A clock whose effect fails stands back, so that it never holds up those behind it.
STANDS_BACK_FOR = timedelta(minutes=10)
log = structlog.get_logger(__name__)


@task(CLOCKS)
def fire_due_clocks() -> None:
    """Let every clock that fell due take its effect."""
    fire_due(runtime())


def fire_due(runtime: Runtime) -> int:
    """Fire the deadlines that are due; return how many took effect. Two workers at once do no harm."""
    with runtime.sessions() as session:
        due = clocks.due(session, runtime.clock(session))
    return sum(_fire(runtime, deadline_id) for deadline_id in due)


def _fire(runtime: Runtime, deadline_id: int) -> bool:
    try:
        with runtime.sessions() as session, transaction(session):
            clock = clock_actions.fire(session, runtime.clock(session), deadline_id=deadline_id)
    except Exception as error:
        log.error("clock failed", deadline=deadline_id, error=type(error).__name__)  # noqa: TRY400 (its text may quote)
        _stand_back(runtime, deadline_id)
        return False
    if clock is not None:
        log.info("clock fired", deadline=deadline_id, clock=clock.value)
    return clock is not None


def _stand_back(runtime: Runtime, deadline_id: int) -> None:
    with runtime.sessions() as session, transaction(session):
        deadline = session.get(Deadline, deadline_id, with_for_update=True)
        if deadline is not None:
            deadline.due_at = runtime.clock(session) + STANDS_BACK_FOR
