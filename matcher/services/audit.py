"""How long the audit log is kept, and what it says of a backup, which takes everybody's data along.

Nothing else ever deletes from it, and nothing changes it.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import System
from matcher.database import FEW, delete_few
from matcher.models.audit import AuditEntry
from matcher.services.steps import record

JOB = "retention"
BACKUP = "make_backup"


def forget_entries(session: Session, now: datetime, *, days: int) -> int:
    """Delete some of what is older than `days`, and write up to which entry; return how many."""
    old = AuditEntry.at < now - timedelta(days=days)
    few = sa.select(AuditEntry.id).where(old).order_by(AuditEntry.id).limit(FEW).subquery()
    last = session.scalar(sa.select(sa.func.max(few.c.id)))
    if last is None:
        return 0
    # Written first: the database measures the age of an entry by the newest one.
    record(session, System(JOB), now, action="forget_entries", subject=("audit_log", last))
    session.flush()
    return delete_few(session, AuditEntry, old)


def note_backup(session: Session, now: datetime) -> None:
    """Write that all data are about to be written into a file, by whoever has a shell of the host."""
    record(session, System("backup"), now, action=BACKUP, subject=("backup", 0))
