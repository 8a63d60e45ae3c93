"""The audit log: who did what to what, ids only, and the change log that keeps the ranker up to date."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base


class AuditEntry(Base):
    """One act that must be accountable; written, never changed."""

    __tablename__ = "audit_log"
    __table_args__ = (
        sa.Index("ix_audit_log_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_audit_log_account", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    reason: Mapped[str | None] = mapped_column(sa.String(60))


class VolunteerChange(Base):
    """A volunteer's profile changed, appeared or left: the ranker reads these to catch up."""

    __tablename__ = "volunteer_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    transaction_id: Mapped[int | None] = mapped_column(sa.BigInteger)
