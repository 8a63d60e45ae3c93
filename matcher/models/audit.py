"""The audit log: who did what to what, ids only, kept from change by the database itself; and the change log that keeps
the ranker up to date."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base


class AuditEntry(Base):
    """One act that must be accountable; written, never changed."""

    __tablename__ = "audit_log"
    __table_args__ = (
        sa.Index("ix_audit_log_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_audit_log_account", "account_id", "id"),
        sa.Index("ix_audit_log_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    # No foreign key: forgetting an account would have the database change its entries, and an id alone tells nobody.
    account_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(sa.String(40))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    reason: Mapped[str | None] = mapped_column(sa.String(60))


# An entry is never changed, and not deleted before it is half a year older than the newest one and than the database's
# own clock, whoever asks: a clock that runs ahead lets nothing go, nor does an entry of a day to come. Migrations 0013,
# 0023 and 0024 say the same.
GUARDS = {
    "sqlite": (
        """CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
        """CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
WHEN OLD.at >= (SELECT min(datetime(max(at), '-183 days'), datetime('now', '-183 days')) FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'the audit log is kept for half a year'); END""",
        # INSERT OR REPLACE takes a row out without asking the triggers above.
        """CREATE TRIGGER audit_log_not_replaced BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION guard_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('UPDATE', 'TRUNCATE') THEN
    RAISE EXCEPTION 'the audit log is never changed';
  ELSIF OLD.at >= (SELECT least(max(at), clock_timestamp()) - interval '183 days' FROM audit_log) THEN
    RAISE EXCEPTION 'the audit log is kept for half a year';
  END IF;
  RETURN OLD;
END $$""",
        """CREATE TRIGGER audit_log_guarded BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION guard_audit_log()""",
        # A restore, which puts other rows in the place of all, switches it off: only the table's owner may.
        """CREATE TRIGGER audit_log_not_emptied BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_log()""",
    ),
}
for _dialect, _statements in GUARDS.items():
    for _statement in _statements:
        _guard = sa.DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditEntry.__table__, "after_create", _guard)


class VolunteerChange(Base):
    """A volunteer's profile changed, appeared or left: the ranker reads these to catch up."""

    __tablename__ = "volunteer_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    transaction_id: Mapped[int | None] = mapped_column(sa.BigInteger)
