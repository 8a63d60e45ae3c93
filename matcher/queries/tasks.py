"""What can wait for a coordinator, as one statement of needs and pairings. Reads nothing itself."""

from collections.abc import Sequence
from enum import IntEnum

import sqlalchemy as sa

from matcher.actors import Actor, Person
from matcher.models.association import Association, Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.policies import visible

Moment = sa.SQLColumnExpression[object]
Conditions = Sequence[sa.SQLColumnExpression[bool]]
Row = sa.Select[*tuple[object, ...]]


class Task(IntEnum):
    """What may wait for a coordinator, in the order in which it is shown; from UNMATCHED on in her mail only."""

    NEED = 1
    APPLICATION = 2
    QUESTION = 3
    LINE = 4
    YES = 5
    MISSION = 6
    UNMATCHED = 7
    QUIET = 8
    STUCK = 9
    GIVEN_UP = 10


def own_branches(actor: Actor) -> sa.Select[int]:
    """The ids of the branches that the actor coordinates."""
    account_id = actor.account.id if isinstance(actor, Person) else 0
    return sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == account_id)


def tasks_of(actor: Actor) -> sa.CompoundSelect[*tuple[object, ...]]:
    """What waits for the actor; a case to which she is a party waits for another coordinator."""
    return sa.union_all(*task_rows(actor))


def task_rows(actor: Actor) -> tuple[Row, ...]:
    """The same as one statement for each kind."""
    return (
        needs_of(actor, Task.NEED, Need.promised_at, [Need.status == NeedStatus.SUBMITTED]),
        needs_of(actor, Task.LINE, sa.null(), [Need.status == NeedStatus.OPEN, Need.line_waits]),
        _pairings(actor, Task.APPLICATION, Clock.APPLICATION_WAITS_LONG, [Pairing.status == PairingStatus.APPLIED]),
        _pairings(actor, Task.QUESTION, Clock.QUESTION_WAITS, _unanswered()),
        _pairings(actor, Task.YES, Clock.RELEASE_YES, _told(PairingStatus.ACCEPTED, Clock.YES_WAITS_LONG)),
        _pairings(actor, Task.MISSION, Clock.ABANDON_TALK, _told(PairingStatus.CONFIRMED, Clock.TALK_WAITS)),
        _pairings(
            actor,
            Task.MISSION,
            Clock.FINISH_UNREVIEWED,
            [*_told(PairingStatus.ACTIVE, Clock.FINISH_WAITS), _runs(Clock.FINISH_UNREVIEWED)],
        ),
    )


def needs_of(
    actor: Actor, task: Task, due_at: Moment, conditions: Conditions, *, since: Moment = Need.touched_at
) -> Row:
    """Rows of needs under some conditions, among those that the actor reviews."""
    nobody = sa.cast(sa.null(), sa.Integer)
    return (
        _row(task, nobody.label("pairing_id"), nobody.label("volunteer_id"), since.label("since"), due_at)
        .select_from(Need)
        .join(Association, Association.id == Need.association_id)
        .where(*_hers(actor), *conditions)
    )


def _pairings(actor: Actor, task: Task, clock: Clock, conditions: Conditions) -> Row:
    herself = sa.select(Volunteer.id).where(Volunteer.account_id == _account_id(actor))
    return (
        _row(task, Pairing.id.label("pairing_id"), Pairing.volunteer_id, Pairing.since.label("since"), Deadline.due_at)
        .select_from(Pairing)
        .join(Need, Need.id == Pairing.need_id)
        .join(Association, Association.id == Need.association_id)
        .outerjoin(Deadline, sa.and_(Deadline.pairing_id == Pairing.id, Deadline.clock == clock))
        .where(*_hers(actor), visible(actor, Pairing), Pairing.volunteer_id.not_in(herself), *conditions)
    )


def _row(task: Task, *columns: sa.SQLColumnExpression[object]) -> Row:
    pairing_id, volunteer_id, since, due_at = columns
    row: Row = sa.select(
        sa.literal(task.value).label("task"), Need.id.label("need_id"), Need.title.label("title"),
        Association.name.label("association"), pairing_id, volunteer_id, since, sa.label("due_at", due_at),
    )  # fmt: skip
    return row


def _hers(actor: Actor) -> Conditions:
    ours = sa.select(Membership.association_id).where(Membership.account_id == _account_id(actor))
    return [Need.branch_id.in_(own_branches(actor)), Need.association_id.not_in(ours), visible(actor, Need)]


def _unanswered() -> Conditions:
    return [Pairing.status == PairingStatus.INVITED, Pairing.question.is_not(None), Pairing.answer.is_(None)]


def _told(status: PairingStatus, clock: Clock) -> Conditions:
    """The pairings in a state about which the coordinator was written to: that clock has run out."""
    return [Pairing.status == status, sa.not_(_runs(clock))]


def _runs(clock: Clock) -> sa.ColumnElement[bool]:
    return sa.exists().where(Deadline.pairing_id == Pairing.id, Deadline.clock == clock).correlate(Pairing)


def _account_id(actor: Actor) -> int:
    return actor.account.id if isinstance(actor, Person) else 0
