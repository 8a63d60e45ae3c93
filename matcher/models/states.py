"""The states of needs and pairings and the steps between them. Who may take a step, and who is told: elsewhere."""

from dataclasses import dataclass
from enum import StrEnum


class NeedStatus(StrEnum):
    """Where a need stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    OPEN = "open"
    FILLED = "filled"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CLOSED = "closed"


class NeedStep(StrEnum):
    """What can happen to a need."""

    SUBMIT = "submit"
    GIVE_UP = "give_up"
    DISCARD = "discard"
    OPEN = "open"
    REQUEST_CHANGES = "request_changes"
    LAPSE = "lapse"
    REFUSE = "refuse"
    FILL = "fill"
    ENOUGH = "enough"
    REOPEN = "reopen"
    HOLD = "hold"
    RESUME = "resume"
    RESUME_FILLED = "resume_filled"
    EXPIRE_HOLD = "expire_hold"
    CLOSE = "close"
    COMPLETE = "complete"
    VANISH = "vanish"


class PairingStatus(StrEnum):
    """Where a pairing stands."""

    APPLIED = "applied"
    APPROVED = "approved"
    INVITED = "invited"
    RESERVE = "reserve"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    COMPLETED = "completed"
    SET_ASIDE = "set_aside"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    RELEASED = "released"
    ABANDONED = "abandoned"


class PairingStep(StrEnum):
    """What can happen to a pairing."""

    APPLY = "apply"
    ACCEPT_APPLICATION = "accept_application"
    RESERVE_APPLICATION = "reserve_application"
    SET_ASIDE = "set_aside"
    APPROVE = "approve"
    MARK_INVITED = "mark_invited"
    ACCEPT = "accept"
    JOIN_RESERVE = "join_reserve"
    DECLINE = "decline"
    ACCEPT_BY_TELEPHONE = "accept_by_telephone"
    JOIN_RESERVE_BY_TELEPHONE = "join_reserve_by_telephone"
    DECLINE_BY_TELEPHONE = "decline_by_telephone"
    CORRECT_TELEPHONE = "correct_telephone"
    ASK = "ask"
    REPLY = "reply"
    EXPIRE = "expire"
    REINVITE = "reinvite"
    OFFER_SEAT = "offer_seat"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    RELEASE_UNANSWERED = "release_unanswered"
    BEGIN = "begin"
    OBJECT_TO_START = "object_to_start"
    REFUSE_AFTER_TALK = "refuse_after_talk"
    WITHDRAW_AFTER_TALK = "withdraw_after_talk"
    ABANDON_WITHOUT_NEWS = "abandon_without_news"
    COMPLETE = "complete"
    COMPLETE_UNREVIEWED = "complete_unreviewed"
    ABANDON = "abandon"
    ABANDON_EARLY = "abandon_early"
    RELEASE = "release"
    RELEASE_UNREACHABLE = "release_unreachable"
    ABANDON_ERASED = "abandon_erased"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a step leads, and where; a None among the sources stands for a thing that is new."""

    sources: frozenset[str | None]
    target: str


def _move(target: str, *sources: str | None) -> Move:
    return Move(frozenset(sources), target)


