"""Reads about associations: one of them, those of a person, those that a coordinator looks after."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from matcher.actors import Actor, Person
from matcher.catalogue import communes
from matcher.errors import NotFound
from matcher.models.account import Account
from matcher.models.association import Association, AssociationStatus, Membership, PendingMembership
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.need import Need
from matcher.models.states import PUBLIC
from matcher.policies import Action, is_administrator, is_member, may, visible
from matcher.published import published
from matcher.visibility import named_to

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class PublicNeed:
    """A need in the list of its association, as everybody reads it."""

    id: int
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class WaitingMember:
    """Somebody who may become a member; `name` is empty while the address has no account."""

    id: int
    email: str
    name: str
    is_asked_by_herself: bool
    is_reader: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list and how long the whole list is."""

    items: list[Association]
    total: int


def get(session: Session, actor: Actor, association_id: int) -> Association:
    """Return an association with its members and branch; raises NotFound when it is not the actor's to see."""
    association = session.scalar(
        sa.select(Association).options(*_whole()).where(Association.id == association_id, visible(actor, Association))
    )
    if association is None:
        raise NotFound
    return association


def own(session: Session, actor: Actor) -> list[Association]:
    """Return the associations for which the actor acts, oldest membership first."""
    if not isinstance(actor, Person):
        return []
    mine = (
        sa.select(Association)
        .join(Membership, Membership.association_id == Association.id)
        .where(Membership.account_id == actor.account.id, visible(actor, Association))
        .order_by(Membership.joined_at, Association.id)
    )
    return list(session.scalars(mine))


def coordinated(session: Session, actor: Actor, *, status: AssociationStatus | None, number: int) -> Listed:
    """Return one page of the associations of the actor's branches; those that wait for verification come first."""
    if not isinstance(actor, Person):
        return Listed([], 0)
    wanted = sa.select(Association).where(visible(actor, Association))
    if not is_administrator(actor):
        wanted = wanted.where(Association.branch_id.in_(_own_branches(actor)))
    if status is not None:
        wanted = wanted.where(Association.status == status)
    total = session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    waits = sa.case((Association.status == AssociationStatus.UNVERIFIED, 0), else_=1)
    page = wanted.order_by(waits, Association.name, Association.id).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    whole = page.options(*_whole())
    return Listed(list(session.scalars(whole)), total)


def waiting_members(session: Session, actor: Actor, association: Association) -> list[WaitingMember]:
    """Return who was invited and who asks to join (with a confirmed address), for whoever answers them.

    Members read both; the coordinators of an association that nobody acts for, requests only.
    """
    if not may(actor, Action.ADMIT, association):
        return []
    wanted: list[sa.SQLColumnExpression[bool]] = [PendingMembership.association_id == association.id]
    if not is_member(actor, association):
        wanted.append(PendingMembership.is_asked_by_herself)
    rows = session.execute(
        sa.select(PendingMembership, Account)
        .outerjoin(Account, sa.and_(Account.email == PendingMembership.email, Account.confirmed_at.is_not(None)))
        .where(
            *wanted,
            sa.or_(Account.id.is_not(None), sa.not_(PendingMembership.is_asked_by_herself)),
        )
        .order_by(PendingMembership.created_at, PendingMembership.id)
    )
    return [_waiting(actor, pending, account) for pending, account in rows]


def left_alone(session: Session, actor: Actor) -> list[Association]:
    """Return the associations of the actor's branches that nobody acts for and that somebody else asks to act for."""
    if not isinstance(actor, Person):
        return []
    wanted = (
        sa.select(Association)
        .options(*_whole())
        .where(Association.branch_id.in_(_own_branches(actor)), _asks_in_vain(actor), visible(actor, Association))
    )
    return list(session.scalars(wanted.order_by(Association.name, Association.id)))


def invitations(session: Session, actor: Actor) -> list[PendingMembership]:
    """Return the associations that have invited the actor's own confirmed address."""
    if not isinstance(actor, Person) or not actor.account.is_confirmed:
        return []
    invited = sa.select(PendingMembership).where(
        PendingMembership.email == actor.account.email, sa.not_(PendingMembership.is_asked_by_herself)
    )
    return list(session.scalars(invited.order_by(PendingMembership.created_at)))


