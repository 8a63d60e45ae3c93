"""The weights of the ranking for administrators: those in force, those proposed, and what is decided about them."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.errors import IllegalTransition, ListChanged
from matcher.models.weights import WeightsStatus
from matcher.policies import Action, require
from matcher.queries.weights import find_weights, in_force, list_weights
from matcher.services import weights
from web import row_ids
from web.auth import actor, wearing
from web.errors import sentence
from web.extensions import db
from web.forms.weights import WeightsForm
from web.fresh import fresh
from web.runtime import now
from web.weight_acts import ACTS
from web.weight_pages import sheet

blueprint = Blueprint("weights", __name__, url_prefix="/admin/ranking")
ACT = "/<int:weights_id>/<any('adopt', 'set-aside', 'restore'):name>"


@blueprint.get("")
@wearing(Hat.ADMINISTRATOR)
def index() -> str:
    """Show the weights in force, the proposal that waits and what became of earlier ones."""
    session, who = db.session(), actor()
    return render_template("weights/index.html", sheet=sheet(in_force(session, who), list_weights(session, who)))


@blueprint.get(ACT)
@wearing(Hat.ADMINISTRATOR)
def confirm(weights_id: int, name: str) -> str | Response:
    """Say what an act will do, and ask; what its present state does not allow leads back."""
    session, who = db.session(), actor()
    row = find_weights(session, who, weights_id)
    require(who, Action.ADOPT, row)
    if row.status is not (WeightsStatus.LIVE if name == "restore" else WeightsStatus.PROPOSED):
        return redirect(url_for("weights.index"))
    form = WeightsForm(instead_of=in_force(session, who).weights_id or "")
    return render_template("weights/act.html", act=ACTS[name], form=form)


@blueprint.post(ACT)
@wearing(Hat.ADMINISTRATOR)
@fresh
def take(weights_id: int, name: str) -> Response:
    """Do it; pressed twice it is done once."""
    try:
        with transaction(db.session()) as session:
            TAKE[name](session, weights_id)
    except (IllegalTransition, ListChanged) as error:
        flash(sentence(error), "warning")
    else:
        flash(str(ACTS[name].done), "success")
    return redirect(url_for("weights.index"), 303)


def _adopt(session: Session, weights_id: int) -> None:
    instead_of = request.form.get("instead_of", type=row_ids.number)
    weights.adopt(session, actor(), now(), weights_id=weights_id, instead_of=instead_of)


TAKE: dict[str, Callable[[Session, int], None]] = {
    "adopt": _adopt,
    "set-aside": lambda session, weights_id: weights.set_aside(session, actor(), now(), weights_id=weights_id),
    "restore": lambda session, weights_id: weights.restore_origin(session, actor(), now(), weights_id=weights_id),
}
