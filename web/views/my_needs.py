"""The needs of a member's associations: her list, writing, and one need with what comes next. Steps: need_steps.py."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.catalogue.templates import load_templates
from matcher.database import transaction
from matcher.errors import DomainError, EditedMeanwhile
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.queries import own_needs as queries
from matcher.queries.pairings_of_need import people_of_need
from matcher.services import drafts, needs
from matcher.services.drafts import Page
from matcher.services.needs import SKILLS_MAX, NeedContent
from web.auth import actor, current_account, signed_in
from web.errors import sentence
from web.extensions import db
from web.forms.need_content import content_of, fields_of, fields_of_template
from web.forms.needs import NeedForm
from web.need_cards import language
from web.need_editor import Editor, editor_for, put_beside
from web.own_needs import own_page, own_rows, states_of
from web.paging import asked_page, pages_of
from web.runtime import now
from web.skill_finder import LOOK, Finding, find_in_need, is_asked, is_bare, is_looking, must_ask, take_ticked

blueprint = Blueprint("my_needs", __name__, url_prefix="/my/needs")
ID = "<int:need_id>"


@blueprint.get("")
@signed_in
def index() -> str:
    """List the needs of one's associations."""
    states = states_of(request.args.get("state", ""))
    found = queries.list_own_needs(db.session(), actor(), status=states.chosen, number=asked_page())
    pages = pages_of(found.number, found.pages, found.total)
    associations = queries.associations_of(db.session(), actor()) if not found.needs else []
    rows = own_rows(found.needs)
    return render_template("my_needs/index.html", needs=rows, page=pages, states_list=states, associations=associations)


@blueprint.get("/new")
@signed_in
def new() -> str:
    """Choose a template, or begin with nothing."""
    associations = queries.associations_of(db.session(), actor())
    templates = [
        (template.id, template.labels[language()], template.total_hours) for template in load_templates().values()
    ]
    return render_template("my_needs/new.html", associations=associations, templates=templates)


@blueprint.get("/write")
@signed_in
def write() -> str:
    """Show the form of a new need; the first save makes the draft."""
    template = load_templates().get(request.args.get("template", ""))
    begun = fields_of_template(template, language()) if template else {"language": language()}
    account = current_account()
    form = NeedForm(data={"contact_id": account.id if account else None, **begun})
    return editor_for(db.session(), actor()).page(form)


@blueprint.post("/write")
@signed_in
def create() -> Response | tuple[str, int] | str:
    """Make a draft, and send it for review when that button was pressed."""
    return _saved(editor_for(db.session(), actor()))


@blueprint.get(f"/{ID}")
@signed_in
def show(need_id: int) -> str:
    """Show one's need: where it stands, who does what next, who said yes."""
    need = queries.find_own_need(db.session(), actor(), need_id)
    people = people_of_need(db.session(), actor(), need, language=language())
    clocks = queries.running_clocks(db.session(), need)
    return render_template("my_needs/show.html", need=own_page(actor(), need, people, clocks))


@blueprint.get(f"/{ID}/edit")
@signed_in
def edit(need_id: int) -> str:
    """Show the form of a need that stands already."""
    need = queries.find_own_need(db.session(), actor(), need_id)
    form = NeedForm(data=fields_of(need))
    finding = find_in_need(form) if is_asked() else None
    return editor_for(db.session(), actor(), need).page(form, finding=finding)


@blueprint.post(f"/{ID}/edit")
@signed_in
def save(need_id: int) -> Response | tuple[str, int] | str:
    """Keep what was changed, and send it for review when that button was pressed."""
    need = queries.find_own_need(db.session(), actor(), need_id)
    return _saved(editor_for(db.session(), actor(), need))


def _saved(editor: Editor) -> Response | tuple[str, int] | str:
    form = editor.offered(NeedForm())
    sends = request.form.get("action", "").startswith("send")
    if not is_bare():
        take_ticked(form.skills, SKILLS_MAX)
    if "add_row" in request.form or is_looking():
        return editor.page(form, add_row=request.form.get("add_row", ""), finding=_looked(form))
    is_valid = form.validate()
    if not (form.is_complete() if sends else True) or not is_valid:
        return editor.page(form), 422
    content = content_of(form, before=editor.need, template=editor.template_id)
    try:
        with transaction(db.session()):
            need_id = _keep(editor, content).id
    except EditedMeanwhile:
        if editor.need is None:
            raise
        return editor.page_beside_another(form), 409
    except DomainError as error:
        if not put_beside(form, error):
            raise
        return editor.page(form), 422
    if sends and editor.may_send and must_ask(form):
        return redirect(url_for("my_needs.edit", need_id=need_id, look=LOOK), 303)
    return _sent(need_id) if sends else _kept(need_id)


def _looked(form: NeedForm) -> Finding | None:
    return find_in_need(form) if is_looking() else None


def _keep(editor: Editor, content: NeedContent) -> Need:
    session, association_id = db.session(), editor.association_id
    if editor.need is not None:
        page = Page(editor.form_key, editor.edition)
        return drafts.edit(session, actor(), now(), need_id=editor.need.id, content=content, page=page)
    form_key = editor.form_key
    return drafts.write(session, actor(), now(), association_id=association_id, form_key=form_key, content=content)


def _kept(need_id: int) -> Response:
    flash(gettext("Your need has been saved."), "success")
    return redirect(url_for("my_needs.show", need_id=need_id), 303)


def _sent(need_id: int) -> Response:
    try:
        with transaction(db.session()) as session:
            need = needs.submit(session, actor(), now(), need_id=need_id)
    except DomainError as error:
        flash(gettext("Your need has been saved, but not sent. %(reason)s", reason=sentence(error)), "warning")
        return redirect(url_for("my_needs.show", need_id=need_id), 303)
    is_sent = need.status is NeedStatus.SUBMITTED
    flash(
        gettext("Your need has been sent for review.") if is_sent else gettext("Your need has been saved."), "success"
    )
    return redirect(url_for("my_needs.show", need_id=need_id), 303)
