"""Who is not written to: keyed hashes of addresses, asked before each mail leaves. Knows no page and no mail's words.

A hard bounce stops every mail, repeated soft ones do for a while, a complaint stops what nobody asked for.
"""

import base64
import hashlib
import hmac
import unicodedata
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, LinkHolder
from matcher.database import UtcDateTime, delete_few, insert_into
from matcher.errors import NotAllowed
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.suppression import MailReport, Suppression, SuppressionReason
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.services.steps import record
from matcher.settings import Settings

HASH_BYTES = 20
UNDELIVERABLE = frozenset({SuppressionReason.HARD, SuppressionReason.SOFT})


def address_hash(settings: Settings, address: str) -> str:
    """Return the keyed hash of an address, however its letters were typed: 32 characters that survive lower-casing."""
    folded = unicodedata.normalize("NFKC", address).strip().casefold()
    digest = hmac.new(derived_key(settings, "address"), folded.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:HASH_BYTES]).decode("ascii").lower()


def derived_key(settings: Settings, purpose: str) -> bytes:
    """Return a key for one purpose, derived from MAIL_KEY."""
    return hmac.new(settings.mail_key.get_secret_value().encode(), purpose.encode(), hashlib.sha256).digest()


def is_suppressed(session: Session, settings: Settings, address: str, now: datetime) -> bool:
    """True when no mail at all leaves to an address now: it bounced for good, or too often of late."""
    return _is_closed(session, settings, address, now, soliciting=False)


def is_not_solicited(session: Session, settings: Settings, address: str, now: datetime) -> bool:
    """True when nothing that was not asked for leaves to an address now: as above, or its owner complained."""
    return _is_closed(session, settings, address, now, soliciting=True)


@cache
def closed(*, soliciting: bool) -> sa.Exists:
    """The condition that an address is not written to, for any statement; `closed_at` gives its parameters."""
    found = sa.select(Suppression.id).where(
        Suppression.address_hash == sa.bindparam("closed_hash", type_=sa.String),
        sa.or_(Suppression.until.is_(None), Suppression.until > sa.bindparam("closed_now", type_=UtcDateTime)),
    )
    if not soliciting:
        found = found.where(sa.or_(*(Suppression.reason == reason for reason in sorted(UNDELIVERABLE))))
    return found.exists()


def closed_at(settings: Settings, address: str, now: datetime) -> dict[str, object]:
    """Return the parameters of `closed`."""
    return {"closed_hash": address_hash(settings, address), "closed_now": now}


def suppress(
    session: Session,
    settings: Settings,
    address: str,
    now: datetime,
    *,
    reason: SuppressionReason,
    until: datetime | None = None,
) -> None:
    """Stop writing to an address, for good or until a moment; said twice, the later word stands."""
    suppress_hash(session, address_hash(settings, address), now, reason=reason, until=until)


def refuse(session: Session, settings: Settings, address: str, now: datetime) -> None:
    """Close an address of which the mail server says at once that it does not exist; its owner is told on her page."""
    suppress(session, settings, address, now, reason=SuppressionReason.HARD)
    account = session.scalar(sa.select(Account).where(Account.email == address))
    if account is not None:
        adopt(session, settings, account)


def suppress_hash(
    session: Session,
    hashed: str,
    now: datetime,
    *,
    reason: SuppressionReason,
    until: datetime | None = None,
    account_id: int | None = None,
) -> None:
    """The same for an address of which only the hash is known; names the account when it is known too."""
    values = insert_into(session, Suppression).values(
        address_hash=hashed, reason=reason, since=now, until=until, account_id=account_id
    )
    kept = {
        # After a restore the ledger does again what was said since the backup: a pause that is prolonged is said anew.
        "since": sa.case(
            (Suppression.until.is_distinct_from(values.excluded.until), values.excluded.since), else_=Suppression.since
        ),
        "until": values.excluded.until,
        "account_id": sa.func.coalesce(values.excluded.account_id, Suppression.account_id),
    }
    session.execute(values.on_conflict_do_update(index_elements=["address_hash", "reason"], set_=kept))


