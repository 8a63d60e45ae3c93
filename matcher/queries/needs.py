"""The needs that people look for, as cards and as a page in the reader's language; free text without contacts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql import ColumnElement

from matcher import wording
from matcher.actors import Actor, Anonymous
from matcher.catalogue.terms import fold
from matcher.errors import NotFound
from matcher.models.association import Association
from matcher.models.need import Need, NeedLocation, NeedSkill
from matcher.models.states import PUBLIC, NeedAudience, NeedStatus
from matcher.models.volunteer import Volunteer
from matcher.policies import visible
from matcher.published import excerpt, published, searchable
from matcher.queries.shown import Shown, all_shown
from matcher.queries.similar_needs import needs_for_her, similar_needs
from matcher.ranking.types import Importance, Mode, WeeklySlot

PER_PAGE = 20
SUMMARY_LENGTH, READ_FOR_SUMMARY = 220, 600
MOST_WORDS, MOST_FOUND = 6, 2000
_WORD = re.compile(r"[^\W\d_]{2,}")
# Letters that may carry an accent stand for any letter, ligatures for any two; what is found is compared exactly.
_UNSURE = str.maketrans(dict.fromkeys("aceinouy", "_"))
_LIGATURES = re.compile("oe|ae|ss")
# A card needs neither the members nor the branch: without this each list would read the coordinators as well.
_FOR_CARDS: tuple[ORMOption, ...] = (
    lazyload(Need.branch),
    joinedload(Need.association, innerjoin=True).lazyload(Association.memberships),
)


@dataclass(frozen=True, slots=True)
class NeedFilters:
    """What a reader narrows the list to; `where` is a mode or the code of a department. Empty means all."""

    domain: str = ""
    where: str = ""
    language: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A need in a list."""

    need_id: int
    title: str
    association: str
    place: str
    effort: str
    summary: str
    skills: tuple[str, ...]
    language: str
    status: NeedStatus


