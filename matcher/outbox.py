"""The outbox: what web and services ask of the workers. A message is written in the transaction of its cause."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import ClassVar, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import Json, insert_into
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Message:
    """What all messages share: a kind, a payload, and perhaps a key under which only one may wait."""

    kind: ClassVar[str]
    is_mail: ClassVar[bool] = False

    def key(self) -> str | None:
        """The key under which one row may wait at a time, None when each counts."""
        return None

    @classmethod
    def read(cls, payload: dict[str, Json]) -> Self:
        """Build the message from a row's payload; raises TypeError when a field is missing."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in payload.items() if name in known})


@dataclass(frozen=True, slots=True)
class RankNeed(Message):
    """Rank the volunteers for a need."""

    kind: ClassVar[str] = "rank_need"
    need_id: int

    def key(self) -> str | None:
        """One per need."""
        return str(self.need_id)


@dataclass(frozen=True, slots=True)
class RankOpenNeeds(Message):
    """Rank all needs that are ranked, a few at a time, from an id on; each change of weights or skills adds its own."""

    kind: ClassVar[str] = "rank_open_needs"
    after_id: int = 0


@dataclass(frozen=True, slots=True)
class RefreshVolunteer(Message):
    """Rank again the open needs that a volunteer's change may touch."""

    kind: ClassVar[str] = "refresh_volunteer"
    volunteer_id: int

    def key(self) -> str | None:
        """One per volunteer."""
        return str(self.volunteer_id)


@dataclass(frozen=True, slots=True)
class ExplainPlace(Message):
    """Find what would bring a volunteer among the first for a need, because she has asked."""

    kind: ClassVar[str] = "explain_place"
    need_id: int
    volunteer_id: int

    def key(self) -> str | None:
        """One per need and volunteer."""
        return f"{self.need_id} {self.volunteer_id}"


@dataclass(frozen=True, slots=True)
class AdvanceLine(Message):
    """Offer the free seats of a need to the next people in its line."""

    kind: ClassVar[str] = "advance_line"
    need_id: int

    def key(self) -> str | None:
        """One per need."""
        return str(self.need_id)


@dataclass(frozen=True, slots=True)
class SendInvitation(Message):
    """Invite the volunteer of a pairing, if it is still her turn."""

    kind: ClassVar[str] = "send_invitation"
    is_mail: ClassVar[bool] = True
    pairing_id: int

    def key(self) -> str | None:
        """One per pairing."""
        return str(self.pairing_id)


@dataclass(frozen=True, slots=True)
class SendMail(Message):
    """Send one mail, named by its code, to one account."""

    kind: ClassVar[str] = "send_mail"
    is_mail: ClassVar[bool] = True
    code: str
    recipient_id: int
    need_id: int | None = None
    pairing_id: int | None = None
    data: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendAccountMail(Message):
    """Send one mail of an account itself; the link in it is encrypted and erased at hand-off."""

    kind: ClassVar[str] = "send_account_mail"
    is_mail: ClassVar[bool] = True
    code: str
    address: str
    language: str
    name: str = ""
    about: str = ""
    account_id: int | None = None
    sealed_link: str | None = None


MESSAGES: dict[str, type[Message]] = {
    cls.kind: cls
    for cls in (
        RankNeed,
        RankOpenNeeds,
        RefreshVolunteer,
        ExplainPlace,
        AdvanceLine,
        SendInvitation,
        SendMail,
        SendAccountMail,
    )
}
MAIL_KINDS = tuple(kind for kind, cls in MESSAGES.items() if cls.is_mail)
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


def due(session: Session, now: datetime, *, limit: int = 200) -> list[DueRow]:
    """Return the rows that may be claimed now, oldest first; reads only."""
    rows = session.execute(
        sa.select(OutboxRow.id, OutboxRow.kind, OutboxRow.not_before)
        .where(
            OutboxRow.done_at.is_(None),
            OutboxRow.parked_at.is_(None),
            OutboxRow.not_before <= now,
            OutboxRow.attempts < MAX_ATTEMPTS,
            _free(now),
            _may_leave(),
        )
        .order_by(OutboxRow.not_before, OutboxRow.id)
        .limit(limit)
    )
    return [DueRow(row.id, row.kind, row.not_before) for row in rows]


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now)


def _may_leave() -> sa.ColumnElement[bool]:
    """No mail leaves while a quarantine is in force; asked in the same statement, so that none slips through."""
    in_force = sa.exists().where(Quarantine.lifted_at.is_(None))
    return sa.or_(OutboxRow.kind.not_in(MAIL_KINDS), ~in_force)


def claim(session: Session, row_id: int, now: datetime) -> OutboxRow | None:
    """Take a row under a lease; None when it is done, parked, not yet due or another worker's."""
    claimed = session.execute(
        sa.update(OutboxRow)
        .where(
            OutboxRow.id == row_id,
            OutboxRow.done_at.is_(None),
            OutboxRow.parked_at.is_(None),
            OutboxRow.not_before <= now,
            OutboxRow.attempts < MAX_ATTEMPTS,
            _free(now),
            _may_leave(),
        )
        .values(lease_until=now + LEASE, attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return session.get(OutboxRow, row_id, populate_existing=True) if claimed is not None else None


def complete(row: OutboxRow, now: datetime, *, outcome: str | None = None) -> None:
    """Mark a claimed row done; an encrypted link is erased with it."""
    row.done_at = now
    row.lease_until = None
    row.outcome = outcome
    if "sealed_link" in row.payload:
        row.payload = {**row.payload, "sealed_link": None}


def postpone(row: OutboxRow, until: datetime) -> None:
    """Give a claimed row back until later; its attempts begin again."""
    row.lease_until = None
    row.attempts = 1
    row.not_before = until


def fail(row: OutboxRow, now: datetime, *, outcome: str) -> None:
    """Give a claimed row back for a later attempt, or park it after the last one."""
    row.lease_until = None
    row.outcome = outcome[:300]
    if row.attempts >= MAX_ATTEMPTS:
        row.parked_at = now
        return
    row.not_before = now + min(FIRST_DELAY * 2 ** (row.attempts - 1), LONGEST_DELAY)


def park(row: OutboxRow, now: datetime, *, outcome: str) -> None:
    """Set a claimed row aside for people to look at; it is not tried again by itself."""
    row.lease_until = None
    row.parked_at = now
    row.outcome = outcome[:300]


def held(session: Session, claimed: OutboxRow) -> OutboxRow | None:
    """Load a claimed row again under a lock; None when its lease was lost to another worker meanwhile."""
    return session.scalar(
        sa.select(OutboxRow)
        .where(OutboxRow.id == claimed.id, OutboxRow.lease_until == claimed.lease_until, OutboxRow.done_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
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


def forget(session: Session, before: datetime) -> int:
    """Delete the rows that were done before a moment; return how many."""
    done = session.execute(sa.delete(OutboxRow).where(OutboxRow.done_at < before).returning(OutboxRow.id))
    return len(done.all())
