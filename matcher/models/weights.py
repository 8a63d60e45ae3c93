"""Weights of the ranking learnt from decisions: proposed by a job, adopted or set aside by an administrator."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base, Json
from matcher.errors import IllegalTransition


class WeightsStatus(StrEnum):
    """Where a set of weights stands."""

    PROPOSED = "proposed"
    LIVE = "live"
    SET_ASIDE = "set_aside"
    RETIRED = "retired"


class RankingWeights(Base):
    """One set of weights. `is_live` is True for the one in force and None for all others, so that unique means one."""

    __tablename__ = "ranking_weights"

    id: Mapped[int] = mapped_column(primary_key=True)
    weights: Mapped[dict[str, Json]]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(sa.String(40))
    decisions: Mapped[int]
    measures: Mapped[dict[str, Json]]
    adopted_at: Mapped[datetime | None]
    adopted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    retired_at: Mapped[datetime | None]
    is_live: Mapped[bool | None] = mapped_column(unique=True)

    @property
    def status(self) -> WeightsStatus:
        """Where it stands, read from its moments."""
        if self.is_live:
            return WeightsStatus.LIVE
        if self.retired_at is None:
            return WeightsStatus.PROPOSED
        return WeightsStatus.SET_ASIDE if self.adopted_at is None else WeightsStatus.RETIRED

    def adopt(self, now: datetime, account_id: int | None) -> None:
        """Put it in force; raises IllegalTransition unless it is a proposal. The caller has retired the one before."""
        if self.status is not WeightsStatus.PROPOSED:
            raise IllegalTransition(status=self.status.value, step="adopt")
        self.adopted_at, self.adopted_by_id, self.is_live = now, account_id, True

    def retire(self, now: datetime) -> None:
        """End it, whether it was proposed or in force; a second time changes nothing."""
        if self.retired_at is None:
            self.retired_at, self.is_live = now, None
