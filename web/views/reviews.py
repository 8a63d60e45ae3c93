"""The coordinators' pages of needs: what waits, one need at the desk, and the decisions on the need itself."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.errors import AssociationIsSuspended, AssociationNotVerified, IllegalTransition, InvalidDates
from matcher.models.states import EndReason, NeedStatus
from matcher.policies import Action, require
from matcher.queries import associations, lines, reviews, suggestions
from matcher.services import needs as need_service
from matcher.services import reviews as review_service
from matcher.wording import pseudonym_of
from web import row_ids
from web.auth import actor, signed_in, wearing
from web.desk import Decided, decided_words, excluded_words, made_words, need_sheet, person_cards
from web.errors import sentence
from web.extensions import db
from web.forms.reviews import CloseForm, HoldForm, OpenNeedForm, PointsForm, RefuseForm
from web.need_cards import language
from web.review_lists import needs_list, tasks_list
from web.runtime import now, today

blueprint = Blueprint("reviews", __name__)
RANKED = frozenset({NeedStatus.OPEN, NeedStatus.ON_HOLD, NeedStatus.FILLED})
Page = str | tuple[str, int] | Response


@blueprint.get("/reviews")
@wearing(Hat.COORDINATOR)
def index() -> str:
    """Show what waits for the coordinator, then her needs by state."""
    session, who = db.session(), actor()
    return render_template(
        "reviews/index.html",
        tasks=tasks_list(session, who, today()),
        needs=needs_list(session, who),
        left_alone=associations.left_alone(session, who),
    )


@blueprint.get("/reviews/<int:need_id>")
@signed_in
def show(need_id: int) -> str:
    """Show the desk: the need beside the people suggested for it."""
    session, who = db.session(), actor()
    need = reviews.desk_need(session, who, need_id)
    found = suggestions.list_suggestions(session, who, need, language=language())
    standings = lines.standings(session, who, need)
    return render_template(
        "reviews/show.html",
        need=need_sheet(who, need, today()),
        status=need.status.value,
        may_correct=need.contact_id is not None,
        is_ranked=need.status in RANKED,
        line_waits=need.line_waits,
        form=OpenNeedForm(),
        ranking_id=found.ranking_id,
        people_suggested=person_cards(who, need, found, standings),
        made=made_words(found, today()),
        excluded=excluded_words(found.excluded),
        in_line=len(standings),
        decided=_decided(need_id, standings),
    )


@blueprint.post("/reviews/<int:need_id>/open")
@wearing(Hat.COORDINATOR)
def open_need(need_id: int) -> Response:
    """Open a submitted need."""
    urgent = OpenNeedForm().is_urgent.data
    try:
        with transaction(db.session()) as session:
            review_service.open_need(session, actor(), now(), need_id=need_id, is_urgent=bool(urgent))
    except (AssociationNotVerified, IllegalTransition) as error:
        flash(sentence(error), "error")
        return _to_desk(need_id)
    flash(gettext("The need is open and public. The ranking is being made: people appear here in a moment."), "success")
    return _to_desk(need_id)


@blueprint.post("/reviews/<int:need_id>/verify")
@wearing(Hat.COORDINATOR)
def verify(need_id: int) -> Response:
    """Vouch for the need's association."""
    association_id = reviews.desk_need(db.session(), actor(), need_id).association_id
    with transaction(db.session()) as session:
        review_service.verify_association(session, actor(), now(), association_id=association_id)
    flash(gettext("The association is verified: its needs can be opened."), "success")
    return _to_desk(need_id)


@blueprint.route("/reviews/<int:need_id>/changes", methods=["GET", "POST"])
@signed_in
def changes(need_id: int) -> Page:
    """Ask the association for changes, point by point."""
    form = PointsForm()

    def decide() -> None:
        with transaction(db.session()) as session:
            points = form.points.data or ""
            review_service.request_changes(session, actor(), now(), need_id=need_id, points=points)
        flash(gettext("The association has been asked for changes. You will hear when it has answered."), "success")

    return _decision("reviews/changes.html", need_id, form, decide)


@blueprint.route("/reviews/<int:need_id>/refuse", methods=["GET", "POST"])
@signed_in
def refuse(need_id: int) -> Page:
    """Refuse a submitted need, with the reason and where else to go."""
    form = RefuseForm()

    def decide() -> None:
        with transaction(db.session()) as session:
            review_service.refuse_need(session, actor(), now(), need_id=need_id, points=form.points)
        flash(gettext("The need is refused. The association receives your reasons and where else to go."), "success")

    return _decision("reviews/refuse.html", need_id, form, decide)


@blueprint.route("/reviews/<int:need_id>/hold", methods=["GET", "POST"])
@signed_in
def hold(need_id: int) -> Page:
    """Put the need on hold, until a day or without one."""
    form = HoldForm()

    def decide() -> None:
        with transaction(db.session()) as session:
            need_service.hold(session, actor(), now(), need_id=need_id, returns_on=form.returns_on.data)
        flash(gettext("The need is on hold: nobody is invited until it goes on."), "success")

    return _decision("reviews/hold.html", need_id, form, decide)


@blueprint.post("/reviews/<int:need_id>/resume")
@wearing(Hat.COORDINATOR)
def resume(need_id: int) -> Response:
    """Take the need off hold."""
    try:
        with transaction(db.session()) as session:
            need_service.resume(session, actor(), now(), need_id=need_id)
    except (AssociationIsSuspended, IllegalTransition) as error:
        flash(sentence(error), "warning")
        return _to_desk(need_id)
    flash(gettext("The need goes on. It is ranked anew."), "success")
    return _to_desk(need_id)


@blueprint.route("/reviews/<int:need_id>/close", methods=["GET", "POST"])
@signed_in
def close(need_id: int) -> Page:
    """Close the need with a coded reason."""
    form = CloseForm()

    def decide() -> None:
        with transaction(db.session()) as session:
            need_service.close(session, actor(), now(), need_id=need_id, reason=EndReason(form.reason.data))
        flash(gettext("The need is closed. Everybody who was waiting has been told."), "success")

    return _decision("reviews/close.html", need_id, form, decide)


def _decision(template: str, need_id: int, form: FlaskForm, decide: Callable[[], None]) -> Page:
    """Show a form about a need; when it is filled in well, decide and go back to the desk."""
    need = reviews.desk_need(db.session(), actor(), need_id)
    require(actor(), Action.REVIEW, need)
    if form.validate_on_submit():
        try:
            decide()
        except InvalidDates as error:
            form[str(error.data["field"])].errors = [sentence(error)]
        except IllegalTransition as error:
            flash(sentence(error), "warning")
            return _to_desk(need_id)
        else:
            return _to_desk(need_id)
    page = render_template(template, need=need_sheet(actor(), need, today()), form=form)
    return (page, 422) if form.is_submitted() else page


def _decided(need_id: int, standings: dict[int, lines.Standing]) -> Decided | None:
    pairing_id = request.args.get("decided", type=row_ids.number)
    for volunteer_id, standing in standings.items():
        if standing.pairing_id == pairing_id:
            name = pseudonym_of(language(), volunteer_id, standing.came_at, need_id=need_id)
            return decided_words(name, standing.pairing_id, standing)
    return None


def _to_desk(need_id: int) -> Response:
    return redirect(url_for("reviews.show", need_id=need_id), 303)
