"""Quarantines: times in which no mail leaves and no clock fires, because the data is older than what was done with it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base


class Quarantine(Base):
    """One quarantine; in force until an administrator lifts it.

    `data_of` is the moment at which the restored data was true: what was done after it is not known here any more.
    """

    __tablename__ = "quarantines"
    __table_args__ = (sa.Index("ix_quarantines_lifted_at", "lifted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    data_of: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(60))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
