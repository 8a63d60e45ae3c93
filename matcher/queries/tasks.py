"""What can wait for a coordinator, as one statement of needs and pairings. Reads nothing itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from matcher.actors import Actor, Person
from matcher.models.association import Association, Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need, NeedEvent
from matcher.models.pairing import Pairing
from matcher.models.states import BEFORE_ENGAGEMENT, LIVE, EndReason, HoldReason, NeedStatus, NeedStep, PairingStatus
from matcher.models.suggestion import RankingRun, Suggestion
from matcher.models.volunteer import Volunteer
from matcher.policies import visible
from matcher.ranking.types import ReasonCode

Moment = sa.SQLColumnExpression[object]
Conditions = Sequence[sa.SQLColumnExpression[bool]]
Row = sa.Select[*tuple[object, ...]]
Rows = sa.CompoundSelect[*tuple[object, ...]]
# By a name of its own: conditions ask about volunteers too.
_PERSON = aliased(Volunteer)
QUIET_FOR = timedelta(days=21)
# A hold without a date has no clock and stops those of who waits; after so long somebody is to ask about it.
HELD_FOR = timedelta(days=30)
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


class Task(IntEnum):
    """What a coordinator is told of, in the order in which it is shown; all of it waits for her but GIVEN_UP."""

    NEED = 1
    APPLICATION = 2
    QUESTION = 3
    LINE = 4
    YES = 5
    MISSION = 6
    UNMATCHED = 7
    QUIET = 8
    STUCK = 9
    HELD = 10
    GIVEN_UP = 11


def own_branches(actor: Actor) -> sa.Select[int]:
    """The ids of the branches that the actor coordinates."""
    account_id = actor.account.id if isinstance(actor, Person) else 0
    return sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == account_id)


def tasks_of(actor: Actor, now: datetime) -> Rows:
    """What waits for the actor; a case to which she is a party waits for another coordinator."""
    return sa.union_all(*_waiting(actor, now))


def told_to(actor: Actor, now: datetime, since: datetime) -> Rows:
    """The same with what left her list since a moment: her morning mail and her page tell both."""
    return sa.union_all(*_waiting(actor, now), _given_up(actor, since))


def _waiting(actor: Actor, now: datetime) -> tuple[Row, ...]:
    # Made once and shared: making them takes longer than asking.
    hers, theirs = _her_needs(actor), _her_pairings(actor)
    return (
        _needs(hers, Task.NEED, Need.promised_at, [Need.status == NeedStatus.SUBMITTED]),
        _needs(hers, Task.LINE, sa.null(), [Need.status == NeedStatus.OPEN, Need.line_waits]),
        _pairings(theirs, Task.APPLICATION, Clock.APPLICATION_WAITS_LONG, [Pairing.status == PairingStatus.APPLIED]),
        _pairings(theirs, Task.QUESTION, Clock.QUESTION_WAITS, _unanswered()),
        _pairings(theirs, Task.YES, Clock.RELEASE_YES, _told(PairingStatus.ACCEPTED, Clock.YES_WAITS_LONG)),
        _pairings(theirs, Task.MISSION, Clock.ABANDON_TALK, _told(PairingStatus.CONFIRMED, Clock.TALK_WAITS)),
        _pairings(
            theirs,
            Task.MISSION,
            Clock.FINISH_UNREVIEWED,
            [*_told(PairingStatus.ACTIVE, Clock.FINISH_WAITS), _runs(Pairing, Clock.FINISH_UNREVIEWED)],
        ),
        _needs(hers, Task.UNMATCHED, sa.null(), _unmatched(now), since=Need.opened_at),
        _needs(hers, Task.QUIET, sa.null(), _quiet(now), since=Need.opened_at),
        _needs(hers, Task.STUCK, _hold_ends(), [Need.status == NeedStatus.ON_HOLD, Need.hold_reason.in_(STUCK)]),
        _needs(hers, Task.HELD, sa.null(), _held_for_long(now), since=_held_at()),
    )


def _given_up(actor: Actor, since: datetime) -> Row:
    """Needs that their association gave up before the review."""
    conditions = [
        Need.status == NeedStatus.CLOSED,
        Need.end_reason == EndReason.GIVEN_UP,
        Need.submitted_at.is_not(None),
        Need.opened_at.is_(None),
        Need.ended_at > since,
    ]
    return _needs(_her_needs(actor), Task.GIVEN_UP, sa.null(), conditions, since=Need.ended_at)


def _needs(
    hers: Conditions, task: Task, due_at: Moment, conditions: Conditions, *, since: Moment = Need.touched_at
) -> Row:
    nobody, never = sa.cast(sa.null(), sa.Integer), sa.cast(sa.null(), Volunteer.created_at.type)
    who = (nobody.label("pairing_id"), nobody.label("volunteer_id"), never.label("came_at"))
    return (
        _row(task, *who, since.label("since"), due_at)
        .select_from(Need)
        .join(Association, Association.id == Need.association_id)
        .where(*hers, *conditions)
    )


def _pairings(hers: Conditions, task: Task, clock: Clock, conditions: Conditions) -> Row:
    who = (Pairing.id.label("pairing_id"), Pairing.volunteer_id, _PERSON.created_at.label("came_at"))
    return (
        _row(task, *who, Pairing.since.label("since"), Deadline.due_at)
        .select_from(Pairing)
        .join(_PERSON, _PERSON.id == Pairing.volunteer_id)
        .join(Need, Need.id == Pairing.need_id)
        .join(Association, Association.id == Need.association_id)
        .outerjoin(Deadline, sa.and_(Deadline.pairing_id == Pairing.id, Deadline.clock == clock))
        .where(*hers, *conditions)
    )


def _row(task: Task, *columns: sa.SQLColumnExpression[object]) -> Row:
    *who, since, due_at = columns
    row: Row = sa.select(
        sa.literal(task.value).label("task"), Need.id.label("need_id"), Need.title.label("title"),
        Association.name.label("association"), *who, since, sa.label("due_at", due_at),
    )  # fmt: skip
    return row


def _her_needs(actor: Actor) -> Conditions:
    ours = sa.select(Membership.association_id).where(Membership.account_id == _account_id(actor))
    return [Need.branch_id.in_(own_branches(actor)), Need.association_id.not_in(ours), visible(actor, Need)]


def _unmatched(now: datetime) -> Conditions:
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
        # Afterwards its association has been told, and it is quiet.
        sa.or_(_runs(Need, Clock.NOBODY_YET), Need.opened_at > now - QUIET_FOR),
    ]


def _quiet(now: datetime) -> Conditions:
    """Needs that have been open for long with nobody on the way, of which their association knows."""
    runs = _runs(Need, Clock.NOBODY_YET)
    return [Need.status == NeedStatus.OPEN, Need.opened_at <= now - QUIET_FOR, ~runs, ~_lives()]


def _hold_ends() -> Moment:
    ends = sa.select(Deadline.due_at).where(Deadline.need_id == Need.id, Deadline.clock == Clock.EXPIRE_HOLD)
    return ends.correlate(Need).scalar_subquery()


def _held_for_long(now: datetime) -> Conditions:
    """Needs that somebody put on hold without a date, long ago, while people wait for them."""
    waits = sa.exists().where(Pairing.need_id == Need.id, Pairing.status.in_(BEFORE_ENGAGEMENT)).correlate(Need)
    is_chosen = [Need.status == NeedStatus.ON_HOLD, Need.hold_reason.not_in(STUCK), Need.returns_on.is_(None)]
    return [*is_chosen, waits, _held_at() <= now - HELD_FOR]


def _held_at() -> sa.ScalarSelect[datetime]:
    holds = sa.select(sa.func.max(NeedEvent.at)).where(NeedEvent.need_id == Need.id, NeedEvent.step == NeedStep.HOLD)
    return holds.correlate(Need).scalar_subquery()


def _lives() -> sa.ColumnElement[bool]:
    return sa.exists().where(Pairing.need_id == Need.id, Pairing.status.in_(LIVE)).correlate(Need)


def _her_pairings(actor: Actor) -> Conditions:
    herself = sa.select(Volunteer.id).where(Volunteer.account_id == _account_id(actor))
    return [*_her_needs(actor), visible(actor, Pairing), Pairing.volunteer_id.not_in(herself)]


def _unanswered() -> Conditions:
    return [Pairing.status == PairingStatus.INVITED, Pairing.question.is_not(None), Pairing.answer.is_(None)]


def _told(status: PairingStatus, clock: Clock) -> Conditions:
    """The pairings in a state about which the coordinator was written to: that clock has run out."""
    return [Pairing.status == status, sa.not_(_runs(Pairing, clock))]


def _runs(of: type[Need | Pairing], clock: Clock) -> sa.ColumnElement[bool]:
    subject = Deadline.need_id if of is Need else Deadline.pairing_id
    return sa.exists().where(subject == of.id, Deadline.clock == clock).correlate(of)


def _account_id(actor: Actor) -> int:
    return actor.account.id if isinstance(actor, Person) else 0
