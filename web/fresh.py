"""Acts before which the password is asked for again: who finds an open browser does not get as far as that."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from web.runtime import now
from web.sign_ins import present, renew

P = ParamSpec("P")
R = TypeVar("R")
FRESH_FOR = timedelta(minutes=15)
MARK = "fs_paa"  # where Flask-Security keeps when the password was given last


def fresh(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let a view answer when the password was given within 15 minutes; else it is asked for, and nothing is done."""

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        here = present()
        if here is not None and now() - here.verified_at <= FRESH_FOR:
            return view(*args, **kwargs)
        if request.method == "POST":
            flash(gettext("Nothing is done yet. Give your password once more, then press the button again."), "info")
        return redirect(url_for("security.verify", next=_way_back()), 303)

    return asked


def note_passwords(app: Flask) -> None:
    """Let the page that asks for the password again make the sign-in fresh, under a new secret."""
    view = app.view_functions["security.verify"]

    @wraps(view)
    def noted() -> ResponseReturnValue:
        before = session.get(MARK)
        answer = cast(ResponseReturnValue, view())
        if session.get(MARK) != before:
            renew()
        return answer

    app.view_functions["security.verify"] = noted


def _way_back() -> str:
    """The page itself, or the one whose button was pressed; never another site."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    page = urlsplit(request.referrer or "")
    return page.path if page.netloc == request.host else url_for("account.show")
