"""Erasures that are remembered beyond a restore: noted by hashes, kept in the ledger, done again after a restore."""

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, System
from matcher.database import insert_into
from matcher.ledger import Head, Kind, Ledger, Line
from matcher.models.account import Account
from matcher.models.erasure import Erasure
from matcher.models.quarantine import Quarantine
from matcher.models.suppression import Suppression
from matcher.policies import Action, require
from matcher.services import privacy, suppression
from matcher.services.accounts import own_account
from matcher.services.steps import record
from matcher.settings import Settings

LEDGER = System("ledger")
# The workers write each minute: what was done just before a backup may not have been in the file yet.
NOT_KEPT_YET = timedelta(minutes=10)
# Accounts that were opened and erased after the backup bear numbers that the restored data does not know.
LATER_NUMBERS = 10_000


class Lack(StrEnum):
    """Why a ledger cannot be known to hold everything that was done since the backup."""

    EMPTY = "empty"
    OTHER_KEY = "other_key"
    BEGUN_LATER = "begun_later"
    ERASURES_MISSING = "erasures_missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many people were erased again, stopped again, and addresses closed again; and what the ledger lacks.

    With a lack the quarantine is not lifted: somebody who was erased may be there again.
    """

    erased: int
    stopped: int
    closed: int
    lacks: tuple[Lack, ...] = ()


def erase(session: Session, actor: Actor, now: datetime, *, settings: Settings, closing: Collection[int] = ()) -> None:
    """Erase one's own account for good: no restore of an older backup brings it back. See privacy.erase_account."""
    account = own_account(actor)
    if not account.is_erased:
        _note(session, settings, account, now)
    privacy.erase_account(session, actor, now, closing=closing)


def erase_as(session: Session, actor: System, now: datetime, *, settings: Settings, account_id: int) -> None:
    """The same for an account by the machine: because a rule says so, or because it was erased before a restore."""
    account = session.get_one(Account, account_id)
    if not account.is_erased:
        _note(session, settings, account, now)
    privacy.erase_by_rule(session, actor, now, account_id=account_id)


def facts(session: Session, settings: Settings) -> list[Line]:
    """Return what the ledger is to hold of what the database knows; three statements."""
    erased = sa.select(Erasure.account_hash, Erasure.address_hash, Erasure.erased_at).order_by(Erasure.id)
    there = sa.or_(Account.active, Account.suspended_at.is_not(None))
    stopped = sa.select(Account.id, Account.email, Account.mail_stopped_at).where(
        there, Account.mail_stopped_at.is_not(None)
    )
    closed = sa.select(Suppression.address_hash, Suppression.since, Suppression.reason, Suppression.until)
    found = [Line(kind=Kind.ERASED, account=row[0], address=row[1], at=row[2]) for row in session.execute(erased)]
    for account_id, email, at in session.execute(stopped.order_by(Account.id)):
        hashed = suppression.address_hash(settings, email)
        found.append(Line(kind=Kind.STOPPED, account=account_hash(settings, account_id), address=hashed, at=at))
    for address, since, reason, until in session.execute(closed.order_by(Suppression.id)):
        found.append(Line(kind=Kind.CLOSED, address=address, at=since, reason=reason, until=until))
    return found


def known_to(session: Session, settings: Settings) -> Ledger:
    """Return all that a database can tell, as a ledger; without a head when nobody has been in it.

    It knows nothing of what was done between a backup and the restore of it: it is whole since its last quarantine.
    """
    begun = session.scalar(sa.select(sa.func.min(Account.create_datetime)))
    restored = session.scalar(sa.select(sa.func.max(Quarantine.since)))
    if begun is None:
        return Ledger((), facts(session, settings))
    return Ledger((Head(key=key_mark(settings), whole_since=max(begun, restored or begun)),), facts(session, settings))


