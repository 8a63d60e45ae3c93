"""Pairings: one need and one volunteer on whom a human acted, with the steps from line to finished mission."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.database import Base, Json
from matcher.errors import IllegalTransition
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.states import (
    CONTACTS_OPEN,
    HELD,
    LIVE,
    PAIRING_MOVES,
    TAKEN,
    CheckWaiver,
    Door,
    PairingReason,
    PairingStatus,
    PairingStep,
)
from matcher.models.volunteer import Volunteer


class Side(StrEnum):
    """The two sides of a mission."""

    VOLUNTEER = "volunteer"
    ASSOCIATION = "association"


class PairingEvent(Base):
    """One step in the life of a pairing, never changed afterwards."""

    __tablename__ = "pairing_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    step: Mapped[PairingStep]
    source: Mapped[PairingStatus | None]
    target: Mapped[PairingStatus]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    door: Mapped[Door]
    reason: Mapped[str | None] = mapped_column(sa.String(40))


class Decision(Base):
    """What a coordinator decided, and the list that she saw, frozen as numbers: what replays later.

    `shown` is the ranking's own `shown`; its list is empty for a person whom no list had shown.
    """

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    step: Mapped[PairingStep]
    reason: Mapped[PairingReason | None]
    ranking_id: Mapped[int | None]
    shown: Mapped[dict[str, Json]]


class Pairing(Base):
    """One need and one volunteer; unique; carries the states of the human side and their history."""

    __tablename__ = "pairings"
    __table_args__ = (
        sa.UniqueConstraint("need_id", "volunteer_id"),
        sa.Index("ix_pairings_need_status", "need_id", "status", "position"),
        sa.Index("ix_pairings_volunteer_status", "volunteer_id", "status"),
        sa.CheckConstraint("hours_done IS NULL OR hours_done >= 0", name="hours_done_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteers.id", ondelete="CASCADE"))
    status: Mapped[PairingStatus]
    since: Mapped[datetime]
    position: Mapped[int] = mapped_column(default=0)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    is_known_to_her: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[datetime | None]
    carried_by: Mapped[int | None]
    invited_at: Mapped[datetime | None]
    reply_by: Mapped[datetime | None]
    motivation: Mapped[str | None] = mapped_column(sa.Text)
    question: Mapped[str | None] = mapped_column(sa.Text)
    question_asked_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(sa.Text)
    reason: Mapped[PairingReason | None]
    ask_again_on: Mapped[date | None]
    has_reapplied: Mapped[bool] = mapped_column(default=False)
    was_renewed: Mapped[bool] = mapped_column(default=False)
    was_reinvited: Mapped[bool] = mapped_column(default=False)
    still_agrees_asked_at: Mapped[datetime | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    planned_hours: Mapped[float | None]
    check_seen_on: Mapped[date | None]
    check_waived: Mapped[CheckWaiver | None]
    begun_by: Mapped[Side | None]
    begun_at: Mapped[datetime | None]
    proposed_by: Mapped[Side | None]
    proposed_ends_on: Mapped[date | None]
    proposed_hours: Mapped[float | None]
    finished_by: Mapped[Side | None]
    finished_at: Mapped[datetime | None]
    hours_done: Mapped[float | None]

    need: Mapped[Need] = relationship(lazy="joined", innerjoin=True)
    volunteer: Mapped[Volunteer] = relationship(lazy="joined", innerjoin=True)
    events: Mapped[list[PairingEvent]] = relationship(cascade="all, delete-orphan", order_by=PairingEvent.id)

    @property
    def is_live(self) -> bool:
        """True while it may still become or is a mission."""
        return self.status in LIVE

    @property
    def contacts_are_open(self) -> bool:
        """True while both sides see each other's contacts."""
        return self.status in CONTACTS_OPEN

    @property
    def waits_for_check(self) -> bool:
        """True while the work may not begin: it means meeting vulnerable people, and no check was declared."""
        return self.need.meets_vulnerable and self.check_seen_on is None and self.check_waived is None

    def take(self, step: PairingStep, trace: Trace) -> None:
        """Take a step, count the seats and record it; raises IllegalTransition when the present state forbids it.

        The caller holds the need's row lock.
        """
        move = PAIRING_MOVES[step]
        source = PairingStatus(self.status) if self.status else None
        if source not in move.sources:
            raise IllegalTransition(status=source.value if source else None, step=step.value)
        target = PairingStatus(move.target)
        self.need.held += (target in HELD) - (source in HELD)
        self.need.taken += (target in TAKEN) - (source in TAKEN)
        self.events.append(
            PairingEvent(
                at=trace.at,
                step=step,
                source=source,
                target=target,
                account_id=trace.account_id,
                door=trace.door,
                reason=trace.reason,
            )
        )
        self.status = target
        self.since = trace.at
