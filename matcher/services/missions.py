"""From the association's yes to the end of the mission: confirm, begin, prolong, finish, and the ways out."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.errors import AssociationIsSuspended, CheckNotDeclared, InvalidDates, InvalidHours, NotAllowed, TooLate
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock
from matcher.models.pairing import Pairing, Side
from matcher.models.states import PairingReason, PairingStatus, PairingStep
from matcher.policies import Action, coordinates, is_member, is_volunteer_of, may, require
from matcher.services import clocks, notices
from matcher.services.audiences import Audience
from matcher.services.changes import log_change
from matcher.services.notices import Notice
from matcher.services.seats import settle
from matcher.services.steps import (
    lock_pairing,
    record,
    record_decision,
    take_pairing_step,
    telephone_trace_of,
    trace_of,
)

OBJECTION_WORKING_DAYS = 3
MOST_HOURS = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """From when to when and for how many hours."""

    starts_on: date
    ends_on: date
    hours: float


def confirm(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """« Faisons connaissance »: contacts open on both sides, nobody is engaged further. Twice changes nothing.

    Raises NotFound, NotAllowed, IllegalTransition, or AssociationIsSuspended: then nobody's contacts open any more.
    """
    pairing = lock_pairing(session, pairing_id)
    _require_reply(actor, pairing)
    if pairing.contacts_are_open:
        return pairing
    if pairing.need.association.is_suspended:
        raise AssociationIsSuspended
    if is_member(actor, pairing.need.association) or not coordinates(actor, pairing.need.branch):
        take_pairing_step(session, pairing, PairingStep.CONFIRM, trace_of(actor, now))
        record_decision(session, actor, now, action="confirm", subject=pairing)
        clocks.take_as_answer(session, pairing.need, now)
    else:
        take_pairing_step(session, pairing, PairingStep.CONFIRM, telephone_trace_of(actor, now))
        record(session, actor, now, action="confirm_by_telephone", subject=("pairing", pairing.id))
    settle(session, pairing.need, now)
    return pairing


def refuse(session: Session, actor: Actor, now: datetime, *, pairing_id: int, reason: PairingReason) -> Pairing:
    """Refuse kindly somebody who said yes; after a first talk it is « finalement non »."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.REPLY_TO_YES, pairing)
    if pairing.status is PairingStatus.REFUSED:
        return pairing
    talked = pairing.status is PairingStatus.CONFIRMED
    step = PairingStep.REFUSE_AFTER_TALK if talked else PairingStep.REFUSE
    take_pairing_step(session, pairing, step, trace_of(actor, now, reason.value), data={"reason": reason.value})
    record_decision(session, actor, now, action="refuse", subject=pairing)
    clocks.take_as_answer(session, pairing.need, now)
    settle(session, pairing.need, now)
    return pairing


def withdraw_after_talk(
    session: Session, actor: Actor, now: datetime, *, pairing_id: int, reason: PairingReason
) -> Pairing:
    """« Finalement non » by the volunteer: coded, no fault."""
    pairing = lock_pairing(session, pairing_id)
    if side_of(actor, pairing) is not Side.VOLUNTEER:
        raise NotAllowed
    if pairing.status is PairingStatus.WITHDRAWN:
        return pairing
    take_pairing_step(session, pairing, PairingStep.WITHDRAW_AFTER_TALK, trace_of(actor, now, reason.value))
    settle(session, pairing.need, now)
    return pairing


def begin(session: Session, actor: Actor, now: datetime, *, pairing_id: int, plan: Plan) -> Pairing:
    """« On commence »: active at once; the other side may object within three working days. Raises CheckNotDeclared."""
    pairing = lock_pairing(session, pairing_id)
    side = side_of(actor, pairing)
    if pairing.status is PairingStatus.ACTIVE:
        return pairing
    if pairing.status is PairingStatus.CONFIRMED and pairing.waits_for_check:
        raise CheckNotDeclared
    _check_plan(plan)
    pairing.starts_on, pairing.ends_on, pairing.planned_hours = plan.starts_on, plan.ends_on, plan.hours
    pairing.begun_by, pairing.begun_at = side, now
    take_pairing_step(session, pairing, PairingStep.BEGIN, trace_of(actor, now))
    start_end_clocks(session, pairing)
    settle(session, pairing.need, now)
    return pairing


