"""A volunteer asks what would bring her among the first for a need; the need's own page shows the answer."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from matcher.database import transaction
from matcher.services import counterfactuals
from web.auth import actor, current_account, signed_in
from web.extensions import db, limiter
from web.place_pages import PART
from web.runtime import now

blueprint = Blueprint("my_places", __name__, url_prefix="/needs")
ID = "<int:need_id>"
PACE = "20/day"


def _asker() -> str:
    account = current_account()
    return f"asker {account.id}" if account else "nobody"


@blueprint.post(f"/{ID}/my-place")
@signed_in
@limiter.limit(PACE, key_func=_asker)
def ask(need_id: int) -> Response:
    """Ask about one's own place."""
    with transaction(db.session()) as session:
        counterfactuals.ask(session, actor(), now(), need_id=need_id)
    return redirect(url_for("needs.show", need_id=need_id, _anchor=PART), 303)


@blueprint.errorhandler(TooManyRequests)
def too_often(_error: TooManyRequests) -> Response:
    """Lead back to the needs, with the reason."""
    flash(gettext("You have asked twenty times today. Please come back tomorrow."), "warning")
    return redirect(url_for("needs.index"), 303)
