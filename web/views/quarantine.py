"""The quarantine after a restore, for administrators: what it holds back, and the two ways to lift it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.queries.quarantines import find_held
from matcher.services.quarantine import Lifted, Waiting, lift
from web.auth import actor, wearing
from web.extensions import db
from web.quarantine_pages import sheet
from web.runtime import now

blueprint = Blueprint("quarantine", __name__, url_prefix="/admin/quarantine")


@blueprint.get("")
@wearing(Hat.ADMINISTRATOR)
def show() -> str:
    """Tell whether mails are held back, since when and how many, and offer to let them go."""
    held = find_held(db.session(), actor())
    return render_template("quarantine/show.html", sheet=sheet(held) if held else None)


@blueprint.post("")
@wearing(Hat.ADMINISTRATOR)
def end() -> Response:
    """Lift it in the way that was chosen; pressed twice it is done once."""
    chosen = request.form.get("old_mails", "")
    if chosen not in set(Waiting):
        abort(400)
    with transaction(db.session()) as session:
        lifted = lift(session, actor(), now(), old_mails=Waiting(chosen))
    flash(_told(lifted), "warning" if lifted is None else "success")
    return redirect(url_for("quarantine.show"), 303)


def _told(lifted: Lifted | None) -> str:
    if lifted is None:
        return str(gettext("No quarantine is in force: it has been lifted already."))
    if lifted.discarded:
        return str(
            ngettext(
                "The quarantine is lifted. %(num)s mail was discarded; mails leave again.",
                "The quarantine is lifted. %(num)s mails were discarded; mails leave again.",
                lifted.discarded,
            )
        )
    return str(gettext("The quarantine is lifted. Mails leave again."))