def object_to_start(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Say that it has not begun: only the side that did not say so, within three working days."""
    pairing = lock_pairing(session, pairing_id)
    side = side_of(actor, pairing)
    if pairing.status is PairingStatus.CONFIRMED:
        return pairing
    if side is pairing.begun_by:
        raise NotAllowed
    if pairing.begun_at is None or now > clocks.calendar(pairing).add_working_days(
        pairing.begun_at, OBJECTION_WORKING_DAYS
    ):
        raise TooLate
    _forget_proposals(pairing)
    take_pairing_step(session, pairing, PairingStep.OBJECT_TO_START, trace_of(actor, now))
    return pairing


def propose_prolongation(session: Session, actor: Actor, now: datetime, *, pairing_id: int, plan: Plan) -> Pairing:
    """Propose a new end and total of hours; it counts once the other side agrees."""
    pairing = lock_pairing(session, pairing_id)
    side = side_of(actor, pairing)
    if pairing.status is not PairingStatus.ACTIVE:
        raise TooLate
    _check_plan(plan)
    if (pairing.proposed_by, pairing.proposed_ends_on, pairing.proposed_hours) == (side, plan.ends_on, plan.hours):
        return pairing
    pairing.proposed_by, pairing.proposed_ends_on, pairing.proposed_hours = side, plan.ends_on, plan.hours
    _tell_other_side(session, now, pairing, side, MailCode.PROLONGATION_PROPOSED)
    return pairing


def agree_to_prolongation(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Agree to the other side's proposal: a new end, new hours and new clocks."""
    pairing = lock_pairing(session, pairing_id)
    side = side_of(actor, pairing)
    if pairing.status is not PairingStatus.ACTIVE or pairing.proposed_by is None:
        raise TooLate
    if pairing.proposed_by is side:
        raise NotAllowed
    pairing.ends_on, pairing.planned_hours = pairing.proposed_ends_on, pairing.proposed_hours
    _forget_proposals(pairing)
    log_change(session, now, pairing.volunteer_id)
    clocks.stop(session, pairing)
    start_end_clocks(session, pairing)
    told = tuple(Notice(MailCode.PROLONGATION_AGREED, audience) for audience in (Audience.VOLUNTEER, Audience.CONTACT))
    notices.tell(session, now, told, pairing.need, pairing=pairing)
    return pairing


def finish(session: Session, actor: Actor, now: datetime, *, pairing_id: int, hours: float) -> Pairing:
    """Say that the mission is done, with its hours: completed when both have, or after ten silent working days."""
    pairing = lock_pairing(session, pairing_id)
    side = side_of(actor, pairing)
    if pairing.status is PairingStatus.COMPLETED or (pairing.finished_by is side and pairing.hours_done == hours):
        return pairing
    if pairing.status is not PairingStatus.ACTIVE:
        raise TooLate
    _check_hours(hours)
    if pairing.finished_by not in {None, side}:
        pairing.hours_done = hours
        take_pairing_step(session, pairing, PairingStep.COMPLETE, trace_of(actor, now))
        settle(session, pairing.need, now)
        return pairing
    pairing.finished_by, pairing.finished_at, pairing.hours_done = side, now, hours
    clocks.start_all(session, pairing, (clocks.FINISH_OBJECTION,), now)
    _tell_other_side(session, now, pairing, side, MailCode.FINISH_PROPOSED)
    return pairing


def object_to_finish(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Say that it is not finished: the mission goes on."""
    pairing = lock_pairing(session, pairing_id)
    side = side_of(actor, pairing)
    if pairing.status is not PairingStatus.ACTIVE or pairing.finished_by in {None, side}:
        raise TooLate
    pairing.finished_by = pairing.finished_at = pairing.hours_done = None
    clocks.stop(session, pairing, Clock.ACCEPT_FINISH)
    record(session, actor, now, action="object_to_finish", subject=("pairing", pairing.id))
    return pairing


def abandon(session: Session, actor: Actor, now: datetime, *, pairing_id: int, reason: PairingReason) -> Pairing:
    """Stop a mission before its end, by either side or the coordinator; before its start by the coordinator only."""
    pairing = lock_pairing(session, pairing_id)
    if pairing.status is PairingStatus.ABANDONED:
        return pairing
    trace = trace_of(actor, now, reason.value)
    if pairing.status is PairingStatus.CONFIRMED:
        require(actor, Action.REVIEW, pairing)
        take_pairing_step(session, pairing, PairingStep.ABANDON_EARLY, trace)
    else:
        side = None if may(actor, Action.REVIEW, pairing) else side_of(actor, pairing)
        take_pairing_step(session, pairing, PairingStep.ABANDON, trace)
        _tell_of_end(session, now, pairing, side)
    record_decision(session, actor, now, action="abandon", subject=pairing)
    settle(session, pairing.need, now)
    return pairing


def side_of(actor: Actor, pairing: Pairing) -> Side:
    """Return on which side of the mission the actor stands; raises NotAllowed for anybody else."""
    require(actor, Action.READ, pairing)
    if is_volunteer_of(actor, pairing):
        return Side.VOLUNTEER
    if is_member(actor, pairing.need.association):
        return Side.ASSOCIATION
    raise NotAllowed


def start_end_clocks(session: Session, pairing: Pairing) -> None:
    """Start the clocks that run from the planned end of a mission."""
    if pairing.ends_on is not None:
        ends_at = datetime.combine(pairing.ends_on, time(9), ZoneInfo(pairing.need.timezone))
        clocks.start_all(session, pairing, clocks.AFTER_END, ends_at)


def _forget_proposals(pairing: Pairing) -> None:
    pairing.proposed_by = pairing.proposed_ends_on = pairing.proposed_hours = None
    pairing.finished_by = pairing.finished_at = pairing.hours_done = None


def _require_reply(actor: Actor, pairing: Pairing) -> None:
    if coordinates(actor, pairing.need.branch) and not is_member(actor, pairing.need.association):
        require(actor, Action.REVIEW, pairing)
        return
    require(actor, Action.REPLY_TO_YES, pairing)


def _check_plan(plan: Plan) -> None:
    if plan.ends_on < plan.starts_on:
        raise InvalidDates(field="ends_on")
    _check_hours(plan.hours)


def _check_hours(hours: float) -> None:
    if not 0 < hours <= MOST_HOURS:
        raise InvalidHours(field="hours")


def _tell_other_side(session: Session, now: datetime, pairing: Pairing, side: Side, code: MailCode) -> None:
    audience = Audience.CONTACT if side is Side.VOLUNTEER else Audience.VOLUNTEER
    notices.tell(session, now, (Notice(code, audience),), pairing.need, pairing=pairing)


def _tell_of_end(session: Session, now: datetime, pairing: Pairing, side: Side | None) -> None:
    told = [Notice(MailCode.ABANDONED_COORDINATOR, Audience.COORDINATOR)]
    if side is not Side.VOLUNTEER:
        told.append(Notice(MailCode.MISSION_ABANDONED, Audience.VOLUNTEER))
    if side is not Side.ASSOCIATION:
        told.append(Notice(MailCode.MISSION_ABANDONED, Audience.CONTACT))
    notices.tell(session, now, tuple(told), pairing.need, pairing=pairing)
