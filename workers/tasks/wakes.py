"""Every five minutes: lines move for volunteers whose day has come, and old availability is asked about."""

from datetime import datetime, timedelta

import structlog

from matcher.database import transaction
from matcher.services import quarantine, waking
from workers.app import WAKES, task
from workers.runtime import Runtime, runtime
from workers.slots import take_turn

EVERY = timedelta(minutes=5)
log = structlog.get_logger(__name__)


@task(WAKES)
def wake_lines() -> None:
    """Let lines move for those whose limit, pause, rest or pace ends, and ask whether old availability holds."""
    wake_once(runtime())


def wake_once(runtime: Runtime) -> bool:
    """Do it once in five minutes, however many beats there are; False when it was done, or nothing may leave."""
    with runtime.sessions() as session, transaction(session):
        if quarantine.active(session):
            return False
        now = runtime.clock(session)
        if not take_turn(session, now, job=WAKES, slot=_slot(now), every=EVERY):
            return False
        woken = waking.wake_due(session, now)
        asked = waking.ask_still_true(session, runtime.rules, now)
        waking.forget_mails(session, now)
        if woken or asked:
            log.info("lines woken", woken=woken, asked=asked)
    return True


def _slot(now: datetime) -> str:
    begins = now - (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) % EVERY
    return begins.isoformat(timespec="minutes")