def paused_until(session: Session, account_id: int, now: datetime) -> datetime | None:
    """Until when an account's mails rest because they came back too often: she keeps her rank and is asked later."""
    return session.scalar(
        sa.select(Suppression.until).where(
            Suppression.account_id == account_id, Suppression.reason == SuppressionReason.SOFT, Suppression.until > now
        )
    )


def adopt(session: Session, settings: Settings, account: Account) -> None:
    """Let an address that was closed before know its account, so that its owner is told on her page."""
    known = sa.update(Suppression).where(
        Suppression.address_hash == address_hash(settings, account.email), Suppression.account_id.is_(None)
    )
    session.execute(known.values(account_id=account.id))


def let_go(session: Session, account_id: int) -> None:
    """Forget whose addresses are closed, at an erasure or a change of address; that they are closed stays known."""
    session.execute(sa.update(Suppression).where(Suppression.account_id == account_id).values(account_id=None))


def lift_bounces(session: Session, settings: Settings, address: str) -> bool:
    """Write to an address again, because a mail arrived there: what came back before counts no more. True if it did.

    A complaint stays: it says what its owner wants, not whether the address works.
    """
    return _lift(session, address_hash(settings, address), UNDELIVERABLE)


def lift_own(session: Session, actor: LinkHolder, now: datetime, *, settings: Settings) -> None:
    """Write to an address again at the word of whoever read our mail there. Twice is once; raises NotAllowed."""
    if actor.link.purpose is not LinkPurpose.ADDRESS_WORKS:
        raise NotAllowed
    if lift_bounces(session, settings, actor.link.recipient.email):
        record(session, actor, now, action="address_works", subject=("account", actor.link.recipient_id))


def lift_complaint(session: Session, account_id: int) -> None:
    """Take back a complaint of somebody who now asks for our mails herself."""
    session.execute(
        sa.delete(Suppression).where(
            Suppression.account_id == account_id, Suppression.reason == SuppressionReason.COMPLAINT
        )
    )


def lift_by_address(session: Session, actor: Actor, now: datetime, *, settings: Settings, address: str) -> bool:
    """Open an address again, as an administrator who typed it; False when it was not closed. Raises NotFound."""
    hashed = address_hash(settings, address)
    require(actor, Action.LIFT, Suppression(address_hash=hashed))
    row = session.scalar(sa.select(Suppression.id).where(Suppression.address_hash == hashed).limit(1))
    if row is not None:
        record(session, actor, now, action="lift_suppression", subject=("suppression", row))
    return _lift(session, hashed, frozenset(SuppressionReason))


def forget_ended(session: Session, before: datetime) -> int:
    """Delete a few of the pauses that ended before a moment; return how many."""
    return delete_few(session, Suppression, Suppression.until < before)


def renew_consent(session: Session, settings: Settings, account: Account) -> None:
    """Let a new account know of a complaint from before, or end it when its owner now asks to be invited."""
    adopt(session, settings, account)
    asks = sa.select(Volunteer.id).where(
        Volunteer.account_id == account.id, Volunteer.invitations_allowed_at.is_not(None)
    )
    if session.scalar(asks) is not None:
        lift_complaint(session, account.id)


def _lift(session: Session, hashed: str, reasons: frozenset[SuppressionReason]) -> bool:
    session.execute(sa.update(MailReport).where(MailReport.address_hash == hashed).values(address_hash=None))
    lifted = sa.delete(Suppression).where(Suppression.address_hash == hashed, Suppression.reason.in_(reasons))
    return bool(session.execute(lifted.returning(Suppression.id)).all())


def _is_closed(session: Session, settings: Settings, address: str, now: datetime, *, soliciting: bool) -> bool:
    return bool(session.scalar(_asked(soliciting=soliciting), closed_at(settings, address, now)))


@cache
def _asked(*, soliciting: bool) -> sa.Select[bool]:
    return sa.select(closed(soliciting=soliciting))
