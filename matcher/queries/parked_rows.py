"""What lies in the outbox, for administrators: parked rows with their subjects, what waits by kind. No addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.database import Json
from matcher.errors import NotFound
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.models.pairing import Pairing
from matcher.policies import visible

PER_PAGE = 20
PARKED = sa.and_(OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_not(None))


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A row that is set aside; of its payload only ids and the mail's code, never an address or a text."""

    id: int
    kind: str
    code: str | None
    reason: ParkReason
    outcome: str
    since: datetime
    attempts: int
    need_id: int | None = None
    need_title: str | None = None
    volunteer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    """One page of the parked rows, the oldest first, and how many there are for each reason."""

    rows: tuple[ParkedRow, ...]
    reasons: Mapping[ParkReason, int]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits of one kind: all of it, what is due now, and since when the oldest of that is."""

    kind: str
    waiting: int
    due: int
    due_since: datetime | None


def list_parked(session: Session, actor: Actor, *, reason: ParkReason | None = None, number: int = 1) -> Parked:
    """Return one page of the parked rows, of one reason when asked; four statements."""
    each = sa.func.coalesce(OutboxRow.reason, ParkReason.ERROR.value)
    counted = sa.select(each, sa.func.count(OutboxRow.id)).where(PARKED, visible(actor, OutboxRow)).group_by(each)
    reasons = {ParkReason(code): n for code, n in sorted(session.execute(counted).all())}
    total = reasons.get(reason, 0) if reason is not None else sum(reasons.values())
    pages = max(1, -(-total // PER_PAGE))
    number = min(number, pages)
    found = sa.select(OutboxRow).where(PARKED, visible(actor, OutboxRow))
    if reason is not None:
        found = found.where(each == reason.value)
    rows = found.order_by(OutboxRow.parked_at, OutboxRow.id).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Parked(_told(session, session.scalars(rows).all()), reasons, number, pages, total)


def find_parked(session: Session, actor: Actor, row_id: int) -> ParkedRow | None:
    """Return one parked row, None when it is parked no more; raises NotFound for what the actor may not see."""
    row = session.scalar(sa.select(OutboxRow).where(OutboxRow.id == row_id, visible(actor, OutboxRow)))
    if row is None:
        raise NotFound
    return _told(session, [row])[0] if row.parked_at is not None and row.done_at is None else None


def backlog(session: Session, actor: Actor, now: datetime) -> list[Backlog]:
    """Return what waits by kind, what has been due for longest first; one statement."""
    is_due = OutboxRow.not_before <= now
    due = sa.func.sum(sa.case((is_due, 1), else_=0))
    since = sa.func.min(sa.case((is_due, OutboxRow.not_before)), type_=OutboxRow.not_before.type)
    rows = session.execute(
        sa.select(OutboxRow.kind, sa.func.count(OutboxRow.id), due, since)
        .where(OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_(None), visible(actor, OutboxRow))
        .group_by(OutboxRow.kind)
    )
    found = [Backlog(kind, waiting, due, since) for kind, waiting, due, since in rows]
    return sorted(found, key=lambda each: (each.due_since or now, each.kind))


def _told(session: Session, rows: Iterable[OutboxRow]) -> tuple[ParkedRow, ...]:
    rows = list(rows)
    pairings = _pairings(session, {_id(row.payload, "pairing_id") for row in rows} - {None})
    of_rows = {row.id: _ids(row.payload, pairings) for row in rows}
    titles = _titles(session, {need_id for need_id, _ in of_rows.values()} - {None})
    return tuple(_row(row, *of_rows[row.id], titles) for row in rows)


def _row(row: OutboxRow, need_id: int | None, volunteer_id: int | None, titles: Mapping[int | None, str]) -> ParkedRow:
    code = row.payload.get("code")
    return ParkedRow(
        id=row.id,
        kind=row.kind,
        code=code if isinstance(code, str) else None,
        reason=row.reason or ParkReason.ERROR,
        outcome=row.outcome or "",
        since=row.parked_at or row.not_before,
        attempts=row.attempts,
        need_id=need_id if need_id in titles else None,
        need_title=titles.get(need_id),
        volunteer_id=volunteer_id,
    )


def _ids(payload: dict[str, Json], pairings: Mapping[int | None, tuple[int, int]]) -> tuple[int | None, int | None]:
    need_id, volunteer_id = pairings.get(_id(payload, "pairing_id"), (None, None))
    return _id(payload, "need_id") or need_id, _id(payload, "volunteer_id") or volunteer_id


def _id(payload: dict[str, Json], name: str) -> int | None:
    found = payload.get(name)
    return found if isinstance(found, int) else None


def _pairings(session: Session, ids: set[int | None]) -> dict[int | None, tuple[int, int]]:
    rows = sa.select(Pairing.id, Pairing.need_id, Pairing.volunteer_id).where(Pairing.id.in_(ids))
    return {pairing_id: (need_id, volunteer_id) for pairing_id, need_id, volunteer_id in session.execute(rows)}


def _titles(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    rows = sa.select(Need.id, Need.title).where(Need.id.in_(ids))
    return {need_id: title for need_id, title in session.execute(rows)}  # noqa: C416 (mypy: rows are no pairs)
