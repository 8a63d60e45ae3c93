"""Quarantines: times in which no mail leaves and no clock fires, because the data was restored from a backup."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base


class Quarantine(Base):
    """One quarantine; in force until an administrator lifts it.

    `awaits_ledger` is true while nobody has done again what the ledger of erasures holds; then it cannot be lifted.
    `data_of` is the moment at which the restored data was true: what was done after it is not known here any more.
    """

    __tablename__ = "quarantines"
    __table_args__ = (sa.Index("ix_quarantines_lifted_at", "lifted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    data_of: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(60))
    awaits_ledger: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))

    def lift(self, now: datetime, account_id: int | None) -> None:
        """End it; `account_id` is None when it was ended from the command line."""
        self.lifted_at = now
        self.lifted_by_id = account_id


def in_force() -> sa.Exists:
    """The condition that a quarantine is in force, for a statement that must hold back what it finds."""
    return sa.exists().where(Quarantine.lifted_at.is_(None))
