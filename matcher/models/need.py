"""Needs: what one association asks of n people, with the steps of its life."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base
from matcher.errors import EditedMeanwhile, IllegalTransition, SeatsBelowEngaged
from matcher.models.account import Account
from matcher.models.association import Association
from matcher.models.branch import Branch
from matcher.models.history import Trace
from matcher.models.states import (
    NEED_MOVES,
    Door,
    EndReason,
    HoldReason,
    NeedAudience,
    NeedStatus,
    NeedStep,
)
from matcher.ranking.types import Importance, Mode, NeededSkill, Times, WeeklySlot


class NeedSkill(Base):
    """A skill that a need asks for, from the catalogue (uri) or free."""

    __tablename__ = "need_skills"
    __table_args__ = (sa.UniqueConstraint("need_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"))
    uri: Mapped[str | None] = mapped_column(sa.String(160), index=True)
    label: Mapped[str] = mapped_column(sa.String(160))
    importance: Mapped[Importance] = mapped_column(default=Importance.REQUIRED)


class NeedLocation(Base):
    """A place where a need's work is done; the first one decides the branch."""

    __tablename__ = "need_locations"

    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    commune: Mapped[str] = mapped_column(sa.String(5))
    latitude: Mapped[float]
    longitude: Mapped[float]


class NeedEvent(Base):
    """One step in the life of a need, never changed afterwards."""

    __tablename__ = "need_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    step: Mapped[NeedStep]
    source: Mapped[NeedStatus]
    target: Mapped[NeedStatus]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    door: Mapped[Door]
    reason: Mapped[str | None] = mapped_column(sa.String(40))


class Need(Base):
    """One profile wanted by one association, with n seats; the atom of matching."""

    __tablename__ = "needs"
    __table_args__ = (
        sa.CheckConstraint("seats > 0", name="seats_positive"),
        sa.CheckConstraint("held >= 0 AND taken >= 0 AND held + taken <= seats", name="seats_not_exceeded"),
        sa.Index("ix_needs_branch_status", "branch_id", "status", "submitted_at", "id"),
        sa.Index("ix_needs_public", "status", "opened_at", "id"),
        sa.Index("ix_needs_association", "association_id", "status", "id"),
        sa.Index("uq_needs_form", "author_id", "form_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(sa.ForeignKey("associations.id"))
    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("branches.id"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    coordinator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    status: Mapped[NeedStatus] = mapped_column(default=NeedStatus.DRAFT)
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    working_languages: Mapped[tuple[str, ...]] = mapped_column(default=())
    template: Mapped[str | None] = mapped_column(sa.String(60))
    mode: Mapped[Mode | None]
    audience: Mapped[NeedAudience] = mapped_column(default=NeedAudience.NAMED, server_default=NeedAudience.NAMED.value)
    seats: Mapped[int] = mapped_column(default=1)
    held: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    total_hours: Mapped[float | None]
    together_hours: Mapped[float | None]
    times: Mapped[Times] = mapped_column(default=Times.PREFERRED)
    weekly: Mapped[tuple[WeeklySlot, ...]] = mapped_column(default=())
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Paris")
    is_urgent: Mapped[bool] = mapped_column(default=False)
    answer_by: Mapped[date | None]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    hold_reason: Mapped[HoldReason | None]
    returns_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None]
    review_points: Mapped[str | None] = mapped_column(sa.Text)
    submitted_text: Mapped[str | None] = mapped_column(sa.Text)
    meets_vulnerable: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    line_waits: Mapped[bool] = mapped_column(default=False)
    form_key: Mapped[str | None] = mapped_column(sa.String(40))
    edition: Mapped[int] = mapped_column(default=0, server_default="0")
    written_in: Mapped[str | None] = mapped_column(sa.String(40))

    association: Mapped[Association] = relationship(lazy="joined", innerjoin=True)
    branch: Mapped[Branch] = relationship(lazy="joined", innerjoin=True)
    contact: Mapped[Account | None] = relationship(foreign_keys=[contact_id])
    coordinator: Mapped[Account | None] = relationship(foreign_keys=[coordinator_id])
    skills: Mapped[list[NeedSkill]] = relationship(cascade="all, delete-orphan", lazy="selectin", order_by=NeedSkill.id)
    locations: Mapped[list[NeedLocation]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=NeedLocation.position
    )
    events: Mapped[list[NeedEvent]] = relationship(cascade="all, delete-orphan", order_by=NeedEvent.id)

    @property
    def was_handed_in(self) -> bool:
        """True from the first submission on; a draft stays its association's alone, also once it was given up."""
        return self.submitted_at is not None

    @property
    def free_seats(self) -> int:
        """Seats that nobody holds or has taken."""
        return self.seats - self.held - self.taken

    @property
    def is_open(self) -> bool:
        """True while people are asked and may apply."""
        return self.status is NeedStatus.OPEN

    def take(self, step: NeedStep, trace: Trace) -> None:
        """Take a step and record it; raises IllegalTransition when the present state does not allow it."""
        move = NEED_MOVES[step]
        if self.status not in move.sources:
            raise IllegalTransition(status=self.status.value, step=step.value)
        event = NeedEvent(
            at=trace.at,
            step=step,
            source=self.status,
            target=NeedStatus(move.target),
            account_id=trace.account_id,
            door=trace.door,
            reason=trace.reason,
        )
        self.events.append(event)
        self.status = NeedStatus(move.target)
        self.touched_at = trace.at

    def begin_edition(self, form_key: str, seen: int | None) -> None:
        """Count an edit by a form that showed an edition, None a new need; raises EditedMeanwhile.

        A form may always write over its own words: it does not learn of an edit whose answer was lost on the way.
        """
        if self.edition != seen and self.written_in != form_key:
            raise EditedMeanwhile
        self.edition += 1
        self.written_in = form_key

    def set_skills(self, skills: Sequence[NeededSkill]) -> None:
        """Replace the skills; a label that stays keeps its row, one named twice counts once."""
        present = {skill.label: skill for skill in self.skills}
        wanted = {skill.label: skill for skill in skills}
        self.skills = [present.get(label) or NeedSkill(label=label) for label in wanted]
        for skill in self.skills:
            skill.uri, skill.importance = wanted[skill.label].uri, wanted[skill.label].importance

    def change_seats(self, seats: int) -> None:
        """Set the number of seats; raises SeatsBelowEngaged under those held and taken."""
        if seats < max(1, self.held + self.taken):
            raise SeatsBelowEngaged(engaged=self.held + self.taken)
        self.seats = seats
