"""The ranker: fitted over the volunteers, it ranks them for one need at a time; state is replaced, never changed."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.explain import MOST_WORDS, Evidence, reasons
from matcher.ranking.index import TextIndex
from matcher.ranking.people import Mask, People
from matcher.ranking.score import WEIGHTS, Floats, Parts, Weights
from matcher.ranking.skills import SkillIndex, part
from matcher.ranking.text import Document, guess_language, known_language
from matcher.ranking.types import NeedInput, OfferedSkill, Ranking, Suggested, VolunteerInput

VERSION = "tfidf-1"
REFIT_FROM_SHARE = 0.10


def need_document(need: NeedInput) -> Document:
    """Return the words of a need: title, description and labels of skills."""
    return _document([need.title, need.description, *(skill.label for skill in need.skills)], need.language)


def volunteer_document(volunteer: VolunteerInput) -> Document:
    """Return the words of a volunteer: headline, description, experiences and labels of skills."""
    labels = (skill.label for skill in volunteer.skills)
    texts = [volunteer.headline, volunteer.description, *volunteer.experiences, *labels]
    return _document(texts, volunteer.language)


def _document(texts: Sequence[str], language: str | None) -> Document:
    text = "\n".join(texts)
    return Document(text, known_language(language) or guess_language(text))


@dataclass(frozen=True, slots=True)
class _Fitted:
    """All that is known of the volunteers at one moment."""

    people: People
    documents: tuple[Document, ...]
    text: TextIndex
    skills: SkillIndex
    stale_rows: int = 0


class Ranker:
    """Ranks volunteers for needs by text, skills, availability and distance.

    Examples
    --------
    >>> ranker = Ranker().fit([VolunteerInput("ana", "Comptable"), VolunteerInput("bo", "Jardinier")])
    >>> ranking = ranker.rank(NeedInput("n1", "Une comptable"), today=date(2026, 1, 5))
    >>> [(one.volunteer_id, one.score) for one in ranking.suggestions]
    [('ana', 0.625), ('bo', 0.175)]
    """

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self.version = VERSION
        self._fitted = _fitted(())

    def fit(self, volunteers: Iterable[VolunteerInput]) -> "Ranker":
        """Learn the words of the volunteers; raise ValueError when two have the same id."""
        people = sorted(volunteers, key=lambda person: person.id)
        if len({person.id for person in people}) < len(people):
            raise ValueError("two volunteers have the same id")
        self._fitted = _fitted(people)
        return self

    def update(self, changed: Iterable[VolunteerInput], removed: Collection[str] = ()) -> "Ranker":
        """Take in volunteers that are new or changed, drop others; words are weighed anew after 10 % of change."""
        news = {person.id: person for person in changed}
        known = {person.id for person in self._fitted.people.volunteers}
        stale = self._fitted.stale_rows + len(news) + len(known.intersection(removed) - news.keys())
        if stale > REFIT_FROM_SHARE * len(known):
            kept = [p for p in self._fitted.people.volunteers if p.id not in news and p.id not in removed]
            return self.fit([*kept, *news.values()])
        if news or removed:
            self._fitted = _moved(self._fitted, news, removed, stale)
        return self

    def narrowed(self, ids: Collection[str]) -> "Ranker":
        """Return a ranker over some of the volunteers only, with the words weighed as here."""
        fitted = self._fitted
        rows = [row for row, person in enumerate(fitted.people.volunteers) if person.id in ids]
        people = [fitted.people.volunteers[row] for row in rows]
        documents = tuple(fitted.documents[row] for row in rows)
        text = fitted.text.moved(rows, [], list(range(len(rows))))
        narrow = Ranker(self.weights)
        skills = SkillIndex.of(_stated(people, documents), text, fitted.skills)
        narrow._fitted = _Fitted(People.of(people), documents, text, skills)
        return narrow

    def rank(
        self,
        need: NeedInput,
        *,
        today: date,
        top: int = 20,
        barred: Collection[str] = (),
        times_suggested: Mapping[str, int] | None = None,
    ) -> Ranking:
        """Return the best volunteers for a need; the barred are neither suggested nor counted."""
        fitted = self._fitted
        people, document = fitted.people, need_document(need)
        query = fitted.text.query(document)
        distances_km = people.places.nearest_km(need.locations)
        fit = people.calendar.fit(need.schedule, today)
        answers = fitted.skills.answers(need.skills, fitted.text, document.language)
        parts = Parts(
            text=fitted.text.nearness(query),
            skills=part(answers, need.skills),
            availability=fit.part,
            distance=people.nearness(need, distances_km),
            weights=self.weights,
        )
        admissible, excluded = _filtered(people, people.filters(need, distances_km, fit), barred)
        best = _best(people, parts.scores(), admissible, top, _Fair(need.id, times_suggested or {}))
        evidence = Evidence(need, today, query, fit, answers, distances_km)
        told = [_suggested(fitted, parts, evidence, placed) for placed in best]
        return Ranking(need.id, self.version, tuple(told), excluded, int(admissible.sum()))


def _fitted(people: Sequence[VolunteerInput]) -> _Fitted:
    documents = tuple(volunteer_document(person) for person in people)
    text = TextIndex.fit(documents)
    skills = SkillIndex.of(_stated(people, documents), text, SkillIndex.empty(text))
    return _Fitted(People.of(people), documents, text, skills)


def _moved(old: _Fitted, news: Mapping[str, VolunteerInput], removed: Collection[str], stale: int) -> _Fitted:
    gone = {*news, *removed}
    kept = [row for row, person in enumerate(old.people.volunteers) if person.id not in gone]
    new_documents = [volunteer_document(person) for person in news.values()]
    unordered = [*(old.people.volunteers[row] for row in kept), *news.values()]
    order = sorted(range(len(unordered)), key=lambda row: unordered[row].id)
    people = [unordered[row] for row in order]
    all_documents = [*(old.documents[row] for row in kept), *new_documents]
    documents = tuple(all_documents[row] for row in order)
    text = old.text.moved(kept, new_documents, order)
    skills = SkillIndex.of(_stated(people, documents), text, old.skills)
    return _Fitted(People.of(people), documents, text, skills, stale)


def _stated(
    people: Sequence[VolunteerInput], documents: Sequence[Document]
) -> list[tuple[Sequence[OfferedSkill], str | None]]:
    return [(person.skills, document.language) for person, document in zip(people, documents, strict=True)]


def _filtered(people: People, filters: Mapping[str, Mask], barred: Collection[str]) -> tuple[Mask, dict[str, int]]:
    """Return who is left, and how many each filter took of those that the ones before had left."""
    unwanted = frozenset(barred)
    left = np.array([person.id not in unwanted for person in people.volunteers], dtype=bool)
    excluded: dict[str, int] = {}
    for name, fails in filters.items():
        excluded[name] = int((left & fails).sum())
        left = left & ~fails
    return left, excluded


@dataclass(frozen=True, slots=True)
class _Fair:
    """How ties are broken: the least often suggested first, then a lot."""

    need_id: str
    times_suggested: Mapping[str, int]

    def place(self, volunteer_id: str, score: float) -> tuple[float, int, bytes]:
        """Return what people are ordered by; the smallest comes first."""
        return -score, self.times_suggested.get(volunteer_id, 0), _lot(self.need_id, volunteer_id)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row of the volunteers with its rank and its score."""

    row: int
    rank: int
    score: float


