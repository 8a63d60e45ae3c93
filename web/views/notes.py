"""Notes between the coordinators of a branch about one person: read, written, taken out. Administrators read none."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.errors import NotFound
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.queries import reviews, suggestions
from matcher.queries.notes import notes_on
from matcher.services import notes
from matcher.wording import pseudonym
from web.auth import actor, wearing
from web.desk import need_sheet
from web.extensions import db
from web.forms.notes import NoteForm
from web.need_cards import language
from web.need_pages import day_words
from web.runtime import now, today

blueprint = Blueprint("notes", __name__)
PERSON = "/reviews/<int:need_id>/people/<int:volunteer_id>/notes"


@blueprint.get(PERSON)
@wearing(Hat.COORDINATOR)
def show(need_id: int, volunteer_id: int) -> str:
    """Show what the coordinators of the branch wrote about a person."""
    return _page(need_id, volunteer_id, NoteForm(formdata=None))


@blueprint.post(PERSON)
@wearing(Hat.COORDINATOR)
def write(need_id: int, volunteer_id: int) -> Response | tuple[str, int]:
    """Write a note."""
    form = NoteForm()
    if not form.validate():
        return _page(need_id, volunteer_id, form), 422
    text = form.text.data or ""
    with transaction(db.session()) as session:
        notes.write(session, actor(), now(), need_id=need_id, volunteer_id=volunteer_id, text=text)
    flash(gettext("Your note is written. Nobody is sent it."), "success")
    return redirect(url_for(".show", need_id=need_id, volunteer_id=volunteer_id), 303)


@blueprint.post(PERSON + "/<int:note_id>/take-out")
@wearing(Hat.COORDINATOR)
def take_out(need_id: int, volunteer_id: int, note_id: int) -> Response:
    """Take out a note of one's own."""
    _person(need_id, volunteer_id)
    with transaction(db.session()) as session:
        notes.take_out(session, actor(), now(), note_id=note_id)
    flash(gettext("The note is deleted."), "success")
    return redirect(url_for(".show", need_id=need_id, volunteer_id=volunteer_id), 303)


def _person(need_id: int, volunteer_id: int) -> Volunteer:
    """Return a person whom the actor may read, beside a need that she looks after; raises NotFound."""
    session, who = db.session(), actor()
    require(who, Action.REVIEW, reviews.desk_need(session, who, need_id))
    person = suggestions.find_volunteer(session, who, volunteer_id)
    if person is None or person.account_id == who.account_id:
        raise NotFound
    return person


def _page(need_id: int, volunteer_id: int, form: NoteForm) -> str:
    session, who = db.session(), actor()
    person = _person(need_id, volunteer_id)
    need = reviews.desk_need(session, who, need_id)
    return render_template(
        "notes/show.html",
        need=need_sheet(who, need, today()),
        may_write=notes.may_write(session, who, need, person),
        volunteer_id=volunteer_id,
        person=pseudonym(language(), person, need_id=need_id),
        notes=[(note, day_words(note.at)) for note in notes_on(session, who, person)],
        form=form,
    )
