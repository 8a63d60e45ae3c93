"""The first page, and the choice of a language."""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.database import transaction
from matcher.i18n import LANGUAGES
from matcher.queries.needs import recent_needs
from web.auth import actor, current_account, public
from web.extensions import db
from web.i18n import keep_language
from web.need_cards import language as reader
from web.need_cards import rows_of

blueprint = Blueprint("home", __name__)
# One slash and no second one, and nothing that a browser leaves out or takes for a slash.
OWN = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")


@blueprint.get("/")
@public
def show() -> str:
    """Show what this is, for whom, and the newest needs."""
    needs = recent_needs(db.session(), actor(), language=reader())
    return render_template("home/show.html", needs=rows_of(needs))


@blueprint.post("/language")
@public
def language() -> Response:
    """Keep the chosen language in a cookie, and on the account when signed in."""
    chosen = request.form.get("language", "")
    response = redirect(own_address(request.form.get("next")))
    if chosen in LANGUAGES:
        keep_language(response, chosen)
        account = current_account()
        if account is not None:
            with transaction(db.session()):
                account.language = chosen
    return response


def own_address(address: str | None) -> str:
    """Return the address when it is a path of ours, else the first page: no redirect leaves this site."""
    return address if address and OWN.fullmatch(address) else url_for("home.show")
