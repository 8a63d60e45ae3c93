"""The running clocks: which ones a state starts, and how they are stopped, paused and resumed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import insert_into
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.outbox import JobSlot
from matcher.models.pairing import Pairing
from matcher.models.quarantine import in_force
from matcher.models.states import BEFORE_ENGAGEMENT, NeedStatus, PairingStatus
from matcher.working_days import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Delay:
    """How long after a state was entered a clock falls due; working days count the branch's days only."""

    clock: Clock
    days: int = 0
    working_days: int = 0

    def due_at(self, calendar: WorkingCalendar, start: datetime) -> datetime:
        """Return the moment; what would fall on a closed day falls on the next working day."""
        if self.working_days:
            return calendar.add_working_days(start, self.working_days)
        return calendar.defer(start + timedelta(days=self.days))


NEED_CLOCKS: dict[NeedStatus, tuple[Delay, ...]] = {
    NeedStatus.DRAFT: (
        Delay(Clock.REMIND_DRAFT, days=3),
        Delay(Clock.WARN_DRAFT, days=152),
        Delay(Clock.DISCARD_DRAFT, days=183),
    ),
    NeedStatus.CHANGES_REQUESTED: (Delay(Clock.REMIND_CHANGES, days=7), Delay(Clock.LAPSE_CHANGES, days=30)),
    NeedStatus.OPEN: (Delay(Clock.ASK_STILL_NEEDED, days=30), Delay(Clock.NOBODY_YET, days=21)),
}
STILL_NEEDED = (Delay(Clock.ASK_STILL_NEEDED, days=30),)
PAIRING_CLOCKS: dict[PairingStatus, tuple[Delay, ...]] = {
    PairingStatus.APPLIED: (
        Delay(Clock.APPLICATION_WAITS, working_days=5),
        Delay(Clock.APPLICATION_WAITS_LONG, working_days=10),
    ),
    PairingStatus.ACCEPTED: (
        Delay(Clock.YES_WAITS, working_days=3),
        Delay(Clock.YES_WAITS_LONG, working_days=5),
        Delay(Clock.RELEASE_YES, working_days=10),
    ),
    PairingStatus.CONFIRMED: (
        Delay(Clock.ASK_TALKED, days=7),
        Delay(Clock.TALK_WAITS, days=14),
        Delay(Clock.ABANDON_TALK, days=45),
    ),
}
AFTER_END: tuple[Delay, ...] = (
    Delay(Clock.ASK_FINISHED, days=3),
    Delay(Clock.FINISH_WAITS, days=14),
    Delay(Clock.FINISH_UNREVIEWED, days=60),
)
QUESTION = Delay(Clock.QUESTION_WAITS, working_days=5)
FINISH_OBJECTION = Delay(Clock.ACCEPT_FINISH, working_days=10)
OF_INVITATION = frozenset({Clock.REMIND_INVITED, Clock.EXPIRE_INVITED})
SILENCE = Delay(Clock.HOLD_SILENT, working_days=10)
# A clock whose effect failed stands back, so that it never holds up those behind it.
STANDS_BACK_FOR = timedelta(minutes=10)
FAILED = "clock_failed"
HOLD_ENDS = (Delay(Clock.WARN_HOLD, days=23), Delay(Clock.EXPIRE_HOLD, days=30))


def calendar(subject: Need | Pairing) -> WorkingCalendar:
    """The working days that count for a need or a pairing: those of the need's branch."""
    return subject.branch.calendar if isinstance(subject, Need) else subject.need.branch.calendar


def start(session: Session, subject: Need | Pairing, clock: Clock, due_at: datetime) -> None:
    """Start a clock, or set it anew when it runs already."""
    deadline = session.scalar(_of(subject).where(Deadline.clock == clock))
    if deadline is None:
        deadline = Deadline(clock=clock, due_at=due_at)
        if isinstance(subject, Need):
            deadline.need_id = subject.id
        else:
            deadline.pairing_id = subject.id
        session.add(deadline)
    deadline.due_at = due_at
    deadline.paused_at = None
    session.flush()


def start_all(session: Session, subject: Need | Pairing, delays: Iterable[Delay], begin: datetime) -> None:
    """Start several clocks from one moment."""
    for delay in delays:
        start(session, subject, delay.clock, delay.due_at(calendar(subject), begin))


def enter_state(session: Session, subject: Need | Pairing, now: datetime) -> None:
    """Stop all clocks of the state that was left and start those of the present one."""
    stop(session, subject)
    delays = (
        NEED_CLOCKS.get(subject.status, ()) if isinstance(subject, Need) else PAIRING_CLOCKS.get(subject.status, ())
    )
    start_all(session, subject, delays, now)
    if isinstance(subject, Pairing):
        pause_when_held(session, subject, now)


