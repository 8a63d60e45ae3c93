"""Sign-ins as rows that can be ended: begun, seen, ended one by one or all together. Knows no cookie and no page."""

import hashlib
import secrets
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.database import delete_few
from matcher.errors import NotFound
from matcher.models.account import Account
from matcher.models.sign_in import DEVICE_MAX, LONGEST, SignIn, SignInEnd
from matcher.services import activity
from matcher.services.accounts import lock, own_account
from matcher.services.steps import record


def hash_of(secret: str) -> str:
    """Return what is kept of a secret of 192 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(session: Session, now: datetime, *, account_id: int, device: str, is_remembered: bool) -> str:
    """Begin a sign-in and return its secret, which is kept nowhere here; of an account that was shut meanwhile none."""
    secret = secrets.token_urlsafe(24)
    begun = SignIn(
        account_id=account_id,
        secret_hash=hash_of(secret),
        device=device[:DEVICE_MAX],
        is_remembered=is_remembered,
        began_at=now,
        seen_at=now,
        verified_at=now,
    )
    session.add(begun)
    session.flush()
    # The row waited for whoever had the account in hand: what she was loaded with may be untrue by now.
    if not session.scalar(sa.select(Account.active).where(Account.id == account_id)):
        session.delete(begun)
        return secret
    activity.note(session, now, account_id=account_id)
    return secret


def see(session: Session, now: datetime, *, sign_in_id: int) -> None:
    """Note that its owner was here."""
    session.execute(_live().where(SignIn.id == sign_in_id).values(seen_at=now))


def verify(session: Session, now: datetime, *, sign_in_id: int) -> str | None:
    """Note that its owner has just given her password once more, and return its new secret; None once it has ended.

    The old one is worthless from then on. Given twice at once, the later secret holds: its page is the one she sees.
    """
    secret = secrets.token_urlsafe(24)
    renewing = _live().where(SignIn.id == sign_in_id).values(verified_at=now, secret_hash=hash_of(secret))
    return secret if session.execute(renewing.returning(SignIn.id)).one_or_none() is not None else None


def end(session: Session, now: datetime, *, secret: str, why: SignInEnd) -> None:
    """End the sign-in of a secret; ended twice it is ended once."""
    session.execute(_live().where(SignIn.secret_hash == hash_of(secret)).values(ended_at=now, end=why))


def end_own(session: Session, actor: Actor, now: datetime, *, sign_in_id: int) -> None:
    """End one of one's own sign-ins; pressed twice it is done once. Raises NotFound for another's."""
    account = own_account(actor)
    lock(session, account.fs_uniquifier)
    if session.scalar(sa.select(SignIn.account_id).where(SignIn.id == sign_in_id)) != account.id:
        raise NotFound
    ending = _live().where(SignIn.id == sign_in_id).values(ended_at=now, end=SignInEnd.ENDED_BY_OWNER)
    if session.execute(ending.returning(SignIn.id)).one_or_none() is not None:
        forget_devices(account)
        record(session, actor, now, action="end_sign_in", subject=("sign_in", sign_in_id))


def end_others(session: Session, actor: Actor, now: datetime, *, but: int) -> int:
    """End all of one's own sign-ins but one and return how many that were."""
    account = own_account(actor)
    lock(session, account.fs_uniquifier)
    others = _live().where(SignIn.account_id == account.id, SignIn.id != but)
    ending = others.values(ended_at=now, end=SignInEnd.ENDED_BY_OWNER).returning(SignIn.id)
    ended = len(session.execute(ending).all())
    forget_devices(account)
    if ended:
        record(session, actor, now, action="end_other_sign_ins", subject=("account", account.id))
    return ended


def forget_devices(account: Account) -> None:
    """Let no browser pass her second factor any more: what remembers it holds a number that is hers no longer.

    The links of mails about her account that wait (a new password, a new address) end with it; her sign-ins do not.
    """
    if account.tf_primary_method is not None:
        change_number(account)


def change_number(account: Account) -> None:
    """Give an account another number for what is signed over it: remembered devices, links of mails about it."""
    account.fs_uniquifier = uuid.uuid4().hex


def end_all(session: Session, now: datetime, *, account_id: int, why: SignInEnd, but: str = "") -> None:
    """End every sign-in of an account, but the one of a secret when it is given."""
    others = _live().where(SignIn.account_id == account_id, SignIn.secret_hash != hash_of(but))
    session.execute(others.values(ended_at=now, end=why))


def holds_any(session: Session, *, account_id: int) -> bool:
    """True while a sign-in of an account has not been ended."""
    live = sa.select(SignIn.id).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    return session.scalar(live.limit(1)) is not None


def forget_all(session: Session, *, account_id: int) -> None:
    """Delete every sign-in of an account, at its erasure: the names of its devices too."""
    session.execute(sa.delete(SignIn).where(SignIn.account_id == account_id))


def forget_ended_before(session: Session, moment: datetime) -> int:
    """Delete a few of the sign-ins that were ended, or had grown too old, before a moment; return how many."""
    return delete_few(session, SignIn, sa.or_(SignIn.ended_at < moment, SignIn.began_at < moment - LONGEST))


def _live() -> sa.Update:
    return sa.update(SignIn).where(SignIn.ended_at.is_(None)).execution_options(synchronize_session=False)