def replay(session: Session, settings: Settings, now: datetime, *, ledger: Ledger) -> Replayed:
    """Do again what the ledger holds and the restored data does not; the quarantine may be lifted when nothing lacks.

    A number that was given to somebody else after an earlier restore is known by her account being younger.
    """
    in_turn = sa.select(Quarantine).where(Quarantine.lifted_at.is_(None)).order_by(Quarantine.id).with_for_update()
    held = list(session.scalars(in_turn))
    data_of = min((each.data_of for each in held), default=now)
    lacks = _lacks(session, settings, ledger, data_of)
    erased = stopped = closed = 0
    known = {account_hash(settings, row[0]): (row[0], row[1]) for row in session.execute(_present())}
    for line in ledger.lines:
        account_id, since = known.get(line.account or "", (0, now))
        is_hers = account_id and since <= line.at
        if line.kind is Kind.ERASED and is_hers:
            erased += _erase_again(session, settings, now, account_id)
        elif line.kind is Kind.STOPPED and is_hers and line.at > data_of:
            stopped += _stop_again(session, now, account_id, line.at)
        elif line.kind is Kind.CLOSED and line.at > data_of and line.reason is not None:
            suppression.suppress_hash(session, line.address, line.at, reason=line.reason, until=line.until)
            closed += 1
    for quarantine in held:
        quarantine.awaits_ledger = quarantine.awaits_ledger and bool(lacks)
    return Replayed(erased, stopped, closed, lacks)


def go_without(session: Session, actor: Actor, now: datetime) -> None:
    """Say that there is no whole ledger: whoever was erased since the backup is to be erased by hand. It is written
    who said so."""
    for quarantine in session.scalars(sa.select(Quarantine).where(Quarantine.awaits_ledger)):
        require(actor, Action.LIFT, quarantine)
        quarantine.awaits_ledger = False
        record(session, actor, now, action="go_without_ledger", subject=("quarantine", quarantine.id))


def key_mark(settings: Settings) -> str:
    """Return by what a ledger knows its key: it tells nothing of the key itself."""
    return _hashed(settings, "ledger", "mark")


def account_hash(settings: Settings, account_id: int) -> str:
    """Return the keyed hash of the number of an account."""
    return _hashed(settings, "account", str(account_id))


def _hashed(settings: Settings, purpose: str, content: str) -> str:
    digest = hmac.new(suppression.derived_key(settings, purpose), content.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[: suppression.HASH_BYTES]).decode("ascii").lower()


def _lacks(session: Session, settings: Settings, ledger: Ledger, data_of: datetime) -> tuple[Lack, ...]:
    """Look whether the ledger can be known to hold all that was done since the data was true."""
    ours = [head for head in ledger.heads if head.key == key_mark(settings)]
    if not ours:
        return (Lack.OTHER_KEY if ledger.heads else Lack.EMPTY,)
    found = []
    if min(head.whole_since for head in ours) > data_of:
        found.append(Lack.BEGUN_LATER)
    erased = {line.account: line.at for line in ledger.lines if line.kind is Kind.ERASED}
    long_since = sa.select(Erasure.account_hash).where(Erasure.erased_at < data_of - NOT_KEPT_YET)
    if not erased.keys() >= set(session.scalars(long_since)):
        found.append(Lack.ERASURES_MISSING)
    highest = session.scalar(sa.select(sa.func.max(Account.id))) or 0
    numbers = {account_hash(settings, each) for each in range(1, highest + LATER_NUMBERS)}
    if {account for account, at in erased.items() if at > data_of} - numbers:
        found.append(Lack.UNREADABLE)
    return tuple(found)


def _note(session: Session, settings: Settings, account: Account, now: datetime) -> None:
    values = insert_into(session, Erasure).values(
        account_hash=account_hash(settings, account.id),
        address_hash=suppression.address_hash(settings, account.email),
        erased_at=now,
    )
    session.execute(values.on_conflict_do_nothing(index_elements=["account_hash"]))


def _present() -> sa.Select[int, datetime]:
    there = sa.or_(Account.active, Account.suspended_at.is_not(None))
    return sa.select(Account.id, Account.create_datetime).where(there)


def _erase_again(session: Session, settings: Settings, now: datetime, account_id: int) -> bool:
    account = session.get_one(Account, account_id)
    if account.is_erased:
        return False
    erase_as(session, LEDGER, now, settings=settings, account_id=account_id)
    return True


def _stop_again(session: Session, now: datetime, account_id: int, at: datetime) -> bool:
    account = session.get_one(Account, account_id)
    if account.is_erased or account.mail_stopped_at is not None:
        return False
    account.mail_stopped_at = at
    record(session, LEDGER, now, action="unsubscribe", subject=("account", account_id))
    return True
