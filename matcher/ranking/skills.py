"""The skills that volunteers state, and how well they answer those that a need asks for.

A needed skill takes its best answer among the skills of a person: 1 for the same catalogue skill or the same label,
else the TF-IDF cosine of the two labels. The part is the mean of these, a useful skill counting half a required one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.ranking.index import TextIndex
from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.text import Document, fold
from matcher.ranking.types import Importance, NeededSkill, OfferedSkill

IMPORTANCE = {Importance.REQUIRED: 1.0, Importance.USEFUL: 0.5}
MATCHED_FROM = 0.6


@dataclass(frozen=True)
class SkillIndex:
    """Distinct skills as TF-IDF rows, found by uri and by folded label; each person has a stretch of `members`."""

    by_uri: Mapping[str, list[int]]
    by_label: Mapping[str, list[int]]
    rows: csr_array
    members: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(cls, stated: Sequence[tuple[Sequence[OfferedSkill], str | None]], text: TextIndex) -> "SkillIndex":
        """Index the skills of each volunteer, given with the language in which she writes.

        Examples
        --------
        >>> text = TextIndex.fit([Document("gestion de paie"), Document("dessin")])
        >>> index = SkillIndex.of([([OfferedSkill("Paie")], "fr"), ([], "fr")], text)
        >>> index.answers([NeededSkill("paie")], text, "fr")
        array([[ 1.],
               [nan]])
        """
        known: dict[tuple[str | None, str, str | None], int] = {}
        members: list[int] = []
        starts = [0]
        for skills, language in stated:
            keys = [(skill.uri, fold(skill.label), language) for skill in skills]
            members.extend(known.setdefault(key, len(known)) for key in keys)
            starts.append(len(members))
        rows = text.transform([Document(label, language) for _, label, language in known])
        by_uri, by_label = _rows_of(key[0] for key in known), _rows_of(key[1] for key in known)
        return cls(by_uri, by_label, rows, np.array(members, dtype=np.intp), np.array(starts, dtype=np.intp))

    def answers(self, needed: Sequence[NeededSkill], text: TextIndex, language: str | None) -> Floats:
        """Return the best answer to each needed skill, shape (n_volunteers, n_needed), NaN for who states none."""
        best = np.full((len(self.starts) - 1, len(needed)), np.nan)
        stating = np.flatnonzero(np.diff(self.starts))
        queries = text.transform([Document(skill.label, language) for skill in needed])
        for column, skill in enumerate(needed):
            if len(stating):
                likeness = self._likeness(skill, queries[[column]])
                best[stating, column] = np.maximum.reduceat(likeness[self.members], self.starts[stating])
        return best

    def _likeness(self, skill: NeededSkill, query: csr_array) -> Floats:
        likeness: Floats = np.clip(self.rows @ query.toarray()[0], 0.0, 1.0)
        likeness[self.by_label.get(fold(skill.label), [])] = 1.0
        likeness[self.by_uri.get(skill.uri or "", [])] = 1.0
        return likeness


def _rows_of(names: Iterable[str | None]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name:
            rows.setdefault(name, []).append(row)
    return rows


def part(answers: Floats, needed: Sequence[NeededSkill]) -> Floats:
    """Return the skills part of each volunteer; neutral when the need asks for none or the person states none."""
    if not needed:
        return np.full(len(answers), NEUTRAL.skills)
    weights = np.array([IMPORTANCE[skill.importance] for skill in needed])
    mean = answers @ weights / weights.sum()
    return np.where(np.isnan(mean), NEUTRAL.skills, mean)
