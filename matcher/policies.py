"""Every permission in one table: deny by default, asked by services (`require`) and by reads (`visible`)."""

from enum import StrEnum

from matcher.actors import Actor, Person, System
from matcher.errors import AddressNotConfirmed, ConflictOfInterest, NotAllowed, NotFound
from matcher.models.account import Account
from matcher.models.alert import Alert
from matcher.models.association import Association
from matcher.models.audit import AuditEntry
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.note import Note
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.suggestion import Suggestion
from matcher.models.suppression import Suppression
from matcher.models.volunteer import Volunteer
from matcher.models.weights import RankingWeights
from matcher.policy_rules import (
    Rule,
    Subject,
    administers_other,
    answers_requests,
    asks_own_place,
    coordinates,
    decides,
    for_association,
    for_need,
    for_pairing,
    for_suggestion,
    for_volunteer,
    for_weights,
    holds,
    holds_own,
    is_administrator,
    is_in_conflict,
    is_member,
    is_volunteer_of,
    names_association,
    reads_association,
    reads_members,
    reads_need,
    reads_note,
    reads_pairing,
    reads_suggestion,
    reads_volunteer,
    reviews,
    sees_contacts,
    writes_note,
)
from matcher.visibility import visible

__all__ = ["Action", "Subject", "coordinates", "is_administrator", "is_member", "is_volunteer_of", "may", "require",
           "require_confirmed", "visible"]  # fmt: skip


class Action(StrEnum):
    """What an actor may be allowed to do with a subject."""

    READ = "read"
    READ_NAME = "read_name"
    WRITE = "write"
    SUBMIT = "submit"
    REVIEW = "review"
    HOLD = "hold"
    VERIFY = "verify"
    ADMIT = "admit"
    ANSWER = "answer"
    REPLY_TO_YES = "reply_to_yes"
    CONFIRM_STILL_NEEDED = "confirm_still_needed"
    CORRECT_TELEPHONE = "correct_telephone"
    SEE_CONTACTS = "see_contacts"
    OPEN_NAME = "open_name"
    READ_REASONS = "read_reasons"
    OPEN_MEMBERS = "open_members"
    READ_MEMBERS = "read_members"
    ADOPT = "adopt"
    ASK_OWN_PLACE = "ask_own_place"
    CHOOSE_MAILS = "choose_mails"
    CONFIRM_TIME = "confirm_time"
    LIFT = "lift"
    GIVE_RIGHTS = "give_rights"
    SHUT_OUT = "shut_out"


def may(actor: Actor, action: Action, subject: Subject) -> bool:
    """Tell whether the actor may do this to the subject; what no row allows is denied."""
    if isinstance(actor, System):
        return True
    rule = RULES.get((type(subject), action))
    return rule is not None and rule(actor, subject)


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Raise NotFound when the subject is not the actor's to see, NotAllowed when only the act is refused."""
    if action is Action.REVIEW and is_in_conflict(actor, subject):
        raise ConflictOfInterest
    if not may(actor, Action.READ, subject) and not may(actor, action, subject):
        raise NotFound
    if not may(actor, action, subject):
        raise NotAllowed


def require_confirmed(actor: Actor) -> None:
    """Raise AddressNotConfirmed for an account whose address was not confirmed."""
    if isinstance(actor, Person) and not actor.account.is_confirmed:
        raise AddressNotConfirmed


RULES: dict[tuple[type[Subject], Action], Rule] = {
    (Need, Action.READ): for_need(reads_need),
    (Need, Action.READ_NAME): for_need(names_association),
    (Need, Action.WRITE): for_need(lambda a, n: is_member(a, n.association) or reviews(a, n)),
    (Need, Action.SUBMIT): for_need(lambda a, n: is_member(a, n.association)),
    (Need, Action.REVIEW): for_need(decides),
    (Need, Action.HOLD): for_need(lambda a, n: is_member(a, n.association) or reviews(a, n)),
    (Need, Action.CONFIRM_STILL_NEEDED): for_need(
        lambda a, n: is_member(a, n.association) or holds(a, LinkPurpose.STILL_NEEDED, n)
    ),
    (Need, Action.ASK_OWN_PLACE): for_need(asks_own_place),
    (Pairing, Action.READ): for_pairing(reads_pairing),
    (Pairing, Action.REVIEW): for_pairing(lambda a, p: decides(a, p.need) and not is_volunteer_of(a, p)),
    (Pairing, Action.READ_REASONS): for_pairing(lambda a, p: reviews(a, p.need) and not is_volunteer_of(a, p)),
    (Pairing, Action.ANSWER): for_pairing(lambda a, p: is_volunteer_of(a, p) or holds(a, LinkPurpose.ANSWER, p)),
    (Pairing, Action.REPLY_TO_YES): for_pairing(
        lambda a, p: is_member(a, p.need.association) or holds(a, LinkPurpose.REPLY_TO_YES, p)
    ),
    (Pairing, Action.CORRECT_TELEPHONE): for_pairing(
        lambda a, p: is_volunteer_of(a, p) or holds(a, LinkPurpose.NOT_WHAT_I_SAID, p)
    ),
    (Pairing, Action.SEE_CONTACTS): for_pairing(sees_contacts),
    (Association, Action.READ): for_association(reads_association),
    (Association, Action.WRITE): for_association(is_member),
    (Association, Action.VERIFY): for_association(lambda a, s: coordinates(a, s.branch) and not is_member(a, s)),
    (Association, Action.ADMIT): for_association(answers_requests),
    (Association, Action.READ_MEMBERS): for_association(reads_members),
    (Association, Action.OPEN_MEMBERS): for_association(lambda a, _s: is_administrator(a)),
    (Need, Action.READ_MEMBERS): for_need(
        lambda a, n: reads_members(a, n.association) or (reviews(a, n) and not is_administrator(a))
    ),
    (Suggestion, Action.READ): for_suggestion(reads_suggestion),
    (Volunteer, Action.READ): for_volunteer(reads_volunteer),
    (Volunteer, Action.OPEN_NAME): for_volunteer(reads_volunteer),
    (Volunteer, Action.CHOOSE_MAILS): for_volunteer(lambda a, v: holds_own(a, LinkPurpose.MAIL_CHOICES, v)),
    (Volunteer, Action.CONFIRM_TIME): for_volunteer(lambda a, v: holds_own(a, LinkPurpose.STILL_TRUE, v)),
    (Volunteer, Action.WRITE): for_volunteer(lambda a, v: isinstance(a, Person) and v.account_id == a.account.id),
    (RankingWeights, Action.READ): for_weights(lambda a, w: bool(w.is_live) or is_administrator(a)),
    (RankingWeights, Action.ADOPT): for_weights(lambda a, _w: is_administrator(a)),
    (Account, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Account, Action.GIVE_RIGHTS): lambda actor, _subject: is_administrator(actor),
    (Account, Action.SHUT_OUT): administers_other,
    (OutboxRow, Action.READ): lambda actor, _subject: is_administrator(actor),
    (OutboxRow, Action.WRITE): lambda actor, _subject: is_administrator(actor),
    (Note, Action.READ): reads_note,
    (Note, Action.WRITE): writes_note,
    (Alert, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Quarantine, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Quarantine, Action.LIFT): lambda actor, _subject: is_administrator(actor),
    (AuditEntry, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Suppression, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Suppression, Action.LIFT): lambda actor, _subject: is_administrator(actor),
}
