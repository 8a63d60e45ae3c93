"""What administrators do about parked rows of the outbox: try them again, or discard them for good. Sends nothing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.policies import Action, require
from matcher.services import invitations, retention
from matcher.services.steps import record

SUBJECT = "outbox"
DISCARDED = "discarded"


def retry(session: Session, actor: Actor, now: datetime, *, row_id: int) -> bool:
    """Let a parked row be tried again; False when it is not parked any more, so that twice is once."""
    row = _locked(session, actor, row_id)
    if not _is_parked(row):
        return False
    _release(session, actor, now, row)
    return True


def retry_all(session: Session, actor: Actor, now: datetime, *, reason: ParkReason) -> int:
    """Let all rows that are parked for a reason be tried again; return how many."""
    parked = sa.select(OutboxRow).where(OutboxRow.reason == reason, OutboxRow.parked_at.is_not(None))
    rows = session.scalars(parked.where(OutboxRow.done_at.is_(None)).order_by(OutboxRow.id).with_for_update()).all()
    for row in rows:
        require(actor, Action.WRITE, row)
        _release(session, actor, now, row)
    return len(rows)


def discard(session: Session, actor: Actor, now: datetime, *, row_id: int) -> bool:
    """Give up a parked row for good; False when it is not parked any more.

    People whose invitation it carried give their turn back, and the line of their need moves on. A warning that an
    account goes counts for nothing: nobody goes whom it did not reach.
    """
    _hold_those_concerned(session, actor, row_id)
    row = _locked(session, actor, row_id)
    if not _is_parked(row):
        return False
    outbox.complete(row, now, outcome=DISCARDED)
    record(session, actor, now, action="discard_row", subject=(SUBJECT, row.id), reason=row.reason)
    if row.kind == outbox.SendInvitation.kind:
        invitations.give_turns_back(session, now, row)
    if retention.is_warning(row):
        retention.begin_again(session, [row])
    return True


def _release(session: Session, actor: Actor, now: datetime, row: OutboxRow) -> None:
    record(session, actor, now, action="retry_row", subject=(SUBJECT, row.id), reason=row.reason)
    outbox.release(row, now)
    if row.kind == outbox.SendInvitation.kind:
        invitations.look_again(session, now, row)


def _hold_those_concerned(session: Session, actor: Actor, row_id: int) -> None:
    """Lock needs or accounts in which giving a row up writes: they come before the row."""
    row = session.get(OutboxRow, row_id)
    if row is None:
        return
    require(actor, Action.WRITE, row)
    if row.kind == outbox.SendInvitation.kind:
        invitations.lock_carried(session, row)
    elif retention.is_warning(row):
        retention.lock_warned(session, [row])


def _locked(session: Session, actor: Actor, row_id: int) -> OutboxRow:
    row = session.get(OutboxRow, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    require(actor, Action.WRITE, row)
    return row


def _is_parked(row: OutboxRow) -> bool:
    return row.parked_at is not None and row.done_at is None
