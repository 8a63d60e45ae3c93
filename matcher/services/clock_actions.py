"""What happens when a clock falls due: the mails of the table in notices.py, and here the steps."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import System
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock, Deadline
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import (
    LIVE,
    EndReason,
    HoldReason,
    NeedStatus,
    NeedStep,
    PairingReason,
    PairingStatus,
    PairingStep,
)
from matcher.services import clocks, notices, quarantine, seats
from matcher.services.audiences import Audience, paired
from matcher.services.needs import put_on_hold
from matcher.services.notices import Notice
from matcher.services.steps import lock_need, lock_pairing, take_need_step, take_pairing_step

CLOCKS = System("clocks")
# Authorities answer within weeks; the coordinator sees the pairing among those without news meanwhile.
CHECK_TAKES_AT_MOST = timedelta(days=120)


def fire(session: Session, now: datetime, *, deadline_id: int) -> Clock | None:
    """Let one deadline that is due take its effect; None when it is gone, paused or no longer due."""
    deadline = session.get(Deadline, deadline_id)
    if deadline is None or quarantine.active(session):
        return None
    subject = _lock(session, deadline)
    deadline = session.get(Deadline, deadline_id, populate_existing=True)
    if deadline is None or deadline.paused_at is not None or deadline.due_at > now:
        return None
    clock = deadline.clock
    session.delete(deadline)
    session.flush()
    if isinstance(subject, Need):
        notices.tell(session, now, notices.CLOCK_NOTICES[clock], subject)
        NEED_ACTIONS.get(clock, _nothing_for_need)(session, subject, now)
    else:
        notices.tell(session, now, notices.CLOCK_NOTICES[clock], subject.need, pairing=subject)
        PAIRING_ACTIONS.get(clock, _nothing_for_pairing)(session, subject, now)
    return clock


def _lock(session: Session, deadline: Deadline) -> Need | Pairing:
    if deadline.need_id is not None:
        return lock_need(session, deadline.need_id)
    return lock_pairing(session, deadline.pairing_id or 0)


def _nothing_for_need(_session: Session, _need: Need, _now: datetime) -> None:
    """The mail is all."""


def _nothing_for_pairing(_session: Session, _pairing: Pairing, _now: datetime) -> None:
    """The mail is all."""


def _discard_draft(session: Session, need: Need, now: datetime) -> None:
    need.end_reason = EndReason.UNTOUCHED
    take_need_step(session, need, NeedStep.DISCARD, Trace(now))


def _promise_anew(_session: Session, need: Need, now: datetime) -> None:
    need.promised_at = need.branch.calendar.add_working_days(now, 3)


def _lapse(session: Session, need: Need, now: datetime) -> None:
    need.end_reason = EndReason.NO_ANSWER
    take_need_step(session, need, NeedStep.LAPSE, Trace(now))


def _wait_for_still_needed(session: Session, need: Need, now: datetime) -> None:
    clocks.start_all(session, need, (clocks.SILENCE,), now)


def _hold_silent(session: Session, need: Need, now: datetime) -> None:
    put_on_hold(session, CLOCKS, now, need, reason=HoldReason.ASSOCIATION_SILENT)


def _tell_nobody_yet(session: Session, need: Need, now: datetime) -> None:
    """Told once for each opening; while somebody may still say yes, it is looked at again the next working day."""
    if paired(session, need, LIVE):
        clocks.start(session, need, Clock.NOBODY_YET, need.branch.calendar.add_working_days(now, 1))
        return
    notices.tell(session, now, (Notice(MailCode.NOBODY_YET, Audience.CONTACT),), need)


def _expire_hold(session: Session, need: Need, now: datetime) -> None:
    if seats.paired(session, need, seats.ENGAGED):
        clocks.start(session, need, Clock.EXPIRE_HOLD, need.branch.calendar.add_working_days(now, 5))
        return
    seats.end(session, need, NeedStep.EXPIRE_HOLD, Trace(now), reason=EndReason.NO_ANSWER)


def _expire_invitation(session: Session, pairing: Pairing, now: datetime) -> None:
    take_pairing_step(session, pairing, PairingStep.EXPIRE, Trace(now))
    outbox.add(session, outbox.AdvanceLine(pairing.need_id), now)


def _resume_after_question(session: Session, pairing: Pairing, now: datetime) -> None:
    clocks.resume(session, pairing, now)


def _release_yes(session: Session, pairing: Pairing, now: datetime) -> None:
    take_pairing_step(session, pairing, PairingStep.RELEASE_UNANSWERED, Trace(now))
    need = pairing.need
    if need.status in {NeedStatus.OPEN, NeedStatus.FILLED}:
        put_on_hold(session, CLOCKS, now, need, reason=HoldReason.ASSOCIATION_SILENT)


def _abandon_talk(session: Session, pairing: Pairing, now: datetime) -> None:
    """No news: it ends. A check that the association awaits takes its time, but not for ever."""
    until = pairing.need.branch.calendar.defer(pairing.since + CHECK_TAKES_AT_MOST)
    if pairing.waits_for_check and now < until:
        clocks.start(session, pairing, Clock.ABANDON_TALK, until)
        return
    trace = Trace(now, reason=PairingReason.NO_NEWS.value)
    take_pairing_step(session, pairing, PairingStep.ABANDON_WITHOUT_NEWS, trace)
    seats.settle(session, pairing.need, now)


def _accept_finish(session: Session, pairing: Pairing, now: datetime) -> None:
    take_pairing_step(session, pairing, PairingStep.COMPLETE, Trace(now))
    seats.settle(session, pairing.need, now)


def _finish_unreviewed(session: Session, pairing: Pairing, now: datetime) -> None:
    if pairing.status is PairingStatus.ACTIVE:
        take_pairing_step(session, pairing, PairingStep.COMPLETE_UNREVIEWED, Trace(now))
        seats.settle(session, pairing.need, now)


NEED_ACTIONS: dict[Clock, Callable[[Session, Need, datetime], None]] = {
    Clock.DISCARD_DRAFT: _discard_draft,
    Clock.REVIEW_MISSED: _promise_anew,
    Clock.LAPSE_CHANGES: _lapse,
    Clock.ASK_STILL_NEEDED: _wait_for_still_needed,
    Clock.HOLD_SILENT: _hold_silent,
    Clock.NOBODY_YET: _tell_nobody_yet,
    Clock.EXPIRE_HOLD: _expire_hold,
}
PAIRING_ACTIONS: dict[Clock, Callable[[Session, Pairing, datetime], None]] = {
    Clock.EXPIRE_INVITED: _expire_invitation,
    Clock.QUESTION_WAITS: _resume_after_question,
    Clock.RELEASE_YES: _release_yes,
    Clock.ABANDON_TALK: _abandon_talk,
    Clock.ACCEPT_FINISH: _accept_finish,
    Clock.FINISH_UNREVIEWED: _finish_unreviewed,
}
