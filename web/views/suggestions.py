"""The coordinator and one suggested person: into the line, aside, her mail beforehand, her name, found by words."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from matcher.actors import Hat
from matcher.database import transaction
from matcher.errors import DecidedMeanwhile, IllegalTransition, NotFound, OnceOnly, OwnAssociation
from matcher.labels import status_label
from matcher.models.states import PairingReason, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.published import published
from matcher.queries import lines, reviews, suggestions
from matcher.queries.lines import FoundPerson
from matcher.services import line, names
from matcher.services.line import Choice
from matcher.services.names import Wanted
from matcher.services.previews import invitation_preview
from matcher.wording import pseudonym
from web import row_ids
from web.auth import actor, signed_in, wearing
from web.desk import need_sheet
from web.errors import sentence
from web.extensions import db
from web.forms.accesses import NameForm
from web.forms.reviews import FindForm, SetAsideForm
from web.line_rows import found_rows
from web.need_cards import language
from web.opening import Page, asked_why, given_reason
from web.runtime import now, runtime, today

blueprint = Blueprint("suggestions", __name__)
# The mail is shown inside a frame of our own page: its styles stand inside it, nothing else of it may act.
MAIL_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "frame-ancestors 'self'",
        "sandbox",
    )
)


@blueprint.post("/reviews/<int:need_id>/people")
@wearing(Hat.COORDINATOR)
def approve(need_id: int) -> AnyResponse:
    """Put a person in the line; after a new ranking the decision is taken and the page says what changed."""
    choice = _choice(need_id, request.form.get("volunteer_id", type=row_ids.number) or 0)
    try:
        with transaction(db.session()) as session:
            pairing_id = line.approve(session, actor(), now(), choice).id
    except DecidedMeanwhile as error:
        return _tell_how_it_stands(need_id, error)
    except (IllegalTransition, OnceOnly, OwnAssociation) as error:
        flash(sentence(error), "warning")
        return redirect(url_for("reviews.show", need_id=need_id), 303)
    _tell_what_changed(choice)
    return redirect(url_for("reviews.show", need_id=need_id, decided=pairing_id), 303)


@blueprint.route("/reviews/<int:need_id>/people/<int:volunteer_id>/set-aside", methods=["GET", "POST"])
@signed_in
def set_aside(need_id: int, volunteer_id: int) -> Page:
    """Set a person aside for this need, with a coded reason."""
    need = reviews.desk_need(db.session(), actor(), need_id)
    require(actor(), Action.REVIEW, need)
    person = _person(volunteer_id)
    form = SetAsideForm(ranking_id=request.args.get("ranking_id", ""), seen=request.args.get("seen", ""))
    if form.validate_on_submit():
        return _put_aside(_choice(need_id, volunteer_id), PairingReason(form.reason.data))
    page = render_template(
        "suggestions/set_aside.html",
        need=need_sheet(actor(), need, today()),
        form=form,
        person=pseudonym(language(), person, need_id=need_id),
        headline=published(language(), person.headline),
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.get("/reviews/<int:need_id>/people/<int:volunteer_id>/preview")
@signed_in
def preview(need_id: int, volunteer_id: int) -> str:
    """Show the invitation as this person would read it."""
    session, who = db.session(), actor()
    need = reviews.desk_need(session, who, need_id)
    person = _person(volunteer_id)
    mail = invitation_preview(session, who, now(), runtime().links, runtime().settings, need=need, volunteer=person)
    return render_template(
        "suggestions/preview.html",
        need=need_sheet(who, need, today()),
        volunteer_id=volunteer_id,
        person=pseudonym(language(), person, need_id=need_id),
        subject=mail.subject,
        text=mail.text,
    )


@blueprint.get("/reviews/<int:need_id>/people/<int:volunteer_id>/preview/mail")
@signed_in
def preview_mail(need_id: int, volunteer_id: int) -> AnyResponse:
    """Answer with the mail's own document, for the frame of the preview."""
    session, who = db.session(), actor()
    need = reviews.desk_need(session, who, need_id)
    person = _person(volunteer_id)
    mail = invitation_preview(session, who, now(), runtime().links, runtime().settings, need=need, volunteer=person)
    return Response(
        mail.html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": MAIL_POLICY}
    )


@blueprint.post("/reviews/<int:need_id>/people/<int:volunteer_id>/name")
@wearing(Hat.COORDINATOR, Hat.ADMINISTRATOR)
def open_name(need_id: int, volunteer_id: int) -> Page:
    """Write down who looked, then show the person's name and contacts."""
    session, who = db.session(), actor()
    reviews.desk_need(session, who, need_id)
    person = pseudonym(language(), _person(volunteer_id), need_id=need_id)
    question = asked_why(back=url_for("reviews.show", need_id=need_id))
    if question is not None:
        return question
    with transaction(session):
        opened = names.open_name(session, who, now(), volunteer_id=volunteer_id, reason=given_reason())
    need = reviews.desk_need(session, who, need_id)
    sheet = need_sheet(who, need, today())
    return render_template("suggestions/name.html", need=sheet, person=person, opened=opened)


