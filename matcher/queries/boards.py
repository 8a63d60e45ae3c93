"""The figures of branches: how far needs come, how long people wait, who is never asked. Counts only, no names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.sql import ColumnElement

from matcher.actors import Actor
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.need import Need, NeedEvent
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import HELD, TAKEN, NeedStatus, NeedStep, PairingReason, PairingStatus
from matcher.models.suggestion import RankingRun
from matcher.models.volunteer import Volunteer
from matcher.policies import is_administrator, visible
from matcher.queries.known import JUDGEMENTS
from matcher.queries.tasks import own_branches

PERIOD = timedelta(days=365)
YES = HELD | TAKEN | {PairingStatus.RESERVE}
# A smaller number of people would tell of one: it is not told. Needs are counted as they are.
FEWEST = 5
DAY_S = 24 * 3600
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many of the needs posted in the period have come this far, whatever became of them later."""

    posted: int
    opened: int
    with_yes: int
    confirmed: int
    completed: int


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of one branch or several; a median is None while there is nothing to count.

    Of people and their pairings, None stands for one to four.
    """

    funnel: Funnel
    days_to_suggestions: float | None
    days_to_fill: float | None
    volunteers: int
    never_asked: int
    pairings: Mapping[PairingStatus, int | None]

    @property
    def few_asked(self) -> bool:
        """True when so few have been asked that the others are not to be told by number either."""
        return 0 < self.volunteers - self.never_asked < FEWEST


def told(number: int) -> int | None:
    """Return a number of people, None for one to four."""
    return None if 0 < number < FEWEST else number


def branches_of(session: Session, actor: Actor) -> list[Branch]:
    """Return the branches whose figures the actor may see: her own, all of them for an administrator; one statement."""
    seen = sa.true() if is_administrator(actor) else Branch.id.in_(own_branches(actor))
    plain = (lazyload(Branch.departments), lazyload(Branch.coordinators))
    return list(session.scalars(sa.select(Branch).where(seen).order_by(Branch.is_national, Branch.id).options(*plain)))


def board(session: Session, actor: Actor, now: datetime, *, branch_ids: Sequence[int]) -> Board:
    """Return the figures of some of the actor's branches; three statements."""
    needs: Conditions = [Need.branch_id.in_(branch_ids), visible(actor, Need), Need.submitted_at >= now - PERIOD]
    funnel, volunteers, never_asked = _counts(session, actor, needs, branch_ids)
    to_suggestions, to_fill = _waits(session, needs)
    return Board(
        funnel=funnel,
        days_to_suggestions=_median_days(to_suggestions),
        days_to_fill=_median_days(to_fill),
        volunteers=volunteers,
        never_asked=never_asked,
        pairings=_pairings(session, needs),
    )


def reasons(session: Session, actor: Actor, now: datetime) -> dict[PairingReason, int | None]:
    """Return how often each reason was given for setting somebody aside or refusing her in the last twelve months.

    None stands for one to four times. Over all branches that the actor may see together: two sums never tell a third.
    """
    branches = sa.true() if is_administrator(actor) else Need.branch_id.in_(own_branches(actor))
    rows = session.execute(
        sa.select(PairingEvent.reason, sa.func.count(sa.distinct(PairingEvent.pairing_id)))
        .join(Pairing, Pairing.id == PairingEvent.pairing_id)
        .join(Need, Need.id == Pairing.need_id)
        .where(branches, visible(actor, Need), PairingEvent.step.in_(JUDGEMENTS), PairingEvent.at >= now - PERIOD)
        .group_by(PairingEvent.reason)
    )
    found = {reason: int(number) for reason, number in rows}
    return {each: told(found[each]) for each in PairingReason if each in found}


def _counts(session: Session, actor: Actor, needs: Conditions, branch_ids: Sequence[int]) -> tuple[Funnel, int, int]:
    present = sa.select(Account.id).where(Account.active)
    ours = [Volunteer.branch_id.in_(branch_ids), Volunteer.account_id.in_(present), visible(actor, Volunteer)]
    asked = sa.exists().where(Pairing.volunteer_id == Volunteer.id, Pairing.invited_at.is_not(None))
    row = session.execute(
        sa.select(
            _number_of(Need, [*needs]),
            _number_of(Need, [*needs, Need.opened_at.is_not(None)]),
            _number_of(Need, [*needs, _has_reached(YES)]),
            _number_of(Need, [*needs, _has_reached(TAKEN)]),
            _number_of(Need, [*needs, _has_reached(frozenset({PairingStatus.COMPLETED}))]),
            _number_of(Volunteer, ours),
            _number_of(Volunteer, [*ours, sa.not_(asked)]),
        )
    ).one()
    posted, opened, with_yes, confirmed, completed, volunteers, never_asked = (int(number) for number in row)
    return Funnel(posted, opened, with_yes, confirmed, completed), volunteers, never_asked


def _number_of(entity: type[Need | Volunteer], conditions: Conditions) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(entity.id)).where(*conditions).scalar_subquery()


def _has_reached(targets: frozenset[PairingStatus]) -> ColumnElement[bool]:
    return sa.exists().where(
        Pairing.need_id == Need.id, PairingEvent.pairing_id == Pairing.id, PairingEvent.target.in_(targets)
    )


def _pairings(session: Session, needs: Conditions) -> dict[PairingStatus, int | None]:
    rows = session.execute(
        sa.select(Pairing.status, sa.func.count(Pairing.id))
        .join(Need, Need.id == Pairing.need_id)
        .where(*needs)
        .group_by(Pairing.status)
    )
    found = {status: int(number) for status, number in rows}
    return {status: told(found[status]) for status in PairingStatus if status in found}


def _waits(session: Session, needs: Conditions) -> tuple[list[timedelta], list[timedelta]]:
    """Return how long each need waited for its first suggestions, and until all its places were taken."""
    ranked = sa.select(sa.func.min(RankingRun.at)).where(RankingRun.need_id == Need.id).scalar_subquery()
    filled = sa.select(sa.func.min(NeedEvent.at)).where(NeedEvent.need_id == Need.id, NeedEvent.step == NeedStep.FILL)
    rows = session.execute(
        sa.select(Need.opened_at, ranked.label("ranked_at"), filled.scalar_subquery().label("filled_at")).where(
            *needs, Need.opened_at.is_not(None), Need.status != NeedStatus.DRAFT
        )
    ).all()
    to_suggestions = [row.ranked_at - row.opened_at for row in rows if row.ranked_at is not None]
    return to_suggestions, [row.filled_at - row.opened_at for row in rows if row.filled_at is not None]


def _median_days(waits: Sequence[timedelta]) -> float | None:
    return median(max(wait.total_seconds(), 0.0) for wait in waits) / DAY_S if waits else None
