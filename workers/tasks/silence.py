"""Volunteers whom nobody has asked for two months are told why: each in a transaction of its own."""

from functools import partial

import structlog

from matcher.database import transaction
from matcher.services import silences
from workers.app import SILENCE, task
from workers.one_by_one import do_each
from workers.runtime import Runtime, runtime

# A few at a time: nobody is in a hurry, and the mails of the day come first.
AT_ONCE = 50
log = structlog.get_logger(__name__)


@task(SILENCE)
def break_silences() -> None:
    """Tell the next volunteers whom nobody has asked for two months."""
    tell_due(runtime())


def tell_due(runtime: Runtime) -> int:
    """Tell those who are to be told now; return how many. Two workers at once write to nobody twice."""
    with runtime.sessions() as session:
        due = silences.due(session, runtime.clock(session), limit=AT_ONCE)
    told = do_each(due, partial(_tell, runtime), failed=_tell_failed)
    if told:
        log.info("silences broken", volunteers=told)
    return told


def _tell(runtime: Runtime, volunteer_id: int) -> bool:
    with runtime.sessions() as session:
        told = silences.why(session, runtime.clock(session), volunteer_id=volunteer_id)
    if told is None:
        return False
    with runtime.sessions() as session, transaction(session):
        return silences.tell(session, runtime.clock(session), volunteer_id=volunteer_id, told=told)


def _tell_failed(volunteer_id: int, error: str) -> None:
    log.error("silence not broken", volunteer=volunteer_id, error=error)
