"""What erasing one's own account would end: counts and names for the page that asks whether one is sure."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from matcher.actors import Actor, Person
from matcher.models.account import ADMINISTRATOR, Account, Role
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.pairing import Pairing
from matcher.models.states import BEFORE_ENGAGEMENT, ENGAGED
from matcher.models.volunteer import Volunteer
from matcher.policies import visible


@dataclass(frozen=True, slots=True)
class Effects:
    """How much of each kind an erasure would end."""

    is_volunteer: bool
    waiting: int
    missions: int
    is_last_administrator: bool
    left_alone: tuple[Branch, ...]


def effects(session: Session, actor: Actor) -> Effects:
    """Return what would end; pairings of which she knows nothing yet are not counted."""
    volunteer_id = session.scalar(sa.select(Volunteer.id).where(Volunteer.account_id == _account_id(actor)))
    count = sa.func.count(Pairing.id)
    own = sa.select(
        count.filter(Pairing.status.in_(BEFORE_ENGAGEMENT)).label("waiting"),
        count.filter(Pairing.status.in_(ENGAGED)).label("missions"),
    ).where(Pairing.volunteer_id == volunteer_id, visible(actor, Pairing), Pairing.is_known_to_her)
    row = session.execute(own).one()
    last, alone = _is_last_administrator(session, actor), _only_coordinated_by(session, actor)
    return Effects(volunteer_id is not None, row.waiting, row.missions, last, alone)


def only_member_of(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return (id, name) of the associations for which nobody else acts."""
    alone = (
        sa.select(Membership.association_id)
        .group_by(Membership.association_id)
        .having(sa.func.count() == 1, sa.func.max(Membership.account_id) == _account_id(actor))
    )
    rows = session.execute(
        sa.select(Association.id, Association.name)
        .where(Association.id.in_(alone), visible(actor, Association), Association.status != AssociationStatus.CLOSED)
        .order_by(Association.name, Association.id)
    )
    return tuple((row.id, row.name) for row in rows)


def _is_last_administrator(session: Session, actor: Actor) -> bool:
    able = sa.select(Account.id).join(Account.roles).where(Role.name == ADMINISTRATOR, Account.active)
    return list(session.scalars(able)) == [_account_id(actor)]


def _only_coordinated_by(session: Session, actor: Actor) -> tuple[Branch, ...]:
    """The branches that nobody who can act coordinates besides her."""
    me = _account_id(actor)
    own = sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == me)
    others = sa.select(BranchCoordinator.branch_id).join(Account, Account.id == BranchCoordinator.account_id)
    others = others.where(Account.active, Account.id != me)
    alone = sa.select(Branch).where(Branch.id.in_(own), Branch.id.not_in(others)).order_by(Branch.id)
    return tuple(session.scalars(alone.options(lazyload("*"))))


def _account_id(actor: Actor) -> int:
    return actor.account.id if isinstance(actor, Person) else 0
