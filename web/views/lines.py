"""The coordinator and the line of a need: its order, undo, answers by telephone, questions, applications, missions."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.errors import (
    AlreadyAnswered,
    IllegalTransition,
    InvalidDates,
    LinkExpired,
    ListChanged,
    NeedIsFilled,
    NeedIsNotOpen,
    TooLate,
)  # fmt: skip
from matcher.models.pairing import Pairing
from matcher.models.states import PairingReason
from matcher.policies import Action, require
from matcher.queries import lines, reviews
from matcher.queries.notes import numbers_of_notes
from matcher.services import answers, applications, held_people, line, missions
from matcher.services.answers import Refusal
from matcher.wording import day_in_words, pseudonym
from web import row_ids
from web.auth import actor, signed_in, wearing
from web.desk import need_sheet
from web.errors import sentence
from web.extensions import db
from web.forms.reviews import NO, NOT_NOW, YES, AbandonForm, ReplyForm, TelephoneForm
from web.line_rows import groups_of, moved
from web.need_cards import language
from web.runtime import now, today

blueprint = Blueprint("lines", __name__)
Page = str | tuple[str, int] | Response
# What a second click or somebody quicker makes of a decision: it is told, and the line is shown as it stands.
OVERTAKEN = (
    AlreadyAnswered, IllegalTransition, LinkExpired, ListChanged, NeedIsFilled, NeedIsNotOpen, TooLate,
)  # fmt: skip


@blueprint.get("/reviews/<int:need_id>/line")
@signed_in
def show(need_id: int) -> str:
    """Show everybody on whom somebody has decided, in groups."""
    session, who = db.session(), actor()
    need = reviews.desk_need(session, who, need_id)
    people = lines.people_in_line(session, who, need, language=language(), today=today())
    groups = groups_of(who, people, today(), held_people.waiting_people(session, who, need, now()))
    order = ",".join(str(row.pairing_id) for group in groups if group.is_ordered for row in group.rows)
    sheet = need_sheet(who, need, today())
    noted = numbers_of_notes(session, who, need)
    return render_template(
        "lines/show.html", need=sheet, groups=groups, order=order, line_waits=need.line_waits, note_numbers=noted
    )


@blueprint.post("/reviews/<int:need_id>/line/order")
@wearing(Hat.COORDINATOR)
def reorder(need_id: int) -> Response:
    """Move one person up or down; the form carries the order that was shown."""
    shown = _shown_order(request.form.get("order", ""))
    step = -1 if request.form.get("to") == "up" else 1
    order = moved(shown, request.form.get("pairing_id", 0, type=row_ids.number), step)
    return _decide(need_id, lambda: line.reorder(db.session(), actor(), now(), need_id=need_id, pairing_ids=order))


def _shown_order(typed: str) -> list[int]:
    """The order that a page carried; what no page wrote is the order of no line."""
    try:
        return [row_ids.number(text) for text in typed.split(",") if text.isascii() and text.isdigit()]
    except ValueError:
        return []


@blueprint.post("/reviews/<int:need_id>/line/release")
@wearing(Hat.COORDINATOR)
def release(need_id: int) -> Response:
    """Let the line move again after a change of the need."""
    done = gettext("The line moves again: invitations leave in its order.")
    return _decide(need_id, lambda: line.release_line(db.session(), actor(), now(), need_id=need_id), done)


@blueprint.post("/line/<int:pairing_id>/undo")
@wearing(Hat.COORDINATOR)
def undo(pairing_id: int) -> Response:
    """Take back a decision of which nobody has been told."""
    need_id = _pairing(pairing_id).need_id
    done = gettext("The decision is taken back: it is as if it had never been.")
    _decide(need_id, lambda: line.undo(db.session(), actor(), now(), pairing_id=pairing_id), done)
    return redirect(url_for("reviews.show", need_id=need_id), 303)


@blueprint.post("/line/<int:pairing_id>/take-up")
@wearing(Hat.COORDINATOR)
def take_up(pairing_id: int) -> Response:
    """Take up an application: the volunteer's yes."""
    need_id = _pairing(pairing_id).need_id
    done = gettext("The application is taken up. The association is told, and so is the volunteer.")
    return _decide(need_id, lambda: applications.take_up(db.session(), actor(), now(), pairing_id=pairing_id), done)