@blueprint.get("/reviews/<int:need_id>/people")
@signed_in
def find(need_id: int) -> str:
    """Find somebody by what she does, to put her forward."""
    session, who = db.session(), actor()
    reviews.desk_need(session, who, need_id)
    form = FindForm(request.args)
    words = (form.words.data if request.args and form.validate() else "") or ""
    found = lines.find_people(session, who, words, need_id=need_id, language=language())
    return _found_page(need_id, found, words=words, form=form, name_form=NameForm(formdata=None))


@blueprint.post("/reviews/<int:need_id>/people/named")
@wearing(Hat.COORDINATOR)
def find_named(need_id: int) -> Page:
    """Find somebody by her name, to put her forward; whoever is found can read that she was looked for."""
    session, who = db.session(), actor()
    require(who, Action.REVIEW, reviews.desk_need(session, who, need_id))
    form, name_form = FindForm(formdata=None), NameForm()
    if not name_form.validate():
        return _found_page(need_id, (), words="", form=form, name_form=name_form), 422
    question = asked_why(back=url_for(".find", need_id=need_id))
    if question is not None:
        return question
    wanted = Wanted(str(name_form.name.data), language())
    with transaction(session):
        found = names.find_by_name(session, who, now(), wanted, need_id=need_id, reason=given_reason())
    return _found_page(need_id, found, words=wanted.name, form=form, name_form=name_form)


def _found_page(
    need_id: int, found: tuple[FoundPerson, ...], *, words: str, form: FindForm, name_form: NameForm
) -> str:
    session, who = db.session(), actor()
    need = reviews.desk_need(session, who, need_id)
    rows = found_rows(who, found, lines.standings(session, who, need))
    sheet = need_sheet(who, need, today())
    page = {"form": form, "name_form": name_form, "words": words, "found": rows}
    return render_template("suggestions/find.html", need=sheet, **page)


def _put_aside(choice: Choice, reason: PairingReason) -> AnyResponse:
    try:
        with transaction(db.session()) as session:
            pairing_id = line.set_aside(session, actor(), now(), choice, reason=reason).id
    except DecidedMeanwhile as error:
        return _tell_how_it_stands(choice.need_id, error)
    except (IllegalTransition, OwnAssociation) as error:
        flash(sentence(error), "warning")
        return redirect(url_for("reviews.show", need_id=choice.need_id), 303)
    _tell_what_changed(choice)
    return redirect(url_for("reviews.show", need_id=choice.need_id, decided=pairing_id), 303)


def _choice(need_id: int, volunteer_id: int) -> Choice:
    ranking_id = request.form.get("ranking_id", type=row_ids.number)
    return Choice(need_id, volunteer_id, ranking_id, request.form.get("seen") or None)


def _tell_how_it_stands(need_id: int, error: DecidedMeanwhile) -> AnyResponse:
    """Say that somebody was quicker, and lead to where a decision can be taken anew."""
    status = error.data["status"]
    if status is None:
        flash(
            gettext("The decision about this person was taken back meanwhile. Your click changed nothing."), "warning"
        )
        return redirect(url_for("reviews.show", need_id=need_id), 303)
    stands = status_label(language(), PairingStatus(str(status)))
    text = gettext(
        "Meanwhile somebody else has decided about this person, or she has answered: %(state)s. Your click changed "
        "nothing; below you can decide anew.",
        state=stands,
    )
    flash(text, "warning")
    return redirect(url_for("lines.show", need_id=need_id), 303)


def _person(volunteer_id: int) -> Volunteer:
    person = suggestions.find_volunteer(db.session(), actor(), volunteer_id)
    if person is None:
        raise NotFound
    return person


def _tell_what_changed(choice: Choice) -> None:
    """Say so when the ranking that was shown is no longer the latest."""
    if choice.ranking_id is None:
        return
    latest, rank = suggestions.rank_now(db.session(), actor(), choice.need_id, choice.volunteer_id)
    if latest == choice.ranking_id:
        return
    if rank is None:
        text = gettext(
            "Your decision is taken. The ranking has changed since: this person is no longer among the first."
        )
    else:
        text = gettext(
            "Your decision is taken. The ranking has changed since: this person is number %(rank)s now.", rank=rank
        )
    flash(text, "info")
