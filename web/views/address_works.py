"""The page behind the mail that asks whether an address works again: opened there, pressed there, it proves it."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.actors import LinkHolder
from matcher.database import transaction
from matcher.models.link import LinkPurpose
from matcher.services import suppression
from matcher.services.links import mark_used
from web.auth import public
from web.extensions import db
from web.link_pages import link_blueprint, opened
from web.runtime import now, runtime

blueprint = link_blueprint("address_works", __name__)


@blueprint.get("/address-works/<token>")
@public
def show(token: str) -> str:
    """Ask for the press of a button; opening the page changes nothing."""
    link = opened(db.session(), token, LinkPurpose.ADDRESS_WORKS)
    is_closed = suppression.is_suppressed(db.session(), runtime().settings, link.recipient.email, now())
    return render_template("closed_addresses/works.html", works=not is_closed, token=token)


@blueprint.post("/address-works/<token>")
@public
def confirm(token: str) -> Response:
    """Write to the address again; a second press changes nothing."""
    with transaction(db.session()) as session:
        link = opened(session, token, LinkPurpose.ADDRESS_WORKS)
        suppression.lift_own(session, LinkHolder(link), now(), settings=runtime().settings)
        mark_used(link, now())
    return redirect(url_for(".show", token=token), 303)
