"""The outbox: a message is written in the transaction of its cause, claimed under a lease, settled or parked."""

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from matcher.database import Json, UtcDateTime, insert_into
from matcher.messages import (
    MAIL_KINDS,
    MESSAGES,
    AdvanceLine,
    ExplainPlace,
    Message,
    RankNeed,
    RankOpenNeeds,
    RefreshVolunteer,
    SendAccountMail,
    SendInvitation,
    SendMail,
)
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.models.pairing import Pairing
from matcher.models.quarantine import in_force
from matcher.models.volunteer import Volunteer

__all__ = ["CAUSE", "FIRST_DELAY", "LEASE", "LONGEST_DELAY", "MAIL_KINDS", "MAX_ATTEMPTS", "MESSAGES", "SENT",
           "AdvanceLine", "DueRow", "ExplainPlace", "Message", "ParkReason", "RankNeed", "RankOpenNeeds",
           "RefreshVolunteer", "SendAccountMail", "SendInvitation", "SendMail", "add", "back_off", "claim",
           "complete", "due", "exhausted", "fail", "finish", "forget", "held", "is_held", "is_to", "may_be_claimed",
           "park", "postpone", "release"]  # fmt: skip
# What became of a mail that the mail server took.
SENT = "sent"
LEASE = timedelta(seconds=60)
# A mail server that is away for a night is waited for: the attempts end after about twelve hours.
MAX_ATTEMPTS = 24
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
_AS_WRITTEN = {"populate_existing": True, "synchronize_session": False}
# So many rows of each kind are offered at a time: a backlog of one kind never hides the others.
SHARE = 40
# Under this key a session knows the web request on whose behalf it writes; the rows of the outbox keep it.
CAUSE = "cause"


def add(session: Session, message: Message, now: datetime, *, not_before: datetime | None = None) -> None:
    """Write a message into the session's transaction; one that waits under the same key already is kept instead.

    The row that waits is locked until the transaction ends, so that no worker takes it before this change is seen.
    """
    values = insert_into(session, OutboxRow).values(
        kind=message.kind,
        key=message.key(),
        payload=asdict(message),
        created_at=now,
        not_before=not_before or now,
        attempts=0,
        cause=session.info.get(CAUSE),
    )
    if message.key() is None:
        session.execute(values)
        return
    session.execute(
        values.on_conflict_do_update(
            index_elements=["kind", "key"],
            index_where=sa.text("done_at IS NULL AND key IS NOT NULL AND attempts = 0"),
            set_={"payload": values.excluded.payload, "cause": values.excluded.cause},
        )
    )


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row that may be claimed now; `not_before` tells one attempt from the next."""

    id: int
    kind: str
    not_before: datetime


def due(session: Session, now: datetime, *, kinds: Collection[str] | None = None, share: int = SHARE) -> list[DueRow]:
    """Return the rows that may be claimed now: of each kind its oldest few, the kinds in turn; reads only."""
    oldest_first = (OutboxRow.not_before, OutboxRow.id)
    place = sa.func.row_number().over(partition_by=OutboxRow.kind, order_by=oldest_first)
    columns = (OutboxRow.id, OutboxRow.kind, OutboxRow.not_before, place.label("place"))
    found = sa.select(*columns).where(may_be_claimed(now))
    if kinds is not None:
        found = found.where(OutboxRow.kind.in_(kinds))
    each = found.subquery()
    fair = sa.select(each).where(each.c.place <= share).order_by(each.c.place, each.c.not_before, each.c.id)
    return [DueRow(row.id, row.kind, row.not_before) for row in session.execute(fair)]


def may_be_claimed(now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """The condition that a row is due and free."""
    return sa.and_(
        OutboxRow.done_at.is_(None),
        OutboxRow.parked_at.is_(None),
        OutboxRow.not_before <= now,
        OutboxRow.attempts < MAX_ATTEMPTS,
        _free(now),
        _may_leave(),
    )


def _free(now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    return sa.or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now)


def _may_leave() -> sa.ColumnElement[bool]:
    """No mail leaves while a quarantine is in force; asked in the same statement, so that none slips through."""
    return sa.or_(OutboxRow.kind.not_in(MAIL_KINDS), ~in_force())


def claim(session: Session, row_id: int, now: datetime) -> OutboxRow | None:
    """Take a row under a lease; None when it is done, parked, not yet due or another worker's."""
    given = {"row": row_id, "moment": now, "until": now + LEASE}
    return session.scalars(_claiming(), given, execution_options=_AS_WRITTEN).one_or_none()


@cache
def _claiming() -> ReturningUpdate[OutboxRow]:
    """The statement of a claim, made once: it is asked for each row."""
    return (
        sa.update(OutboxRow)
        .where(OutboxRow.id == sa.bindparam("row"), may_be_claimed(sa.bindparam("moment", type_=UtcDateTime())))
        .values(lease_until=sa.bindparam("until"), attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow)
    )


def complete(row: OutboxRow, now: datetime, *, outcome: str | None = None, sent_text: str | None = None) -> None:
    """Mark a claimed row done; an encrypted link is erased with it. `sent_text` is what stays of a mail that left."""
    row.done_at = now
    row.lease_until = None
    row.outcome, row.sent_text = outcome, sent_text
    row.payload = _without_link(row.payload)


def finish(session: Session, claimed: OutboxRow, now: datetime, *, outcome: str, sent_text: str | None = None) -> bool:
    """Mark a row done of which nothing else is to be changed; False when its lease was lost to another worker."""
    given = {"moment": now, "said": outcome, "left": _without_link(claimed.payload), "text": sent_text}
    return session.scalar(_finishing(), _lease(claimed) | given) is not None


