"""Background work for administrators: what was set aside, what waits; trying again and discarding."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.models.outbox import ParkReason
from matcher.outbox import SendInvitation
from matcher.queries import parked_rows as queries
from matcher.queries.alerts import open_alerts, places_of
from matcher.services import parked_rows
from web.auth import actor, wearing
from web.extensions import db
from web.outbox_pages import alert_cards, card, cards, reasons, waiting
from web.paging import asked_page, pages_of
from web.runtime import now

blueprint = Blueprint("outbox", __name__, url_prefix="/admin/outbox")
ROW = "/<int:row_id>"
REASON = f"any({', '.join(reason.value for reason in ParkReason)})"


@blueprint.get("")
@wearing(Hat.ADMINISTRATOR)
def index() -> str | Response:
    """Show what is set aside, of one reason when asked, the alerts that are open and what waits."""
    session, who = db.session(), actor()
    asked = request.args.get("reason", "")
    reason = ParkReason(asked) if asked in set(ParkReason) else None
    found = queries.list_parked(session, who, reason=reason, number=asked_page())
    if reason is not None and not found.total:
        return redirect(url_for("outbox.index"))
    alerts = open_alerts(session, who)
    return render_template(
        "outbox/index.html",
        alerts=alert_cards(alerts, places_of(session, who, alerts)),
        rows=cards(found),
        reasons=reasons(found),
        chosen=reason.value if reason else "",
        kept=_kept(),
        page=pages_of(found.number, found.pages, found.total),
        waiting=waiting(queries.backlog(session, who, now())),
    )


@blueprint.post(f"{ROW}/retry")
@wearing(Hat.ADMINISTRATOR)
def retry(row_id: int) -> Response:
    """Let one be tried again; pressed twice it is done once."""
    with transaction(db.session()) as session:
        is_done = parked_rows.retry(session, actor(), now(), row_id=row_id)
    _tell(is_done, gettext("It will be tried again within a few seconds."))
    return _back()


@blueprint.post(f"/retry/<{REASON}:name>")
@wearing(Hat.ADMINISTRATOR)
def retry_all(name: str) -> Response:
    """Let all of a reason be tried again."""
    with transaction(db.session()) as session:
        done = parked_rows.retry_all(session, actor(), now(), reason=ParkReason(name))
    words = ngettext("%(num)s task will be tried again.", "%(num)s tasks will be tried again.", done)
    _tell(done > 0, words)
    return _back()


@blueprint.get(f"{ROW}/discard")
@wearing(Hat.ADMINISTRATOR)
def confirm(row_id: int) -> str | Response:
    """Say what discarding means, and ask; what was dealt with meanwhile leads back."""
    row = queries.find_parked(db.session(), actor(), row_id)
    if row is None:
        return _back()
    is_invitation = row.kind == SendInvitation.kind
    return render_template("outbox/discard.html", row=card(row), is_invitation=is_invitation, kept=_kept())


@blueprint.post(f"{ROW}/discard")
@wearing(Hat.ADMINISTRATOR)
def discard(row_id: int) -> Response:
    """Give one up for good; pressed twice it is done once."""
    with transaction(db.session()) as session:
        is_done = parked_rows.discard(session, actor(), now(), row_id=row_id)
    _tell(is_done, gettext("It is given up and will not be tried again."))
    return _back()


def _kept() -> dict[str, str]:
    """What narrows the list: it stays in the address through every act."""
    return {name: request.args[name] for name in ("reason", "page") if request.args.get(name)}


def _back() -> Response:
    kept = _kept()
    return redirect(url_for("outbox.index", reason=kept.get("reason"), page=kept.get("page")), 303)


def _tell(is_done: bool, words: str) -> None:
    if is_done:
        flash(words, "success")
    else:
        flash(gettext("This has been dealt with already."), "info")
