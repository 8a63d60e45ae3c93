"""Signed in by a row that can be ended: the cookie carries its secret, and each request asks for it once.

A sign-in that is ended, idle or too old is that of a stranger, who is told why when she signs in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, request, session
from flask_babel import gettext
from flask_login import user_logged_out  # type: ignore[import-untyped]
from flask_security import password_changed, password_reset, tf_disabled, tf_profile_changed, user_authenticated
from flask_security.utils import set_request_attr
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.branch import BranchCoordinator
from matcher.models.sign_in import LONGEST, SignIn, SignInEnd
from matcher.services import sign_ins
from web.devices import device_words
from web.extensions import db
from web.runtime import now, runtime
from web.second_factor import needs_one

SECRET = "sign_in"  # noqa: S105
TOLD = "signed_out"
SEEN_AGAIN_AFTER = timedelta(minutes=5)
IDLE, TOO_OLD, UNKNOWN = "idle", "too_old", "unknown"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Present:
    """The sign-in of this request."""

    id: int
    seen_at: datetime
    verified_at: datetime


def keep_rows(app: Flask) -> None:
    """Let sign-ins be begun, looked up and ended as rows."""
    manager = app.login_manager  # type: ignore[attr-defined]
    manager.user_loader(_load)
    manager.request_loader(lambda _request: None)
    app.config["PERMANENT_SESSION_LIFETIME"] = LONGEST
    # Nor does an answer under way put the old secret back: it brings a cookie only when it has changed something in it.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    user_authenticated.connect(_begin, app)
    password_changed.connect(_end_others, app)
    password_reset.connect(_end_all, app)
    user_logged_out.connect(_end_this, app)
    tf_profile_changed.connect(_forget_devices, app)
    tf_disabled.connect(_forget_devices, app)
    app.after_request(_see)


def present() -> Present | None:
    """Return the sign-in of this request, None for a stranger."""
    found: Present | None = g.get("sign_in")
    return found


def renew() -> None:
    """Give the sign-in of this request another secret, because its owner has just given her password once more."""
    here = present()
    secret = sign_ins.verify(db.session(), now(), sign_in_id=here.id) if here is not None else None
    if secret is not None:
        session[SECRET] = secret


def signed_out_words() -> str | None:
    """Say once why the last sign-in of this browser ended; None when there is nothing to say."""
    why = session.pop(TOLD, None) or g.get(TOLD)
    if why is None:
        return None
    if why == IDLE:
        return str(gettext("You were signed out because you had not been here for a while. Please sign in again."))
    return {
        TOO_OLD: gettext("You were signed out because a sign-in does not last for ever. Please sign in again."),
        SignInEnd.ENDED_BY_OWNER.value: gettext("You were signed out because this sign-in was ended from another one."),
        SignInEnd.PASSWORD_CHANGED.value: gettext("You were signed out because your password was changed."),
        SignInEnd.SECOND_FACTOR_LOST.value: gettext(
            "You were signed out because your second factor was taken away. Please sign in and set up a new one."
        ),
        SignInEnd.RIGHT_WITHDRAWN.value: gettext(
            "You were signed out because one of your roles has ended. We have written to you. Please sign in again."
        ),
        SignInEnd.ENDED_FOR_HER.value: gettext(
            "You were signed out because all your sign-ins were ended, to keep your account safe. We have written to "
            "you. Please sign in again."
        ),
        SignInEnd.SUSPENDED.value: gettext("Your account is suspended. We have written to you why, and what to do."),
    }.get(str(why)) or str(gettext("You were signed out because this sign-in has ended. Please sign in again."))


def _load(_uniquifier: str) -> Account | None:
    """Find whose sign-in this is by its secret alone: the number beside it changes while a sign-in lasts."""
    secret = session.get(SECRET)
    found = db.session.execute(_row_of(str(secret))).unique().one_or_none() if secret else None
    if found is None and secret:
        # Perhaps this request left before the secret was renewed: emptied now, the cookie would take the new one along.
        g.signed_out = UNKNOWN
        return None
    if found is None:
        _forget(UNKNOWN)
        return None
    account, row, coordinates = found
    why = _ended(row, is_trusted=coordinates or account.is_administrator)
    if why is None and not account.active:
        why = UNKNOWN
    if why is not None:
        _forget(why)
        return None
    g.account_id = account.id
    g.sign_in = Present(row.id, row.seen_at, row.verified_at)
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return account


def _row_of(secret: str) -> sa.Select[Account, SignIn, bool]:
    coordinates = sa.exists().where(BranchCoordinator.account_id == Account.id)
    return (
        sa.select(Account, SignIn, coordinates)
        .join(SignIn, SignIn.account_id == Account.id)
        .options(joinedload(Account.roles))
        .where(SignIn.secret_hash == sign_ins.hash_of(secret))
    )


def _ended(row: SignIn, *, is_trusted: bool) -> str | None:
    if row.ended_at is not None:
        return row.end.value if row.end else UNKNOWN
    lasts = row.limits(idle_h=runtime().settings.sign_in_idle_h, is_trusted=is_trusted)
    if now() - row.began_at > lasts.longest:
        return TOO_OLD
    return IDLE if now() - row.seen_at > lasts.idle else None


def _forget(why: str) -> None:
    session.permanent = False
    for name in ("_user_id", "_fresh", "fs_paa", SECRET):
        session.pop(name, None)
    session[TOLD] = why


def _begin(_app: Flask, user: Account, **_values: object) -> None:
    """Begin a row in the transaction of the sign-in; Flask-Login's own cookie that remembers is never set."""
    ticked = session.pop("_remember", None) == "set" or session.permanent
    replaced = session.pop(SECRET, None)
    if replaced:
        sign_ins.end(db.session(), now(), secret=replaced, why=SignInEnd.SIGNED_OUT)
    is_remembered = ticked and not needs_one(user)
    device = device_words(request.headers.get("User-Agent", ""))
    session[SECRET] = sign_ins.begin(
        db.session(), now(), account_id=user.id, device=device, is_remembered=is_remembered
    )
    session.permanent = is_remembered
    session.pop(TOLD, None)


def _end_all(_app: Flask, user: Account, **_values: object) -> None:
    why = SignInEnd.PASSWORD_CHANGED
    sign_ins.end_all(db.session(), now(), account_id=user.id, why=why)


def _end_others(_app: Flask, user: Account, **_values: object) -> None:
    why = SignInEnd.PASSWORD_CHANGED
    sign_ins.end_all(db.session(), now(), account_id=user.id, why=why, but=session.get(SECRET, ""))


def _forget_devices(_app: Flask, user: Account, **_values: object) -> None:
    """Let a new second factor, or none, end what remembered the old one; `user` may stand for whoever is here."""
    sign_ins.change_number(user)


def _end_this(_app: Flask, **_values: object) -> None:
    """End the row at a sign-out; where Flask-Security signs out on other pages, the cookie alone is emptied."""
    secret = session.pop(SECRET, None)
    session.permanent = False
    if secret and request.endpoint == "security.logout":
        sign_ins.end(db.session(), now(), secret=secret, why=SignInEnd.SIGNED_OUT)


def _see(response: Response) -> Response:
    """Note every few minutes that she was here, once all has been read; a busy database is not waited for twice."""
    here = present()
    if here is None or g.get("database_is_not_asked") or now() - here.seen_at <= SEEN_AGAIN_AFTER:
        return response
    try:
        with transaction(db.session()) as writing:
            sign_ins.see(writing, now(), sign_in_id=here.id)
    except OperationalError as error:
        log.warning("visit not noted", error=type(error.orig).__name__)
    return response
