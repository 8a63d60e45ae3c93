"""Every five minutes: what must always hold is looked at, mended where that is safe, else raised as an alert."""

from datetime import timedelta

import structlog

from matcher.database import transaction
from matcher.services import alerts, invariants
from workers.app import INVARIANTS, task
from workers.runtime import Runtime, runtime
from workers.slots import take_turn
from workers.tasks.ledger import unwritten

EVERY = timedelta(minutes=5)
log = structlog.get_logger(__name__)


@task(INVARIANTS)
def check_invariants() -> None:
    """Check what must hold, once in five minutes."""
    check_once(runtime())


def check_once(runtime: Runtime) -> bool:
    """Mend and tell; False when this was done in these five minutes, by whatever worker or beat.

    The ledger is written before: nobody waits for a transaction of ours while the disk takes it.
    """
    not_kept = unwritten(runtime)
    with runtime.sessions() as session, transaction(session):
        now = runtime.clock(session)
        begin = now - (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) % EVERY
        if not take_turn(session, now, job=INVARIANTS, slot=begin.strftime("%Y-%m-%dT%H:%M"), every=EVERY):
            return False
        mended = invariants.mend(session, now)
        session.flush()
        new = alerts.note(session, now, [*invariants.broken(session, now), *not_kept])
    if mended:
        log.warning("mended", **mended)
    for each in new:
        log.error("alert", code=each.code.value, subject=each.subject, count=each.count, ids=each.ids)
    return True
