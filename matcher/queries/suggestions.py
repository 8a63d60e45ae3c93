"""The people suggested for a need as its coordinator sees them: by pseudonym, skills and reasons in words. No names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from matcher.ranking.score import Weights
from matcher.ranking.types import ReasonCode, WeeklySlot
from matcher.reason_words import Place, reasons_in_words
from matcher.wording import pseudonym, skill_in_words

ANSWERED = frozenset(
    {ReasonCode.MATCHED_SKILLS, ReasonCode.SAME_SKILLS, ReasonCode.TRANSLATED_SKILLS, ReasonCode.NEAR_SKILLS}
)
PARTS = Weights.names()
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
    against: tuple[str, ...]
    to_ask: tuple[str, ...]
    weekly: tuple[WeeklySlot, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The latest ranking of a need; `ranking_id` is None before the first. `excluded` is in the order of FILTERS."""

    ranking_id: int | None
    at: datetime | None
    version: str
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
        return Suggestions(None, None, "", (), {})
    run = rows[0][0]
    people = tuple(_person(language, need, suggestion) for _run, suggestion in rows if suggestion is not None)
    return Suggestions(run.id, run.at, run.version, people, excluded_counts(run.excluded))


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


def _person(language: str, need: Need, suggestion: Suggestion) -> SuggestedPerson:
    volunteer = suggestion.volunteer
    reasons = _reasons(suggestion)
    return SuggestedPerson(
        volunteer_id=volunteer.id,
        account_id=volunteer.account_id,
        rank=suggestion.rank,
        name=pseudonym(language, volunteer, need_id=need.id),
        headline=published(language, volunteer.headline),
        score=suggestion.score,
        parts=tuple(_number(suggestion.contributions.get(part)) for part in PARTS),
        skills=_skills(language, need, volunteer, reasons),
        why=reasons_in_words(language, Place.DESK_WHY, reasons),
        against=reasons_in_words(language, Place.DESK_AGAINST, reasons),
        to_ask=reasons_in_words(language, Place.DESK_TO_ASK, reasons),
        weekly=volunteer.weekly,
    )


def _skills(
    language: str, need: Need, volunteer: Volunteer, reasons: Sequence[Mapping[str, Json]]
) -> tuple[SkillMatch, ...]:
    """Return the asked skills beside hers; what she states herself when the need asks for none."""
    if not volunteer.skills or not need.skills:
        own = (published(language, skill_in_words(language, each.label, each.uri)) for each in volunteer.skills)
        return tuple(SkillMatch(Match.PLAIN, label) for label in own)
    answers = _answers(reasons)
    return tuple(
        _beside(language, asked.label, skill_in_words(language, asked.label, asked.uri), answers.get(asked.label))
        for asked in need.skills
    )


def _answers(reasons: Sequence[Mapping[str, Json]]) -> dict[str, str]:
    """Return by what skill of hers each asked skill that she has is answered."""
    found: dict[str, str] = {}
    for reason in reasons:
        labels = reason.get("labels")
        said = reason.get("said", labels)
        if reason["code"] in ANSWERED and isinstance(labels, list) and isinstance(said, list):
            found |= {str(label): str(hers) for label, hers in zip(labels, said, strict=True)}
    return found


def _beside(language: str, label: str, words: str, hers: str | None) -> SkillMatch:
    """Put a skill beside hers; `words` are its label in the reader's language."""
    if hers is None:
        return SkillMatch(Match.MISSING, words)
    if fold(hers) in {fold(label), fold(words)}:
        return SkillMatch(Match.MATCHED, words)
    return SkillMatch(Match.SYNONYM, words, published(language, hers))


def _reasons(suggestion: Suggestion) -> list[Mapping[str, Json]]:
    listed = suggestion.reasons.get("list")
    return [reason for reason in listed if isinstance(reason, dict)] if isinstance(listed, list) else []


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
