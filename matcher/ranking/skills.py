"""The skills that volunteers state, and how well they answer those that a need asks for.

A needed skill takes its best answer among the skills of a person: 1 for the same catalogue skill or the same label,
else the TF-IDF cosine of the two labels. The part is the mean of these, a useful skill counting half a required one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.ranking.index import TextIndex
from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.text import Document, fold
from matcher.ranking.types import Importance, NeededSkill, OfferedSkill

IMPORTANCE = {Importance.REQUIRED: 1.0, Importance.USEFUL: 0.5}
MATCHED_FROM = 0.6


class _Stated(NamedTuple):
    uri: str | None
    label: str
    language: str | None


@dataclass(frozen=True)
class SkillIndex:
    """Distinct skills as TF-IDF rows, found by uri and by folded label; each person has a stretch of `members`."""

    known: Mapping[_Stated, int]
    by_uri: Mapping[str, list[int]]
    by_label: Mapping[str, list[int]]
    rows: csr_array
    members: NDArray[np.intp]
    starts: NDArray[np.intp]

    @classmethod
    def of(
        cls,
        stated: Sequence[tuple[Sequence[OfferedSkill], str | None]],
        text: TextIndex,
        earlier: "SkillIndex",
    ) -> "SkillIndex":
        """Index the skills of each volunteer, given with her language; the rows of an earlier index are used again.

        Examples
        --------
        >>> text = TextIndex.fit([Document("gestion de paie"), Document("dessin")])
        >>> index = SkillIndex.of([([OfferedSkill("Paie")], "fr"), ([], "fr")], text, SkillIndex.empty(text))
        >>> index.answers([NeededSkill("paie")], text, "fr")
        array([[ 1.],
               [nan]])
        """
        known = dict(earlier.known)
        keys = [[_Stated(skill.uri, skill.label.strip(), language) for skill in skills] for skills, language in stated]
        members = [known.setdefault(key, len(known)) for own in keys for key in own]
        starts = np.cumsum([0, *(len(own) for own in keys)])
        new = list(known)[len(earlier.known) :]
        rows = text.transform([Document(key.label, key.language) for key in new])
        return cls(
            known,
            by_uri=_with_rows(earlier.by_uri, [key.uri for key in new], len(earlier.known)),
            by_label=_with_rows(earlier.by_label, [fold(key.label) for key in new], len(earlier.known)),
            rows=csr_array(vstack([earlier.rows, rows], format="csr")),
            members=np.array(members, dtype=np.intp),
            starts=starts.astype(np.intp),
        )

    @classmethod
    def empty(cls, text: TextIndex) -> "SkillIndex":
        """Return an index of nobody, to begin with."""
        return cls({}, {}, {}, text.transform([]), np.array([], dtype=np.intp), np.array([0], dtype=np.intp))

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


def _with_rows(earlier: Mapping[str, list[int]], names: Iterable[str | None], first: int) -> dict[str, list[int]]:
    rows = dict(earlier)
    for row, name in enumerate(names, start=first):
        if name:
            rows[name] = [*rows.get(name, []), row]
    return rows


def part(answers: Floats, needed: Sequence[NeededSkill]) -> Floats:
    """Return the skills part of each volunteer; neutral when the need asks for none or the person states none.

    One skill that answers gives at least the neutral value: to state it must not cost who had stated nothing.
    """
    if not needed:
        return np.full(len(answers), NEUTRAL.skills)
    weights = np.array([IMPORTANCE[skill.importance] for skill in needed])
    mean = answers @ weights / weights.sum()
    least = np.where((answers >= MATCHED_FROM).any(axis=1), NEUTRAL.skills, 0.0)
    return np.where(np.isnan(mean), NEUTRAL.skills, np.maximum(mean, least))
