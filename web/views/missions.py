"""Pairings and missions for those who are signed in: the list, one page each, and a page for each act."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from matcher.actors import Person
from matcher.database import transaction
from matcher.errors import ConflictOfInterest, DomainError, NotAllowed, NotFound
from matcher.models.pairing import Pairing
from matcher.queries import missions as queries
from matcher.queries.acts import Act, acts_of
from matcher.queries.missions import Show
from matcher.services.contacts import open_contacts
from web.answering import ANSWERING, blank_forms
from web.auth import actor, current_account, current_hat, signed_in
from web.certificates import certificate_of
from web.errors import sentence
from web.extensions import db
from web.forms.missions import ProlongForm, ShowForm
from web.mission_acts import MISSION_ACTS, prefilled
from web.mission_pages import mission_page
from web.mission_rows import rows_of
from web.need_cards import language
from web.opening import Page, asked_why, given_reason
from web.paging import asked_page, pages_of
from web.runtime import now, today

blueprint = Blueprint("missions", __name__, url_prefix="/missions")
ID = "<int:pairing_id>"
ACT = f"<any({', '.join(repr(act.value) for act in Act)}):act>"
NOT_HERS = (NotFound, NotAllowed, ConflictOfInterest)


@blueprint.get("")
@signed_in
def index() -> str:
    """List the pairings of the reader under her hat, what waits for her first."""
    form = ShowForm(request.args)
    show = Show(form.show.data) if form.validate() else Show.ALL
    found = queries.list_missions(
        db.session(), _person(), show, language=language(), today=today(), number=asked_page()
    )
    page = pages_of(found.number, found.pages, found.total)
    return render_template(
        "missions/index.html", filters=form, rows=rows_of(found.rows), page=page, is_narrowed=show is not Show.ALL
    )


@blueprint.get(f"/{ID}")
@signed_in
def show(pairing_id: int) -> str:
    """Show one pairing to those who may see it; contacts to its two sides while they are open."""
    return _page(pairing_id, blank_forms())


@blueprint.get(f"/{ID}/{ACT}")
@signed_in
def ask(pairing_id: int, act: str) -> str | Response:
    """Show what an act will do, with its form; changes nothing."""
    pairing = queries.find_pairing(db.session(), actor(), pairing_id)
    if Act(act) not in MISSION_ACTS or Act(act) not in acts_of(actor(), pairing, now()):
        return redirect(url_for(".show", pairing_id=pairing_id))
    form = MISSION_ACTS[Act(act)].form()
    form.process(data=prefilled(Act(act), pairing, today()))
    return _act_page(pairing, Act(act), form)


@blueprint.post(f"/{ID}/{ACT}")
@signed_in
def act(pairing_id: int, act: str) -> Response | tuple[str, int]:
    """Do one act; a second press changes nothing, and what came too late is told kindly."""
    pairing = queries.find_pairing(db.session(), actor(), pairing_id)
    wanted = Act(act)
    known = MISSION_ACTS.get(wanted) or ANSWERING[wanted]
    form = known.form()
    if isinstance(form, ProlongForm):
        form.starts_on = pairing.starts_on
    if not form.validate():
        if wanted in MISSION_ACTS:
            return _act_page(pairing, wanted, form), 422
        return _page(pairing_id, {**blank_forms(), wanted.name: form}), 422
    try:
        with transaction(db.session()) as session:
            known.perform(session, actor(), now(), pairing_id, form)
    except NOT_HERS:
        raise
    except DomainError as error:
        flash(sentence(error), "warning")
    return redirect(url_for(".show", pairing_id=pairing_id), 303)


@blueprint.post(f"/{ID}/contacts")
@signed_in
def contacts(pairing_id: int) -> Page:
    """Open the contacts as a coordinator or administrator: it is written down, then they are shown."""
    queries.find_pairing(db.session(), actor(), pairing_id)
    question = asked_why(back=url_for(".show", pairing_id=pairing_id))
    if question is not None:
        return question
    with transaction(db.session()) as session:
        opened = open_contacts(session, actor(), now(), pairing_id=pairing_id, reason=given_reason())
    pairing = queries.find_pairing(db.session(), actor(), pairing_id)
    return render_template("missions/contacts.html", page=mission_page(db.session(), actor(), pairing), opened=opened)


@blueprint.get(f"/{ID}/certificate")
@signed_in
def certificate(pairing_id: int) -> str:
    """Show the certificate of a completed mission to its two sides, ready to print."""
    pairing = queries.find_pairing(db.session(), actor(), pairing_id)
    return render_template("missions/certificate.html", certificate=certificate_of(actor(), pairing))


def _page(pairing_id: int, forms: dict[str, FlaskForm]) -> str:
    pairing = queries.find_pairing(db.session(), actor(), pairing_id)
    page = mission_page(db.session(), actor(), pairing)
    addresses = {act.name: url_for(".act", pairing_id=pairing_id, act=act.value) for act in Act}
    return render_template("missions/show.html", page=page, answer_forms=forms, addresses=addresses)


def _act_page(pairing: Pairing, act: Act, form: FlaskForm) -> str:
    page = mission_page(db.session(), actor(), pairing)
    return render_template("missions/act.html", page=page, act=MISSION_ACTS[act], form=form)


def _person() -> Person:
    account = current_account()
    if account is None:
        raise NotAllowed
    return Person(account, current_hat(account))
