"""The people suggested for a need as its coordinator sees them: by pseudonym, skills and reasons in words. No names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload

from matcher.actors import Actor
from matcher.catalogue.terms import fold
from matcher.database import Json
from matcher.models.need import Need
from matcher.models.suggestion import RankingRun, Suggestion
from matcher.models.volunteer import Volunteer, VolunteerSkill
from matcher.policies import visible
from matcher.published import published
from matcher.ranking.types import ReasonCode, WeeklySlot
from matcher.wording import pseudonym, reason_in_words, skill_in_words

TO_ASK = frozenset(
    {ReasonCode.ASK_HOURS, ReasonCode.HOURS_SHORT, ReasonCode.RECONFIRM_AVAILABILITY, ReasonCode.NO_COMMON_SLOT}
)
SAID_BY_CHIPS = frozenset({ReasonCode.MATCHED_SKILLS, ReasonCode.MISSING_SKILLS})
PARTS = ("text", "skills", "availability", "distance")
FILTERS = ("mode", "distance", "language", "availability")


class Match(StrEnum):
    """How a person answers a skill that a need asks for."""

    MATCHED = "matched"
    SYNONYM = "synonym"
    MISSING = "missing"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class SkillMatch:
    """One skill that is asked for; `known_as` is how the person says it when she says it otherwise."""

    kind: Match
    label: str
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class SuggestedPerson:
    """One ranked person; `parts` sum to `score` and stand in the order of PARTS."""

    volunteer_id: int
    account_id: int
    rank: int
    name: str
    headline: str
    score: float
    parts: tuple[float, ...]
    skills: tuple[SkillMatch, ...]
    why: tuple[str, ...]
    to_ask: tuple[str, ...]
    weekly: tuple[WeeklySlot, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The latest ranking of a need; `ranking_id` is None before the first. `excluded` is in the order of FILTERS."""

    ranking_id: int | None
    at: datetime | None
    people: tuple[SuggestedPerson, ...]
    excluded: Mapping[str, int]


def list_suggestions(session: Session, actor: Actor, need: Need, *, language: str) -> Suggestions:
    """Return the people suggested for a need, best first; one statement, whatever their number."""
    newest = sa.select(sa.func.max(RankingRun.id)).where(RankingRun.need_id == need.id).scalar_subquery()
    ranked = sa.and_(Suggestion.ranking_id == RankingRun.id, visible(actor, Suggestion))
    rows = session.execute(
        sa.select(RankingRun, Suggestion)
        .outerjoin(Suggestion, ranked)
        .outerjoin(Volunteer, Volunteer.id == Suggestion.volunteer_id)
        .outerjoin(VolunteerSkill, VolunteerSkill.volunteer_id == Volunteer.id)
        .where(RankingRun.id == newest)
        .order_by(Suggestion.rank, VolunteerSkill.id)
        .options(
            contains_eager(Suggestion.volunteer).contains_eager(Volunteer.skills),
            lazyload(Suggestion.volunteer, Volunteer.account),
            lazyload(Suggestion.volunteer, Volunteer.locations),
            lazyload(Suggestion.volunteer, Volunteer.experiences),
        )
        .execution_options(populate_existing=True)
    ).unique().all()  # fmt: skip
    if not rows:
        return Suggestions(None, None, (), {})
    run = rows[0][0]
    people = tuple(_person(language, need, suggestion) for _run, suggestion in rows if suggestion is not None)
    return Suggestions(run.id, run.at, people, excluded_counts(run.excluded))


def excluded_counts(excluded: Mapping[str, Json]) -> dict[str, int]:
    """Return how many people each filter left out, those that left out nobody without."""
    counts = {name: excluded.get(name) for name in FILTERS}
    return {name: count for name, count in counts.items() if isinstance(count, int) and count > 0}