def pause_when_held(session: Session, pairing: Pairing, now: datetime) -> None:
    """Let the clocks of a pairing that is not engaged yet stand still while its need is on hold."""
    if pairing.need.status is NeedStatus.ON_HOLD and pairing.status in BEFORE_ENGAGEMENT:
        pause(session, pairing, now)


def note_activity(session: Session, need: Need, now: datetime) -> None:
    """Put off the question whether an open need is still needed; one that was asked waits for its answer."""
    if need.status is NeedStatus.OPEN and due_at(session, need, Clock.HOLD_SILENT) is None:
        start_all(session, need, STILL_NEEDED, now)


def take_as_answer(session: Session, need: Need, now: datetime) -> None:
    """An act of the association on an open need shows that it is still needed: thirty more days."""
    if need.status is NeedStatus.OPEN:
        stop(session, need, Clock.HOLD_SILENT)
        start_all(session, need, STILL_NEEDED, now)


def stop(session: Session, subject: Need | Pairing, *clocks: Clock) -> None:
    """Stop the named clocks, or all when none is named."""
    session.flush()
    condition = Deadline.need_id == subject.id if isinstance(subject, Need) else Deadline.pairing_id == subject.id
    statement = sa.delete(Deadline).where(condition)
    if clocks:
        statement = statement.where(Deadline.clock.in_(clocks))
    session.execute(statement.execution_options(synchronize_session="fetch"))


def pause(session: Session, subject: Need | Pairing, now: datetime) -> None:
    """Let all clocks of a subject stand still."""
    for deadline in session.scalars(_of(subject)):
        deadline.pause(now)


def resume(session: Session, subject: Need | Pairing, now: datetime) -> None:
    """Let them run again, later by the time that they stood still; an invitation's wait while a question does."""
    deadlines = session.scalars(_of(subject)).all()
    asked = any(deadline.clock is Clock.QUESTION_WAITS for deadline in deadlines)
    for deadline in deadlines:
        if asked and deadline.clock in OF_INVITATION:
            continue
        if deadline.paused_at is not None:
            deadline.resume(now)
            deadline.due_at = calendar(subject).defer(deadline.due_at)
        if deadline.clock is Clock.EXPIRE_INVITED and isinstance(subject, Pairing):
            subject.reply_by = deadline.due_at


def due(session: Session, now: datetime, *, limit: int = 200) -> list[int]:
    """Return the ids of the deadlines that have fallen due, the oldest first; none while a quarantine is in force.

    One that has just failed is left out for a while.
    """
    stands_back = sa.exists().where(
        JobSlot.job == FAILED,
        JobSlot.slot == sa.cast(Deadline.id, sa.String),
        JobSlot.at.between(now - STANDS_BACK_FOR, now),
    )
    return list(
        session.scalars(
            sa.select(Deadline.id)
            .where(Deadline.paused_at.is_(None), Deadline.due_at <= now, ~in_force(), ~stands_back)
            .order_by(Deadline.due_at, Deadline.id)
            .limit(limit)
        )
    )


def stand_back(session: Session, now: datetime, *, deadline_id: int) -> None:
    """Note that a deadline's effect failed; it stays due, so that health and alerts tell of it."""
    values = insert_into(session, JobSlot).values(job=FAILED, slot=str(deadline_id), at=now)
    session.execute(values.on_conflict_do_update(index_elements=["job", "slot"], set_={"at": now}))


def _of(subject: Need | Pairing) -> sa.Select[Deadline]:
    condition = Deadline.need_id == subject.id if isinstance(subject, Need) else Deadline.pairing_id == subject.id
    return sa.select(Deadline).where(condition)


def running(session: Session, subject: Need | Pairing) -> dict[Clock, datetime]:
    """Return the clocks that run and when each falls due."""
    session.flush()
    return {d.clock: d.due_at for d in session.scalars(_of(subject)) if d.paused_at is None}


def due_at(session: Session, subject: Need | Pairing, clock: Clock) -> datetime | None:
    """Return when a clock falls due, None when it does not run."""
    deadline = session.scalar(_of(subject).where(Deadline.clock == clock))
    return deadline.due_at if deadline else None


def remaining(session: Session, subject: Need | Pairing, clock: Clock, now: datetime) -> timedelta | None:
    """Return how long a clock has still to run; a paused one counts from its pause."""
    deadline = session.scalar(_of(subject).where(Deadline.clock == clock))
    if deadline is None:
        return None
    return max(deadline.due_at - (deadline.paused_at or now), timedelta())
