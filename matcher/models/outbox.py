"""The outbox's rows: each an intention that a worker carries out."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base, Json


class ParkReason(StrEnum):
    """Why the last attempt of a row did not succeed; what is parked is retried by its reason."""

    MAIL_REFUSED = "mail_refused"
    MAIL_NOT_TAKEN = "mail_not_taken"
    ERROR = "error"
    CUT_SHORT = "cut_short"


_WAITS = sa.text("done_at IS NULL AND parked_at IS NULL")


class OutboxRow(Base):
    """One intention, written in the transaction of the change that caused it."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_due", "done_at", "parked_at", "not_before"),
        sa.Index("ix_outbox_waiting", "kind", "not_before", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        sa.Index(
            "uq_outbox_pending_key",
            "kind",
            "key",
            unique=True,
            sqlite_where=sa.text("done_at IS NULL AND key IS NOT NULL AND attempts = 0"),
            postgresql_where=sa.text("done_at IS NULL AND key IS NOT NULL AND attempts = 0"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str | None] = mapped_column(sa.String(80))
    payload: Mapped[dict[str, Json]]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    reason: Mapped[ParkReason | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(300))
    # Of a mail that left: its subject and its plain text, without its links. For whom it was written to only.
    sent_text: Mapped[str | None] = mapped_column(sa.Text)
    # The id of the web request in which it was written, or of the one behind the row that led to it: logs only.
    cause: Mapped[str | None] = mapped_column(sa.String(40))


class JobSlot(Base):
    """One run of one scheduled job: two beats cannot both write it."""

    __tablename__ = "job_slots"

    job: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    slot: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime]
