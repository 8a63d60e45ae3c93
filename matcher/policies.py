"""Every permission in one table: deny by default, asked by services (`require`) and by reads (`visible`)."""

from collections.abc import Callable
from enum import StrEnum

import sqlalchemy as sa

from matcher.actors import Actor, LinkHolder, Person, System
from matcher.errors import AddressNotConfirmed, ConflictOfInterest, NotAllowed, NotFound
from matcher.link_rights import stands
from matcher.models.alert import Alert
from matcher.models.association import Association, AssociationStatus
from matcher.models.branch import Branch
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.states import PUBLIC, NeedStatus
from matcher.models.suggestion import Suggestion
from matcher.models.suppression import Suppression
from matcher.models.volunteer import Volunteer
from matcher.models.weights import RankingWeights
from matcher.visibility import SEEN_BY_ASSOCIATION, visible

__all__ = ["Action", "Subject", "coordinates", "is_administrator", "is_member", "is_volunteer_of", "may", "require",
           "require_confirmed", "visible"]  # fmt: skip
Subject = (
    Need
    | Pairing
    | Association
    | Volunteer
    | Suggestion
    | Branch
    | RankingWeights
    | Quarantine
    | Suppression
    | OutboxRow
    | Alert
)


class Action(StrEnum):
    """What an actor may be allowed to do with a subject."""

    READ = "read"
    WRITE = "write"
    SUBMIT = "submit"
    REVIEW = "review"
    HOLD = "hold"
    VERIFY = "verify"
    ANSWER = "answer"
    REPLY_TO_YES = "reply_to_yes"
    CONFIRM_STILL_NEEDED = "confirm_still_needed"
    CORRECT_TELEPHONE = "correct_telephone"
    SEE_CONTACTS = "see_contacts"
    OPEN_NAME = "open_name"
    ADOPT = "adopt"
    ASK_OWN_PLACE = "ask_own_place"
    CHOOSE_MAILS = "choose_mails"
    CONFIRM_TIME = "confirm_time"
    LIFT = "lift"


def may(actor: Actor, action: Action, subject: Subject) -> bool:
    """Tell whether the actor may do this to the subject; what no row allows is denied."""
    if isinstance(actor, System):
        return True
    rule = RULES.get((type(subject), action))
    return rule is not None and rule(actor, subject)


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Raise NotFound when the subject is not the actor's to see, NotAllowed when only the act is refused."""
    if action is Action.REVIEW and _coordinates_subject(actor, subject) and _is_party(actor, subject):
        raise ConflictOfInterest
    if not may(actor, Action.READ, subject) and not may(actor, action, subject):
        raise NotFound
    if not may(actor, action, subject):
        raise NotAllowed


def require_confirmed(actor: Actor) -> None:
    """Raise AddressNotConfirmed for an account whose address was not confirmed."""
    if isinstance(actor, Person) and not actor.account.is_confirmed:
        raise AddressNotConfirmed


def is_member(actor: Actor, association: Association) -> bool:
    """True when the actor acts for the association."""
    return isinstance(actor, Person) and association.has_member(actor.account.id)


def coordinates(actor: Actor, branch: Branch) -> bool:
    """True when the actor coordinates the branch."""
    return isinstance(actor, Person) and branch.is_coordinated_by(actor.account.id)


def is_administrator(actor: Actor) -> bool:
    """True for an administrator."""
    return isinstance(actor, Person) and actor.account.is_administrator


def is_volunteer_of(actor: Actor, pairing: Pairing) -> bool:
    """True when the pairing is about the actor herself."""
    return isinstance(actor, Person) and pairing.volunteer.account_id == actor.account.id


def _coordinates_subject(actor: Actor, subject: Subject) -> bool:
    need = subject.need if isinstance(subject, Pairing) else subject
    return isinstance(need, Need) and coordinates(actor, need.branch)


