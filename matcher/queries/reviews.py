"""What waits for a coordinator, her needs by state, and one need for her desk. Names of volunteers never pass here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.models.account import Account
from matcher.models.association import Association, Membership
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.policies import coordinates, is_administrator, visible
from matcher.queries.tasks import Task, own_branches, told_to

PER_PAGE = 20
# What can be acted upon first, then what rests, then what has ended.
LISTED = (
    NeedStatus.OPEN, NeedStatus.FILLED, NeedStatus.ON_HOLD, NeedStatus.SUBMITTED, NeedStatus.CHANGES_REQUESTED,
    NeedStatus.COMPLETED, NeedStatus.CLOSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """One thing that waits for a coordinator; `due_at` is when its clock falls due."""

    task: Task
    need_id: int
    pairing_id: int | None
    volunteer_id: int | None
    came_at: datetime | None
    title: str
    association: str
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewedNeed:
    """A need in a coordinator's list, with how far its line has come."""

    need_id: int
    title: str
    association: str
    status: NeedStatus
    seats: int
    held: int
    taken: int
    approved: int
    invited: int
    line_waits: bool


@dataclass(frozen=True, slots=True)
class ReviewedNeeds:
    """One page of a coordinator's needs."""

    needs: tuple[ReviewedNeed, ...]
    total: int


def count_tasks(session: Session, actor: Actor, now: datetime, *, since: datetime) -> dict[Task, int]:
    """Count what waits for the actor and what left her list since a moment, task by task; one statement."""
    waiting = told_to(actor, now, since).subquery()
    rows = session.execute(sa.select(waiting.c.task, sa.func.count()).group_by(waiting.c.task))
    found = {Task(int(code)): int(number) for code, number in rows}
    return {task: found[task] for task in Task if task in found}


def list_tasks(
    session: Session, actor: Actor, now: datetime, *, since: datetime, task: Task | None = None, number: int = 1
) -> tuple[ReviewTask, ...]:
    """Return one page of the same, task by task, what is due first on top; one statement."""
    waiting = told_to(actor, now, since).subquery()
    rows = sa.select(waiting)
    if task is not None:
        rows = rows.where(waiting.c.task == task.value)
    undated = sa.case((waiting.c.due_at.is_(None), 1), else_=0)
    order = (waiting.c.task, undated, waiting.c.due_at, waiting.c.since, waiting.c.need_id, waiting.c.pairing_id)
    page = rows.order_by(*order).limit(PER_PAGE).offset(PER_PAGE * (number - 1))
    return tuple(
        ReviewTask(
            Task(int(r.task)), r.need_id, r.pairing_id, r.volunteer_id, r.came_at, r.title, r.association, r.since,
            r.due_at,
        )
        for r in session.execute(page)
    )  # fmt: skip


def count_needs(session: Session, actor: Actor) -> Mapping[NeedStatus, int]:
    """Count the needs of the actor's branches by state; one statement."""
    rows = session.execute(
        sa.select(Need.status, sa.func.count(Need.id)).where(*_of_branches(actor)).group_by(Need.status)
    )
    found = {status: int(number) for status, number in rows}
    return {status: found[status] for status in LISTED if status in found}


def list_needs(session: Session, actor: Actor, *, status: NeedStatus, number: int = 1) -> ReviewedNeeds:
    """Return one page of the needs of the actor's branches in a state, the last touched first; one statement."""
    rows = session.execute(
        sa.select(
            Need.id.label("need_id"), Need.title, Association.name.label("association"), Need.status, Need.seats,
            Need.held, Need.taken, _paired(PairingStatus.APPROVED).label("approved"),
            _paired(PairingStatus.INVITED).label("invited"), Need.line_waits, sa.func.count().over().label("total"),
        )
        .join(Association, Association.id == Need.association_id)
        .where(*_of_branches(actor), Need.status == status)
        .order_by(Need.touched_at.desc(), Need.id.desc())
        .limit(PER_PAGE)
        .offset(PER_PAGE * (number - 1))
    ).all()  # fmt: skip
    needs = tuple(
        ReviewedNeed(
            r.need_id, r.title, r.association, r.status, r.seats, r.held, r.taken, r.approved, r.invited, r.line_waits
        )
        for r in rows
    )  # fmt: skip
    return ReviewedNeeds(needs, rows[0].total if rows else 0)


def desk_need(session: Session, actor: Actor, need_id: int) -> Need:
    """Return a need for its coordinators' desk; raises NotFound for anybody else. Two statements."""
    need = session.scalars(
        sa.select(Need)
        .where(Need.id == need_id, Need.submitted_at.is_not(None), visible(actor, Need))
        .options(
            joinedload(Need.association, innerjoin=True)
            .joinedload(Association.memberships)
            .lazyload(Membership.account),
            joinedload(Need.branch, innerjoin=True).joinedload(Branch.coordinators).lazyload(BranchCoordinator.account),
            lazyload(Need.branch, Branch.departments),
            joinedload(Need.contact).lazyload(Account.roles),
            joinedload(Need.locations),
            selectinload(Need.skills),
        )
    ).unique().one_or_none()  # fmt: skip
    if need is None or not (coordinates(actor, need.branch) or is_administrator(actor)):
        raise NotFound
    return need


def _of_branches(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    handed_in = Need.submitted_at.is_not(None)
    return Need.branch_id.in_(own_branches(actor)), Need.status.in_(LISTED), handed_in, visible(actor, Need)


def _paired(status: PairingStatus) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(Pairing.id))
        .where(Pairing.need_id == Need.id, Pairing.status == status)
        .scalar_subquery()
    )
