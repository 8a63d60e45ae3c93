"""Skills read from what somebody has typed, ready to print, and the ticked ones put into the rows. Stores nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext, ngettext
from wtforms import FieldList

from matcher.catalogue.skills import load_skills
from matcher.catalogue.suggest import SuggestedSkill, suggest_skills
from matcher.models.volunteer import Volunteer
from web.forms.needs import NeedForm
from web.forms.volunteers import SkillsForm
from web.need_cards import language

MOST_SHOWN = 8
LOOK = "skills"


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """One skill to tick, and why it is offered."""

    uri: str
    label: str
    because: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found and the sentence that says so."""

    note: str
    skills: tuple[FoundSkill, ...]


def is_looking() -> bool:
    """True when the button that finds skills, or the one that takes the ticked ones, was pressed."""
    return "find_skills" in request.form or "add_found" in request.form


def take_ticked(rows: FieldList, most: int) -> None:
    """Put the ticked skills of the request into the rows that are blank, then into further ones."""
    ticked = (load_skills().get(uri) for uri in dict.fromkeys(request.form.getlist("found")))
    stated = _stated(rows)
    blank = [row for row in rows if not row.form.word.data]
    for skill in ticked:
        if skill is None or skill.uri in stated or len(rows) - len(blank) >= most:
            continue
        row = blank.pop(0) if blank else rows.append_entry()
        row.form.word.data = skill.labels[language()]


def find_in_need(form: NeedForm) -> Finding:
    """Return what the title and the text of a need name beyond its rows."""
    empty = gettext("Nothing recognised: describe what the person will do, or write the skill yourself.")
    found = _found(form.description.data or "", form.language.data, form.title.data or "", form.skills)
    return _finding(found, form.skills, empty)


def find_in_profile(volunteer: Volunteer, form: SkillsForm) -> Finding:
    """Return what a volunteer's own words name beyond her rows."""
    empty = gettext("Nothing recognised: say under “Who you are” what you have done, or write the skill yourself.")
    text = "\n".join([volunteer.description, *(each.text for each in volunteer.experiences)])
    return _finding(_found(text, volunteer.language, volunteer.headline, form.skills), form.skills, empty)


def is_bare() -> bool:
    """True when the button that sends a need without skills was pressed."""
    return request.form.get("action") == "send_without"


def is_asked() -> bool:
    """True once somebody was asked whether her need is to be sent without skills."""
    return "skills_asked" in request.form or request.args.get("look") == LOOK


def must_ask(form: NeedForm) -> bool:
    """True for a need that names no skill although its text does, while nobody has asked yet."""
    if is_asked() or is_bare() or any(row.form.word.data for row in form.skills):
        return False
    return bool(suggest_skills(form.description.data or "", form.language.data, 1, title=form.title.data or ""))


def _found(text: str, text_language: str | None, title: str, rows: FieldList) -> list[SuggestedSkill]:
    stated = _stated(rows)
    found = suggest_skills(text, text_language, MOST_SHOWN + len(stated), title=title)
    return [one for one in found if one.uri not in stated][:MOST_SHOWN]


def _finding(found: Iterable[SuggestedSkill], rows: FieldList, empty: str) -> Finding:
    skills = tuple(_shown(one) for one in found)
    if skills:
        note = ngettext(
            "%(num)s skill found in your text: tick it if it is right.",
            "%(num)s skills found in your text: tick those that are right.",
            len(skills),
        )
        return Finding(note, skills)
    return Finding(gettext("Nothing more found in your text.") if _stated(rows) else empty, ())


def _shown(one: SuggestedSkill) -> FoundSkill:
    skill = load_skills().get(one.uri)
    label = skill.labels[language()] if skill else one.uri
    return FoundSkill(one.uri, label, gettext("because of: %(words)s", words=", ".join(one.words)))


def _stated(rows: FieldList) -> frozenset[str]:
    words = [row.form.word.data for row in rows if row.form.word.data]
    known = [load_skills().get(word) or load_skills().resolve(word, language()) for word in words]
    return frozenset(skill.uri for skill in known if skill)
