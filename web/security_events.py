"""What the log says of signing in: right or wrong, and what was changed; of limits and of form tokens refused.

An account is its id; an address that was typed is the keyed hash under which limits count it. Nothing else is told.
"""

import sqlalchemy as sa
import structlog
from flask import Flask, Response, g, request, session
from flask_limiter import RateLimitExceeded
from flask_security import password_changed, password_reset, tf_disabled, tf_profile_changed, user_authenticated
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from matcher.models.account import Account
from web.auth import current_account
from web.extensions import db
from web.mail_limits import typed_address

# What each page takes that may be wrong.
TAKES = {
    "security.login": "password",
    "security.verify": "password again",
    "security.change_password": "present password",
    "security.two_factor_token_validation": "code",
    "security.mf_recovery": "recovery code",
}
CHANGES = {
    password_changed: "password changed",
    password_reset: "password reset",
    tf_profile_changed: "second factor set",
    tf_disabled: "second factor ended",
}
log = structlog.get_logger(__name__)


def watch(app: Flask) -> None:
    """Let each of these stand in the log, under the id of its request."""
    user_authenticated.connect(_signed_in, app)
    for signal, words in CHANGES.items():
        signal.connect(_telling(words), app, weak=False)
    app.after_request(_tell_answer)


def tell_refusal(error: HTTPException) -> None:
    """Note that a limit was reached, or that a form came without its token."""
    if isinstance(error, RateLimitExceeded):
        log.warning("limit reached", endpoint=request.endpoint, **_who())
    elif isinstance(error, CSRFError):
        log.warning("form token refused", endpoint=request.endpoint, **_who())


def _telling(words: str):  # type: ignore[no-untyped-def]
    def tell(_app: Flask, user: Account, **_values: object) -> None:
        log.info(words, account=user.id)

    return tell


def _signed_in(_app: Flask, user: Account, **_values: object) -> None:
    log.info("signed in", account=user.id, by=TAKES.get(request.endpoint or "", request.endpoint))


def _tell_answer(response: Response) -> Response:
    """A form that is shown again was wrong; an address and a password that were right may lead to a code."""
    takes = TAKES.get(request.endpoint or "") if request.method == "POST" else None
    if takes is not None and response.status_code == 200:
        log.warning("sign-in refused", wrong=takes, **_who())
    elif takes == "password" and "tf_user_id" in session:
        log.info("code asked for", **_who())
    return response


def _who() -> dict[str, object]:
    """Who it is, as far as that is known: an account, or an address that was typed."""
    if current_account() is not None:
        return {"account": g.account_id}
    half_way = session.get("tf_user_id")
    if half_way and not g.get("database_is_not_asked"):
        return {"account": db.session.scalar(sa.select(Account.id).where(Account.fs_uniquifier == half_way))}
    return {"address": typed_address()} if request.form.get("email") else {}
