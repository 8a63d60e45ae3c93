"""Rankings and suggestions: what the ranker says today. No human state; replaced at each ranking."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base, Json
from matcher.models.need import Need
from matcher.models.volunteer import Volunteer


class RankingRun(Base):
    """One ranking of one need: when, by which version, how many people were looked at and left out.

    `shown` keeps the list as numbers (version, weights, and for each person [volunteer id, rank, score, contributions];
    no text) when its suggestions have been replaced, so that a decision taken on it can be replayed. A contribution is
    weight times value, so the weights give the values back. An erased volunteer leaves a number that leads to nobody.
    """

    __tablename__ = "rankings"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    version: Mapped[str] = mapped_column(sa.String(40))
    considered: Mapped[int]
    excluded: Mapped[dict[str, Json]]
    shown: Mapped[dict[str, Json]]


class Suggestion(Base):
    """What the ranker says today of one need and one volunteer."""

    __tablename__ = "suggestions"
    __table_args__ = (
        sa.UniqueConstraint("need_id", "volunteer_id"),
        sa.Index("ix_suggestions_need_rank", "need_id", "rank"),
        sa.Index("ix_suggestions_volunteer", "volunteer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ranking_id: Mapped[int] = mapped_column(sa.ForeignKey("rankings.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"))
    rank: Mapped[int]
    score: Mapped[float]
    text_score: Mapped[float]
    availability_score: Mapped[float]
    distance_km: Mapped[float | None]
    contributions: Mapped[dict[str, Json]]
    reasons: Mapped[dict[str, Json]]

    need: Mapped[Need] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
