"""From a need to the fields of its form and back. What was not touched keeps its finer value. Stores nothing."""

from collections.abc import Iterable, Mapping

from matcher.catalogue.skills import load_skills
from matcher.catalogue.templates import NeedTemplate
from matcher.catalogue.terms import fold
from matcher.models.need import Need
from matcher.models.states import NeedAudience
from matcher.ranking.types import Importance, Mode, NeededSkill, Times
from matcher.services.needs import NeedContent
from web.forms.communes import find_commune, label_of
from web.forms.needs import NeedForm
from web.forms.weeks import values_of, weekly_of

FormData = Mapping[str, object]


def fields_of(need: Need) -> FormData:
    """Return what the form of a need shows at first."""
    return {
        "title": need.title,
        "description": need.description,
        "language": need.language,
        "skills": [{"word": skill.label, "importance": skill.importance} for skill in need.skills],
        "mode": need.mode,
        "communes": [label_of(place.commune) for place in need.locations],
        "working_languages": list(need.working_languages),
        "starts_on": need.starts_on,
        "ends_on": need.ends_on,
        "total_hours": need.total_hours,
        "together_hours": need.together_hours,
        "weekly": values_of(need.weekly),
        "times": need.times,
        "seats": need.seats,
        "answer_by": need.answer_by,
        "contact_id": need.contact_id,
        "audience": need.audience,
        "meets_vulnerable": need.meets_vulnerable,
    }


def fields_of_template(template: NeedTemplate, language: str) -> FormData:
    """Return what a form begins with when a template was chosen; its questions stand beside the form."""
    skills = (load_skills().get(uri) for uri in template.skills)
    return {
        "title": template.labels[language],
        "description": "\n".join(f"- {each}" for each in template.deliverables[language]),
        "language": language,
        "skills": [{"word": skill.labels[language], "importance": Importance.REQUIRED} for skill in skills if skill],
        "mode": template.mode,
        "total_hours": float(template.total_hours),
        "together_hours": float(template.together_hours) or None,
    }


def content_of(form: NeedForm, *, before: Need | None = None, template: str | None = None) -> NeedContent:
    """Return what a valid form says."""
    mode = Mode(form.mode.data) if form.mode.data else None
    return NeedContent(
        title=form.title.data or "",
        description=(form.description.data or "").replace("\r\n", "\n"),
        language=form.language.data,
        working_languages=tuple(form.working_languages.data or ()),
        mode=mode,
        seats=form.seats.data or 1,
        skills=_skills(form, {skill.label: skill.uri for skill in before.skills} if before else {}),
        communes=() if mode is Mode.REMOTE else _communes(form, before),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        total_hours=form.total_hours.data,
        together_hours=form.together_hours.data,
        times=Times(form.times.data),
        weekly=weekly_of(form.weekly.data or (), before.weekly if before else ()),
        answer_by=form.answer_by.data,
        contact_id=form.contact_id.data,
        audience=NeedAudience(form.audience.data),
        meets_vulnerable=bool(form.meets_vulnerable.data),
        template=before.template if before else template,
    )


def _skills(form: NeedForm, known: Mapping[str, str | None]) -> tuple[NeededSkill, ...]:
    found: dict[str, NeededSkill] = {}
    for row in form.skills:
        word = row.data["word"]
        if not word:
            continue
        skill = _skill(word, form.language.data, Importance(row.data["importance"]), known)
        found.setdefault(skill.uri or fold(skill.label), skill)
    return tuple(found.values())


def _skill(word: str, language: str, importance: Importance, known: Mapping[str, str | None]) -> NeededSkill:
    if word in known:
        return NeededSkill(word, importance, known[word])
    named = load_skills().get(word)
    if named is not None:
        return NeededSkill(named.labels[language], importance, named.uri)
    skill = load_skills().resolve(word, language)
    return NeededSkill(word, importance, skill.uri if skill else None)


def _communes(form: NeedForm, before: Need | None) -> tuple[str, ...]:
    known = {label_of(place.commune): place.commune for place in before.locations} if before else {}
    return tuple(dict.fromkeys(_codes((place.data or "" for place in form.communes), known)))


def _codes(texts: Iterable[str], known: Mapping[str, str]) -> Iterable[str]:
    for text in texts:
        commune = find_commune(text)
        code = known.get(text) or (commune.code if commune else None)
        if code:
            yield code
