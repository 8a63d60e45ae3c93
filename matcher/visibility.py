"""Which rows of an entity an actor may be shown: the reading half of policies.py, as conditions for the database."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from matcher.actors import Actor, LinkHolder, Person, System
from matcher.models.alert import Alert
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.need import Need
from matcher.models.note import Note
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import CONTACTS_OPEN, PUBLIC, NeedAudience, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer
from matcher.models.weights import RankingWeights

SEEN_BY_ASSOCIATION = CONTACTS_OPEN | {PairingStatus.ACCEPTED}


def visible(
    actor: Actor,
    entity: type[Need | Pairing | Volunteer | Association | Suggestion | RankingWeights | OutboxRow | Alert | Note],
) -> ColumnElement[bool]:
    """Return the condition under which rows of an entity may be shown to the actor."""
    is_administrator = isinstance(actor, Person) and actor.account.is_administrator and entity is not Note
    if isinstance(actor, System) or is_administrator:
        return sa.true()
    return VISIBLE[entity](actor)


def named_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which a need that the actor reads tells its association's name and exact place."""
    if isinstance(actor, System) or (isinstance(actor, Person) and actor.account.is_administrator):
        return sa.true()
    met = sa.exists().where(
        Pairing.need_id == Need.id,
        Pairing.volunteer_id == Volunteer.id,
        Volunteer.account_id == _account_id(actor),
        PairingEvent.pairing_id == Pairing.id,
        PairingEvent.target.in_(CONTACTS_OPEN),
    )
    return sa.or_(
        Need.audience != NeedAudience.UNNAMED,
        Need.association_id.in_(_own_associations(actor)),
        Need.branch_id.in_(_own_branches(actor)),
        met,
    )


def _account_id(actor: Actor) -> int:
    return actor.account.id if isinstance(actor, Person) else 0


def _own_associations(actor: Actor) -> sa.Select[int]:
    return sa.select(Membership.association_id).where(Membership.account_id == _account_id(actor))


def _own_branches(actor: Actor) -> sa.Select[int]:
    return sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == _account_id(actor))


def _visible_needs(actor: Actor) -> ColumnElement[bool]:
    known = sa.exists().where(
        Pairing.need_id == Need.id,
        Pairing.volunteer_id == Volunteer.id,
        Volunteer.account_id == _account_id(actor),
        Pairing.is_known_to_her,
    )
    suspended = sa.select(Association.id).where(Association.status == AssociationStatus.SUSPENDED)
    return sa.or_(
        Need.id.in_(_needs_of_link(actor)),
        sa.and_(
            Need.status.in_(PUBLIC),
            Need.audience != NeedAudience.INVITATION,
            Need.association_id.not_in(suspended),
        ),
        Need.association_id.in_(_own_associations(actor)),
        sa.and_(Need.branch_id.in_(_own_branches(actor)), Need.submitted_at.is_not(None)),
        sa.and_(Need.submitted_at.is_not(None), known),
    )


def _needs_of_link(actor: Actor) -> list[int]:
    if not isinstance(actor, LinkHolder):
        return []
    ids = (actor.link.need_id, actor.link.pairing.need_id if actor.link.pairing else None)
    return [need_id for need_id in ids if need_id is not None]


def _needs_of_branches(actor: Actor) -> sa.Select[int]:
    """The needs that she reviews: a party sees of her own case what a party may see, and no more."""
    return sa.select(Need.id).where(
        Need.branch_id.in_(_own_branches(actor)),
        Need.association_id.not_in(_own_associations(actor)),
        Need.submitted_at.is_not(None),
    )


def _visible_pairings(actor: Actor) -> ColumnElement[bool]:
    own = sa.select(Volunteer.id).where(Volunteer.account_id == _account_id(actor))
    ours = sa.select(Need.id).where(Need.association_id.in_(_own_associations(actor)))
    said_yes = sa.exists().where(PairingEvent.pairing_id == Pairing.id, PairingEvent.target.in_(SEEN_BY_ASSOCIATION))
    return sa.or_(
        Pairing.id == (actor.link.pairing_id if isinstance(actor, LinkHolder) else None),
        sa.and_(Pairing.volunteer_id.in_(own), Pairing.is_known_to_her),
        sa.and_(Pairing.need_id.in_(ours), said_yes),
        sa.and_(Pairing.need_id.in_(_needs_of_branches(actor)), Pairing.volunteer_id.not_in(own)),
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


def _visible_suggestions(actor: Actor) -> ColumnElement[bool]:
    own = sa.select(Volunteer.id).where(Volunteer.account_id == _account_id(actor))
    hers = sa.select(Need.id).where(_visible_needs(actor))
    return sa.or_(
        Suggestion.need_id.in_(_needs_of_branches(actor)),
        sa.and_(Suggestion.volunteer_id.in_(own), Suggestion.need_id.in_(hers)),
    )


def _visible_associations(actor: Actor) -> ColumnElement[bool]:
    return sa.or_(
        Association.status == AssociationStatus.VERIFIED,
        Association.id.in_(_own_associations(actor)),
        Association.branch_id.in_(_own_branches(actor)),
    )


def _visible_notes(actor: Actor) -> ColumnElement[bool]:
    """Those of the branch, about people whom she may read; never about herself, or beside a need of her association.

    Administrators as such read none.
    """
    own = sa.select(Volunteer.id).where(Volunteer.account_id == _account_id(actor))
    readable = sa.select(Volunteer.id).where(_visible_volunteers(actor))
    ours = sa.select(Need.id).where(Need.association_id.in_(_own_associations(actor)))
    return sa.and_(
        Note.branch_id.in_(_own_branches(actor)),
        Note.volunteer_id.in_(readable),
        Note.volunteer_id.not_in(own),
        sa.or_(Note.need_id.is_(None), Note.need_id.not_in(ours)),
    )


def _visible_weights(_actor: Actor) -> ColumnElement[bool]:
    """By what people are ranked is nobody's secret; what was only proposed is the administrators' affair."""
    return RankingWeights.is_live.is_(True)


def _visible_to_administrators(_actor: Actor) -> ColumnElement[bool]:
    """How the machinery fares is nobody else's affair; administrators are let in above."""
    return sa.false()


VISIBLE: dict[type, Callable[[Actor], ColumnElement[bool]]] = {
    Need: _visible_needs,
    Pairing: _visible_pairings,
    Volunteer: _visible_volunteers,
    Association: _visible_associations,
    Suggestion: _visible_suggestions,
    RankingWeights: _visible_weights,
    OutboxRow: _visible_to_administrators,
    Alert: _visible_to_administrators,
    Note: _visible_notes,
}
