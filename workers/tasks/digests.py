"""The coordinators' morning mail: one run for each coordinator and day, however often beat asks for it."""

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from matcher.database import transaction
from matcher.services import digests
from workers.app import DIGESTS, task
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
    return sum(_tried(runtime, morning) for morning in mornings)


def _tried(runtime: Runtime, morning: digests.Morning) -> bool:
    try:
        return _write(runtime, morning)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        told = type(error).__name__  # its text may quote a person
        log.error("morning mail failed", account=morning.account_id, error=told)  # noqa: TRY400
        return False


def _write(runtime: Runtime, morning: digests.Morning) -> bool:
    with runtime.sessions() as session, transaction(session):
        now = runtime.clock(session)
        if not take_slot(session, now, job=DIGESTS, slot=morning.slot):
            return False
        is_written = digests.write(session, now, morning)
    log.info("morning come", account=morning.account_id, day=morning.day.isoformat(), written=is_written)
    return is_written
