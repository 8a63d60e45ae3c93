"""One's own data to take along: what it holds, then a file for machines or a page to read."""

from flask import Blueprint, Response, json, render_template

from matcher.database import transaction
from matcher.services.accounts import own_account
from matcher.services.privacy_export import export
from web.auth import actor, signed_in
from web.extensions import db
from web.fresh import fresh
from web.own_data_rows import sections_in_words
from web.runtime import now

blueprint = Blueprint("own_data", __name__)


@blueprint.get("/account/data")
@signed_in
def show() -> str:
    """Say what the export holds; nothing is read yet."""
    return render_template("own_data/index.html")


@blueprint.post("/account/data/file")
@signed_in
@fresh
def file() -> Response:
    """Hand over one's data as a file."""
    with transaction(db.session()) as session:
        sections = export(session, actor(), now())
    told = {"made_at": now().isoformat(), **{section.name: list(section.rows) for section in sections}}
    answer = Response(json.dumps(told, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="binome.json"'
    return answer


@blueprint.post("/account/data/page")
@signed_in
@fresh
def page() -> str:
    """Show one's data on a page that can be read and printed."""
    with transaction(db.session()) as session:
        sections = export(session, actor(), now())
    return render_template("own_data/page.html", sections=sections_in_words(sections), owner=own_account(actor()))
