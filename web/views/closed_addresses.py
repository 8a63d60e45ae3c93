"""Addresses from which mails come back: their owner says that hers works again, an administrator opens one."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.queries.suppressions import figures
from matcher.services import suppression
from matcher.services.accesses import open_closed_addresses
from web.auth import actor, signed_in, wearing
from web.closed_addresses import sheet_of, write_to_closed_address
from web.extensions import db, limiter
from web.forms.closed_addresses import OpenAddressForm
from web.mail_limits import MAILS_FOR_ONE_ADDRESS, own_address
from web.opening import Page, asked_why, given_reason
from web.runtime import now, runtime

blueprint = Blueprint("closed_addresses", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.post("/account/address-works")
@signed_in
@limiter.limit(MAILS_FOR_ONE_ADDRESS, key_func=own_address)
def ask() -> Response:
    """Write one mail to the closed address; it opens again when its button is pressed."""
    with transaction(db.session()):
        write_to_closed_address()
    flash(gettext("One e-mail is on its way. Press its button, and we write to you again."), "success")
    return redirect(url_for("account.show"), 303)


@blueprint.get("/admin/addresses")
@wearing(Hat.ADMINISTRATOR)
def index() -> str:
    """Show which addresses are closed and what came back of late."""
    return _page(OpenAddressForm(formdata=None))


@blueprint.post("/admin/addresses")
@wearing(Hat.ADMINISTRATOR)
def open_again() -> Answer:
    """Open an address that somebody gave us, such as on the telephone."""
    form = OpenAddressForm()
    if not form.validate():
        return _page(form), 422
    with transaction(db.session()) as session:
        settings = runtime().settings
        was_closed = suppression.lift_by_address(session, actor(), now(), settings=settings, address=form.email.data)
    if was_closed:
        flash(gettext("The address is open again."), "success")
    else:
        flash(gettext("This address was not closed."), "info")
    return redirect(url_for("closed_addresses.index"), 303)


@blueprint.post("/admin/addresses/names")
@wearing(Hat.ADMINISTRATOR)
def open_names() -> Page:
    """Ask an administrator why, write that down for each person, then show who it is whose mails come back."""
    question = asked_why(back=url_for(".index"))
    if question is not None:
        return question
    with transaction(db.session()) as session:
        names = open_closed_addresses(session, actor(), now(), reason=given_reason())
    return _page(OpenAddressForm(formdata=None), names)


def _page(form: OpenAddressForm, names: Mapping[int, str] = MappingProxyType({})) -> str:
    sheet = sheet_of(figures(db.session(), actor(), now()), names)
    return render_template("closed_addresses/index.html", form=form, sheet=sheet, is_open=bool(names))
