"""The public needs: the list, one page each, and proposing one's help."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.database import transaction
from matcher.models.states import PUBLIC, NeedStatus
from matcher.queries import needs as queries
from matcher.queries.needs import NeedFilters
from matcher.queries.shown import shown_as
from matcher.queries.standing import Stand, standing
from matcher.services import applications
from web.auth import actor, public, signed_in
from web.extensions import db
from web.forms.need_steps import ApplicationForm
from web.forms.needs import FilterForm
from web.need_cards import language, rows_of
from web.need_pages import shown_need, standing_words
from web.paging import asked_page, pages_of
from web.place_pages import place_panel
from web.runtime import now

blueprint = Blueprint("needs", __name__, url_prefix="/needs")
ID = "<int:need_id>"


@blueprint.get("")
@public
def index() -> str:
    """List the open and filled needs, narrowed by what the address says."""
    filters = FilterForm(request.args)
    filters.offer(language())
    asked = NeedFilters()
    if filters.validate():
        asked = NeedFilters(filters.domain.data, filters.where.data, filters.language.data, filters.q.data or "")
    found = queries.list_needs(db.session(), actor(), asked, language=language(), number=asked_page())
    pages = pages_of(found.number, found.pages, found.total)
    is_narrowed = asked != NeedFilters()
    return render_template(
        "needs/index.html", filters=filters, needs=rows_of(found.cards), page=pages, is_narrowed=is_narrowed
    )


@blueprint.get(f"/{ID}")
@public
def show(need_id: int) -> str:
    """Show one need to those who may see it."""
    need = queries.find_need(db.session(), actor(), need_id)
    is_open = need.status is NeedStatus.OPEN
    similar = () if is_open else queries.similar_cards(db.session(), actor(), need, language=language())
    where = standing(db.session(), actor(), need)
    return render_template(
        "needs/show.html",
        need=shown_need(queries.need_page(shown_as(language(), actor(), need))),
        is_public=need.status in PUBLIC,
        may_apply=is_open and where.stand in {Stand.ANONYMOUS, Stand.FREE},
        standing=standing_words(where, need),
        place=place_panel(need) if is_open and where.stand is Stand.FREE else None,
        similar=rows_of(similar),
    )


@blueprint.get(f"/{ID}/apply")
@signed_in
def application(need_id: int) -> str | Response:
    """Show the form of an application; it changes nothing."""
    need = queries.find_need(db.session(), actor(), need_id)
    if need.status is not NeedStatus.OPEN or standing(db.session(), actor(), need).stand is not Stand.FREE:
        return redirect(url_for("needs.show", need_id=need_id))
    return _application(need_id, ApplicationForm())


@blueprint.post(f"/{ID}/apply")
@signed_in
def apply(need_id: int) -> Response | tuple[str, int]:
    """Propose one's help."""
    form = ApplicationForm()
    if not form.validate():
        return _application(need_id, form), 422
    with transaction(db.session()) as session:
        applications.apply(session, actor(), now(), need_id=need_id, motivation=form.motivation.data or "")
    flash(gettext("Thank you. Your proposal has been sent, and a receipt is on its way to your mailbox."), "success")
    return redirect(url_for("needs.show", need_id=need_id), 303)


def _application(need_id: int, form: ApplicationForm) -> str:
    need = queries.find_need(db.session(), actor(), need_id)
    page = shown_need(queries.need_page(shown_as(language(), actor(), need)))
    return render_template("needs/apply.html", need=page, form=form)