def _is_party(actor: Actor, subject: Subject) -> bool:
    if isinstance(subject, Pairing):
        return is_volunteer_of(actor, subject) or is_member(actor, subject.need.association)
    if isinstance(subject, Need):
        return is_member(actor, subject.association)
    return isinstance(subject, Association) and is_member(actor, subject)


def _holds(actor: Actor, purpose: LinkPurpose, subject: Need | Pairing) -> bool:
    if not isinstance(actor, LinkHolder) or actor.link.purpose is not purpose:
        return False
    wanted = actor.link.pairing_id if isinstance(subject, Pairing) else actor.link.need_id
    return wanted == subject.id and stands(actor.link)


def _reads_need(actor: Actor, need: Need) -> bool:
    if need.status in PUBLIC and need.association.status is not AssociationStatus.SUSPENDED:
        return True
    if is_member(actor, need.association) or is_administrator(actor):
        return True
    if isinstance(actor, LinkHolder):
        link = actor.link
        return link.need_id == need.id or (link.pairing is not None and link.pairing.need_id == need.id)
    if need.status is NeedStatus.DRAFT:
        return False
    return coordinates(actor, need.branch) or _is_shown(actor, need)


def _is_shown(actor: Actor, subject: Need | Volunteer) -> bool:
    """Ask the database what the subject alone does not tell: whether a pairing or a suggestion opens it."""
    session, entity = sa.orm.object_session(subject), type(subject)
    if session is None or not isinstance(actor, Person):
        return False
    found = session.scalar(sa.select(entity.id).where(entity.id == subject.id, visible(actor, entity)))
    return found is not None


def _reads_pairing(actor: Actor, pairing: Pairing) -> bool:
    if isinstance(actor, LinkHolder):
        return actor.link.pairing_id == pairing.id
    if is_administrator(actor):
        return True
    own, ours = is_volunteer_of(actor, pairing), is_member(actor, pairing.need.association)
    if own or ours:
        said_yes = any(event.target in SEEN_BY_ASSOCIATION for event in pairing.events)
        return (own and pairing.is_known_to_her) or (ours and said_yes)
    return coordinates(actor, pairing.need.branch)


def _reads_association(actor: Actor, association: Association) -> bool:
    if association.is_verified or is_member(actor, association) or is_administrator(actor):
        return True
    return coordinates(actor, association.branch)


def _sees_contacts(actor: Actor, pairing: Pairing) -> bool:
    sides = is_volunteer_of(actor, pairing) or is_member(actor, pairing.need.association)
    if sides:
        return pairing.contacts_are_open
    return coordinates(actor, pairing.need.branch) or is_administrator(actor)


def _reads_volunteer(actor: Actor, volunteer: Volunteer) -> bool:
    if not isinstance(actor, Person):
        return False
    own = volunteer.account_id == actor.account.id
    if own or coordinates(actor, volunteer.branch) or is_administrator(actor):
        return True
    return _is_shown(actor, volunteer)


def _holds_own(actor: Actor, purpose: LinkPurpose, volunteer: Volunteer) -> bool:
    if isinstance(actor, LinkHolder):
        is_hers = actor.link.purpose is purpose and actor.link.recipient_id == volunteer.account_id
        return is_hers and stands(actor.link)
    return isinstance(actor, Person) and volunteer.account_id == actor.account.id


def _reads_suggestion(actor: Actor, suggestion: Suggestion) -> bool:
    if _reviews(actor, suggestion.need) or is_administrator(actor):
        return True
    own = isinstance(actor, Person) and suggestion.volunteer.account_id == actor.account.id
    return own and _reads_need(actor, suggestion.need)


Rule = Callable[[Actor, Subject], bool]


