"""The volunteer's answers to an invitation, by link, page or telephone: each has one effect, exactly once."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor
from matcher.errors import (
    AlreadyAnswered,
    InvalidDates,
    LinkExpired,
    NeedIsFilled,
    NeedIsNotOpen,
    OnceOnly,
    TooLate,
)
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock
from matcher.models.history import Trace
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.services import clocks, notices
from matcher.services.audiences import Audience
from matcher.services.invitations import mark_read, start_reply_clocks
from matcher.services.notices import Notice
from matcher.services.seats import settle
from matcher.services.steps import lock_pairing, record, take_pairing_step, telephone_trace_of, trace_of

SAID_YES = frozenset({PairingStatus.ACCEPTED, PairingStatus.RESERVE, PairingStatus.CONFIRMED, PairingStatus.ACTIVE})
ANSWERABLE = frozenset({PairingStatus.APPROVED, PairingStatus.INVITED})
FRESH_WORKING_DAYS = 3
REST = timedelta(days=14)
QUESTION_MAX = 600


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no: perhaps why, perhaps a date from which to ask again."""

    reason: PairingReason | None = None
    ask_again_on: date | None = None


def accept(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Say yes: the seat is held, or the person joins the reserve when none is free. A second yes changes nothing.

    Raises NotFound, NeedIsFilled, NeedIsNotOpen, LinkExpired or AlreadyAnswered.
    """
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.ANSWER, pairing)
    if pairing.status in SAID_YES:
        return pairing
    _check_takes_yes(pairing)
    _yes(session, trace_of(actor, now), pairing, (PairingStep.ACCEPT, PairingStep.JOIN_RESERVE))
    return pairing


def decline(session: Session, actor: Actor, now: datetime, *, pairing_id: int, refusal: Refusal) -> Pairing:
    """Say no, or not now; a second no changes nothing. Raises as `accept`, and InvalidDates for a date gone by."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.ANSWER, pairing)
    if pairing.status is PairingStatus.DECLINED:
        return pairing
    _check_date(refusal, now)
    if pairing.status in SAID_YES:
        raise AlreadyAnswered(status=pairing.status.value)
    _check_answerable(pairing)
    _no(session, trace_of(actor, now), pairing, PairingStep.DECLINE, refusal)
    return pairing


def ask(session: Session, actor: Actor, now: datetime, *, pairing_id: int, question: str) -> Pairing:
    """Ask the coordinator something: the invitation's clock stops, for five working days at most. Twice is once."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.ANSWER, pairing)
    if pairing.status is not PairingStatus.INVITED:
        _check_answerable(pairing)
    asked = question.strip()[:QUESTION_MAX]
    if pairing.question == asked and pairing.answer is None:
        return pairing
    if pairing.status is PairingStatus.APPROVED:
        mark_read(session, trace_of(actor, now), pairing)
    pairing.question = asked
    pairing.question_asked_at = now
    pairing.answer = None
    due = {c: clocks.remaining(session, pairing, c, now) for c in (Clock.REMIND_INVITED, Clock.EXPIRE_INVITED)}
    take_pairing_step(session, pairing, PairingStep.ASK, trace_of(actor, now))
    for clock, left in due.items():
        if left is not None:
            clocks.start(session, pairing, clock, now + left)
    clocks.pause(session, pairing, now)
    clocks.start_all(session, pairing, (clocks.QUESTION,), now)
    return pairing


def reply(session: Session, actor: Actor, now: datetime, *, pairing_id: int, answer: str) -> Pairing:
    """Answer a volunteer's question; her clock runs again. The same answer twice is once."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.REVIEW, pairing)
    if pairing.question is None or pairing.question_asked_at is None:
        raise TooLate
    said = answer.strip()[:QUESTION_MAX]
    if pairing.answer == said:
        return pairing
    pairing.answer = said
    clocks.stop(session, pairing, Clock.QUESTION_WAITS)
    clocks.resume(session, pairing, now)
    kept = clocks.running(session, pairing)
    take_pairing_step(session, pairing, PairingStep.REPLY, trace_of(actor, now))
    for clock, due_at in kept.items():
        clocks.start(session, pairing, clock, due_at)
    clocks.pause_when_held(session, pairing, now)
    return pairing


def accept_by_telephone(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Record a yes heard by telephone: audited, with a receipt that the volunteer can contradict."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.REVIEW, pairing)
    if pairing.status in SAID_YES:
        return pairing
    _check_takes_yes(pairing)
    record(session, actor, now, action="telephone_yes", subject=("pairing", pairing.id))
    trace = telephone_trace_of(actor, now)
    _yes(session, trace, pairing, (PairingStep.ACCEPT_BY_TELEPHONE, PairingStep.JOIN_RESERVE_BY_TELEPHONE))
    return pairing


def decline_by_telephone(
    session: Session, actor: Actor, now: datetime, *, pairing_id: int, refusal: Refusal
) -> Pairing:
    """Record a no heard by telephone: audited, with a receipt that the volunteer can contradict."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.REVIEW, pairing)
    if pairing.status is PairingStatus.DECLINED:
        return pairing
    _check_date(refusal, now)
    _check_answerable(pairing)
    record(session, actor, now, action="telephone_no", subject=("pairing", pairing.id))
    _no(session, telephone_trace_of(actor, now), pairing, PairingStep.DECLINE_BY_TELEPHONE, refusal)
    return pairing


def correct_telephone(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """« Ce n'est pas exact »: undo what was recorded by telephone and ask her anew. Raises TooLate once confirmed."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.CORRECT_TELEPHONE, pairing)
    if pairing.status is PairingStatus.INVITED:
        return pairing
    by_telephone = {
        PairingStep.ACCEPT_BY_TELEPHONE,
        PairingStep.JOIN_RESERVE_BY_TELEPHONE,
        PairingStep.DECLINE_BY_TELEPHONE,
    }
    if not pairing.events or pairing.events[-1].step not in by_telephone:
        raise TooLate
    if pairing.need.status not in {NeedStatus.OPEN, NeedStatus.ON_HOLD}:
        raise TooLate
    record(session, actor, now, action="telephone_corrected", subject=("pairing", pairing.id))
    pairing.reason = None
    pairing.is_known_to_her = True
    if pairing.status is PairingStatus.DECLINED:
        pairing.volunteer.rests_until = None
    if pairing.status is PairingStatus.ACCEPTED:
        told = (Notice(MailCode.YES_WITHDRAWN, Audience.CONTACT),)
        notices.tell(session, now, told, pairing.need, pairing=pairing)
    take_pairing_step(session, pairing, PairingStep.CORRECT_TELEPHONE, trace_of(actor, now))
    start_reply_clocks(session, pairing, now, pairing.need.branch.calendar.add_working_days(now, FRESH_WORKING_DAYS))
    settle(session, pairing.need, now)
    return pairing


def reinvite(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Mail a fresh link to the holder of an expired one: while the need is open, once, for three working days."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.ANSWER, pairing)
    if pairing.status is PairingStatus.INVITED:
        return pairing
    _check_open(pairing)
    if pairing.was_reinvited:
        raise OnceOnly
    pairing.was_reinvited = True
    take_pairing_step(session, pairing, PairingStep.REINVITE, trace_of(actor, now))
    start_reply_clocks(session, pairing, now, pairing.need.branch.calendar.add_working_days(now, FRESH_WORKING_DAYS))
    return pairing


def withdraw(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Take back an application or a yes, freely; after the first talk see services.missions."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.ANSWER, pairing)
    if pairing.status is PairingStatus.WITHDRAWN:
        return pairing
    was_accepted = pairing.status is PairingStatus.ACCEPTED
    take_pairing_step(session, pairing, PairingStep.WITHDRAW, trace_of(actor, now))
    told = [Notice(MailCode.WITHDRAWN_COORDINATOR, Audience.COORDINATOR)]
    if was_accepted:
        told.append(Notice(MailCode.YES_WITHDRAWN, Audience.CONTACT))
    notices.tell(session, now, tuple(told), pairing.need, pairing=pairing)
    settle(session, pairing.need, now)
    return pairing


def still_agree(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Answer « toujours d'accord ? » with yes after a change of the need; a second yes changes nothing."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.ANSWER, pairing)
    if pairing.still_agrees_asked_at is None:
        return pairing
    pairing.still_agrees_asked_at = None
    record(session, actor, now, action="still_agrees", subject=("pairing", pairing.id))
    return pairing


def _yes(session: Session, trace: Trace, pairing: Pairing, steps: tuple[PairingStep, PairingStep]) -> None:
    step = steps[0] if pairing.need.free_seats > 0 else steps[1]
    pairing.queued_at = None
    pairing.is_known_to_her = True
    take_pairing_step(session, pairing, step, trace)
    settle(session, pairing.need, trace.at)


def _no(session: Session, trace: Trace, pairing: Pairing, step: PairingStep, refusal: Refusal) -> None:
    pairing.queued_at = None
    pairing.is_known_to_her = True
    pairing.ask_again_on = refusal.ask_again_on
    pairing.volunteer.rests_until = _rest_after(pairing.volunteer, refusal, trace.at)
    reason = refusal.reason or (PairingReason.NOT_NOW if refusal.ask_again_on else None)
    take_pairing_step(session, pairing, step, replace(trace, reason=reason.value if reason else None))
    outbox.add(session, outbox.AdvanceLine(pairing.need_id), trace.at)


def _rest_after(volunteer: Volunteer, refusal: Refusal, now: datetime) -> datetime:
    """Return until when she is left in peace after a no: the day that she named governs, else two weeks at least."""
    if refusal.ask_again_on is None:
        return max(volunteer.rests_until or now, now + REST)
    return datetime.combine(refusal.ask_again_on, time(), ZoneInfo(volunteer.timezone)).astimezone(UTC)


def _check_date(refusal: Refusal, now: datetime) -> None:
    if refusal.ask_again_on is not None and refusal.ask_again_on <= now.date():
        raise InvalidDates(field="ask_again_on")


def _check_takes_yes(pairing: Pairing) -> None:
    """A no is always heard; a yes would lead to an association that was suspended."""
    _check_answerable(pairing)
    if pairing.need.association.is_suspended:
        raise NeedIsNotOpen(status=pairing.need.status.value)


def _check_answerable(pairing: Pairing) -> None:
    if pairing.status in ANSWERABLE:
        if pairing.need.status not in {NeedStatus.OPEN, NeedStatus.ON_HOLD}:
            _check_open(pairing)
        return
    if pairing.status in {PairingStatus.RELEASED, PairingStatus.EXPIRED}:
        _check_open(pairing)
        raise LinkExpired
    raise AlreadyAnswered(status=pairing.status.value)


def _check_open(pairing: Pairing) -> None:
    need = pairing.need
    if need.status is NeedStatus.FILLED:
        raise NeedIsFilled
    if not need.is_open or need.association.is_suspended:
        raise NeedIsNotOpen(status=need.status.value)
