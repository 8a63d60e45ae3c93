"""The language of a request: the account's, the chosen one, or the browser's."""

from flask import current_app, request
from werkzeug.wrappers import Response

from matcher.i18n import best_language
from web.auth import current_account
from web.runtime import runtime
from web.security import cookie_name

A_YEAR_S = 365 * 24 * 3600


def cookie() -> str:
    """Return the name of the cookie that keeps the chosen language."""
    return cookie_name(runtime().settings, "language")


def keep_language(response: Response, language: str) -> None:
    """Keep the chosen language for a year; the cookie is Secure wherever its name says so."""
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(cookie(), language, max_age=A_YEAR_S, samesite="Lax", httponly=True, secure=is_secure)


def locale() -> str:
    """Return the language in which this request is answered."""
    chosen = request.cookies.get(cookie())
    account = current_account()
    wanted = chosen or (account.language if account else None)
    return best_language(wanted, request.headers.get("Accept-Language"))


def time_zone() -> str:
    """Return the zone in which moments are shown."""
    return "Europe/Paris"
