"""Who must have a second factor, and the door that stays shut until it is set up."""

from flask import Flask, flash, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.models.account import Account
from matcher.settings import Settings
from web.auth import current_account, hats_of

OPEN_BLUEPRINTS = frozenset({"security", "pages"})
OPEN_ENDPOINTS = frozenset({"static", "home.language"})
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


def demand(app: Flask, settings: Settings) -> None:
    """Lead coordinators and administrators without a second factor to its page, where the settings demand one."""
    if not settings.second_factor:
        return

    @app.before_request
    def lead_to_set_up() -> Response | None:
        account = current_account()
        if account is None or account.tf_primary_method is not None or _is_open() or not needs_one(account):
            return None
        flash(gettext("Your role needs a second factor. Please set it up first; it takes two minutes."), "info")
        return redirect(url_for("security.two_factor_setup"), 303)


def _is_open() -> bool:
    return request.endpoint in OPEN_ENDPOINTS or request.blueprint in OPEN_BLUEPRINTS
