"""One person described otherwise, scored exactly as a new ranking would score her; what a need says is computed once.

The score is a sum of parts, and no part reads all that she says: her words and skills give text, skills, level and
likeness, the rest gives availability, distance and language. So each distinct wording and each distinct rest are
computed once, however many descriptions share them. Who else is ranked stays as it is, except that their likeness to
the best moves when she comes among the best herself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.ranking.concepts import linked_volunteer
from matcher.ranking.feedback import BEST, CommonGround, common_ground
from matcher.ranking.fitted import Fitted, Match
from matcher.ranking.index import TextIndex
from matcher.ranking.people import Mask, People
from matcher.ranking.recipe import Recipe
from matcher.ranking.score import NEUTRAL, Floats, Parts, Weights
from matcher.ranking.types import Availability, Location, NeedInput, OfferedSkill, VolunteerInput

Wording = tuple[str, str, tuple[str, ...], tuple[OfferedSkill, ...], str | None]
Rest = tuple[tuple[str, ...], bool | None, bool | None, tuple[Location, ...], float | None, Availability]


@dataclass(frozen=True, slots=True)
class Context:
    """All that was computed of one need among all volunteers; `admissible` are those who may be suggested."""

    fitted: Fitted
    need: NeedInput
    today: date
    recipe: Recipe
    weights: Weights
    uris: Mapping[str, str]
    match: Match
    admissible: Mask


@dataclass(frozen=True, slots=True)
class _Worded:
    """What one wording gives; `nearness` is that of Content, `row` its row in `index`."""

    index: TextIndex
    row: int
    values: Mapping[str, float]
    nearness: float


@dataclass(frozen=True, slots=True)
class _Rested:
    """What the rest of a description gives, and the names of the filters that would leave her out."""

    values: Mapping[str, float]
    failed: tuple[str, ...]


@dataclass
class Rescoring:
    """Descriptions of one person, scored for one need among all others; remembers what it has computed."""

    context: Context
    volunteer_id: str
    places: int
    _wordings: dict[Wording, _Worded] = field(default_factory=dict)
    _rests: dict[Rest, _Rested] = field(default_factory=dict)
    _likeness: dict[Wording, float] = field(default_factory=dict)
    _bars: dict[Wording, float] = field(default_factory=dict)

    def learn(self, people: Iterable[VolunteerInput]) -> None:
        """Compute together what the descriptions say, those known before apart."""
        people = list(people)
        self._learn_wordings({_wording(each): each for each in people if _wording(each) not in self._wordings})
        self._learn_rests({_rest(each): each for each in people if _rest(each) not in self._rests})

    def failed(self, person: VolunteerInput) -> tuple[str, ...]:
        """Return the names of the filters that would leave her out."""
        self.learn([person])
        return self._rests[_rest(person)].failed

    def most(
        self, wordings: Sequence[VolunteerInput], rests: Sequence[VolunteerInput], pairs: Sequence[tuple[int, int]]
    ) -> Floats:
        """Return what the scores could be at most, were she in all like the best, -1 where a filter leaves her out.

        `pairs` name a wording and a rest by their places, shape (n_pairs,): she is described by the one and the other.
        """
        self.learn([*wordings, *rests])
        worded = [self._wordings[_wording(each)] for each in wordings]
        rested = [self._rests[_rest(each)] for each in rests]
        chosen = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        values = _columns([each.values for each in worded], chosen[:, 0])
        values |= _columns([each.values for each in rested], chosen[:, 1])
        values["similar"] = np.ones(len(chosen))
        is_left_out = np.array([bool(each.failed) for each in rested])[chosen[:, 1]]
        return np.where(is_left_out, -1.0, Parts(values, self.context.weights).scores())

    def score(self, person: VolunteerInput) -> float:
        """Return the score that a new ranking would give her."""
        self.learn([person])
        values = {**self._wordings[_wording(person)].values, **self._rests[_rest(person)].values}
        columns = _columns([{**values, "similar": self._similar(person)}], np.zeros(1, dtype=np.intp))
        return float(Parts(columns, self.context.weights).scores()[0])

    def bar(self, person: VolunteerInput) -> float:
        """Return the score of the last of the others who would hold the first places, -1 when they are fewer."""
        self.learn([person])
        key = _wording(person)
        if key not in self._bars:
            self._bars[key] = self._others_score(key)
        return self._bars[key]

    def place(self, person: VolunteerInput) -> tuple[int, int]:
        """Return the place that she would hold at worst among those who may be suggested, and their number with her."""
        score = self.score(person)
        others = self._others_scores(_wording(person))
        return int((others >= score).sum()) + 1, len(others) + 1

    def _learn_wordings(self, people: Mapping[Wording, VolunteerInput]) -> None:
        if not people:
            return
        context = self.context
        described = [linked_volunteer(each, context.uris) for each in people.values()]
        alone = context.fitted.described(described)
        content = alone.content(context.need, context.recipe, context.weights, context.match.content.query)
        levels = content.answers.level_part()
        for row, key in enumerate(people):
            values = {"text": float(content.text[row]), "skills": float(content.skills[row])}
            values["level"] = float(levels[row])
            self._wordings[key] = _Worded(alone.text, row, values, float(content.nearness[row]))

    def _learn_rests(self, people: Mapping[Rest, VolunteerInput]) -> None:
        if not people:
            return
        need = self.context.need
        group = People.of(list(people.values()))
        distances_km = group.places.nearest_km(need.locations)
        fit = group.calendar.fit(need.schedule, self.context.today)
        near, known = group.nearness(need, distances_km), group.understanding(need)
        filters = group.filters(need, distances_km, fit)
        for row, key in enumerate(people):
            values = {"availability": fit.part[row], "distance": near[row], "language": known[row]}
            failed = tuple(name for name, fails in filters.items() if fails[row])
            self._rests[key] = _Rested({name: float(value) for name, value in values.items()}, failed)

    def _similar(self, person: VolunteerInput) -> float:
        key = _wording(person)
        if key not in self._likeness:
            row, today = self._own_row, self.context.match.parts.values["similar"]
            is_ranked = row is not None and self._is_known(key)
            self._likeness[key] = float(today[row]) if is_ranked else self._likeness_of(self._wordings[key])
        return self._likeness[key]

    def _likeness_of(self, worded: _Worded) -> float:
        """Return how like the best in her language she would be; those in other languages do not matter to her."""
        if not self.context.recipe.feedback:
            return NEUTRAL.similar
        tongue, text = worded.index.languages[worded.row], self.context.fitted.text
        rows = np.array([row for row in self._nearest.tolist() if text.languages[row] == tongue], dtype=np.intp)
        return float(self._ground(worded, rows).similar(worded.index)[worded.row])

    def _ground(self, worded: _Worded, rows: NDArray[np.intp]) -> CommonGround:
        """Return what the best would have in common if she were described so: her words beside some of the nearest."""
        text = self.context.fitted.text
        index = TextIndex(
            text.model,
            csr_array(vstack([text.rows[rows], worded.index.rows[[worded.row]]], format="csr")),
            text.passages[:0],
            text.owners[:0],
            (*(text.languages[row] for row in rows), worded.index.languages[worded.row]),
        )
        near = np.append(self._near[rows], worded.nearness)
        best = max(float(self._near.max(initial=0.0)), worded.nearness)
        share = float(near.max()) / best if best > 0 else 1.0
        grounds = common_ground(index, near).by_language
        return CommonGround({tag: replace(ground, share=ground.share * share) for tag, ground in grounds.items()})

    @cached_property
    def _nearest(self) -> NDArray[np.intp]:
        """Return the rows of all others whose words may count among the best, whatever she says."""
        chosen = np.zeros(len(self._near), dtype=bool)
        for mine in self.context.fitted.text.writing_in.values():
            said = np.where(mine, self._near, 0.0)
            least = np.partition(said, -BEST)[-BEST] if len(said) > BEST else 0.0
            chosen |= (said >= least) & (said > 0)
        return np.flatnonzero(chosen)

    @cached_property
    def _near(self) -> Floats:
        """Return how near all others are by words and skills, 0 for herself."""
        near = self.context.match.content.nearness.copy()
        if self._own_row is not None:
            near[self._own_row] = 0.0
        return near

    @property
    def _own_row(self) -> int | None:
        return self.context.fitted.people.rows.get(self.volunteer_id)

    def _others_scores(self, key: Wording) -> Floats:
        """Return the scores of all others who may be suggested, were she described so."""
        context = self.context
        others = context.admissible.copy()
        if self._own_row is not None:
            others[self._own_row] = False
        parts = context.match.parts
        if context.recipe.feedback and not self._is_known(key):
            ground = self._ground(self._wordings[key], self._nearest)
            values = {**parts.values, "similar": ground.similar(context.fitted.text)}
            parts = replace(parts, values=values)
        return parts.scores()[others]

    def _is_known(self, key: Wording) -> bool:
        """Tell whether she is ranked with this wording today, so that all that was computed holds."""
        row = self._own_row
        return row is not None and _wording(self.context.fitted.people.volunteers[row]) == key

    def _others_score(self, key: Wording) -> float:
        scores = self._others_scores(key)
        return float(np.partition(scores, -self.places)[-self.places]) if len(scores) >= self.places else -1.0


def _columns(rows: Sequence[Mapping[str, float]], chosen: NDArray[np.intp]) -> dict[str, Floats]:
    """Return each named value of the chosen rows, shape (n_chosen,)."""
    return {name: np.array([row[name] for row in rows], dtype=float)[chosen] for name in rows[0]}


def _wording(person: VolunteerInput) -> Wording:
    return person.headline, person.description, person.experiences, person.skills, person.language


def _rest(person: VolunteerInput) -> Rest:
    return (
        person.languages, person.remote, person.on_site, person.locations, person.radius_km, person.availability,
    )  # fmt: skip
