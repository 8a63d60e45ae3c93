"""The coordinator's desk as its templates show it: the need's facts, each suggested person as a card. No reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext, ngettext
from markupsafe import Markup

from matcher import wording
from matcher.actors import Actor
from matcher.labels import short_part_label, status_label
from matcher.models.association import AssociationStatus
from matcher.models.need import Need
from matcher.models.states import NeedAudience, NeedStatus, PairingStatus
from matcher.policies import Action, coordinates, may
from matcher.published import contacts_in, published
from matcher.queries.lines import Standing
from matcher.queries.shown import Shown, names_itself, shown_as
from matcher.queries.suggestions import PARTS, SkillMatch, SuggestedPerson, Suggestions
from matcher.ranking.types import Importance
from web.need_cards import KINDS, language
from web.need_pages import audience_fact, vulnerable_fact
from web.pictures import Cell, cells_of, score_bar, week_grid, whole_points
from web.runtime import LOCAL

PAIRING_KINDS: dict[PairingStatus, str] = {
    PairingStatus.APPLIED: "warn",
    PairingStatus.INVITED: "warn",
    PairingStatus.APPROVED: "primary",
    PairingStatus.RESERVE: "primary",
    PairingStatus.ACCEPTED: "good",
    PairingStatus.CONFIRMED: "good",
    PairingStatus.ACTIVE: "good",
    PairingStatus.COMPLETED: "good",
    PairingStatus.REFUSED: "accent",
    PairingStatus.ABANDONED: "accent",
}
TRUST_KINDS: dict[AssociationStatus, str] = {
    AssociationStatus.VERIFIED: "good",
    AssociationStatus.UNVERIFIED: "warn",
    AssociationStatus.SUSPENDED: "bad",
    AssociationStatus.CLOSED: "neutral",
}
UNDOABLE = frozenset({PairingStatus.APPROVED, PairingStatus.SET_ASIDE})


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One suggested person, as macros/people.html shows her; `state` once somebody has decided."""

    volunteer_id: int
    rank: int
    name: str
    pseudonym: str
    bar: Markup
    points: int
    score_parts: list[tuple[str, int]]
    skills: tuple[SkillMatch, ...]
    why: str
    against: str
    to_ask: str
    week: Markup | None
    is_reader: bool
    state: str | None
    state_kind: str


