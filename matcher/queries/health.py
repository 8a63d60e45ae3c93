"""Is the work going on? Progress and its limits, read from the database: for machines and for `binome doctor`.

No person is named or counted here; the same checks stand behind both, in a fixed number of statements.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.alert import Alert
from matcher.models.deadline import Deadline
from matcher.models.heartbeat import DISPATCHER, Heartbeat
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import in_force

DUE_LIMIT = timedelta(minutes=2)
BEAT_LIMIT = timedelta(minutes=1)
CLOCK_LIMIT = timedelta(minutes=10)
STUCK_LIMIT = timedelta(minutes=5)
NONE_EXPECTED = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: a number of seconds or of things, what it may be at most, and whether it is late.

    A value of None means that there is nothing to measure, or that it has never happened.
    """

    name: str
    value: float | None
    limit: float
    unit: str = "seconds"
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks are made from."""

    due_since: dict[str, datetime]
    beat_at: datetime | None
    handed_over_at: datetime | None
    stuck_rows: int
    clock_due_at: datetime | None
    open_alerts: int
    quarantine: bool


def examine(session: Session, now: datetime) -> list[Check]:
    """Return all checks, in a fixed order."""
    facts = read(session, now)
    return [*_queues(facts, now), _beat(facts, now), _hand_over(facts, now), *_stuck(facts, now), _held(facts)]


def read(session: Session, now: datetime) -> Facts:
    """Read the facts: seven statements, however much there is."""
    return Facts(
        due_since=_due_since(session, now),
        beat_at=session.scalar(sa.select(Heartbeat.at).where(Heartbeat.name == DISPATCHER)),
        handed_over_at=session.scalar(
            sa.select(sa.func.max(OutboxRow.done_at)).where(
                OutboxRow.kind.in_(outbox.MAIL_KINDS), OutboxRow.outcome == outbox.SENT
            )
        ),
        stuck_rows=session.scalar(
            sa.select(sa.func.count(OutboxRow.id)).where(
                OutboxRow.done_at.is_(None),
                OutboxRow.parked_at.is_(None),
                OutboxRow.lease_until < now - STUCK_LIMIT,
                # What was in hand at the moment of a backup waits in its quarantine, as all mails do.
                sa.or_(OutboxRow.kind.not_in(outbox.MAIL_KINDS), ~in_force()),
            )
        )
        or 0,
        clock_due_at=session.scalar(sa.select(sa.func.min(Deadline.due_at)).where(Deadline.paused_at.is_(None))),
        open_alerts=session.scalar(sa.select(sa.func.count(Alert.id)).where(Alert.closed_at.is_(None))) or 0,
        quarantine=bool(session.scalar(sa.select(in_force()))),
    )


def _due_since(session: Session, now: datetime) -> dict[str, datetime]:
    since = sa.func.min(OutboxRow.not_before).label("since")
    found = sa.select(OutboxRow.kind, since).where(outbox.may_be_claimed(now)).group_by(OutboxRow.kind)
    return {row.kind: row.since for row in session.execute(found)}


def _queues(facts: Facts, now: datetime) -> list[Check]:
    return [
        _aged(f"oldest_due.{kind}", facts.due_since.get(kind), now, limit=DUE_LIMIT)
        for kind in sorted({*outbox.MESSAGES, *facts.due_since})
    ]


def _aged(name: str, since: datetime | None, now: datetime, *, limit: timedelta) -> Check:
    """A check of an age; nothing that waits is never late."""
    age_s = max((now - since).total_seconds(), 0.0) if since is not None else None
    return Check(name, age_s, limit.total_seconds(), is_late=age_s is not None and age_s > limit.total_seconds())


def _beat(facts: Facts, now: datetime) -> Check:
    """The dispatcher, woken by beat, writes a sign of life; one that never came is late too.

    One from the future was written before the clock went back, and says nothing of the present.
    """
    check = _aged("last_beat", facts.beat_at, now, limit=BEAT_LIMIT)
    is_known = facts.beat_at is not None and facts.beat_at <= now + BEAT_LIMIT
    return Check(check.name, check.value, check.limit, is_late=check.is_late or not is_known)


def _hand_over(facts: Facts, now: datetime) -> Check:
    """How long no mail was handed over; late only while a mail has been waiting for longer than it may."""
    waits = any(_is_old(facts.due_since.get(kind), now) for kind in outbox.MAIL_KINDS)
    silent = facts.handed_over_at is None or abs(now - facts.handed_over_at) > DUE_LIMIT
    check = _aged("last_hand_over", facts.handed_over_at, now, limit=DUE_LIMIT)
    return Check(check.name, check.value, check.limit, is_late=waits and silent)


def _is_old(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment > DUE_LIMIT


def _stuck(facts: Facts, now: datetime) -> list[Check]:
    due_at = facts.clock_due_at if facts.clock_due_at is not None and facts.clock_due_at <= now else None
    clocks = _aged("oldest_due_clock", None if facts.quarantine else due_at, now, limit=CLOCK_LIMIT)
    counts = (("stuck_rows", facts.stuck_rows), ("open_alerts", facts.open_alerts))
    return [clocks, *(Check(name, float(n), NONE_EXPECTED, "count", is_late=n > 0) for name, n in counts)]


def _held(facts: Facts) -> Check:
    """A quarantine waits for a person: it is shown, and nothing is late because of it."""
    return Check("quarantine", float(facts.quarantine), NONE_EXPECTED, "count")