def rank_now(session: Session, actor: Actor, need_id: int, volunteer_id: int) -> tuple[int | None, int | None]:
    """Return the id of a need's latest ranking and the person's rank in it; one statement."""
    row = session.execute(
        sa.select(RankingRun.id, Suggestion.rank)
        .outerjoin(
            Suggestion,
            sa.and_(
                Suggestion.ranking_id == RankingRun.id,
                Suggestion.volunteer_id == volunteer_id,
                visible(actor, Suggestion),
            ),
        )
        .where(RankingRun.need_id == need_id)
        .order_by(RankingRun.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.id, row.rank) if row else (None, None)


def find_volunteer(session: Session, actor: Actor, volunteer_id: int) -> Volunteer | None:
    """Return a volunteer whom the actor may see, without her account; None for anybody else."""
    return session.scalar(
        sa.select(Volunteer)
        .where(Volunteer.id == volunteer_id, visible(actor, Volunteer))
        .options(lazyload(Volunteer.account), joinedload(Volunteer.branch))
    )


def skills_beside(
    language: str, need: Need, skills: Sequence[VolunteerSkill], matched: Iterable[str]
) -> tuple[SkillMatch, ...]:
    """Return each skill that a need asks for beside what a person states; `matched` are the ranker's labels."""
    found = set(matched)
    return tuple(
        _matched(language, asked.label, asked.uri, skills)
        if asked.label in found
        else SkillMatch(Match.MISSING, skill_in_words(language, asked.label, asked.uri))
        for asked in need.skills
    )


def _person(language: str, need: Need, suggestion: Suggestion) -> SuggestedPerson:
    volunteer = suggestion.volunteer
    reasons = _reasons(suggestion)
    told = [reason for reason in reasons if reason["code"] not in SAID_BY_CHIPS]
    return SuggestedPerson(
        volunteer_id=volunteer.id,
        account_id=volunteer.account_id,
        rank=suggestion.rank,
        name=pseudonym(language, volunteer),
        headline=published(language, volunteer.headline),
        score=suggestion.score,
        parts=tuple(_number(suggestion.contributions.get(part)) for part in PARTS),
        skills=_skills(language, need, volunteer, reasons),
        why=tuple(reason_in_words(language, each) for each in told if each["code"] not in TO_ASK),
        to_ask=tuple(reason_in_words(language, each) for each in told if each["code"] in TO_ASK),
        weekly=volunteer.weekly,
    )


def _skills(
    language: str, need: Need, volunteer: Volunteer, reasons: Sequence[Mapping[str, Json]]
) -> tuple[SkillMatch, ...]:
    """Return the asked skills beside hers; what she states herself when the need asks for none."""
    if not volunteer.skills or not need.skills:
        own = (published(language, skill_in_words(language, each.label, each.uri)) for each in volunteer.skills)
        return tuple(SkillMatch(Match.PLAIN, label) for label in own)
    labels = [reason.get("labels") for reason in reasons if reason["code"] == ReasonCode.MATCHED_SKILLS]
    matched = [str(label) for found in labels if isinstance(found, list) for label in found]
    return skills_beside(language, need, volunteer.skills, matched)


def _matched(language: str, label: str, uri: str | None, skills: Sequence[VolunteerSkill]) -> SkillMatch:
    words = skill_in_words(language, label, uri)
    nearest = max(skills, key=lambda skill: _likeness(label, uri, skill))
    hers = published(language, skill_in_words(language, nearest.label, nearest.uri))
    if fold(hers) == fold(words):
        return SkillMatch(Match.MATCHED, words)
    return SkillMatch(Match.SYNONYM, words, hers)


def _likeness(label: str, uri: str | None, skill: VolunteerSkill) -> float:
    if uri is not None and skill.uri == uri:
        return 1.0
    return SequenceMatcher(None, fold(label), fold(skill.label)).ratio()


def _reasons(suggestion: Suggestion) -> list[Mapping[str, Json]]:
    listed = suggestion.reasons.get("list")
    return [reason for reason in listed if isinstance(reason, dict)] if isinstance(listed, list) else []


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