def asked(session: Session, actor: Actor) -> list[PendingMembership]:
    """Return the associations that the actor has asked to join."""
    if not isinstance(actor, Person):
        return []
    mine = sa.select(PendingMembership).where(
        PendingMembership.email == actor.account.email, PendingMembership.is_asked_by_herself
    )
    return list(session.scalars(mine.order_by(PendingMembership.created_at)))


def named(session: Session, actor: Actor, text: str, *, most: int = 10) -> list[Association]:
    """Return the verified associations whose name begins with a text, or holds it; for suggestions while one types."""
    wanted = text.strip()
    if not wanted or "\x00" in wanted:
        return []
    begins = Association.name.istartswith(wanted, autoescape=True)
    holds = Association.name.icontains(wanted, autoescape=True)
    order = sa.case((begins, 0), else_=1)
    return list(
        session.scalars(
            sa.select(Association)
            .where(Association.status == AssociationStatus.VERIFIED, holds, visible(actor, Association))
            .order_by(order, Association.name, Association.id)
            .limit(most)
        )
    )


def label(association: Association) -> str:
    """Return how an association is offered in a field: its name, and its commune where it has one."""
    place = communes.get(association.commune) if association.commune else None
    return f"{association.name} ({place.name})" if place else association.name


def find(session: Session, actor: Actor, text: str) -> Association | None:
    """Return the verified association that a name or an offered label means; None for none and for several."""
    bare = text.rsplit(" (", 1)[0]
    wanted = text.casefold()
    found = named(session, actor, bare, most=50)
    same = [one for one in found if wanted in {label(one).casefold(), one.name.casefold()}]
    return same[0] if len(same) == 1 else None


def public_needs(session: Session, actor: Actor, association: Association) -> list[PublicNeed]:
    """Return the public needs of an association that the actor may know to be its own, newest first."""
    found = session.execute(
        sa.select(Need.id, Need.title, Need.language)
        .where(Need.association_id == association.id, Need.status.in_(PUBLIC), visible(actor, Need), named_to(actor))
        .order_by(Need.opened_at.desc(), Need.id.desc())
        .limit(PAGE_SIZE)
    )
    return [PublicNeed(need_id, published(language, title), language) for need_id, title, language in found]


def branches(session: Session, actor: Actor) -> list[Branch]:
    """Return the branches that the actor coordinates."""
    if not isinstance(actor, Person):
        return []
    return list(
        session.scalars(
            sa.select(Branch)
            .join(BranchCoordinator, BranchCoordinator.branch_id == Branch.id)
            .where(BranchCoordinator.account_id == actor.account.id)
            .order_by(Branch.id)
        )
    )


def _whole() -> tuple[ExecutableOption, ...]:
    return (selectinload(Association.branch).selectinload(Branch.coordinators), selectinload(Association.memberships))


def _own_branches(actor: Person) -> sa.Select[int]:
    return sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == actor.account.id)


def _asks_in_vain(actor: Person) -> sa.ColumnElement[bool]:
    """Somebody else with a confirmed address asks to join, and no member can answer her."""
    asks = sa.exists().where(
        PendingMembership.association_id == Association.id,
        PendingMembership.is_asked_by_herself,
        Account.email == PendingMembership.email,
        Account.confirmed_at.is_not(None),
        Account.id != actor.account.id,
    )
    answers = sa.exists().where(
        Membership.association_id == Association.id, Account.id == Membership.account_id, Account.active
    )
    is_there = Association.status != AssociationStatus.CLOSED
    return sa.and_(is_there, asks.correlate(Association), ~answers.correlate(Association))


def _waiting(actor: Actor, pending: PendingMembership, account: Account | None) -> WaitingMember:
    name = account.name if account is not None and pending.is_asked_by_herself else ""
    is_reader = account is not None and account.id == actor.account_id
    return WaitingMember(pending.id, pending.email, name, pending.is_asked_by_herself, is_reader)
