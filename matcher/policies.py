"""Every permission in one table: deny by default, asked by services (`require`) and by reads (`visible`)."""

from collections.abc import Callable
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from matcher.actors import Actor, LinkHolder, Person, System
from matcher.errors import AddressNotConfirmed, ConflictOfInterest, NotAllowed, NotFound
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import CONTACTS_OPEN, PUBLIC, NeedStatus, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer

Subject = Need | Pairing | Association | Volunteer | Branch


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


def may(actor: Actor, action: Action, subject: Subject) -> bool:
    """Tell whether the actor may do this to the subject; what no row allows is denied."""
    if isinstance(actor, System):
        return True
    rule = RULES.get((type(subject), action))
    return rule is not None and rule(actor, subject)


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Raise NotFound when the subject is not the actor's to see, NotAllowed when only the act is refused."""
    if not may(actor, Action.READ, subject) and not may(actor, action, subject):
        raise NotFound
    if action is Action.REVIEW and _is_party(actor, subject):
        raise ConflictOfInterest
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
    return wanted == subject.id


def _reads_need(actor: Actor, need: Need) -> bool:
    if need.status in PUBLIC and need.association.status is not AssociationStatus.SUSPENDED:
        return True
    if is_member(actor, need.association) or is_administrator(actor):
        return True
    if need.status is not NeedStatus.DRAFT and coordinates(actor, need.branch):
        return True
    return isinstance(actor, LinkHolder) and (
        actor.link.need_id == need.id or (actor.link.pairing is not None and actor.link.pairing.need_id == need.id)
    )


def _reads_pairing(actor: Actor, pairing: Pairing) -> bool:
    if isinstance(actor, LinkHolder):
        return actor.link.pairing_id == pairing.id
    if is_volunteer_of(actor, pairing):
        return pairing.is_known_to_her
    if is_member(actor, pairing.need.association):
        return pairing.status in SEEN_BY_ASSOCIATION or any(e.target in SEEN_BY_ASSOCIATION for e in pairing.events)
    return coordinates(actor, pairing.need.branch) or is_administrator(actor)


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
    return own or coordinates(actor, volunteer.branch) or is_administrator(actor)


SEEN_BY_ASSOCIATION = CONTACTS_OPEN | {PairingStatus.ACCEPTED}

Rule = Callable[[Actor, Subject], bool]


def _for_need(rule: Callable[[Actor, Need], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Need) and rule(actor, subject)


def _for_pairing(rule: Callable[[Actor, Pairing], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Pairing) and rule(actor, subject)


def _for_association(rule: Callable[[Actor, Association], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Association) and rule(actor, subject)


def _for_volunteer(rule: Callable[[Actor, Volunteer], bool]) -> Rule:
    return lambda actor, subject: isinstance(subject, Volunteer) and rule(actor, subject)


def _reviews(actor: Actor, need: Need) -> bool:
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
    (Volunteer, Action.READ): _for_volunteer(_reads_volunteer),
    (Volunteer, Action.OPEN_NAME): _for_volunteer(_reads_volunteer),
    (Volunteer, Action.WRITE): _for_volunteer(lambda a, v: isinstance(a, Person) and v.account_id == a.account.id),
}


def _account_id(actor: Actor) -> int:
    return actor.account.id if isinstance(actor, Person) else 0


def _own_associations(actor: Actor) -> sa.Select[int]:
    return sa.select(Membership.association_id).where(Membership.account_id == _account_id(actor))


def _own_branches(actor: Actor) -> sa.Select[int]:
    return sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == _account_id(actor))


def visible(actor: Actor, entity: type[Need | Pairing | Volunteer | Association | Suggestion]) -> ColumnElement[bool]:
    """Return the condition under which rows of an entity may be shown to the actor."""
    if isinstance(actor, System) or is_administrator(actor):
        return sa.true()
    return VISIBLE[entity](actor)


def _visible_needs(actor: Actor) -> ColumnElement[bool]:
    known = sa.exists().where(
        Pairing.need_id == Need.id,
        Pairing.volunteer_id == Volunteer.id,
        Volunteer.account_id == _account_id(actor),
        Pairing.is_known_to_her,
    )
    suspended = sa.select(Association.id).where(Association.status == AssociationStatus.SUSPENDED)
    return sa.or_(
        sa.and_(Need.status.in_(PUBLIC), Need.association_id.not_in(suspended)),
        Need.association_id.in_(_own_associations(actor)),
        sa.and_(Need.branch_id.in_(_own_branches(actor)), Need.status != NeedStatus.DRAFT),
        sa.and_(Need.status != NeedStatus.DRAFT, known),
    )


def _needs_of_branches(actor: Actor) -> sa.Select[int]:
    return sa.select(Need.id).where(Need.branch_id.in_(_own_branches(actor)), Need.status != NeedStatus.DRAFT)


def _visible_pairings(actor: Actor) -> ColumnElement[bool]:
    own = sa.select(Volunteer.id).where(Volunteer.account_id == _account_id(actor))
    ours = sa.select(Need.id).where(Need.association_id.in_(_own_associations(actor)))
    return sa.or_(
        sa.and_(Pairing.volunteer_id.in_(own), Pairing.is_known_to_her),
        sa.and_(Pairing.need_id.in_(ours), Pairing.status.in_(SEEN_BY_ASSOCIATION)),
        Pairing.need_id.in_(_needs_of_branches(actor)),
    )


def _visible_volunteers(actor: Actor) -> ColumnElement[bool]:
    suggested = sa.select(Suggestion.volunteer_id).where(Suggestion.need_id.in_(_needs_of_branches(actor)))
    paired = sa.select(Pairing.volunteer_id).where(Pairing.need_id.in_(_needs_of_branches(actor)))
    return sa.or_(
        Volunteer.account_id == _account_id(actor),
        Volunteer.branch_id.in_(_own_branches(actor)),
        Volunteer.id.in_(suggested),
        Volunteer.id.in_(paired),
    )


def _visible_associations(actor: Actor) -> ColumnElement[bool]:
    return sa.or_(
        Association.status == AssociationStatus.VERIFIED,
        Association.id.in_(_own_associations(actor)),
        Association.branch_id.in_(_own_branches(actor)),
    )


VISIBLE: dict[type, Callable[[Actor], ColumnElement[bool]]] = {
    Need: _visible_needs,
    Pairing: _visible_pairings,
    Volunteer: _visible_volunteers,
    Association: _visible_associations,
    Suggestion: lambda actor: Suggestion.need_id.in_(_needs_of_branches(actor)),
}
