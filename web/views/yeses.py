"""The association's page for a yes, behind the link of its mail: a profile without a name, two ways to answer."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.actors import LinkHolder
from matcher.database import transaction
from matcher.errors import DomainError
from matcher.models.link import LinkPurpose
from matcher.queries.acts import REPLIES, Act
from matcher.services.links import mark_used
from web.auth import public
from web.errors import sentence
from web.extensions import db
from web.forms.missions import RefuseForm
from web.link_pages import DEAD, link_blueprint, opened, pairing_of
from web.mission_acts import MISSION_ACTS
from web.runtime import now
from web.yes_pages import yes_page

blueprint = link_blueprint("yeses", __name__)
ACT = f"<any({', '.join(repr(act.value) for act in sorted(REPLIES))}):act>"


@blueprint.get("/yes/<token>")
@public
def show(token: str) -> str:
    """Show who said yes, without a name; changes nothing and shows no contacts, before or after."""
    link = opened(db.session(), token, LinkPurpose.REPLY_TO_YES)
    page = yes_page(db.session(), LinkHolder(link), pairing_of(link))
    return render_template("yeses/show.html", page=page, token=token)


@blueprint.get("/yes/<token>/refuse")
@public
def refusal(token: str) -> str | Response:
    """Ask for a reason before somebody is refused; changes nothing."""
    return _refusal(token, RefuseForm())


@blueprint.post(f"/yes/<token>/{ACT}")
@public
def act(token: str, act: str) -> Response | str | tuple[str, int]:
    """Meet or refuse kindly; a second press changes nothing, and what came too late is told kindly."""
    reply = MISSION_ACTS[Act(act)]
    form = reply.form()
    if not form.validate():
        return _refused(token, form) if isinstance(form, RefuseForm) else redirect(url_for(".show", token=token))
    try:
        with transaction(db.session()) as session:
            link = opened(session, token, LinkPurpose.REPLY_TO_YES)
            reply.perform(session, LinkHolder(link), now(), pairing_of(link).id, form)
            mark_used(link, now())
    except DEAD:
        raise
    except DomainError as error:
        flash(sentence(error), "warning")
    return redirect(url_for(".show", token=token), 303)


def _refusal(token: str, form: RefuseForm) -> str | Response:
    link = opened(db.session(), token, LinkPurpose.REPLY_TO_YES)
    page = yes_page(db.session(), LinkHolder(link), pairing_of(link))
    if not page.waits:
        return redirect(url_for(".show", token=token))
    return render_template("yeses/refuse.html", page=page, token=token, form=form)


def _refused(token: str, form: RefuseForm) -> tuple[str, int] | Response:
    page = _refusal(token, form)
    return (page, 422) if isinstance(page, str) else page