def _best(people: People, scores: Floats, admissible: Mask, top: int, fair: _Fair) -> list[_Placed]:
    """Return the rows of the best scores, best first."""
    rows: NDArray[np.intp] = np.flatnonzero(admissible)
    if len(rows) > top > 0:
        least = -np.partition(-scores[rows], top - 1)[top - 1]
        rows = rows[scores[rows] >= least]
    ordered = sorted(rows.tolist(), key=lambda row: fair.place(people.volunteers[row].id, float(scores[row])))
    return [_Placed(row, rank, float(scores[row])) for rank, row in enumerate(ordered[:top], start=1)]


def _lot(need_id: str, volunteer_id: str) -> bytes:
    """Return a fair, repeatable lot for a pair: nobody is favoured by age of account or spelling of the id."""
    return hashlib.sha256(f"{len(need_id)}:{need_id}{volunteer_id}".encode()).digest()


def _suggested(fitted: _Fitted, parts: Parts, evidence: Evidence, placed: _Placed) -> Suggested:
    row = placed.row
    volunteer = fitted.people.volunteers[row]
    words = fitted.text.shared_words(evidence.query, row, MOST_WORDS)
    km = float(evidence.distances_km[row])
    return Suggested(
        volunteer_id=volunteer.id,
        rank=placed.rank,
        score=placed.score,
        text_score=float(parts.text[row]),
        availability_score=float(parts.availability[row]),
        distance_km=None if np.isnan(km) else round(km, 3),
        contributions=parts.contributions(row),
        reasons=reasons(evidence, row, volunteer, words),
    )
