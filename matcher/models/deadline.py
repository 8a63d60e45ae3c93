"""Deadlines: the running clocks of needs and pairings, one row each."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base


class Clock(StrEnum):
    """What is to happen when a deadline falls due."""

    REMIND_DRAFT = "remind_draft"
    WARN_DRAFT = "warn_draft"
    DISCARD_DRAFT = "discard_draft"
    REVIEW_MISSED = "review_missed"
    REVIEW_MISSED_AGAIN = "review_missed_again"
    REMIND_CHANGES = "remind_changes"
    LAPSE_CHANGES = "lapse_changes"
    ASK_STILL_NEEDED = "ask_still_needed"
    HOLD_SILENT = "hold_silent"
    NOBODY_YET = "nobody_yet"
    WARN_HOLD = "warn_hold"
    EXPIRE_HOLD = "expire_hold"
    APPLICATION_WAITS = "application_waits"
    APPLICATION_WAITS_LONG = "application_waits_long"
    REMIND_INVITED = "remind_invited"
    EXPIRE_INVITED = "expire_invited"
    QUESTION_WAITS = "question_waits"
    YES_WAITS = "yes_waits"
    YES_WAITS_LONG = "yes_waits_long"
    RELEASE_YES = "release_yes"
    ASK_TALKED = "ask_talked"
    TALK_WAITS = "talk_waits"
    ABANDON_TALK = "abandon_talk"
    ASK_FINISHED = "ask_finished"
    FINISH_WAITS = "finish_waits"
    FINISH_UNREVIEWED = "finish_unreviewed"
    ACCEPT_FINISH = "accept_finish"


class Deadline(Base):
    """A clock that runs for one need or one pairing; one of each kind at a time."""

    __tablename__ = "deadlines"
    __table_args__ = (
        sa.CheckConstraint("(need_id IS NULL) <> (pairing_id IS NULL)", name="one_subject"),
        sa.UniqueConstraint("need_id", "clock"),
        sa.UniqueConstraint("pairing_id", "clock"),
        sa.Index("ix_deadlines_due", "paused_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("needs.id", ondelete="CASCADE"))
    pairing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pairings.id", ondelete="CASCADE"))
    clock: Mapped[Clock]
    due_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]

    def pause(self, now: datetime) -> None:
        """Stop the clock; a second call changes nothing."""
        self.paused_at = self.paused_at or now

    def resume(self, now: datetime, *, at_most: timedelta | None = None) -> None:
        """Let the clock run again, later by the time that it stood still (`at_most`)."""
        if self.paused_at is None:
            return
        stood = now - self.paused_at
        self.due_at += stood if at_most is None else min(stood, at_most)
        self.paused_at = None
