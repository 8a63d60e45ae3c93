"""What stands in a coordinator's morning mail: what waits for her, need by need. Nobody's name passes here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Person
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import LIVE, EndReason, HoldReason, NeedStatus
from matcher.models.suggestion import RankingRun, Suggestion
from matcher.queries.tasks import Conditions, Row, Task, needs_of, task_rows
from matcher.ranking.types import ReasonCode

MORNING = time(8)
MOST_LINES = 20
QUIET_FOR = timedelta(days=21)
# She must do something about these before the need goes on; a pause that somebody chose waits for nobody.
STUCK = frozenset(
    {HoldReason.ASSOCIATION_SILENT, HoldReason.ASSOCIATION_SUSPENDED, HoldReason.ASSOCIATION_WITHOUT_MEMBER}
)
SKILLS_IN_COMMON = (
    ReasonCode.MATCHED_SKILLS,
    ReasonCode.SAME_SKILLS,
    ReasonCode.TRANSLATED_SKILLS,
    ReasonCode.NEAR_SKILLS,
)


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
    waiting = sa.union_all(*task_rows(actor), *_more(actor, now, since)).subquery()
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


def nobody_matches() -> Conditions:
    """Needs whose ranking left nobody, or only people with no skill and no word in common with them."""
    reasons = sa.cast(Suggestion.reasons, sa.Text)
    has_nothing = sa.and_(
        reasons.contains(f'"{ReasonCode.TEXT_ONLY_ZERO}"'),
        *(~reasons.contains(f'"{code}"') for code in SKILLS_IN_COMMON),
    )
    return [
        Need.status == NeedStatus.OPEN,
        sa.exists().where(RankingRun.need_id == Need.id, RankingRun.at >= Need.opened_at),
        ~sa.exists().where(Suggestion.need_id == Need.id, ~has_nothing),
        ~_lives(),
    ]


def _more(actor: Actor, now: datetime, since: datetime) -> list[Row]:
    """What waits besides what the coordinator's page lists."""
    quiet = [
        Need.status == NeedStatus.OPEN,
        Need.opened_at <= now - QUIET_FOR,
        ~_runs(Clock.NOBODY_YET),
        ~_lives(),
    ]
    ends_at = (
        sa.select(Deadline.due_at)
        .where(Deadline.need_id == Need.id, Deadline.clock == Clock.EXPIRE_HOLD)
        .correlate(Need)
        .scalar_subquery()
    )
    stuck = [Need.status == NeedStatus.ON_HOLD, Need.hold_reason.in_(STUCK)]
    given_up = [
        Need.status == NeedStatus.CLOSED,
        Need.end_reason == EndReason.GIVEN_UP,
        Need.submitted_at.is_not(None),
        Need.opened_at.is_(None),
        Need.ended_at > since,
    ]
    unmatched = [*nobody_matches(), sa.or_(_runs(Clock.NOBODY_YET), Need.opened_at > now - QUIET_FOR)]
    return [
        needs_of(actor, Task.UNMATCHED, sa.null(), unmatched, since=Need.opened_at),
        needs_of(actor, Task.QUIET, sa.null(), quiet, since=Need.opened_at),
        needs_of(actor, Task.STUCK, ends_at, stuck),
        needs_of(actor, Task.GIVEN_UP, sa.null(), given_up, since=Need.ended_at),
    ]


def _hers_to_answer(actor: Actor) -> sa.Select[int]:
    """The needs that she owns, and those of her branches that nobody there owns: as for each single mail."""
    account_id = actor.account.id if isinstance(actor, Person) else 0
    colleagues = sa.select(BranchCoordinator.account_id).where(BranchCoordinator.branch_id == Need.branch_id)
    owner = Need.coordinator_id
    return sa.select(Need.id).where(
        sa.or_(owner.is_(None), owner == account_id, owner.not_in(colleagues.correlate(Need).scalar_subquery()))
    )


def _lives() -> sa.ColumnElement[bool]:
    return sa.exists().where(Pairing.need_id == Need.id, Pairing.status.in_(LIVE)).correlate(Need)


def _runs(clock: Clock) -> sa.ColumnElement[bool]:
    return sa.exists().where(Deadline.need_id == Need.id, Deadline.clock == clock).correlate(Need)
