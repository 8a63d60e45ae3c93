"""Who must have a second factor; demands.py leads there."""

from flask import Flask, redirect, request, session, url_for
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.models.account import Account
from web.auth import current_account, hats_of

TRUSTED = frozenset({Hat.COORDINATOR, Hat.ADMINISTRATOR})


def needs_one(account: Account) -> bool:
    """True for whoever sees or decides for others: coordinators and administrators."""
    return bool(TRUSTED & set(hats_of(account)))


def keep_signed_in(app: Flask) -> None:
    """Lead whoever is signed in away from the second step of a sign-in: the library would sign her out there."""

    @app.before_request
    def lead_away() -> Response | None:
        is_second_step = request.endpoint == "security.two_factor_token_validation"
        if not is_second_step or current_account() is None or session.get("tf_state") == "validating_profile":
            return None
        return redirect(url_for("account.show"), 303)
