"""What is not kept: the traces of work done long ago. Once a day, however often it is called."""

from datetime import timedelta

import sqlalchemy as sa
import structlog

from matcher import outbox
from matcher.database import clear_log, transaction
from matcher.models.outbox import JobSlot
from matcher.services import audit, counterfactuals, notes, reports, sign_ins, weights
from workers.app import RETENTION, task
from workers.runtime import Runtime, runtime
from workers.slots import take_slot

KEPT = timedelta(days=30)
PROPOSALS_KEPT = timedelta(days=365)
log = structlog.get_logger(__name__)


@task(RETENTION)
def forget_old_rows() -> None:
    """Forget what was done long ago, once a day; what was erased leaves the disk."""
    forget_once_a_day(runtime())
    if not clear_log(runtime().engine):
        log.info("log of writes is in use")  # the next run comes in an hour


def forget_once_a_day(runtime: Runtime) -> bool:
    """Delete what is older than 30 days: done outbox rows, job slots, questions about places, what came
    back, sign-ins that ended; unused weights and notes in a year; the audit log as long as the settings say.

    False when it was done today already.
    """
    with runtime.sessions() as session, transaction(session):
        now = runtime.clock(session)
        if not take_slot(session, now, job=RETENTION, slot=now.date().isoformat()):
            return False
        rows = outbox.forget(session, now - KEPT)
        session.execute(sa.delete(JobSlot).where(JobSlot.at < now - KEPT))
        counterfactuals.forget_asked_before(session, now - KEPT)
        reports.forget_reports(session, now - KEPT)
        sign_ins.forget_ended_before(session, now - KEPT)
        notes.forget_before(session, now - notes.KEPT)
        weights.forget_set_aside(session, now - PROPOSALS_KEPT)
        audit.forget_entries(session, now, days=runtime.settings.audit_log_days)
        log.info("old rows forgotten", rows=rows)
    return True