@dataclass(frozen=True, slots=True)
class NeedSheet:
    """The need's card; `may_decide` is False for its own association's people and for administrators."""

    need_id: int
    title: str
    association: str
    association_id: int
    is_verified: bool
    trust: str
    trust_kind: str
    state: str
    state_kind: str
    paragraphs: list[str]
    required: list[str]
    useful: list[str]
    facts: list[tuple[str, str]]
    contacts: tuple[str, ...]
    earlier: list[str]
    points: str
    may_decide: bool
    is_party: bool
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided a moment ago, and whether it can still be taken back."""

    words: str
    pairing_id: int
    may_undo: bool


_EXCLUDED: dict[str, Callable[[int], str]] = {
    "mode": lambda n: ngettext("%(num)s who works another way", "%(num)s who work another way", n),
    "distance": lambda n: ngettext("%(num)s too far away", "%(num)s too far away", n),
    "language": lambda n: ngettext("%(num)s without a common language", "%(num)s without a common language", n),
    "availability": lambda n: ngettext("%(num)s without any time in common", "%(num)s without any time in common", n),
}


def need_sheet(actor: Actor, need: Need, today: date) -> NeedSheet:
    """Put a need into words for its coordinator."""
    reader = language()
    may_decide = may(actor, Action.REVIEW, need)
    return NeedSheet(
        need_id=need.id,
        title=published(reader, need.title),
        association=shown_as(reader, actor, need).name,
        association_id=need.association_id,
        is_verified=need.association.is_verified,
        trust=_trust(need.association.status),
        trust_kind=TRUST_KINDS[need.association.status],
        state=_state(need, today),
        state_kind="bad" if _is_late(need, today) else KINDS[need.status],
        paragraphs=_paragraphs(published(reader, need.description)),
        required=_skills(need, Importance.REQUIRED),
        useful=_skills(need, Importance.USEFUL),
        facts=_facts(actor, need),
        contacts=contacts_in(f"{need.title}\n{need.description}"),
        earlier=_earlier(need),
        points=need.review_points or "",
        may_decide=may_decide,
        names_itself=names_itself(need),
        is_party=not may_decide and coordinates(actor, need.branch),
    )


def person_cards(
    actor: Actor, need: Need, suggestions: Suggestions, standings: Mapping[int, Standing]
) -> list[PersonCard]:
    """Return the suggested people as cards, best first."""
    needed = cells_of(need.weekly)
    return [_card(actor, needed, one, standings.get(one.volunteer_id)) for one in suggestions.people]


def made_words(suggestions: Suggestions, today: date) -> str:
    """Say when the people were ranked and by which formula; nothing before the first ranking."""
    if suggestions.at is None:
        return ""
    day = day_of(suggestions.at, today)
    return str(gettext("Ranked on %(day)s by the formula %(version)s.", day=day, version=suggestions.version))


def excluded_words(excluded: Mapping[str, int]) -> list[str]:
    """Say how many people each filter left out."""
    return [_EXCLUDED[name](count) for name, count in excluded.items()]


def decided_words(name: str, pairing_id: int, standing: Standing) -> Decided:
    """Say what was decided about a person."""
    if standing.status is PairingStatus.SET_ASIDE:
        words = gettext("%(person)s is set aside for this need.", person=name)
    elif standing.status is PairingStatus.APPROVED:
        words = gettext("%(person)s is in the line. The invitation leaves when the turn comes.", person=name)
    else:
        state = status_label(language(), standing.status)
        words = gettext("%(person)s: %(state)s.", person=name, state=state)
    return Decided(words, pairing_id, standing.status in UNDOABLE and not standing.is_known_to_her)


def joined(phrases: tuple[str, ...]) -> str:
    """Return phrases as one sentence, parted by semicolons."""
    separator = "\u202f; " if language() == "fr" else "; "
    return f"{separator.join(phrases)}." if phrases else ""


def day_of(moment: datetime | None, today: date) -> str:
    """Return the day of a moment in words."""
    return wording.day_in_words(language(), moment.astimezone(LOCAL).date(), today) if moment else ""


def _card(actor: Actor, needed: frozenset[Cell], one: SuggestedPerson, standing: Standing | None) -> PersonCard:
    labels = [short_part_label(language(), part) for part in PARTS]
    parts = list(zip(labels, one.parts, strict=True))
    points = whole_points(one.parts)
    return PersonCard(
        volunteer_id=one.volunteer_id,
        rank=one.rank,
        name=f"{one.name} · {one.headline}" if one.headline else one.name,
        pseudonym=one.name,
        bar=score_bar(parts),
        points=sum(points),
        score_parts=list(zip(labels, points, strict=True)),
        skills=one.skills,
        why=joined(one.why),
        against=joined(one.against),
        to_ask=joined(one.to_ask),
        week=week_grid(needed, cells_of(one.weekly)) if needed or one.weekly else None,
        is_reader=one.account_id == actor.account_id,
        state=status_label(language(), standing.status) if standing else None,
        state_kind=PAIRING_KINDS.get(standing.status, "neutral") if standing else "neutral",
    )


def _trust(status: AssociationStatus) -> str:
    words = {
        AssociationStatus.VERIFIED: gettext("verified"),
        AssociationStatus.UNVERIFIED: gettext("not verified yet"),
        AssociationStatus.SUSPENDED: gettext("suspended"),
        AssociationStatus.CLOSED: gettext("closed"),
    }
    return str(words[status])


def _state(need: Need, today: date) -> str:
    if need.status is not NeedStatus.SUBMITTED or need.promised_at is None:
        return status_label(language(), need.status)
    day = day_of(need.promised_at, today)
    if _is_late(need, today):
        return str(gettext("To review, promised by %(day)s: late", day=day))
    return str(gettext("To review, promised by %(day)s", day=day))


def _is_late(need: Need, today: date) -> bool:
    promised = need.promised_at
    waits = need.status is NeedStatus.SUBMITTED
    return waits and promised is not None and promised.astimezone(LOCAL).date() < today


def _skills(need: Need, importance: Importance) -> list[str]:
    asked = (skill for skill in need.skills if skill.importance is importance)
    return [published(language(), wording.skill_in_words(language(), each.label, each.uri)) for each in asked]


def _facts(actor: Actor, need: Need) -> list[tuple[str, str]]:
    reader = language()
    taken = ngettext("%(num)s taken", "%(num)s taken", need.taken) if need.taken else ""
    facts = [
        (gettext("Time"), wording.effort_in_words(reader, need) or gettext("to be agreed together")),
        (gettext("When"), wording.when_in_words(reader, need)),
        (gettext("Where"), Shown(reader, need, is_named=True).where),
        (gettext("Places"), f"{need.seats} ({taken})" if taken else str(need.seats)),
        (gettext("Contact"), _contact(actor, need)),
    ]
    facts += [vulnerable_fact()] if need.meets_vulnerable else []
    facts += [audience_fact(need)] if need.audience is not NeedAudience.NAMED else []
    return [*facts, (gettext("Urgent"), gettext("yes, answers within 48 hours"))] if need.is_urgent else facts


def _contact(actor: Actor, need: Need) -> str:
    if need.contact is None:
        return str(gettext("nobody named"))
    may_read = may(actor, Action.READ_MEMBERS, need)
    return need.contact.name if may_read else str(gettext("named; opened on the association’s page"))


def _earlier(need: Need) -> list[str]:
    """Return the text that was sent for review, when it reads otherwise today."""
    sent = need.submitted_text or ""
    return _paragraphs(published(language(), sent)) if sent and sent != need.description else []


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
