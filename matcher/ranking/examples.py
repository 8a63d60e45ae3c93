"""Decisions as examples for the ranking: who was wanted and who was not, among whom, with the parts of their scores.

Numbers only: nothing here knows what a person wrote, or how examples are stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matcher.ranking.score import Floats, Weights


class Verdict(StrEnum):
    """What a decision says of a person's fit; SILENT when it was taken for another cause."""

    WANTED = "wanted"
    UNFIT = "unfit"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One decision on one person of a list that was shown.

    Attributes
    ----------
    people : the ids of those who were shown, best first, the person decided on among them.
    values : shape (n_people, n_parts); what each part of the score was, between 0 and 1, in the order of the weights.
    """

    need_id: str
    person: str
    verdict: Verdict
    people: tuple[str, ...]
    values: Floats

    def row(self, person: str) -> Floats:
        """Return the values of one person, shape (n_parts,); raises ValueError when she was not shown."""
        values: Floats = self.values[self.people.index(person)]
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Pairs of two people of one list, the first wanted, the second not fit.

    Attributes
    ----------
    needs : the need of each pair, as its place among `need_ids`; shape (n_pairs,).
    differences : shape (n_pairs, n_parts); values of the first less those of the second.
    """

    need_ids: tuple[str, ...]
    needs: np.ndarray[tuple[int], np.dtype[np.intp]]
    differences: Floats

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.needs)


def values_of(contributions: Mapping[str, float], weights: Mapping[str, float]) -> tuple[float, ...] | None:
    """Return the value of each part from what it added to a score; None when they are not those of today's formula.

    A part of weight zero adds nothing whatever its value, so it cannot be read back: None as well.

    Examples
    --------
    >>> even = {name: 1 / len(Weights.names()) for name in Weights.names()}
    >>> set(values_of({name: share / 2 for name, share in even.items()}, even))
    {0.5}
    >>> values_of({"text": 0.2}, {"text": 0.4}) is None
    True
    """
    names = Weights.names()
    if set(contributions) != set(names) or set(weights) != set(names) or min(weights.values()) <= 0:
        return None
    return tuple(contributions[name] / weights[name] for name in names)


def standing(examples: Iterable[Example]) -> list[Example]:
    """Return the decisions that speak of fit, in their order, of several on one person of a need the last.

    Examples
    --------
    >>> values = np.zeros((1, len(Weights.names())))
    >>> both = [Example("n1", "ana", verdict, ("ana",), values) for verdict in (Verdict.UNFIT, Verdict.WANTED)]
    >>> [example.verdict.value for example in standing(both)]
    ['wanted']
    """
    last: dict[tuple[str, str], Example] = {}
    for example in examples:
        last.pop((example.need_id, example.person), None)
        last[example.need_id, example.person] = example
    return [example for example in last.values() if example.verdict is not Verdict.SILENT]


def comparisons(examples: Iterable[Example]) -> Comparisons:
    """Return the pairs that decisions make: at each, the person against those of its list who were decided on before.

    Both stood in one list that somebody looked at, and she said something of both. People whom nobody decided on make
    no pair: they may not have been read, and the lower they stood the less.

    Examples
    --------
    >>> shown = ("ana", "bo")
    >>> values = np.array([[0.9] * len(Weights.names()), [0.4] * len(Weights.names())])
    >>> verdicts = zip(shown, (Verdict.UNFIT, Verdict.WANTED))
    >>> examples = [Example("n1", person, verdict, shown, values) for person, verdict in verdicts]
    >>> comparisons(examples).differences[0].round(9).tolist()[0]
    -0.5
    """
    by_need: dict[str, list[Example]] = {}
    for example in standing(examples):
        by_need.setdefault(example.need_id, []).append(example)
    found = {need_id: pairs for need_id, those in sorted(by_need.items()) if (pairs := _pairs(those))}
    needs = np.array([place for place, pairs in enumerate(found.values()) for _ in pairs], dtype=np.intp)
    rows = [difference for pairs in found.values() for difference in pairs]
    return Comparisons(tuple(found), needs, np.array(rows, dtype=float).reshape(-1, len(Weights.names())))


def _pairs(examples: Sequence[Example]) -> list[Floats]:
    pairs: list[Floats] = []
    for place, example in enumerate(examples):
        for earlier in examples[:place]:
            if earlier.verdict is not example.verdict and earlier.person in example.people:
                difference = example.row(example.person) - example.row(earlier.person)
                pairs.append(difference if example.verdict is Verdict.WANTED else -difference)
    return pairs
