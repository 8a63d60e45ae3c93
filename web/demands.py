"""What is asked of somebody who is signed in before anything else: that she is of age, a second factor for some roles.

Accounts that sign up have said their age; those that the command line opened have not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, flash, redirect, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matcher.models.account import Account
from matcher.settings import Settings
from web.auth import current_account
from web.second_factor import needs_one

# Signing in and out, what everybody may read, the language.
OPEN_BLUEPRINTS = frozenset({"security", "pages"})
OPEN_ENDPOINTS = frozenset({"static", "home.language", "account.ask_age", "account.declare_age"})


@dataclass(frozen=True, slots=True)
class Demand:
    """Who lacks something, the page on which it is given, and what is said on the way there."""

    is_lacking: Callable[[Account], bool]
    page: str
    words: LazyString


OF_AGE = Demand(
    lambda account: account.adult_declared_at is None,
    "account.ask_age",
    _("One thing first: please say that you are of age."),
)
SECOND_FACTOR = Demand(
    lambda account: account.tf_primary_method is None and needs_one(account),
    "security.two_factor_setup",
    _("Your role needs a second factor. Please set it up first; it takes two minutes."),
)


def demand(app: Flask, settings: Settings) -> None:
    """Lead whoever lacks something to its page, whatever she asks for; one thing at a time."""
    demands = (OF_AGE, SECOND_FACTOR) if settings.second_factor else (OF_AGE,)

    @app.before_request
    def lead() -> Response | None:
        if request.endpoint in OPEN_ENDPOINTS or request.blueprint in OPEN_BLUEPRINTS:
            return None
        account = current_account()
        lacking = next((each for each in demands if account is not None and each.is_lacking(account)), None)
        if lacking is None:
            return None
        flash(str(lacking.words), "info")
        return redirect(url_for(lacking.page), 303)