@cache
def _finishing() -> ReturningUpdate[int]:
    return (
        sa.update(OutboxRow)
        .where(_is_held())
        .values(
            done_at=sa.bindparam("moment"),
            lease_until=None,
            outcome=sa.bindparam("said"),
            payload=sa.bindparam("left"),
            sent_text=sa.bindparam("text"),
        )
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )


def _is_held() -> sa.ColumnElement[bool]:
    """The condition that a row is still held under the lease with which it was claimed; `_lease` gives its values."""
    lease = sa.bindparam("until", type_=UtcDateTime)
    return sa.and_(OutboxRow.id == sa.bindparam("row"), OutboxRow.lease_until == lease, OutboxRow.done_at.is_(None))


def _without_link(payload: dict[str, Json]) -> dict[str, Json]:
    return {**payload, "sealed_link": None} if "sealed_link" in payload else payload


def postpone(row: OutboxRow, until: datetime) -> None:
    """Give a claimed row back until later: this was no attempt, and those that failed before count on."""
    row.lease_until = None
    row.attempts = max(row.attempts - 1, 1)  # never none: it may share its key meanwhile
    row.not_before = until


def fail(row: OutboxRow, now: datetime, *, reason: ParkReason, outcome: str) -> None:
    """Give a claimed row back for a later attempt, or park it after the last one."""
    if row.attempts >= MAX_ATTEMPTS:
        park(row, now, reason=reason, outcome=outcome)
        return
    row.lease_until = None
    row.reason = reason
    row.outcome = outcome[:300]
    row.not_before = now + back_off(row.id, row.attempts)


def back_off(row_id: int, attempts: int) -> timedelta:
    """Return how long a row waits after an attempt: twice as long each time, less up to a quarter by the row's lot.

    Rows that failed together come back one by one; the lot is drawn from row and attempt, so it is always the same.
    """
    longest = min(FIRST_DELAY * 2.0 ** (attempts - 1), LONGEST_DELAY)
    lot = hashlib.sha256(f"{row_id} {attempts}".encode()).digest()[0] / 255
    return longest * (1 - lot / 4)


def park(row: OutboxRow, now: datetime, *, reason: ParkReason, outcome: str) -> None:
    """Set a claimed row aside for people to look at; it is not tried again by itself."""
    row.lease_until = None
    row.parked_at = now
    row.reason = reason
    row.outcome = outcome[:300]


def release(row: OutboxRow, now: datetime) -> None:
    """Let a parked row be tried again from now on, with all its attempts but one: it may share its key meanwhile."""
    row.parked_at = None
    row.attempts = 1
    row.not_before = now


def held(session: Session, claimed: OutboxRow) -> OutboxRow | None:
    """Load a claimed row again under a lock; None when its lease was lost to another worker meanwhile."""
    return session.scalar(_holding(), _lease(claimed), execution_options={"populate_existing": True})


def is_held(session: Session, claimed: OutboxRow) -> bool:
    """Tell whether a claimed row is held still, under the lease with which it was claimed. Locks nothing."""
    return session.scalar(_looking(), _lease(claimed)) is not None


def _lease(claimed: OutboxRow) -> dict[str, object]:
    return {"row": claimed.id, "until": claimed.lease_until}


@cache
def _holding() -> sa.Select[OutboxRow]:
    return sa.select(OutboxRow).where(_is_held()).with_for_update()


@cache
def _looking() -> sa.Select[int]:
    return sa.select(OutboxRow.id).where(_is_held())


def is_to(account_id: int) -> sa.ColumnElement[bool]:
    """The condition that a row is a mail for an account: of an invitation once it has left, not while it waits."""
    hers = sa.select(Pairing.id).join(Volunteer).where(Volunteer.account_id == account_id)
    invited = OutboxRow.payload["pairing_id"].as_integer().in_(hers)
    return sa.or_(
        *(OutboxRow.payload[key].as_integer() == account_id for key in ("recipient_id", "account_id")),
        sa.and_(OutboxRow.kind == SendInvitation.kind, OutboxRow.sent_text.is_not(None), invited),
    )


def exhausted(session: Session, now: datetime) -> list[OutboxRow]:
    """Return the rows whose last attempt ended without a word, such as by a kill: nobody would claim them again."""
    return list(
        session.scalars(
            sa.select(OutboxRow).where(
                OutboxRow.done_at.is_(None),
                OutboxRow.parked_at.is_(None),
                OutboxRow.attempts >= MAX_ATTEMPTS,
                _free(now),
            )
        )
    )


def forget(session: Session, before: datetime, *, most: int = 500) -> int:
    """Delete rows that were done before a moment, a few at a time; return how many.

    Mails about accounts that were set aside before it are given up with them: they hold an address and a name.
    The newest stays: SQLite would give its number again, and with it the Message-ID of a mail that left.
    """
    newest = sa.select(sa.func.max(OutboxRow.id)).scalar_subquery()
    given_up = sa.and_(
        OutboxRow.done_at.is_(None), OutboxRow.parked_at < before, OutboxRow.kind == SendAccountMail.kind
    )
    few = sa.select(OutboxRow.id).where(sa.or_(OutboxRow.done_at < before, given_up), OutboxRow.id < newest)
    old = sa.delete(OutboxRow).where(OutboxRow.id.in_(few.order_by(OutboxRow.done_at).limit(most)))
    done = session.execute(old.returning(OutboxRow.id).execution_options(synchronize_session=False))
    return len(done.all())
