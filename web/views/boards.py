"""The figures of branches: her own for a coordinator, all of them for an administrator."""

from flask import Blueprint, render_template, request

from matcher.actors import Hat
from matcher.queries import boards
from web.auth import actor, wearing
from web.board_figures import figures, reason_rows
from web.extensions import db
from web.need_cards import language
from web.runtime import now

blueprint = Blueprint("boards", __name__)


@blueprint.get("/board")
@wearing(Hat.COORDINATOR, Hat.ADMINISTRATOR)
def index() -> str:
    """Show the figures of the chosen branch, of all that she may see when none is chosen."""
    session, who = db.session(), actor()
    branches = boards.branches_of(session, who)
    chosen = next((branch for branch in branches if branch.slug == request.args.get("branch")), None)
    found = boards.board(session, who, now(), branch_ids=[b.id for b in ([chosen] if chosen else branches)])
    names = [(branch.slug, branch.name(language())) for branch in branches]
    return render_template(
        "boards/index.html",
        branches=names,
        chosen=chosen.slug if chosen else "",
        figures=figures(found),
        reasons=reason_rows(boards.reasons(session, who, now())),
    )
