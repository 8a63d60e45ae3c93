"""The pages of a volunteer's own profile, ready to print: what others see, what is missing, one section's form."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from markupsafe import Markup

from matcher.models.volunteer import Volunteer
from matcher.queries.availability import is_stale
from matcher.queries.volunteers import hidden_contacts, liked_needs, own_profile, seen_profile
from matcher.services.mail_choices import choices_of
from matcher.wording import day_in_words, quoted
from web.auth import actor
from web.extensions import db
from web.forms import weeks
from web.forms.volunteers import PauseForm, RowsForm, TimeForm
from web.mail_choice_pages import shown_choices, stands_in_words
from web.need_cards import language
from web.pictures import cells_of, week_grid
from web.profile_sections import ORDER, ROWS, SECTIONS, after
from web.runtime import today
from web.skill_finder import Finding


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a profile lacks, and where it is said."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class LikedRow:
    """One need of the short list."""

    url: str
    title: str
    association: str
    place: str
    time: str
    skills: tuple[str, ...]
    lang: str


@dataclass(frozen=True, slots=True)
class Step:
    """Where one stands on the guided path."""

    number: int
    of: int
    next_url: str
    is_last: bool


def profile_page(volunteer: Volunteer, pause_form: PauseForm) -> str:
    """Return the profile as others see it, beside what is missing and what may be done."""
    seen = seen_profile(volunteer, language=language(), today=today())
    return render_template(
        "volunteers/profile.html",
        seen=seen,
        week=_week(volunteer),
        gaps=_gaps(volunteer),
        is_new=not _has_said_anything(volunteer),
        hidden=[quoted(language(), each) for each in hidden_contacts(volunteer)],
        confirmed=_confirmed(volunteer),
        is_stale=is_stale(volunteer, today()),
        pause=_pause(volunteer),
        pause_form=pause_form,
        mails=stands_in_words(choices_of(volunteer, today())),
        liked=_liked(volunteer),
        edit={name: _edit(name) for name in ORDER},
    )


def section_page(
    name: str, form: FlaskForm, *, on_path: bool, more_rows: int = 0, finding: Finding | None = None
) -> str:
    """Return the page of one section, with blank rows where rows repeat and the skills that were found."""
    if isinstance(form, RowsForm) and name in ROWS:
        form.add_blank_rows(ROWS[name], more_rows)
    return render_template(
        f"volunteers/{name}.html",
        form=form,
        title=SECTIONS[name].title,
        step=_step(name) if on_path else None,
        days=weeks.days(),
        parts=weeks.parts(),
        is_detailed=isinstance(form, TimeForm) and _is_detailed(form),
        finding=finding,
        shown=shown_choices(db.session(), own_profile(db.session(), actor())) if name == "mail" else None,
        finder_address=request.full_path,
    )


def _step(name: str) -> Step:
    following = after(name)
    url = url_for("volunteers.section", name=following, path=1) if following else url_for("volunteers.profile")
    return Step(ORDER.index(name) + 1, len(ORDER), url, following is None)


def _is_detailed(form: TimeForm) -> bool:
    details = (form.usual, form.weekly, form.available_until, form.missions_at_once)
    has_rows = any(row.form.first.data or row.form.last.data or row.errors for row in form.away)
    is_begun = form.usual.data or form.weekly.data or form.available_until.data or has_rows
    return bool(is_begun or any(field.errors for field in details))


def _week(volunteer: Volunteer) -> Markup | None:
    return week_grid((), cells_of(volunteer.weekly)) if volunteer.weekly else None


def _has_said_anything(volunteer: Volunteer) -> bool:
    said = (volunteer.headline, volunteer.description, volunteer.experiences, volunteer.skills, volunteer.locations)
    return any(said) or volunteer.remote is not None or volunteer.commitment is not None


def _gaps(volunteer: Volunteer) -> list[Gap]:
    needs_place = volunteer.on_site and not volunteer.locations
    missing = (
        (not volunteer.headline, "text", gettext("One line that says who you are: it is read first.")),
        (not volunteer.description, "text", gettext("A few sentences about what you like to do.")),
        (not volunteer.experiences, "text", gettext("One experience at least: its words are compared with the needs.")),
        (not volunteer.skills, "skills", gettext("Your skills: they count most when a need is compared with you.")),
        (not volunteer.languages, "skills", gettext("The languages in which you can work.")),
        (
            volunteer.remote is None or needs_place,
            "places",
            gettext("Where you work: remotely, on site, near what."),
        ),
        (volunteer.commitment is None, "time", gettext("How much time you have: one question is enough.")),
    )
    return [Gap(words, _edit(name)) for is_missing, name, words in missing if is_missing]


def _confirmed(volunteer: Volunteer) -> str | None:
    if volunteer.confirmed_on is None:
        return None
    return day_in_words(language(), volunteer.confirmed_on, today())


def _pause(volunteer: Volunteer) -> str | None:
    if not volunteer.is_paused_on(today()):
        return None
    if volunteer.paused_until is None:
        return str(gettext("You are on pause until you say otherwise."))
    return str(
        gettext("You are on pause until %(day)s.", day=day_in_words(language(), volunteer.paused_until, today()))
    )


def _liked(volunteer: Volunteer) -> list[LikedRow]:
    found = liked_needs(db.session(), actor(), volunteer, language=language())
    return [
        LikedRow(
            url_for("needs.show", need_id=need.need_id), need.title, need.association, need.place, need.effort,
            need.skills, need.language,
        )
        for need in found
    ]  # fmt: skip


def _edit(name: str) -> str:
    return url_for("volunteers.section", name=name)