@dataclass(frozen=True, slots=True)
class NeedList:
    """One page of a list; `number` begins at 1 and lies within `pages`."""

    cards: tuple[NeedCard, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class NeedPage:
    """A need as its own page shows it."""

    need_id: int
    title: str
    description: str
    language: str
    status: NeedStatus
    association: str
    association_inside: str
    association_text: str
    branch: str
    required: tuple[str, ...]
    useful: tuple[str, ...]
    effort: str
    when: str
    where: str
    weekly: tuple[WeeklySlot, ...]
    seats: int
    free_seats: int
    working_languages: tuple[str, ...]
    answer_by: date | None
    audience: NeedAudience
    meets_vulnerable: bool
    is_named: bool


def list_needs(session: Session, actor: Actor, filters: NeedFilters, *, language: str, number: int = 1) -> NeedList:
    """Return one page of the open and filled needs, the newest first; at most five statements, six past the end."""
    conditions = _conditions(session, actor, filters)
    number = max(1, number)
    rows = _page_of(session, conditions, number)
    if not rows and number > 1:
        total = session.scalar(sa.select(sa.func.count(Need.id)).where(*conditions)) or 0
        number = max(1, -(-total // PER_PAGE))
        rows = _page_of(session, conditions, number)
    total = rows[0][1] if rows else 0
    cards = _cards(session, actor, (need for need, _total in rows), language)
    return NeedList(cards, total, number, max(1, -(-total // PER_PAGE)))


def recent_needs(session: Session, actor: Actor, *, language: str, top: int = 6) -> tuple[NeedCard, ...]:
    """Return the open needs that were opened last."""
    found = session.scalars(
        sa.select(Need)
        .where(Need.status == NeedStatus.OPEN, visible(actor, Need))
        .order_by(Need.opened_at.desc(), Need.id.desc())
        .limit(top)
        .options(*_FOR_CARDS)
    )
    return _cards(session, actor, found, language)


def find_need(session: Session, actor: Actor, need_id: int) -> Need:
    """Return a need that the actor may see; raises NotFound."""
    need = session.scalar(sa.select(Need).where(Need.id == need_id, visible(actor, Need)))
    if need is None:
        raise NotFound
    return need


def similar_cards(session: Session, actor: Actor, need: Need, *, language: str) -> tuple[NeedCard, ...]:
    """Return two open needs that ask for much the same skills."""
    return _cards(session, actor, similar_needs(session, actor, need), language)


def cards_for_her(session: Session, subject: Volunteer, need: Need, *, language: str) -> tuple[NeedCard, ...]:
    """Return two open needs for somebody whose need is gone."""
    return _cards(session, Anonymous(), needs_for_her(session, subject, need), language)


def need_page(shown: Shown) -> NeedPage:
    """Put a need into words for its own page, as its reader gets it."""
    need, language = shown.need, shown.language
    return NeedPage(
        need_id=need.id,
        title=published(language, need.title),
        description=published(language, need.description),
        language=need.language,
        status=need.status,
        association=shown.name,
        association_inside=shown.inside,
        association_text=shown.about,
        branch=need.branch.name(language),
        required=_skills(language, need, Importance.REQUIRED),
        useful=_skills(language, need, Importance.USEFUL),
        effort=wording.effort_in_words(language, need),
        when=wording.when_in_words(language, need),
        where=shown.where,
        weekly=need.weekly,
        seats=need.seats,
        free_seats=need.free_seats,
        working_languages=need.working_languages,
        answer_by=need.answer_by,
        audience=need.audience,
        meets_vulnerable=need.meets_vulnerable,
        is_named=shown.is_named,
    )


def _page_of(session: Session, conditions: Sequence[ColumnElement[bool]], number: int) -> list[tuple[Need, int]]:
    statement = (
        sa.select(Need, sa.func.count().over())
        .where(*conditions)
        .order_by(Need.opened_at.desc(), Need.id.desc())
        .limit(PER_PAGE)
        .offset(PER_PAGE * (number - 1))
        .options(*_FOR_CARDS)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _conditions(session: Session, actor: Actor, filters: NeedFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Need.status.in_(PUBLIC), visible(actor, Need)]
    if filters.domain:
        of_domain = NeedSkill.uri.startswith(f"binome:skill/{filters.domain}/", autoescape=True)
        conditions.append(Need.id.in_(sa.select(NeedSkill.need_id).where(of_domain)))
    if filters.where in set(Mode):
        conditions.append(Need.mode == Mode(filters.where))
    elif filters.where:
        there = NeedLocation.commune.startswith(filters.where, autoescape=True)
        conditions += [Need.mode != Mode.REMOTE, Need.id.in_(sa.select(NeedLocation.need_id).where(there))]
    if filters.language:
        conditions.append(Need.language == filters.language)
    words = _WORD.findall(fold(filters.words))[:MOST_WORDS]
    if words:
        conditions.append(Need.id.in_(_ids_with(session, conditions, words)))
    return conditions


def _ids_with(session: Session, conditions: Sequence[ColumnElement[bool]], words: Sequence[str]) -> list[int]:
    """Return the needs whose title or text holds every word, whatever its accents: SQL narrows, folding decides."""
    patterns = [f"%{_LIGATURES.sub('%', word).translate(_UNSURE)}%" for word in words]
    likely = [sa.or_(Need.title.ilike(each), Need.description.ilike(each)) for each in patterns]
    statement = sa.select(Need.id, Need.title, Need.description).where(*conditions, *likely)
    rows = session.execute(statement.order_by(Need.opened_at.desc(), Need.id.desc()).limit(MOST_FOUND))
    texts = {row.id: f"{row.title} {row.description}" for row in rows}
    likely_ids = [need_id for need_id, text in texts.items() if _has_all(text, words)]
    return [need_id for need_id in likely_ids if _has_all(searchable(texts[need_id]), words)]


def _has_all(text: str, words: Sequence[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def _cards(session: Session, actor: Actor, needs: Iterable[Need], language: str) -> tuple[NeedCard, ...]:
    return tuple(_card(shown) for shown in all_shown(session, actor, needs, language=language))


def _card(shown: Shown) -> NeedCard:
    need, language = shown.need, shown.language
    text = published(language, need.description[:READ_FOR_SUMMARY])
    return NeedCard(
        need_id=need.id,
        title=published(language, need.title),
        association=shown.name,
        place=shown.where,
        effort=wording.effort_in_words(language, need),
        summary=excerpt(text, SUMMARY_LENGTH),
        skills=_skills(language, need, Importance.REQUIRED),
        language=need.language,
        status=need.status,
    )


def _skills(language: str, need: Need, importance: Importance) -> tuple[str, ...]:
    asked = (skill for skill in need.skills if skill.importance is importance)
    return tuple(published(language, wording.skill_in_words(language, each.label, each.uri)) for each in asked)
