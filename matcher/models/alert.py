"""Alerts: what stands where it must not and could not be repaired. Ids only, so that it may be shown and logged."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base, Json

_IS_OPEN = sa.text("closed_at IS NULL")


class AlertCode(StrEnum):
    """What is wrong: one per invariant that nobody but a person can mend."""

    ROWS_LATE = "rows_late"
    ROWS_PARKED = "rows_parked"
    NEEDS_UNRANKED = "needs_unranked"
    NEEDS_FULL = "needs_full"
    CLOCKS_LATE = "clocks_late"
    CLOCKS_MISSING = "clocks_missing"
    DECIDED_BY_NOBODY = "decided_by_nobody"
    LEDGER_UNWRITTEN = "ledger_unwritten"


class Alert(Base):
    """One invariant that does not hold for one subject, a kind or a state; it closes itself when it holds again."""

    __tablename__ = "alerts"
    __table_args__ = (
        sa.Index("uq_alerts_open", "code", "subject", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[AlertCode]
    subject: Mapped[str] = mapped_column(sa.String(40))
    count: Mapped[int]
    ids: Mapped[dict[str, Json]]
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
