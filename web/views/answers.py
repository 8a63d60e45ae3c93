"""The volunteer's answer page behind the link of her invitation: it shows; only its buttons act."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from matcher.actors import LinkHolder
from matcher.database import transaction
from matcher.errors import DomainError
from matcher.models.link import LinkPurpose
from matcher.queries.acts import ANSWERS, Act
from matcher.services.links import mark_used
from web.answer_pages import answer_page
from web.answering import ANSWERING, blank_forms
from web.auth import public
from web.errors import sentence
from web.extensions import db
from web.link_pages import DEAD, link_blueprint, opened, pairing_of
from web.runtime import now

blueprint = link_blueprint("answers", __name__)
ACT = f"<any({', '.join(repr(act.value) for act in sorted(ANSWERS))}):act>"


@blueprint.get("/answer/<token>")
@public
def show(token: str) -> str:
    """Show the need, who asks and what may be answered; changes nothing."""
    return _page(token, blank_forms())


@blueprint.get("/answer/<token>/withdraw")
@public
def withdrawal(token: str) -> str | Response:
    """Ask once more before a yes is taken back; changes nothing."""
    link = opened(db.session(), token, LinkPurpose.ANSWER)
    page = answer_page(db.session(), LinkHolder(link), pairing_of(link), link.recipient)
    if Act.WITHDRAW.name not in page.acts:
        return redirect(url_for(".show", token=token))
    return render_template("answers/withdraw.html", page=page, token=token)


@blueprint.post(f"/answer/<token>/{ACT}")
@public
def act(token: str, act: str) -> Response | tuple[str, int]:
    """Do what was answered; a second press changes nothing, and what came too late is told kindly."""
    answering = ANSWERING[Act(act)]
    form = answering.form()
    if not form.validate():
        return _page(token, {**blank_forms(), Act(act).name: form}), 422
    try:
        with transaction(db.session()) as session:
            link = opened(session, token, LinkPurpose.ANSWER)
            answering.perform(session, LinkHolder(link), now(), pairing_of(link).id, form)
            mark_used(link, now())
    except DEAD:
        raise
    except DomainError as error:
        flash(sentence(error), "warning")
    return redirect(url_for(".show", token=token), 303)


def _page(token: str, forms: dict[str, FlaskForm]) -> str:
    link = opened(db.session(), token, LinkPurpose.ANSWER)
    page = answer_page(db.session(), LinkHolder(link), pairing_of(link), link.recipient)
    addresses = {act.name: url_for(".act", token=token, act=act.value) for act in ANSWERS}
    return render_template("answers/show.html", page=page, token=token, answer_forms=forms, addresses=addresses)
