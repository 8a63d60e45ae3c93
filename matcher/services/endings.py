"""Which clock ends each state, as one table, and what stands in a state that none would end. It moves nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import HoldReason, NeedStatus, PairingStatus
from matcher.services.clocks import OF_INVITATION

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Ending:
    """One of these clocks ends a state; where the last of them only tells its owner, it runs for so long at least."""

    clocks: frozenset[Clock]
    at_least: timedelta | None = None


def _ended_by(*clocks: Clock, at_least: timedelta | None = None) -> Ending:
    return Ending(frozenset(clocks), at_least)


PAIRINGS: Mapping[PairingStatus, Ending] = {
    # Ten working days are never fewer; afterwards it waits in the coordinator's list, and its owners know.
    PairingStatus.APPLIED: _ended_by(Clock.APPLICATION_WAITS_LONG, at_least=timedelta(days=12)),
    PairingStatus.INVITED: _ended_by(Clock.EXPIRE_INVITED),
    PairingStatus.ACCEPTED: _ended_by(Clock.RELEASE_YES),
    PairingStatus.CONFIRMED: _ended_by(Clock.ABANDON_TALK),
    PairingStatus.ACTIVE: _ended_by(Clock.FINISH_UNREVIEWED),
}
NEEDS: Mapping[NeedStatus, Ending] = {
    NeedStatus.DRAFT: _ended_by(Clock.DISCARD_DRAFT),
    # Three working days after a promise; afterwards it waits in the coordinator's list, and administrators know.
    NeedStatus.SUBMITTED: _ended_by(Clock.REVIEW_MISSED_AGAIN, at_least=timedelta(days=3)),
    NeedStatus.CHANGES_REQUESTED: _ended_by(Clock.LAPSE_CHANGES),
    NeedStatus.OPEN: _ended_by(Clock.ASK_STILL_NEEDED, Clock.HOLD_SILENT),
    NeedStatus.ON_HOLD: _ended_by(Clock.EXPIRE_HOLD),
}
# A hold that somebody chose, without a date, ends when she says so: it waits in the coordinator's list.
CHOSEN = frozenset({HoldReason.MEMBER_ASKED, HoldReason.COORDINATOR_ASKED})


def pairings_without_end(now: datetime) -> sa.Select[str, int]:
    """The pairings whose state lacks its clock, by state; one that stands still counts as there."""
    lacks = [
        _lacks(Pairing.status == status, Deadline.pairing_id == Pairing.id, ending, Pairing.since, now)
        for status, ending in PAIRINGS.items()
    ]
    return sa.select(Pairing.status, Pairing.id).where(sa.or_(*lacks))


def needs_without_end(now: datetime) -> sa.Select[str, int]:
    """The needs whose state lacks its clock, or has one that does not run, by state."""
    runs = sa.and_(Deadline.need_id == Need.id, Deadline.paused_at.is_(None))
    lacks = [_lacks(Need.status == status, runs, ending, Need.submitted_at, now) for status, ending in NEEDS.items()]
    is_chosen = sa.and_(Need.status == NeedStatus.ON_HOLD, Need.returns_on.is_(None), Need.hold_reason.in_(CHOSEN))
    return sa.select(Need.status, Need.id).where(sa.or_(*lacks), ~is_chosen)


def standing_still() -> sa.Select[int]:
    """The pairings with a clock that stands still though no hold of the need and no question keeps it."""
    asking = aliased(Deadline)
    waits_for_answer = sa.exists().where(
        asking.pairing_id == Deadline.pairing_id, asking.clock == Clock.QUESTION_WAITS, asking.paused_at.is_(None)
    )
    kept = sa.and_(Deadline.clock.in_(OF_INVITATION), waits_for_answer)
    still = sa.select(Pairing.id).join_from(Deadline, Pairing, Pairing.id == Deadline.pairing_id)
    return still.join(Need).where(Need.status != NeedStatus.ON_HOLD, Deadline.paused_at.is_not(None), ~kept).distinct()


def _lacks(
    stands: Condition, has: Condition, ending: Ending, since: sa.SQLColumnExpression[object], now: datetime
) -> Condition:
    """It stands in the state, is young enough for its clock to run still, and has none."""
    none: Iterable[Condition] = [stands, ~sa.exists().where(has, Deadline.clock.in_(ending.clocks))]
    return sa.and_(*none) if ending.at_least is None else sa.and_(*none, since > now - ending.at_least)
