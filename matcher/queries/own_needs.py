"""The needs of a member’s associations: her list, with what waits for her."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from matcher.actors import Actor, Person
from matcher.errors import NotFound
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.policies import is_member

PER_PAGE = 20
# What waits for the member first, then what runs, then what rests, then what has ended.
ORDER = (
    NeedStatus.CHANGES_REQUESTED, NeedStatus.DRAFT, NeedStatus.OPEN, NeedStatus.SUBMITTED, NeedStatus.FILLED,
    NeedStatus.ON_HOLD, NeedStatus.COMPLETED, NeedStatus.CLOSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnNeed:
    """A need in its association's list; `held` people wait for an answer."""

    need_id: int
    title: str
    association: str
    status: NeedStatus
    seats: int
    held: int
    taken: int
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class OwnNeeds:
    """One page of a member's needs."""

    needs: tuple[OwnNeed, ...]
    total: int
    number: int
    pages: int


def associations_of(session: Session, actor: Actor) -> list[Association]:
    """Return the associations for which the actor acts and that may post, by name; one statement."""
    if not isinstance(actor, Person):
        return []
    return list(
        session.scalars(
            sa.select(Association)
            .join(Membership, Membership.association_id == Association.id)
            .where(Membership.account_id == actor.account.id, Association.status != AssociationStatus.CLOSED)
            .order_by(Association.name, Association.id)
            .options(lazyload(Association.memberships))
        )
    )


def list_own_needs(session: Session, actor: Actor, *, status: NeedStatus | None = None, number: int = 1) -> OwnNeeds:
    """Return one page of the needs of the actor's associations, those that wait for her first; two statements."""
    conditions: list[sa.ColumnElement[bool]] = [Need.association_id.in_(_associations(actor))]
    if status is not None:
        conditions.append(Need.status == status)
    total = session.scalar(sa.select(sa.func.count(Need.id)).where(*conditions)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    urgency = sa.case((Need.held > 0, 0), *((Need.status == each, i + 1) for i, each in enumerate(ORDER)), else_=99)
    found = session.scalars(
        sa.select(Need)
        .where(*conditions)
        .order_by(urgency, Need.touched_at.desc(), Need.id.desc())
        .limit(PER_PAGE)
        .offset(PER_PAGE * (number - 1))
        .options(
            lazyload(Need.branch), lazyload(Need.skills), lazyload(Need.locations),
            joinedload(Need.association, innerjoin=True).lazyload(Association.memberships),
        )
    )  # fmt: skip
    return OwnNeeds(tuple(_rows(found)), total, number, pages)


def find_own_need(session: Session, actor: Actor, need_id: int) -> Need:
    """Return a need of one of the actor's associations; raises NotFound."""
    need = session.get(Need, need_id)
    if need is None or not is_member(actor, need.association):
        raise NotFound
    return need


def running_clocks(session: Session, need: Need) -> dict[Clock, datetime]:
    """Return when each running clock of a need falls due; one statement."""
    rows = session.execute(
        sa.select(Deadline.clock, Deadline.due_at).where(Deadline.need_id == need.id, Deadline.paused_at.is_(None))
    )
    return {row.clock: row.due_at for row in rows}


def _associations(actor: Actor) -> sa.Select[int]:
    account_id = actor.account.id if isinstance(actor, Person) else 0
    return sa.select(Membership.association_id).where(Membership.account_id == account_id)


def _rows(needs: Iterable[Need]) -> Iterable[OwnNeed]:
    return (OwnNeed(n.id, n.title, n.association.name, n.status, n.seats, n.held, n.taken, n.touched_at) for n in needs)
