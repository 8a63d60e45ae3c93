"""People for administrators: found by an exact address, which leaves a trace; their rights, and what is decided."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from matcher.access_codes import AccessReason
from matcher.actors import Hat
from matcher.database import transaction
from matcher.errors import IllegalTransition, LastAdministrator, LastCoordinator
from matcher.queries.people import rights_of
from matcher.services.rights import find_account
from web.auth import actor, wearing
from web.errors import sentence
from web.extensions import db, limiter
from web.forms.people import FindAccountForm
from web.fresh import fresh
from web.people_acts import ACTS, offered
from web.people_pages import prepared, sheet_of, title_of
from web.runtime import now

blueprint = Blueprint("people", __name__, url_prefix="/admin/people")
SEARCHES_FROM_ONE_PLACE = "60/hour"
ACT = (
    "/<int:account_id>/<any('appoint', 'withdraw', 'make-administrator', 'end-administrator', 'suspend', 'lift', "
    "'second-factor', 'end-sign-ins'):name>"
)
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@wearing(Hat.ADMINISTRATOR)
def index() -> str:
    """Ask for the whole address of an account."""
    return render_template("people/index.html", form=FindAccountForm(formdata=None))


@blueprint.post("")
@limiter.limit(SEARCHES_FROM_ONE_PLACE)
@wearing(Hat.ADMINISTRATOR)
def find() -> Answer:
    """Find the account of an address, and write down who looked."""
    form = FindAccountForm()
    if form.validate():
        with transaction(db.session()) as session:
            reason = AccessReason(form.why.data)
            found = find_account(session, actor(), now(), email=form.email.data, reason=reason)
            account_id = found.id if found else None
        if account_id is not None:
            return redirect(url_for("people.show", account_id=account_id), 303)
        form.email.errors = [gettext("No account has this address.")]
    return render_template("people/index.html", form=form), 422


@blueprint.get("/<int:account_id>")
@wearing(Hat.ADMINISTRATOR)
def show(account_id: int) -> str:
    """Show the rights of an account; whose it is only to whoever has just typed its address."""
    found = rights_of(db.session(), actor(), now(), account_id=account_id)
    return render_template("people/show.html", sheet=sheet_of(found))


@blueprint.get(ACT)
@wearing(Hat.ADMINISTRATOR)
def ask(account_id: int, name: str) -> Answer:
    """Say what an act will do, and ask; what makes no sense as things stand leads back."""
    return _page(account_id, name) or redirect(url_for("people.show", account_id=account_id))


@blueprint.post(ACT)
@wearing(Hat.ADMINISTRATOR)
@fresh
def take(account_id: int, name: str) -> Answer:
    """Do it; pressed twice it is done once."""
    form = prepared(ACTS[name].form(), name, rights_of(db.session(), actor(), now(), account_id=account_id))
    if not form.validate():
        page = _page(account_id, name, form)
        return (page, 422) if page else redirect(url_for("people.show", account_id=account_id), 303)
    try:
        with transaction(db.session()) as session:
            ACTS[name].run(session, actor(), now(), account_id, form)
        flash(str(ACTS[name].done), "success")
    except (IllegalTransition, LastAdministrator, LastCoordinator) as error:
        flash(sentence(error), "warning")
    return redirect(url_for("people.show", account_id=account_id), 303)


def _page(account_id: int, name: str, form: FlaskForm | None = None) -> str | None:
    found, act = rights_of(db.session(), actor(), now(), account_id=account_id), ACTS[name]
    if name not in offered(found):
        return None
    filled = form if form is not None else prepared(act.form(formdata=None), name, found)
    return render_template("people/act.html", act=act, form=filled, sheet=sheet_of(found), whose=title_of(found))