N = NeedStatus
NEED_MOVES: dict[NeedStep, Move] = {
    NeedStep.SUBMIT: _move(N.SUBMITTED, N.DRAFT, N.CHANGES_REQUESTED),
    NeedStep.GIVE_UP: _move(N.CLOSED, N.DRAFT, N.SUBMITTED, N.CHANGES_REQUESTED),
    NeedStep.DISCARD: _move(N.CLOSED, N.DRAFT),
    NeedStep.OPEN: _move(N.OPEN, N.SUBMITTED),
    NeedStep.REQUEST_CHANGES: _move(N.CHANGES_REQUESTED, N.SUBMITTED),
    NeedStep.LAPSE: _move(N.CLOSED, N.CHANGES_REQUESTED),
    NeedStep.REFUSE: _move(N.CLOSED, N.SUBMITTED),
    NeedStep.FILL: _move(N.FILLED, N.OPEN),
    NeedStep.ENOUGH: _move(N.FILLED, N.OPEN),
    NeedStep.REOPEN: _move(N.OPEN, N.FILLED),
    NeedStep.HOLD: _move(N.ON_HOLD, N.OPEN, N.FILLED),
    NeedStep.RESUME: _move(N.OPEN, N.ON_HOLD),
    NeedStep.RESUME_FILLED: _move(N.FILLED, N.ON_HOLD),
    NeedStep.EXPIRE_HOLD: _move(N.CLOSED, N.ON_HOLD),
    NeedStep.CLOSE: _move(N.CLOSED, N.OPEN, N.ON_HOLD),
    NeedStep.COMPLETE: _move(N.COMPLETED, N.FILLED, N.ON_HOLD),
    NeedStep.VANISH: _move(N.CLOSED, N.DRAFT, N.SUBMITTED, N.CHANGES_REQUESTED, N.OPEN, N.FILLED, N.ON_HOLD),
}

P = PairingStatus
_BEFORE_ANSWER = (P.APPROVED, P.INVITED)
PAIRING_MOVES: dict[PairingStep, Move] = {
    PairingStep.APPLY: _move(P.APPLIED, None, P.DECLINED, P.EXPIRED, P.WITHDRAWN, P.RELEASED, P.SET_ASIDE),
    PairingStep.ACCEPT_APPLICATION: _move(P.ACCEPTED, P.APPLIED),
    PairingStep.RESERVE_APPLICATION: _move(P.RESERVE, P.APPLIED),
    PairingStep.SET_ASIDE: _move(P.SET_ASIDE, None, P.APPLIED, P.APPROVED, P.INVITED),
    PairingStep.APPROVE: _move(P.APPROVED, None),
    PairingStep.MARK_INVITED: _move(P.INVITED, P.APPROVED),
    PairingStep.ACCEPT: _move(P.ACCEPTED, *_BEFORE_ANSWER),
    PairingStep.JOIN_RESERVE: _move(P.RESERVE, *_BEFORE_ANSWER),
    PairingStep.DECLINE: _move(P.DECLINED, *_BEFORE_ANSWER),
    PairingStep.ACCEPT_BY_TELEPHONE: _move(P.ACCEPTED, *_BEFORE_ANSWER),
    PairingStep.JOIN_RESERVE_BY_TELEPHONE: _move(P.RESERVE, *_BEFORE_ANSWER),
    PairingStep.DECLINE_BY_TELEPHONE: _move(P.DECLINED, *_BEFORE_ANSWER),
    PairingStep.CORRECT_TELEPHONE: _move(P.INVITED, P.ACCEPTED, P.RESERVE, P.DECLINED),
    PairingStep.ASK: _move(P.INVITED, P.INVITED),
    PairingStep.REPLY: _move(P.INVITED, P.INVITED),
    PairingStep.EXPIRE: _move(P.EXPIRED, P.INVITED),
    PairingStep.REINVITE: _move(P.INVITED, P.EXPIRED),
    PairingStep.OFFER_SEAT: _move(P.INVITED, P.RESERVE),
    PairingStep.WITHDRAW: _move(P.WITHDRAWN, P.APPLIED, P.RESERVE, P.ACCEPTED),
    PairingStep.CONFIRM: _move(P.CONFIRMED, P.ACCEPTED),
    PairingStep.REFUSE: _move(P.REFUSED, P.ACCEPTED),
    PairingStep.RELEASE_UNANSWERED: _move(P.RELEASED, P.ACCEPTED),
    PairingStep.BEGIN: _move(P.ACTIVE, P.CONFIRMED),
    PairingStep.OBJECT_TO_START: _move(P.CONFIRMED, P.ACTIVE),
    PairingStep.REFUSE_AFTER_TALK: _move(P.REFUSED, P.CONFIRMED),
    PairingStep.WITHDRAW_AFTER_TALK: _move(P.WITHDRAWN, P.CONFIRMED),
    PairingStep.ABANDON_WITHOUT_NEWS: _move(P.ABANDONED, P.CONFIRMED),
    PairingStep.COMPLETE: _move(P.COMPLETED, P.ACTIVE),
    PairingStep.COMPLETE_UNREVIEWED: _move(P.COMPLETED, P.ACTIVE),
    PairingStep.ABANDON: _move(P.ABANDONED, P.ACTIVE),
    PairingStep.ABANDON_EARLY: _move(P.ABANDONED, P.CONFIRMED),
    PairingStep.RELEASE: _move(P.RELEASED, P.APPLIED, P.APPROVED, P.INVITED, P.ACCEPTED, P.RESERVE),
    PairingStep.RELEASE_UNREACHABLE: _move(P.RELEASED, P.APPROVED, P.INVITED),
    PairingStep.ABANDON_ERASED: _move(P.ABANDONED, P.CONFIRMED, P.ACTIVE),
    PairingStep.RENEW: _move(P.APPROVED, P.DECLINED, P.EXPIRED, P.WITHDRAWN, P.RELEASED, P.SET_ASIDE),
}

