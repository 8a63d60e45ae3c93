"""Volunteers: what a person offers, where and when."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.ranking.types import Per, WeeklySlot

TUESDAY = 1
USUAL_INVITATIONS = 2


class Commitment(StrEnum):
    """The answer to the one question with which availability begins."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ONCE = "once"
    ASK = "ask"
    NOT_BEFORE = "not_before"


class MailPace(StrEnum):
    """How often invitations may reach her; what waits gathers in one mail."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"


class VolunteerSkill(Base):
    """A skill that a volunteer offers, from the catalogue (uri) or free, with a level from 1 to 4."""

    __tablename__ = "volunteer_skills"
    __table_args__ = (
        sa.UniqueConstraint("volunteer_id", "label"),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 1 AND 4", name="level_between_1_and_4"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"))
    uri: Mapped[str | None] = mapped_column(sa.String(160), index=True)
    label: Mapped[str] = mapped_column(sa.String(160))
    level: Mapped[int | None]


class VolunteerLocation(Base):
    """A place from which a volunteer goes out; the first one decides the branch."""

    __tablename__ = "volunteer_locations"

    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    commune: Mapped[str] = mapped_column(sa.String(5))
    latitude: Mapped[float]
    longitude: Mapped[float]


class Experience(Base):
    """One job or mission, in the person's own words."""

    __tablename__ = "experiences"

    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)


class Volunteer(Base):
    """A person offering skills and time."""

    __tablename__ = "volunteers"
    __table_args__ = (
        sa.CheckConstraint("radius_km IS NULL OR radius_km >= 0", name="radius_not_negative"),
        sa.CheckConstraint("missions_at_once >= 1", name="missions_at_once_positive"),
        sa.Index("ix_volunteers_branch", "branch_id", "id"),
        sa.Index("ix_volunteers_wakes_at", "wakes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("branches.id"))
    headline: Mapped[str] = mapped_column(sa.String(160), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    languages: Mapped[tuple[str, ...]] = mapped_column(default=())
    remote: Mapped[bool | None]
    on_site: Mapped[bool | None]
    radius_km: Mapped[float | None]
    country: Mapped[str] = mapped_column(sa.String(2), default="FR")
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Paris")
    commitment: Mapped[Commitment | None]
    hours: Mapped[float | None]
    hours_per: Mapped[Per | None]
    available_from: Mapped[date | None]
    available_until: Mapped[date | None]
    weekly: Mapped[tuple[WeeklySlot, ...]] = mapped_column(default=())
    unavailable: Mapped[tuple[tuple[date, date], ...]] = mapped_column(default=())
    confirmed_on: Mapped[date | None]
    missions_at_once: Mapped[int] = mapped_column(default=1)
    is_short_notice: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[date | None]
    is_paused: Mapped[bool] = mapped_column(default=False)
    invitations_allowed_at: Mapped[datetime | None]
    # What she chose about our mails, and the moments that follow from it; all are reset when she is erased.
    mail_pace: Mapped[MailPace] = mapped_column(default=MailPace.IMMEDIATE)
    mail_weekday: Mapped[int] = mapped_column(default=TUESDAY)
    most_invitations: Mapped[int | None] = mapped_column(default=USUAL_INVITATIONS)
    rests_until: Mapped[datetime | None]
    wakes_at: Mapped[datetime | None]
    still_true_asked_at: Mapped[datetime | None]
    times_suggested: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
    branch: Mapped[Branch] = relationship()
    skills: Mapped[list[VolunteerSkill]] = relationship(cascade="all, delete-orphan", order_by=VolunteerSkill.id)
    locations: Mapped[list[VolunteerLocation]] = relationship(
        cascade="all, delete-orphan", order_by=VolunteerLocation.position
    )
    experiences: Mapped[list[Experience]] = relationship(cascade="all, delete-orphan", order_by=Experience.position)

    def is_paused_on(self, day: date) -> bool:
        """True while she has asked not to be asked."""
        return self.is_paused and (self.paused_until is None or day < self.paused_until)
