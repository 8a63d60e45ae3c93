"""Behind the links of mails to a volunteer: how often she is written to, and whether her availability still holds."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.actors import LinkHolder
from matcher.database import transaction
from matcher.errors import InvalidDates
from matcher.models.link import LinkPurpose
from matcher.queries.answers import first_name
from matcher.queries.availability import is_stale
from matcher.queries.volunteers import profile_behind, seen_profile
from matcher.services import mail_choices
from matcher.services.links import mark_used
from matcher.wording import day_in_words
from web.auth import public
from web.errors import sentence
from web.extensions import db
from web.forms.mail_choices import MailChoicesForm
from web.forms.needs import blame
from web.link_pages import link_blueprint, opened
from web.mail_choice_pages import shown_choices
from web.need_cards import language
from web.runtime import now, today

blueprint = link_blueprint("mail_choices", __name__)
P = LinkPurpose


@blueprint.get("/mail/<token>")
@public
def show(token: str) -> str:
    """Show what she chose and what may be chosen; changes nothing."""
    return _page(token)


@blueprint.post("/mail/<token>")
@public
def keep(token: str) -> Response | tuple[str, int]:
    """Keep what she chose; the same choice once more changes nothing."""
    form = MailChoicesForm()
    if not form.validate():
        return _page(token, form), 422
    try:
        with transaction(db.session()) as session:
            link = opened(session, token, P.MAIL_CHOICES)
            is_new = mail_choices.choose(session, LinkHolder(link), now(), choices=form.choices)
            mark_used(link, now())
    except InvalidDates as error:
        blame(form.paused_until, sentence(error))
        return _page(token, form), 422
    flash(kept_in_words(is_new=is_new), "success")
    return redirect(url_for(".show", token=token), 303)


@blueprint.post("/mail/<token>/ask-again")
@public
def ask_again(token: str) -> Response:
    """End the quiet days after a no."""
    with transaction(db.session()) as session:
        link = opened(session, token, P.MAIL_CHOICES)
        mail_choices.end_rest(session, LinkHolder(link), now())
        mark_used(link, now())
    flash(gettext("Thank you: you may be invited again."), "success")
    return redirect(url_for(".show", token=token), 303)


@blueprint.get("/still-true/<token>")
@public
def still_true(token: str) -> str:
    """Ask whether what she said of her time still holds; changes nothing."""
    link = opened(db.session(), token, P.STILL_TRUE)
    volunteer = profile_behind(db.session(), link)
    confirmed = day_in_words(language(), volunteer.confirmed_on, today()) if volunteer.confirmed_on else ""
    return render_template(
        "mail_choices/still_true.html",
        seen=seen_profile(volunteer, language=language(), today=today()),
        name=first_name(link.recipient),
        confirmed=confirmed,
        is_stale=is_stale(volunteer, today()),
        token=token,
    )


@blueprint.post("/still-true/<token>")
@public
def say_still_true(token: str) -> Response:
    """Confirm it as of today; a second press changes nothing."""
    with transaction(db.session()) as session:
        link = opened(session, token, P.STILL_TRUE)
        mail_choices.still_true(session, LinkHolder(link), now())
        mark_used(link, now())
    return redirect(url_for(".still_true", token=token), 303)


def kept_in_words(*, is_new: bool) -> str:
    """Return what is said after a press: the second one is told kindly."""
    if is_new:
        return str(gettext("Thank you. What you chose holds from now on."))
    return str(gettext("That is what you had chosen already: nothing has changed."))


def _page(token: str, form: MailChoicesForm | None = None) -> str:
    link = opened(db.session(), token, P.MAIL_CHOICES)
    volunteer = profile_behind(db.session(), link)
    return render_template(
        "mail_choices/show.html",
        form=form or MailChoicesForm.showing(mail_choices.choices_of(volunteer, today())),
        shown=shown_choices(db.session(), volunteer),
        name=first_name(link.recipient),
        token=token,
    )
