"""The skills that volunteers state, and how well they answer those that a need asks for.

A needed skill takes its best answer among the skills of a person: 1 for the same catalogue skill or the same label,
else the likeness of the two labels (the mean of the cosines of their stems and of their characters; in another language
the needed one as the catalogue calls it there, or else translated word by word). The part is the mean of these, a
useful skill counting half a required one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.spaces import Bag
from matcher.ranking.text import Document, fold, known_language
from matcher.ranking.textmodel import TextModel
from matcher.ranking.types import Importance, NeededSkill, OfferedSkill

IMPORTANCE = {Importance.REQUIRED: 1.0, Importance.USEFUL: 0.5}
MATCHED_FROM = 0.6
MOST_LEVELS = 4


class _Stated(NamedTuple):
    uri: str | None
    label: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    """How the skills of each person answer those that a need asks for.

    `best` and `levels` have shape (n_volunteers, n_needed): the best answer, NaN for who states no skill, and the level
    of the skill that gave it, NaN where it is not said or nothing answers; `likeness` is (n_skills, n_needed).
    """

    needed: tuple[NeededSkill, ...]
    best: Floats
    levels: Floats
    likeness: Floats

    def part(self) -> Floats:
        """Return the skills part of each volunteer; neutral when the need asks for none or the person states none.

        One skill that answers gives at least the neutral value: to state it must not cost who had stated nothing.
        """
        if not self.needed:
            return np.full(len(self.best), NEUTRAL.skills)
        mean = self.best @ self._importance / self._importance.sum()
        least = np.where((self.best >= MATCHED_FROM).any(axis=1), NEUTRAL.skills, 0.0)
        return np.where(np.isnan(mean), NEUTRAL.skills, np.maximum(mean, least))

    def level_part(self) -> Floats:
        """Return how far the levels of the skills that answer go, from 1 of 4 to 4 of 4; neutral where none is said."""
        said = ~np.isnan(self.levels)
        weights = np.where(said, self._importance, 0.0).sum(axis=1)
        total = (np.nan_to_num(self.levels) * self._importance).sum(axis=1) / MOST_LEVELS
        return np.where(weights > 0, total / np.maximum(weights, 1e-12), NEUTRAL.level)

    @property
    def _importance(self) -> Floats:
        return np.array([IMPORTANCE[skill.importance] for skill in self.needed], dtype=float)


@dataclass(frozen=True)
class SkillIndex:
    """Distinct skills as TF-IDF rows, found by uri and by folded label; each person has a stretch of `members`."""

    known: Mapping[_Stated, int]
    by_uri: Mapping[str, list[int]]
    by_label: Mapping[str, list[int]]
    rows: csr_array
    members: NDArray[np.intp]
    levels: Floats
    starts: NDArray[np.intp]

    @classmethod
    def of(
        cls,
        stated: Sequence[tuple[Sequence[OfferedSkill], str | None]],
        model: TextModel,
        earlier: "SkillIndex | None" = None,
    ) -> "SkillIndex":
        """Index the skills of each volunteer, given with her language; the rows of an earlier index are used again.

        Examples
        --------
        >>> model = TextModel.new()
        >>> _ = model.vectorizer.fit([Document("gestion de paie", "fr"), Document("dessin", "fr")])
        >>> index = SkillIndex.of([([OfferedSkill("Paie")], "fr"), ([], "fr")], model)
        >>> index.answers([NeededSkill("paie")], model, "fr").best
        array([[ 1.],
               [nan]])
        """
        earlier = earlier or cls._empty(model)
        known = dict(earlier.known)
        keys = [[_Stated(skill.uri, skill.label.strip(), language) for skill in skills] for skills, language in stated]
        members = [known.setdefault(key, len(known)) for own in keys for key in own]
        new = list(known)[len(earlier.known) :]
        rows = model.vectorizer.balanced_rows([model.vectorizer.bag(Document(key.label, key.language)) for key in new])
        levels = [np.nan if skill.level is None else float(skill.level) for skills, _ in stated for skill in skills]
        return cls(
            known,
            by_uri=_with_rows(earlier.by_uri, [key.uri for key in new], len(earlier.known)),
            by_label=_with_rows(earlier.by_label, [fold(key.label) for key in new], len(earlier.known)),
            rows=csr_array(vstack([earlier.rows, rows], format="csr")),
            members=np.array(members, dtype=np.intp),
            levels=np.array(levels, dtype=float),
            starts=np.cumsum([0, *(len(own) for own in keys)]).astype(np.intp),
        )

    @classmethod
    def _empty(cls, model: TextModel) -> "SkillIndex":
        nobody: NDArray[np.intp] = np.array([], dtype=np.intp)
        return cls({}, {}, {}, model.vectorizer.balanced_rows([]), nobody, np.array([]), np.array([0], dtype=np.intp))

    def answers(self, needed: Sequence[NeededSkill], model: TextModel, language: str | None) -> Answers:
        """Return how each volunteer answers the skills needed by a need in a language."""
        shape = (len(self.starts) - 1, len(needed))
        best, levels = np.full(shape, np.nan), np.full(shape, np.nan)
        likeness = self._likeness(needed, model, language)
        stating = np.flatnonzero(np.diff(self.starts))
        owners = np.repeat(np.arange(shape[0]), np.diff(self.starts))
        for column in range(len(needed) if len(stating) else 0):
            answer = likeness[self.members, column]
            best[stating, column] = np.maximum.reduceat(answer, self.starts[stating])
            matching = np.flatnonzero(answer >= MATCHED_FROM)
            matching = matching[answer[matching] >= best[owners[matching], column]]
            np.fmax.at(levels[:, column], owners[matching], self.levels[matching])
        return Answers(tuple(needed), best, levels, likeness)

    def best_answer(self, answers: Answers, row: int, column: int) -> OfferedSkill:
        """Return the skill with which a volunteer who states some answers one that is needed."""
        own = self.members[self.starts[row] : self.starts[row + 1]]
        member = int(own[np.argmax(answers.likeness[own, column])])
        uri, label, _ = self._listed[member]
        return OfferedSkill(label, uri=uri)

    @cached_property
    def _listed(self) -> list[_Stated]:
        return list(self.known)

    @cached_property
    def _stated_in(self) -> Mapping[str | None, NDArray[np.intp]]:
        """Return the skills that somebody states, by the language of the profile."""
        stated = np.unique(self.members).tolist()
        tags = dict.fromkeys(self._listed[row].language for row in stated)
        return {tag: np.array([r for r in stated if self._listed[r].language == tag], dtype=np.intp) for tag in tags}

    @cached_property
    def _stated_rows(self) -> Mapping[str | None, csr_array]:
        return {tag: csr_array(self.rows[rows]) for tag, rows in self._stated_in.items()}

    def _likeness(self, needed: Sequence[NeededSkill], model: TextModel, language: str | None) -> Floats:
        """Return how like each distinct skill is to each needed one, shape (n_skills, n_needed)."""
        found = np.zeros((len(self.known), len(needed)))
        for tag, rows in self._stated_in.items() if needed else ():
            bags = [_said_in(Document(skill.label, language), tag, model) for skill in needed]
            found[rows] = self._stated_rows[tag] @ model.vectorizer.balanced(bags).T
        for column, skill in enumerate(needed):
            found[self.by_label.get(fold(skill.label), []), column] = 1.0
            found[self.by_uri.get(skill.uri or "", []), column] = 1.0
        return np.clip(found, 0.0, 1.0)


def _said_in(label: Document, language: str | None, model: TextModel) -> Bag:
    """Return what a needed skill holds in a language: its names in a catalogue that holds it, else word by word."""
    source = known_language(label.language)
    if model.lexicon is None or source == language:
        return model.bag_in(label, language)
    names = model.lexicon.names_in(label.text, source, language)
    return model.vectorizer.bag(Document("\n".join(names), language)) if names else model.bag_in(label, language)


def _with_rows(earlier: Mapping[str, list[int]], names: Iterable[str | None], first: int) -> dict[str, list[int]]:
    rows = dict(earlier)
    for row, name in enumerate(names, start=first):
        if name:
            rows[name] = [*rows.get(name, []), row]
    return rows
