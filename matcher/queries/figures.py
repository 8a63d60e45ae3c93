"""Figures for monitoring: queues, mails, answers, how long needs wait. Counts and times, never a person or a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.alert import Alert
from matcher.models.need import NeedEvent
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import PairingEvent
from matcher.models.states import NeedStep, PairingStep
from matcher.models.suggestion import RankingRun

A_DAY, A_MONTH = timedelta(days=1), timedelta(days=30)
QUANTILES = (0.5, 0.9, 0.95)
ANSWERS: dict[PairingStep, str] = {
    PairingStep.ACCEPT: "yes",
    PairingStep.JOIN_RESERVE: "yes",
    PairingStep.ACCEPT_BY_TELEPHONE: "yes_by_telephone",
    PairingStep.JOIN_RESERVE_BY_TELEPHONE: "yes_by_telephone",
    PairingStep.DECLINE: "no",
    PairingStep.DECLINE_BY_TELEPHONE: "no_by_telephone",
    PairingStep.ASK: "question",
    PairingStep.EXPIRE: "none",
}


@dataclass(frozen=True, slots=True)
class Queue:
    """The rows of one kind: those that wait (later ones too), those that are due, those set aside, and since when."""

    waiting: int
    due: int
    parked: int
    due_since: datetime | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How a time spreads: its quantiles in seconds, over how many."""

    count: int
    total_s: float
    quantiles: dict[float, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one moment."""

    queues: dict[str, Queue]
    sends: dict[tuple[str, str], int]
    answers: dict[str, int]
    first_suggestion: Spread
    fill: Spread
    alerts: dict[str, int]


def read(session: Session, now: datetime) -> Figures:
    """Read them: seven statements, however much there is."""
    return Figures(
        queues=_queues(session, now),
        sends=_sends(session, now),
        answers=_answers(session, now),
        first_suggestion=_first_suggestion(session, now),
        fill=_fill(session, now),
        alerts=_alerts(session),
    )


def _queues(session: Session, now: datetime) -> dict[str, Queue]:
    due = outbox.may_be_claimed(now)
    found = session.execute(
        sa.select(
            OutboxRow.kind,
            _count(OutboxRow.parked_at.is_(None)),
            _count(due),
            _count(OutboxRow.parked_at.is_not(None)),
            sa.func.min(sa.case((due, OutboxRow.not_before))),
        )
        .where(OutboxRow.done_at.is_(None))
        .group_by(OutboxRow.kind)
    )
    queues = {kind: Queue(*numbers) for kind, *numbers in found}
    return {kind: queues.get(kind, Queue(0, 0, 0, None)) for kind in sorted({*outbox.MESSAGES, *queues})}


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _sends(session: Session, now: datetime) -> dict[tuple[str, str], int]:
    """By kind and result; the outcomes themselves are many, and could one day hold more than a code."""
    result = sa.case(
        (sa.and_(OutboxRow.done_at.is_not(None), OutboxRow.outcome == outbox.SENT), "sent"),
        (OutboxRow.done_at.is_not(None), "withdrawn"),
        (OutboxRow.parked_at.is_not(None), "parked"),
        else_="retried",
    )
    lately = sa.or_(
        OutboxRow.done_at >= now - A_DAY,
        sa.and_(OutboxRow.done_at.is_(None), OutboxRow.parked_at >= now - A_DAY),
        sa.and_(OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_(None), OutboxRow.outcome.is_not(None)),
    )
    found = session.execute(
        sa.select(OutboxRow.kind, result, sa.func.count(OutboxRow.id))
        .where(OutboxRow.kind.in_(outbox.MAIL_KINDS), lately)
        .group_by(OutboxRow.kind, result)
    )
    return {(kind, name): count for kind, name, count in found}


def _answers(session: Session, now: datetime) -> dict[str, int]:
    found = session.execute(
        sa.select(PairingEvent.step, sa.func.count(PairingEvent.id))
        .where(PairingEvent.step.in_(ANSWERS), PairingEvent.at >= now - A_MONTH)
        .group_by(PairingEvent.step)
    )
    counts = dict.fromkeys(ANSWERS.values(), 0)
    for step, count in found:
        counts[ANSWERS[step]] += count
    return counts


def _first_suggestion(session: Session, now: datetime) -> Spread:
    opened = _opened_since(now - A_MONTH)
    first = sa.func.min(RankingRun.at)
    return _spread(
        session.execute(
            sa.select(opened.c.at, first)
            .join(RankingRun, sa.and_(RankingRun.need_id == opened.c.need_id, RankingRun.at >= opened.c.at))
            .group_by(opened.c.need_id, opened.c.at)
        )
    )


def _fill(session: Session, now: datetime) -> Spread:
    opened = _opened_since(None)
    first = sa.func.min(NeedEvent.at)
    filled = NeedEvent.step.in_((NeedStep.FILL, NeedStep.ENOUGH))
    return _spread(
        session.execute(
            sa.select(opened.c.at, first)
            .join(NeedEvent, sa.and_(NeedEvent.need_id == opened.c.need_id, filled, NeedEvent.at >= opened.c.at))
            .group_by(opened.c.need_id, opened.c.at)
            .having(first >= now - A_MONTH)
        )
    )


def _opened_since(moment: datetime | None) -> sa.Subquery:
    found = sa.select(NeedEvent.need_id, sa.func.min(NeedEvent.at).label("at")).where(NeedEvent.step == NeedStep.OPEN)
    found = found.group_by(NeedEvent.need_id)
    return (found if moment is None else found.having(sa.func.min(NeedEvent.at) >= moment)).subquery()


def _spread(pairs: Iterable[sa.Row[datetime, datetime]]) -> Spread:
    times = sorted((later - earlier).total_seconds() for earlier, later in pairs)
    return Spread(len(times), sum(times), {q: quantile(times, q) for q in QUANTILES if times})


def quantile(ordered: Sequence[float], q: float) -> float:
    """Return the smallest value under which at least the share `q` of the values lies."""
    return ordered[min(int(q * len(ordered)), len(ordered) - 1)]


def _alerts(session: Session) -> dict[str, int]:
    open_ones = sa.func.count(Alert.id).label("open_ones")
    found = sa.select(Alert.code, open_ones).where(Alert.closed_at.is_(None)).group_by(Alert.code)
    return {row.code.value: row.open_ones for row in session.execute(found)}
