"""Making all links in one's own mails worthless, after one more question. The links themselves stand in links.py."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.database import transaction
from matcher.services import links
from web.auth import actor, signed_in
from web.extensions import db
from web.runtime import now

blueprint = Blueprint("mail_links", __name__)


@blueprint.get("/account/mail-links")
@signed_in
def ask() -> str:
    """Say what happens, and ask once more; changes nothing."""
    return render_template("links/revoke.html")


@blueprint.post("/account/mail-links")
@signed_in
def revoke() -> Response:
    """Withdraw them all; pressed twice, those of newer mails go too."""
    with transaction(db.session()) as session:
        links.revoke_all(session, actor(), now())
    flash(
        gettext("Done: the e-mails that you have so far only stop invitations. New e-mails carry new links."),
        "success",
    )
    return redirect(url_for("account.show"), 303)
