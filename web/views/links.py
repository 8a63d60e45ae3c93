"""Pages behind the other signed links: still needed, not what I said on the telephone, no more invitations."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.actors import LinkHolder
from matcher.database import transaction
from matcher.errors import DomainError
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.queries.deadlines import due_at
from matcher.queries.needs import need_page
from matcher.queries.shown import shown_as
from matcher.services import answers, needs, volunteers
from matcher.services.links import mark_used
from web.auth import public
from web.correction_pages import correction_page
from web.errors import sentence
from web.extensions import csrf, db
from web.link_pages import DEAD, link_blueprint, need_of, opened, pairing_of
from web.need_cards import language
from web.need_pages import day_words, shown_need
from web.runtime import now

blueprint = link_blueprint("links", __name__)
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@blueprint.get("/still-needed/<token>")
@public
def still_needed(token: str) -> str:
    """Ask whether a need is still needed; changes nothing."""
    link = opened(db.session(), token, LinkPurpose.STILL_NEEDED)
    need = need_of(link)
    return render_template(
        "links/still_needed.html",
        need=shown_need(need_page(shown_as(language(), LinkHolder(link), need))),
        is_open=need.is_open,
        held_on=day_words(due_at(db.session(), need, Clock.HOLD_SILENT)),
        asked_again_on=day_words(due_at(db.session(), need, Clock.ASK_STILL_NEEDED)),
        token=token,
    )


@blueprint.post("/still-needed/<token>")
@public
def say_still_needed(token: str) -> Response:
    """Keep the need open for thirty more days; a second press does no more."""
    try:
        with transaction(db.session()) as session:
            link = opened(session, token, LinkPurpose.STILL_NEEDED)
            needs.confirm_still_needed(session, LinkHolder(link), now(), need_id=need_of(link).id)
            mark_used(link, now())
    except DEAD:
        raise
    except DomainError as error:
        flash(sentence(error), "warning")
    return redirect(url_for(".still_needed", token=token), 303)


@blueprint.get("/correct/<token>")
@public
def correct(token: str) -> str:
    """Show what was recorded by telephone; changes nothing."""
    link = opened(db.session(), token, LinkPurpose.NOT_WHAT_I_SAID)
    page = correction_page(pairing_of(link), link.recipient)
    return render_template("links/correct.html", page=page, token=token)


@blueprint.post("/correct/<token>")
@public
def say_not_correct(token: str) -> Response:
    """Undo what was recorded by telephone; a second press changes nothing."""
    try:
        with transaction(db.session()) as session:
            link = opened(session, token, LinkPurpose.NOT_WHAT_I_SAID)
            answers.correct_telephone(session, LinkHolder(link), now(), pairing_id=pairing_of(link).id)
            mark_used(link, now())
    except DEAD:
        raise
    except DomainError as error:
        flash(sentence(error), "warning")
    return redirect(url_for(".correct", token=token), 303)


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """Show what can be stopped; changes nothing."""
    return _unsubscribe_page(token)


@blueprint.post("/unsubscribe/<token>")
@public
def one_click(token: str) -> str:
    """Stop invitations at the word of a mail program (RFC 8058): no session and no second question; twice is once."""
    name, value = ONE_CLICK
    if request.form.get(name) != value:
        abort(400)
    _stop(token)
    return _unsubscribe_page(token)


# A mail program has no session: the token in the address is the whole right.
csrf.exempt(one_click)


@blueprint.post("/unsubscribe/<token>/stop")
@public
def stop(token: str) -> Response:
    """Stop invitations by the button of the page."""
    _stop(token)
    return redirect(url_for(".unsubscribe", token=token), 303)


@blueprint.post("/unsubscribe/<token>/allow")
@public
def allow(token: str) -> Response:
    """Take the stop back by the button of the page."""
    with transaction(db.session()) as session:
        link = opened(session, token, LinkPurpose.UNSUBSCRIBE)
        volunteers.allow_mail(session, LinkHolder(link), now())
    return redirect(url_for(".unsubscribe", token=token), 303)


def _stop(token: str) -> None:
    with transaction(db.session()) as session:
        link = opened(session, token, LinkPurpose.UNSUBSCRIBE)
        if link.recipient.mail_stopped_at is None:
            volunteers.stop_mail(session, LinkHolder(link), now())
            mark_used(link, now())


def _unsubscribe_page(token: str) -> str:
    link = opened(db.session(), token, LinkPurpose.UNSUBSCRIBE)
    stopped, may_allow = link.recipient.mail_stopped_at is not None, link.revoked_at is None
    return render_template("links/unsubscribe.html", stopped=stopped, may_allow=may_allow, token=token)
