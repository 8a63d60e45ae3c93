"""The clocks of needs and pairings: whatever fell due takes its effect, each in a transaction of its own."""

from functools import partial

import structlog

from matcher.database import transaction
from matcher.services import clock_actions, clocks
from workers.app import CLOCKS, task
from workers.one_by_one import do_each
from workers.runtime import Runtime, runtime

log = structlog.get_logger(__name__)


@task(CLOCKS)
def fire_due_clocks() -> None:
    """Let every clock that fell due take its effect."""
    fire_due(runtime())


def fire_due(runtime: Runtime) -> int:
    """Fire the deadlines that are due; return how many took effect. Two workers at once do no harm."""
    with runtime.sessions() as session:
        due = clocks.due(session, runtime.clock(session))
    return do_each(due, partial(_fire, runtime), failed=partial(_stand_back, runtime))


def _fire(runtime: Runtime, deadline_id: int) -> bool:
    with runtime.sessions() as session, transaction(session):
        clock = clock_actions.fire(session, runtime.clock(session), deadline_id=deadline_id)
    if clock is not None:
        log.info("clock fired", deadline=deadline_id, clock=clock.value)
    return clock is not None


def _stand_back(runtime: Runtime, deadline_id: int, error: str) -> None:
    log.error("clock failed", deadline=deadline_id, error=error)
    with runtime.sessions() as session, transaction(session):
        clocks.stand_back(session, runtime.clock(session), deadline_id=deadline_id)
