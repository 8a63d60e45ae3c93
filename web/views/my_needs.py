"""The needs of a member's associations: her list, writing, and one need with what comes next. Steps: need_steps.py."""

from flask import Blueprint, render_template, request

from matcher.catalogue.templates import load_templates
from matcher.queries import own_needs as queries
from matcher.queries.pairings_of_need import people_of_need
from web.auth import actor, current_account, signed_in
from web.extensions import db
from web.forms.need_content import fields_of, fields_of_template
from web.forms.needs import NeedForm
from web.need_cards import language
from web.need_editor import editor_for
from web.need_saving import Answer, saved
from web.own_needs import own_page, own_rows, states_of
from web.paging import asked_page, pages_of
from web.skill_finder import find_in_need, is_asked

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
def create() -> Answer:
    """Make a draft, and send it for review when that button was pressed."""
    return saved(editor_for(db.session(), actor()))


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
def save(need_id: int) -> Answer:
    """Keep what was changed, and send it for review when that button was pressed."""
    need = queries.find_own_need(db.session(), actor(), need_id)
    return saved(editor_for(db.session(), actor(), need))
