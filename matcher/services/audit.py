"""How long the audit log is kept. Nothing else ever deletes from it, and nothing changes it."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import System
from matcher.models.audit import AuditEntry
from matcher.services.steps import record

JOB = "retention"


def forget_entries(session: Session, now: datetime, *, days: int) -> None:
    """Delete what is older than `days`, and write that it was done."""
    old = AuditEntry.at < now - timedelta(days=days)
    last = session.scalar(sa.select(sa.func.max(AuditEntry.id)).where(old))
    if last is None:
        return
    # Written first: the database measures the age of an entry by the newest one.
    record(session, System(JOB), now, action="forget_entries", subject=("audit_log", last))
    session.flush()
    session.execute(sa.delete(AuditEntry).where(old).execution_options(synchronize_session=False))
