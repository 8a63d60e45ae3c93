"""The ranker: fitted over the volunteers, it ranks them for one need at a time; state is replaced, never changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.concepts import linked_need, linked_volunteer, uris_by_label
from matcher.ranking.explain import Evidence, reasons
from matcher.ranking.feedback import common_ground
from matcher.ranking.fitted import Fitted, Match, weighed
from matcher.ranking.lexicon import Lexicon
from matcher.ranking.lot import lot
from matcher.ranking.people import Mask, People
from matcher.ranking.profiles import need_document
from matcher.ranking.recipe import RECIPE, Recipe
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.rescoring import Context
from matcher.ranking.score import NEUTRAL, WEIGHTS, Floats, Weights
from matcher.ranking.spaces import ngrams
from matcher.ranking.text import forget_tokens
from matcher.ranking.told_words import Telling, forget_stems
from matcher.ranking.types import NeedInput, Ranking, Suggested, VolunteerInput

VERSION = "tfidf-2"
REFIT_FROM_SHARE = 0.10


class Ranker:
    """Ranks volunteers for needs by text, skills, likeness to the best, availability, distance, language and level.

    Parameters
    ----------
    weights : Weights
        How much each part counts.
    recipe : Recipe
        The pieces of the text model.
    catalogue : sequence of CatalogueSkill
        Skills with their labels in several languages: what links labels and teaches the words of other languages.

    Examples
    --------
    >>> ranker = Ranker().fit([VolunteerInput("ana", "Comptable"), VolunteerInput("bo", "Jardinier")])
    >>> ranking = ranker.rank(NeedInput("n1", "Une comptable"), today=date(2026, 1, 5))
    >>> [one.volunteer_id for one in ranking.suggestions]
    ['ana', 'bo']
    """

    def __init__(
        self, weights: Weights = WEIGHTS, *, recipe: Recipe = RECIPE, catalogue: Sequence[CatalogueSkill] = ()
    ) -> None:
        self.weights = weights
        self.recipe = recipe
        self._uris = uris_by_label(catalogue) if recipe.concepts else {}
        self._lexicon = Lexicon().fit(catalogue) if recipe.lexicon and catalogue else None
        self._fitted = Fitted.of((), self._lexicon, recipe)

    @property
    def version(self) -> str:
        """The name of the formula, and of its weights where they are not the default ones."""
        return VERSION if self.weights == WEIGHTS else f"{VERSION}+{self.weights.fingerprint()}"

    def taught(self, catalogue: Sequence[CatalogueSkill]) -> "Ranker":
        """Return a ranker of the same weights and recipe that knows another catalogue; it is still to be fitted."""
        return Ranker(self.weights, recipe=self.recipe, catalogue=catalogue)

    def fit(self, volunteers: Iterable[VolunteerInput]) -> "Ranker":
        """Learn the words of the volunteers; raise ValueError when two have the same id."""
        people = sorted((linked_volunteer(person, self._uris) for person in volunteers), key=lambda person: person.id)
        if len({person.id for person in people}) < len(people):
            raise ValueError("two volunteers have the same id")
        self._fitted = Fitted.of(people, self._lexicon, self.recipe)
        return self

    def update(self, changed: Iterable[VolunteerInput], removed: Collection[str] = ()) -> "Ranker":
        """Take in volunteers that are new or changed, drop others; words are weighed anew after 10 % of change."""
        news = {person.id: linked_volunteer(person, self._uris) for person in changed}
        known = {person.id for person in self._fitted.people.volunteers}
        stale = self._fitted.stale_rows + len(news) + len(known.intersection(removed) - news.keys())
        if stale > REFIT_FROM_SHARE * len(known):
            kept = [p for p in self._fitted.people.volunteers if p.id not in news and p.id not in removed]
            return self.fit([*kept, *news.values()])
        if news or removed:
            self._fitted = self._fitted.moved(list(news.values()), removed, stale)
        return self

    def forget_words(self) -> None:
        """Empty what this process remembers of words it has cut up: some may be of people who are gone."""
        forget_tokens()
        forget_stems()
        ngrams.cache_clear()

    def narrowed(self, ids: Collection[str]) -> "Ranker":
        """Return a ranker over some of the volunteers only, with the words weighed as here."""
        narrow = Ranker(self.weights, recipe=self.recipe)
        narrow._uris, narrow._lexicon = self._uris, self._lexicon
        narrow._fitted = self._fitted.narrowed(ids)
        return narrow

    def score_without_others(self, need: NeedInput, *, today: date) -> float | None:
        """Return the best score of an admissible volunteer, likeness to the best apart; None when there is none."""
        need = linked_need(need, self._uris)
        content = self._fitted.content(need, self.recipe, self.weights)
        match = weighed(self._fitted.match(need, content, None, today=today), self.weights)
        admissible, _ = self._admissible(need, match, ())
        scores = match.parts.scores()[admissible] - self.weights.similar * NEUTRAL.similar
        return float(scores.max()) if len(scores) else None

    def order(self, need: NeedInput, *, today: date, top: int | None = None) -> list[str]:
        """Return the ids of those who may do the need, best first, without reasons."""
        match = self._match(linked_need(need, self._uris), today)
        admissible, _ = self._admissible(need, match, ())
        people = self._fitted.people
        limit = len(people.volunteers) if top is None else top
        best = _best(people, match.parts.scores(), admissible, limit, _Fair(need.id, {}))
        return [people.volunteers[placed.row].id for placed in best]

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
        need = linked_need(need, self._uris)
        match = self._match(need, today)
        admissible, excluded = self._admissible(need, match, barred)
        fair = _Fair(need.id, times_suggested or {})
        best = _best(self._fitted.people, match.parts.scores(), admissible, top, fair)
        telling = Telling.of(self._fitted, match, need_document(need).language)
        evidence = Evidence(need, today, match, self._fitted.skills, telling)
        told = [_suggested(self._fitted, evidence, placed) for placed in best]
        return Ranking(need.id, self.version, tuple(told), excluded, int(admissible.sum()))

    def context(self, need: NeedInput, *, today: date, barred: Collection[str] = ()) -> Context:
        """Return all that is computed of a need among all volunteers, for scoring other descriptions of one of them."""
        need = linked_need(need, self._uris)
        match = self._match(need, today)
        admissible, _ = self._admissible(need, match, barred)
        return Context(self._fitted, need, today, self.recipe, self.weights, self._uris, match, admissible)

    def _match(self, need: NeedInput, today: date) -> Match:
        content = self._fitted.content(need, self.recipe, self.weights)
        ground = common_ground(self._fitted.text, content.nearness) if self.recipe.feedback else None
        return weighed(self._fitted.match(need, content, ground, today=today), self.weights)

    def _admissible(self, need: NeedInput, match: Match, barred: Collection[str]) -> tuple[Mask, dict[str, int]]:
        """Return who is left, and how many each filter took of those that the ones before had left."""
        people = self._fitted.people
        left = np.ones(len(people.volunteers), dtype=bool)
        left[[row for each in barred if (row := people.rows.get(each)) is not None]] = False
        excluded: dict[str, int] = {}
        for name, fails in people.filters(need, match.distances_km, match.fit).items():
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
        return -score, self.times_suggested.get(volunteer_id, 0), lot(self.need_id, volunteer_id)


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


def _suggested(fitted: Fitted, evidence: Evidence, placed: _Placed) -> Suggested:
    row, match = placed.row, evidence.match
    volunteer = fitted.people.volunteers[row]
    km = float(match.distances_km[row])
    return Suggested(
        volunteer_id=volunteer.id,
        rank=placed.rank,
        score=placed.score,
        text_score=float(match.parts.values["text"][row]),
        availability_score=float(match.parts.values["availability"][row]),
        distance_km=None if np.isnan(km) else round(km, 3),
        contributions=match.parts.contributions(row),
        reasons=reasons(evidence, row, volunteer),
    )