@blueprint.route("/line/<int:pairing_id>/reply", methods=["GET", "POST"])
@signed_in
def reply(pairing_id: int) -> Page:
    """Answer a volunteer's question."""
    form = ReplyForm()

    def act() -> object:
        return answers.reply(db.session(), actor(), now(), pairing_id=pairing_id, answer=form.answer.data or "")

    return _ask("lines/reply.html", _pairing(pairing_id), form, act, gettext("Your answer is on its way."))


@blueprint.route("/line/<int:pairing_id>/telephone", methods=["GET", "POST"])
@signed_in
def telephone(pairing_id: int) -> Page:
    """Record what was heard by telephone: first say it, then confirm it."""
    form, pairing = TelephoneForm(), _pairing(pairing_id)
    if form.validate_on_submit() and not form.confirmed.data:
        return _page("lines/telephone_check.html", pairing, form)
    done = gettext("The answer is recorded. The volunteer receives a receipt and may say that it is not right.")
    return _ask("lines/telephone.html", pairing, form, lambda: _record(form, pairing_id), done)


@blueprint.route("/line/<int:pairing_id>/confirm", methods=["GET", "POST"])
@signed_in
def confirm(pairing_id: int) -> Page:
    """Confirm a yes on behalf of the association that said so by telephone."""
    done = gettext("The pairing is confirmed. Both sides see each other’s contacts now.")

    def act() -> object:
        return missions.confirm(db.session(), actor(), now(), pairing_id=pairing_id)

    return _ask("lines/confirm.html", _pairing(pairing_id), FlaskForm(), act, done)


@blueprint.route("/line/<int:pairing_id>/abandon", methods=["GET", "POST"])
@signed_in
def abandon(pairing_id: int) -> Page:
    """Stop a confirmed pairing or a mission, with a coded reason."""
    form = AbandonForm()

    def act() -> object:
        reason = PairingReason(form.reason.data)
        return missions.abandon(db.session(), actor(), now(), pairing_id=pairing_id, reason=reason)

    done = gettext("The pairing is stopped. Both sides are told, and the place is free again.")
    return _ask("lines/abandon.html", _pairing(pairing_id), form, act, done)


def _record(form: TelephoneForm, pairing_id: int) -> Pairing:
    if form.heard.data == YES:
        return answers.accept_by_telephone(db.session(), actor(), now(), pairing_id=pairing_id)
    said = (form.reason.data or "").strip()  # blanks alone pass as nothing chosen
    reason = PairingReason(said) if said and form.heard.data == NO else None
    refusal = Refusal(reason, form.ask_again_on.data if form.heard.data == NOT_NOW else None)
    return answers.decline_by_telephone(db.session(), actor(), now(), pairing_id=pairing_id, refusal=refusal)


def _pairing(pairing_id: int) -> Pairing:
    """Return a pairing of a need that the actor looks after; raises NotFound for anybody else."""
    session, who = db.session(), actor()
    pairing = lines.find_pairing(session, who, pairing_id)
    reviews.desk_need(session, who, pairing.need_id)
    return pairing


def _decide(need_id: int, act: Callable[[], object], done: str | None = None) -> Response:
    try:
        with transaction(db.session()):
            act()
    except OVERTAKEN as error:
        flash(sentence(error), "warning")
    else:
        if done:
            flash(done, "success")
    return redirect(url_for("lines.show", need_id=need_id), 303)


def _ask(template: str, pairing: Pairing, form: FlaskForm, act: Callable[[], object], done: str) -> Page:
    """Show a form about a pairing; when it is filled in well, act and go back to the line."""
    need_id = pairing.need_id
    if form.validate_on_submit():
        try:
            return _decide(need_id, act, done)
        except InvalidDates as error:
            form[str(error.data["field"])].errors = [sentence(error)]
    page = _page(template, lines.find_pairing(db.session(), actor(), pairing.id), form)
    return (page, 422) if form.is_submitted() else page


def _page(template: str, pairing: Pairing, form: FlaskForm) -> str:
    need = reviews.desk_need(db.session(), actor(), pairing.need_id)
    require(actor(), Action.REVIEW, pairing)
    person = pseudonym(language(), pairing.volunteer, need_id=pairing.need_id)
    sheet = need_sheet(actor(), need, today())
    later = form.ask_again_on.data if isinstance(form, TelephoneForm) else None
    return render_template(
        template, need=sheet, pairing=pairing, person=person, form=form,
        later=day_in_words(language(), later) if later else "",
    )  # fmt: skip