def _for_need(rule: Callable[[Actor, Need], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Need) and rule(actor, subject)


def _for_pairing(rule: Callable[[Actor, Pairing], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Pairing) and rule(actor, subject)


def _for_association(rule: Callable[[Actor, Association], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Association) and rule(actor, subject)


def _for_volunteer(rule: Callable[[Actor, Volunteer], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Volunteer) and rule(actor, subject)


def _for_suggestion(rule: Callable[[Actor, Suggestion], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Suggestion) and rule(actor, subject)


def _for_weights(rule: Callable[[Actor, RankingWeights], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, RankingWeights) and rule(actor, subject)


def _reviews(actor: Actor, need: Need) -> bool:
    if need.status is NeedStatus.DRAFT:
        return False
    return coordinates(actor, need.branch) and not is_member(actor, need.association)


RULES: dict[tuple[type[Subject], Action], Rule] = {
    (Need, Action.READ): _for_need(_reads_need),
    (Need, Action.WRITE): _for_need(lambda a, n: is_member(a, n.association) or _reviews(a, n)),
    (Need, Action.SUBMIT): _for_need(lambda a, n: is_member(a, n.association)),
    (Need, Action.REVIEW): _for_need(_reviews),
    (Need, Action.HOLD): _for_need(lambda a, n: is_member(a, n.association) or _reviews(a, n)),
    (Need, Action.CONFIRM_STILL_NEEDED): _for_need(
        lambda a, n: is_member(a, n.association) or _holds(a, LinkPurpose.STILL_NEEDED, n)
    ),
    (Need, Action.ASK_OWN_PLACE): _for_need(lambda a, n: isinstance(a, Person) and n.status in PUBLIC),
    (Pairing, Action.READ): _for_pairing(_reads_pairing),
    (Pairing, Action.REVIEW): _for_pairing(lambda a, p: _reviews(a, p.need) and not is_volunteer_of(a, p)),
    (Pairing, Action.ANSWER): _for_pairing(lambda a, p: is_volunteer_of(a, p) or _holds(a, LinkPurpose.ANSWER, p)),
    (Pairing, Action.REPLY_TO_YES): _for_pairing(
        lambda a, p: is_member(a, p.need.association) or _holds(a, LinkPurpose.REPLY_TO_YES, p)
    ),
    (Pairing, Action.CORRECT_TELEPHONE): _for_pairing(
        lambda a, p: is_volunteer_of(a, p) or _holds(a, LinkPurpose.NOT_WHAT_I_SAID, p)
    ),
    (Pairing, Action.SEE_CONTACTS): _for_pairing(_sees_contacts),
    (Association, Action.READ): _for_association(_reads_association),
    (Association, Action.WRITE): _for_association(is_member),
    (Association, Action.VERIFY): _for_association(lambda a, s: coordinates(a, s.branch) and not is_member(a, s)),
    (Suggestion, Action.READ): _for_suggestion(_reads_suggestion),
    (Volunteer, Action.READ): _for_volunteer(_reads_volunteer),
    (Volunteer, Action.OPEN_NAME): _for_volunteer(_reads_volunteer),
    (Volunteer, Action.CHOOSE_MAILS): _for_volunteer(lambda a, v: _holds_own(a, LinkPurpose.MAIL_CHOICES, v)),
    (Volunteer, Action.CONFIRM_TIME): _for_volunteer(lambda a, v: _holds_own(a, LinkPurpose.STILL_TRUE, v)),
    (Volunteer, Action.WRITE): _for_volunteer(lambda a, v: isinstance(a, Person) and v.account_id == a.account.id),
    (RankingWeights, Action.READ): _for_weights(lambda a, w: bool(w.is_live) or is_administrator(a)),
    (RankingWeights, Action.ADOPT): _for_weights(lambda a, _w: is_administrator(a)),
    (OutboxRow, Action.READ): lambda actor, _subject: is_administrator(actor),
    (OutboxRow, Action.WRITE): lambda actor, _subject: is_administrator(actor),
    (Alert, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Quarantine, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Quarantine, Action.LIFT): lambda actor, _subject: is_administrator(actor),
    (Suppression, Action.READ): lambda actor, _subject: is_administrator(actor),
    (Suppression, Action.LIFT): lambda actor, _subject: is_administrator(actor),
}
