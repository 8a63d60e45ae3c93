"""The coordinators' morning mail: one run for each coordinator and day, however often beat asks for it."""

from functools import partial

import structlog

from matcher.database import transaction
from matcher.services import digests
from workers.app import DIGESTS, task
from workers.one_by_one import do_each
from workers.runtime import Runtime, runtime
from workers.slots import take_slot

log = structlog.get_logger(__name__)


@task(DIGESTS)
def write_digests() -> None:
    """Write to the coordinators whose morning has come."""
    write_due(runtime())


def write_due(runtime: Runtime) -> int:
    """Write each mail whose morning has come and that nobody else writes; return how many. One that fails holds up
    nobody and is tried again."""
    with runtime.sessions() as session:
        mornings = digests.mornings(session, runtime.clock(session), job=DIGESTS)
    return do_each(mornings, partial(_write, runtime), failed=_tell_failed)


def _write(runtime: Runtime, morning: digests.Morning) -> bool:
    with runtime.sessions() as session, transaction(session):
        now = runtime.clock(session)
        if not take_slot(session, now, job=DIGESTS, slot=morning.slot):
            return False
        is_written = digests.write(session, now, morning)
    log.info("morning come", account=morning.account_id, day=morning.day.isoformat(), written=is_written)
    return is_written


def _tell_failed(morning: digests.Morning, error: str) -> None:
    log.error("morning mail failed", account=morning.account_id, error=error)
