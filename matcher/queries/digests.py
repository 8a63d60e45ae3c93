"""What stands in a coordinator's morning mail: what waits for her, need by need. Nobody's name passes here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Person
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.need import Need
from matcher.queries.tasks import Task, own_branches, told_to

MORNING = time(8)
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One need for which something waits, how often, and by when; `pairing_id` leads to a mission."""

    need_id: int
    pairing_id: int | None
    title: str
    association: str
    number: int
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """What waits of one kind: the first lines, and how many there are in all."""

    task: Task
    lines: tuple[Line, ...]
    total: int


def digest(session: Session, actor: Actor, *, now: datetime, since: datetime) -> tuple[Section, ...]:
    """Return what waits for a coordinator, and what left her list since a moment; one statement."""
    waiting = told_to(actor, now, since).subquery()
    columns = waiting.c
    mission = sa.case((columns.task == Task.MISSION.value, columns.pairing_id))
    lines = (
        sa.select(
            columns.task, columns.need_id, columns.title, columns.association, mission.label("pairing_id"),
            sa.func.count().label("number"), sa.func.min(columns.since).label("since"),
            sa.func.min(columns.due_at).label("due_at"),
        )
        .where(columns.need_id.in_(_hers_to_answer(actor)))
        .group_by(columns.task, columns.need_id, columns.title, columns.association, mission)
        .subquery()
    )  # fmt: skip
    undated = sa.case((lines.c.due_at.is_(None), 1), else_=0)
    order = (undated, lines.c.due_at, lines.c.since, lines.c.need_id, lines.c.pairing_id)
    place = sa.func.row_number().over(partition_by=lines.c.task, order_by=order)
    placed = sa.select(lines, place.label("place"), sa.func.count().over(partition_by=lines.c.task).label("total"))
    ranked = placed.subquery()
    rows = session.execute(
        sa.select(ranked).where(ranked.c.place <= MOST_LINES).order_by(ranked.c.task, ranked.c.place)
    )
    sections = []
    for task, found in groupby(rows, key=lambda row: row.task):
        kept = list(found)
        told = tuple(Line(r.need_id, r.pairing_id, r.title, r.association, r.number, r.since, r.due_at) for r in kept)
        sections.append(Section(Task(int(task)), told, kept[0].total))
    return tuple(sections)


def news_since(home: Branch, day: date) -> datetime:
    """Return the morning of the last working day before a day: what left a list since then is news."""
    earlier = home.calendar.previous_working_day(day)
    return datetime.combine(earlier, MORNING, ZoneInfo(home.timezone)).astimezone(UTC)


def own_news_since(session: Session, actor: Actor, now: datetime) -> datetime:
    """Return the same for a coordinator's page, the earliest of all her branches; one statement."""
    homes = session.scalars(sa.select(Branch).where(Branch.id.in_(own_branches(actor))))
    return min((news_since(home, now.astimezone(ZoneInfo(home.timezone)).date()) for home in homes), default=now)


def _hers_to_answer(actor: Actor) -> sa.Select[int]:
    """The needs that she owns, and those of her branches that nobody there owns: as for each single mail."""
    account_id = actor.account.id if isinstance(actor, Person) else 0
    colleagues = sa.select(BranchCoordinator.account_id).where(BranchCoordinator.branch_id == Need.branch_id)
    owner = Need.coordinator_id
    return sa.select(Need.id).where(
        sa.or_(owner.is_(None), owner == account_id, owner.not_in(colleagues.correlate(Need).scalar_subquery()))
    )
