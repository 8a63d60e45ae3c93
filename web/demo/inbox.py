"""The demo's inbox: every mail of the demo world as its reader sees it. Registered in the demo only; sends nothing."""

from flask import Blueprint, Response, make_response, render_template, request

from web.auth import public
from web.demo.mails import frame_of, list_mails, shown_mail
from web.paging import asked_page, pages_of

blueprint = Blueprint("demo", __name__, url_prefix="/demo/inbox")
FLAGS = "allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox"
# A mail brings its own style and nothing else: no script, no request, no form.
MAIL_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "frame-ancestors 'self'",
        f"sandbox {FLAGS}",
    )
)


@blueprint.get("")
@public
def inbox() -> str:
    """List all mails, the newest first, of one recipient if the address says so."""
    wanted = request.args.get("to", "").strip()[:255]
    found = list_mails(wanted, asked_page())
    page = pages_of(found.number, found.pages, found.total)
    return render_template("demo/inbox.html", mails=found.mails, page=page, to=wanted, readers=found.readers)


@blueprint.get("/<name>")
@public
def mail(name: str) -> str:
    """Show one mail: as HTML in a sealed frame, as text, and its headers."""
    return render_template("demo/mail.html", mail=shown_mail(name), flags=FLAGS)


@blueprint.get("/<name>/html")
@public
def frame(name: str) -> Response:
    """Give the mail's own document to the frame, under a policy of its own."""
    response = make_response(frame_of(name))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response
