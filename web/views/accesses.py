"""Who looked at what: for oneself, for one's association, for a branch, and the whole log for administrators."""

from flask import Blueprint, render_template, request

from matcher.actors import Hat
from matcher.queries import accesses as queries
from matcher.queries import associations
from matcher.queries.accesses import Show
from web.access_rows import rows_for_administrators, rows_for_association, rows_for_branch, rows_for_her
from web.auth import actor, signed_in, wearing
from web.extensions import db
from web.paging import asked_page, pages_of

blueprint = Blueprint("accesses", __name__)


@blueprint.get("/account/accesses")
@signed_in
def own() -> str:
    """Show the person who looked at her data."""
    found = queries.own(db.session(), actor(), number=asked_page())
    page = pages_of(found.number, found.pages, found.total)
    return render_template("accesses/own.html", rows=rows_for_her(found.rows), page=page)


@blueprint.get("/associations/<int:association_id>/accesses")
@signed_in
def of_association(association_id: int) -> str:
    """Show the members what was done about their association, and who opened contacts."""
    found = queries.of_association(db.session(), actor(), association_id, number=asked_page())
    return render_template(
        "accesses/association.html",
        association=associations.get(db.session(), actor(), association_id),
        rows=rows_for_association(found.rows),
        page=pages_of(found.number, found.pages, found.total),
    )


@blueprint.get("/board/accesses")
@wearing(Hat.COORDINATOR)
def of_branches() -> str:
    """Show a coordinator what was opened and done in her branches."""
    found = queries.of_branches(db.session(), actor(), number=asked_page())
    page = pages_of(found.number, found.pages, found.total)
    return render_template("accesses/branches.html", rows=rows_for_branch(found.rows), page=page)


@blueprint.get("/admin/accesses")
@wearing(Hat.ADMINISTRATOR)
def everything() -> str:
    """Show an administrator the whole log; nothing on this page changes it."""
    asked = request.args.get("show", "")
    show = Show(asked) if asked in set(Show) else Show.ALL
    found = queries.everything(db.session(), actor(), show, number=asked_page())
    return render_template(
        "accesses/everything.html",
        rows=rows_for_administrators(found.rows),
        page=pages_of(found.number, found.pages, found.total),
        show=show.value,
    )