HELD = frozenset({P.ACCEPTED})
TAKEN = frozenset({P.CONFIRMED, P.ACTIVE, P.COMPLETED})
ENGAGED = frozenset({P.CONFIRMED, P.ACTIVE})
CONTACTS_OPEN = TAKEN
BEFORE_ENGAGEMENT = frozenset({P.APPLIED, P.APPROVED, P.INVITED, P.ACCEPTED, P.RESERVE})
LIVE = BEFORE_ENGAGEMENT | ENGAGED

UNPUBLISHED = frozenset({N.DRAFT, N.SUBMITTED, N.CHANGES_REQUESTED})
PUBLIC = frozenset({N.OPEN, N.FILLED})
ENDED = frozenset({N.COMPLETED, N.CLOSED})


class EndReason(StrEnum):
    """Why a need ended."""

    GIVEN_UP = "given_up"
    UNTOUCHED = "untouched"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    SOLVED_ELSEWHERE = "solved_elsewhere"
    NOBODY_FOUND = "nobody_found"
    ASSOCIATION_GONE = "association_gone"


class NeedAudience(StrEnum):
    """Who reads a public need, and whether with its association's name and exact place."""

    NAMED = "named"
    UNNAMED = "unnamed"
    INVITATION = "invitation"


class CheckWaiver(StrEnum):
    """Why an association need not make a check of somebody who will meet minors or vulnerable people."""

    NO_CONTACT = "no_contact"
    ACCOMPANIED = "accompanied"
    NOT_BY_LAW = "not_by_law"


class HoldReason(StrEnum):
    """Why a need is on hold."""

    MEMBER_ASKED = "member_asked"
    COORDINATOR_ASKED = "coordinator_asked"
    ASSOCIATION_SILENT = "association_silent"
    ASSOCIATION_SUSPENDED = "association_suspended"
    ASSOCIATION_WITHOUT_MEMBER = "association_without_member"


class PairingReason(StrEnum):
    """Coded reasons for setting aside, declining, refusing, withdrawing or ending."""

    SKILLS = "skills"
    AVAILABILITY = "availability"
    DISTANCE = "distance"
    LANGUAGE = "language"
    TOO_OFTEN_ASKED = "too_often_asked"
    OTHER_PERSON_CHOSEN = "other_person_chosen"
    NO_TIME = "no_time"
    NOT_NOW = "not_now"
    NOT_MY_FIELD = "not_my_field"
    NEED_CHANGED = "need_changed"
    CHANGED_CIRCUMSTANCES = "changed_circumstances"
    NO_AGREEMENT = "no_agreement"
    NO_NEWS = "no_news"
    NEVER_AGAIN = "never_again"
    UNREACHABLE = "unreachable"
    OTHER = "other"


class Door(StrEnum):
    """Through which door somebody acted."""

    PAGE = "page"
    LINK = "link"
    TELEPHONE = "telephone"
    SYSTEM = "system"
