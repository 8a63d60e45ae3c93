"""How often one may be wrong at signing in, and how often mails may be asked for. No check of anything itself.

Wrong passwords and codes are counted by place and by account: a code can be guessed from many places at once.
"""

from flask import Flask, request, session
from flask_limiter import RouteLimit
from werkzeug.wrappers import Response

from web.auth import current_account
from web.extensions import limiter
from web.mail_limits import MAILS_FOR_ONE_ADDRESS, hashed, typed_address
from web.network_place import place

WRONG_FROM_ONE_PLACE = "20/minute;200/hour"
WRONG_FOR_ONE_ADDRESS = "15/hour"
# Of a million codes three are right at a moment.
WRONG_CODES_FOR_ONE_ACCOUNT = "10/hour;20/day"
WRONG_PASSWORDS_FOR_ONE_ACCOUNT = "15/hour"
MAILS_FROM_ONE_PLACE = "40/hour"


def limit(app: Flask) -> None:
    """Put the limits on Flask-Security's pages."""
    for name in ("login", "verify", "change_password", "two_factor_token_validation", "mf_recovery"):
        _wrap(app, name, limiter.limit(WRONG_FROM_ONE_PLACE, methods=["POST"], deduct_when=_is_wrong))
    by_address = limiter.limit(WRONG_FOR_ONE_ADDRESS, key_func=typed_address, methods=["POST"], deduct_when=_is_wrong)
    _wrap(app, "login", by_address)
    passwords = limiter.shared_limit(
        WRONG_PASSWORDS_FOR_ONE_ACCOUNT,
        scope="passwords",
        key_func=own_account,
        methods=["POST"],
        deduct_when=_is_wrong,
    )
    for name in ("verify", "change_password"):
        _wrap(app, name, passwords)
    codes = limiter.shared_limit(
        WRONG_CODES_FOR_ONE_ACCOUNT, scope="codes", key_func=own_account, methods=["POST"], deduct_when=_is_wrong
    )
    for name in ("two_factor_token_validation", "mf_recovery"):
        _wrap(app, name, codes)
    for name in ("forgot_password", "send_confirmation", "change_email"):
        _wrap(app, name, limiter.limit(MAILS_FROM_ONE_PLACE, methods=["POST"]))
        _wrap(app, name, limiter.limit(MAILS_FOR_ONE_ADDRESS, key_func=typed_address, methods=["POST"]))


def own_account() -> str:
    """Return the hash of whoever is signed in, or has given her password and is asked for a code."""
    account = current_account()
    uniquifier = session.get("tf_user_id") if account is None else account.fs_uniquifier
    return hashed(f"account {uniquifier}") if uniquifier else place()


def place_of_token() -> str:
    """Return the hash of the token in the address: of it so many wrong passwords are taken, from wherever."""
    return hashed(f"token {(request.view_args or {}).get('token', '')}")


def is_refused(response: Response) -> bool:
    """Count what was typed wrong, on a page that says so by its status."""
    return response.status_code == 422


def _wrap(app: Flask, name: str, limits: RouteLimit) -> None:
    endpoint = f"security.{name}"
    app.view_functions[endpoint] = limits(app.view_functions[endpoint])  # type: ignore[assignment]


def _is_wrong(response: Response) -> bool:
    return response.status_code == 200
