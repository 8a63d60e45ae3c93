"""The language of a request: the account's, the chosen one, or the browser's."""

from flask import request

from matcher.i18n import best_language
from web.auth import current_account
from web.runtime import runtime
from web.security import cookie_name


def cookie() -> str:
    """Return the name of the cookie that keeps the chosen language."""
    return cookie_name(runtime().settings, "language")


def locale() -> str:
    """Return the language in which this request is answered."""
    chosen = request.cookies.get(cookie())
    account = current_account()
    wanted = chosen or (account.language if account else None)
    return best_language(wanted, request.headers.get("Accept-Language"))


def time_zone() -> str:
    """Return the zone in which moments are shown."""
    return "Europe/Paris"
