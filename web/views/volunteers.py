"""A volunteer's own profile: how others see it, its sections, a pause, and leaving for good."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from matcher.database import transaction
from matcher.errors import DomainError, InvalidDates, LastAdministrator, ProfileIsMissing
from matcher.models.volunteer import Volunteer
from matcher.queries import departures
from matcher.queries.volunteers import own_profile
from matcher.services import erasures, mail_choices, volunteers
from matcher.services.profile_content import MOST_SKILLS
from web.auth import actor, signed_in
from web.errors import sentence
from web.extensions import db
from web.forms.needs import blame
from web.forms.volunteers import EraseForm, PauseForm, SkillsForm
from web.fresh import fresh
from web.i18n import locale
from web.profile_pages import profile_page, section_page
from web.profile_sections import ROWS, SECTIONS, after, put_beside
from web.runtime import now, runtime
from web.skill_finder import find_in_profile, is_looking, take_ticked

blueprint = Blueprint("volunteers", __name__, url_prefix="/profile")
NAME = f"<any({', '.join(SECTIONS)}):name>"
PATH = "path"
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@signed_in
def profile() -> str:
    """Show one's profile as others see it, beside what is missing."""
    return profile_page(_own(), PauseForm(formdata=None))


@blueprint.get(f"/{NAME}")
@signed_in
def section(name: str) -> str:
    """Show the form of one section."""
    return section_page(name, SECTIONS[name].form(_own()), on_path=PATH in request.args)


@blueprint.post(f"/{NAME}")
@signed_in
def keep(name: str) -> Answer:
    """Keep what was said in one section."""
    volunteer = _own()
    form = SECTIONS[name].form(volunteer)
    if isinstance(form, SkillsForm):
        take_ticked(form.skills, MOST_SKILLS)
        if is_looking():
            return section_page(name, form, on_path=PATH in request.args, finding=find_in_profile(volunteer, form))
    if "add_row" in request.form and name in ROWS:
        return section_page(name, form, on_path=PATH in request.args, more_rows=1)
    if form.validate() and _kept(name, form, volunteer):
        return _go_on(name)
    return section_page(name, form, on_path=PATH in request.args), 422


@blueprint.post("/confirm")
@signed_in
def confirm() -> Response:
    """« Toujours vrai »: what was said of one's time holds today."""
    with transaction(db.session()) as session:
        mail_choices.still_true(session, actor(), now())
    return _back(gettext("Thank you. Your availability is confirmed as of today."))


@blueprint.post("/pause")
@signed_in
def pause() -> Answer:
    """Ask to be left in peace for a while."""
    form = PauseForm()
    volunteer = _own()
    volunteer_id = volunteer.id
    if not form.validate():
        return profile_page(volunteer, form), 422
    try:
        with transaction(db.session()) as session:
            volunteers.pause(session, actor(), now(), volunteer_id=volunteer_id, until=form.until.data)
    except InvalidDates as error:
        blame(form.until, sentence(error))
        return profile_page(_own(), form), 422
    return _back(gettext("You are on pause: nobody suggests you and no invitation leaves. What is under way goes on."))


@blueprint.post("/resume")
@signed_in
def resume() -> Response:
    """End one's pause."""
    volunteer_id = _own().id
    with transaction(db.session()) as session:
        volunteers.resume(session, actor(), now(), volunteer_id=volunteer_id)
    return _back(gettext("Welcome back: you can be suggested again."))


@blueprint.post("/ask-again")
@signed_in
def ask_again() -> Response:
    """End the quiet days after a no."""
    with transaction(db.session()) as session:
        mail_choices.end_rest(session, actor(), now())
    return _back(gettext("Thank you: you may be invited again."))


@blueprint.get("/erase")
@signed_in
@fresh
def erase() -> str:
    """Say what erasing one's account does; it changes nothing."""
    return _erase_page(_erase_form())


@blueprint.post("/erase")
@signed_in
@fresh
def leave() -> Answer:
    """Erase one's account for good."""
    form = _erase_form()
    if not form.validate():
        return _erase_page(form), 422
    leaver = actor()
    try:
        with transaction(db.session()) as session:
            erasures.erase(session, leaver, now(), settings=runtime().settings, closing=form.closing.data or ())
    except LastAdministrator:
        return _erase_page(form), 409
    logout_user()
    flash(gettext("Your account is erased. Thank you for the time you have given."), "success")
    return redirect(url_for("home.show"), 303)


@blueprint.errorhandler(ProfileIsMissing)
def no_profile(_error: ProfileIsMissing) -> Response:
    """Lead somebody without a profile to where she can open one."""
    flash(gettext("You have no volunteer profile yet. You can open one here."), "info")
    return redirect(url_for("account.show"), 303)


def _own() -> Volunteer:
    return own_profile(db.session(), actor())


def _kept(name: str, form: FlaskForm, volunteer: Volunteer) -> bool:
    keep_it = SECTIONS[name].keep(form, volunteer)
    try:
        with transaction(db.session()) as session:
            keep_it(session, actor(), now())
    except DomainError as error:
        if not put_beside(form, error):
            raise
        return False
    return True


def _go_on(name: str) -> Response:
    following = after(name)
    if PATH in request.args and following:
        return redirect(url_for("volunteers.section", name=following, path=1), 303)
    return _back(gettext("Thank you. Your profile is kept."))


def _back(words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("volunteers.profile"), 303)


def _erase_form() -> EraseForm:
    form = EraseForm()
    alone = departures.only_member_of(db.session(), actor())
    form.closing.choices = [SelectChoice(association_id, name) for association_id, name in alone]
    return form


def _erase_page(form: EraseForm) -> str:
    effects = departures.effects(db.session(), actor())
    left_alone = [branch.name(locale()) for branch in effects.left_alone]
    return render_template("volunteers/erase.html", form=form, effects=effects, left_alone=left_alone)
