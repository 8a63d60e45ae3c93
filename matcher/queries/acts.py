"""What a reader of a pairing may do next, for the buttons of her page; the services decide again at each press."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from matcher.actors import Actor
from matcher.models.pairing import Pairing, Side
from matcher.models.states import NeedStatus, PairingStatus
from matcher.pairing_words import Reader
from matcher.policies import Action, may
from matcher.queries.answers import Situation, situation_of
from matcher.queries.known import known_status, reader_of

OBJECTION_WORKING_DAYS = 3
P = PairingStatus


class Act(StrEnum):
    """One thing to do; the value stands in the address of its page or button."""

    YES = "yes"
    NO = "no"
    LATER = "later"
    QUESTION = "question"
    STILL_AGREE = "still-agree"
    FRESH = "fresh-link"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    CONFIRM_BY_TELEPHONE = "confirm-by-telephone"
    REFUSE = "refuse"
    CHECK = "check"
    BEGIN = "begin"
    NOT_BEGUN = "not-begun"
    NO_IN_THE_END = "no-in-the-end"
    PROLONG = "prolong"
    AGREE = "agree"
    FINISH = "finish"
    NOT_FINISHED = "not-finished"
    STOP = "stop"


ANSWERS = frozenset({Act.YES, Act.NO, Act.LATER, Act.QUESTION, Act.STILL_AGREE, Act.FRESH, Act.WITHDRAW})
REPLIES = frozenset({Act.CONFIRM, Act.REFUSE})
CHOICES = (Act.YES, Act.NO, Act.LATER, Act.QUESTION)


def acts_of(actor: Actor, pairing: Pairing, now: datetime) -> tuple[Act, ...]:
    """Return what the actor may do with a pairing now, what is expected of her first."""
    return ACTS[reader_of(actor, pairing)](actor, pairing, now)


def answers_of(pairing: Pairing) -> tuple[Act, ...]:
    """Return what the volunteer may answer now."""
    situation = situation_of(pairing)
    if situation in {Situation.ASKED, Situation.ASKED_ON_HOLD}:
        return CHOICES if pairing.status is P.INVITED else tuple(act for act in CHOICES if act is not Act.QUESTION)
    if situation is Situation.EXPIRED:
        return (Act.FRESH,)
    if pairing.status not in {P.APPLIED, P.RESERVE, P.ACCEPTED}:
        return ()
    return (Act.STILL_AGREE, Act.WITHDRAW) if pairing.still_agrees_asked_at else (Act.WITHDRAW,)


def _of_volunteer(_actor: Actor, pairing: Pairing, now: datetime) -> tuple[Act, ...]:
    if pairing.status is P.CONFIRMED:
        engaged = (Act.NO_IN_THE_END,) if pairing.waits_for_check else (Act.BEGIN, Act.NO_IN_THE_END)
        return (Act.STILL_AGREE, *engaged) if pairing.still_agrees_asked_at else engaged
    if pairing.status is P.ACTIVE:
        return _under_way(pairing, Side.VOLUNTEER, now)
    # What she was not told of asks nothing of her.
    return answers_of(pairing) if known_status(Reader.VOLUNTEER, pairing) is pairing.status else ()


def _of_association(_actor: Actor, pairing: Pairing, now: datetime) -> tuple[Act, ...]:
    if pairing.status is P.ACCEPTED:
        return (Act.REFUSE,) if pairing.need.association.is_suspended else (Act.CONFIRM, Act.REFUSE)
    if pairing.status is P.CONFIRMED:
        if pairing.waits_for_check:
            return (Act.CHECK, Act.NO_IN_THE_END)
        again = (Act.CHECK,) if pairing.need.meets_vulnerable else ()
        return (Act.BEGIN, *again, Act.NO_IN_THE_END)
    if pairing.status is not P.ACTIVE:
        return ()
    # It was under way already when its need came to ask for a check.
    late = (Act.CHECK,) if pairing.waits_for_check else ()
    return (*late, *_under_way(pairing, Side.ASSOCIATION, now))


def _of_coordinator(actor: Actor, pairing: Pairing, _now: datetime) -> tuple[Act, ...]:
    if not may(actor, Action.REVIEW, pairing):
        return ()
    is_live = pairing.need.status is not NeedStatus.CLOSED and not pairing.need.association.is_suspended
    if pairing.status is P.ACCEPTED and is_live:
        return (Act.CONFIRM_BY_TELEPHONE,)
    return (Act.STOP,) if pairing.status in {P.CONFIRMED, P.ACTIVE} else ()


def _under_way(pairing: Pairing, side: Side, now: datetime) -> tuple[Act, ...]:
    acts: list[Act] = []
    if pairing.proposed_by not in {None, side}:
        acts.append(Act.AGREE)
    if pairing.finished_by is not side:
        acts.append(Act.FINISH)
    if pairing.finished_by not in {None, side}:
        acts.append(Act.NOT_FINISHED)
    if pairing.begun_by is not side and _may_still_object(pairing, now):
        acts.append(Act.NOT_BEGUN)
    return (*acts, Act.PROLONG, Act.STOP)


def _may_still_object(pairing: Pairing, now: datetime) -> bool:
    begun = pairing.begun_at
    return begun is not None and now <= pairing.need.branch.calendar.add_working_days(begun, OBJECTION_WORKING_DAYS)


ACTS: dict[Reader, Callable[[Actor, Pairing, datetime], tuple[Act, ...]]] = {
    Reader.VOLUNTEER: _of_volunteer,
    Reader.ASSOCIATION: _of_association,
    Reader.COORDINATOR: _of_coordinator,
}
