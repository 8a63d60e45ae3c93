"""The quarantine after a restore, for administrators: what it holds back, and the two ways to lift it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.queries.quarantines import find_held
from matcher.services.quarantine import Lifted, OldMails, lift
from web.auth import actor, wearing
from web.extensions import db
from web.fresh import fresh
from web.quarantine_pages import given_up, sheet
from web.runtime import now

blueprint = Blueprint("quarantine", __name__, url_prefix="/admin/quarantine")


@blueprint.get("")
@wearing(Hat.ADMINISTRATOR)
def show() -> str:
    """Tell whether mails are held back, since when and how many, and offer to let them go."""
    held = find_held(db.session(), actor())
    return render_template("quarantine/show.html", sheet=sheet(held) if held else None)


@blueprint.post("/send")
@wearing(Hat.ADMINISTRATOR)
@fresh
def send() -> Response:
    """Lift it and let the old mails leave; pressed twice it is done once."""
    return _end(OldMails.SEND)


@blueprint.get("/discard")
@wearing(Hat.ADMINISTRATOR)
def confirm() -> str | Response:
    """Say what would be given up, and ask; a quarantine that was lifted meanwhile leads back."""
    held = find_held(db.session(), actor())
    if held is None:
        return _back()
    return render_template("quarantine/discard.html", given_up=given_up(held))


@blueprint.post("/discard")
@wearing(Hat.ADMINISTRATOR)
@fresh
def discard() -> Response:
    """Lift it and give the old mails up for good; pressed twice it is done once."""
    return _end(OldMails.DISCARD)


def _end(old_mails: OldMails) -> Response:
    with transaction(db.session()) as session:
        lifted = lift(session, actor(), now(), old_mails=old_mails)
    flash(_told(lifted), "warning" if lifted is None else "success")
    return _back()


def _back() -> Response:
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
