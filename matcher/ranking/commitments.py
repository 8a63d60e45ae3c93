"""The hours that missions under way take from the time that people offer; knows no need.

A mission's hours are spread evenly over its days, over seven days at least. On a day on which missions take more than
is offered nothing is left, never less: what they take too much is not owed on other days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.types import Availability, Mission

DAYS_PER_WEEK = 7
DAYS_PER_MONTH = 30.4375

Days = NDArray[np.int64]
_Stretch = tuple[int, int]


def apart(ranges: Sequence[_Stretch]) -> list[_Stretch]:
    """Return inclusive ranges in order, those that overlap or touch made one.

    Examples
    --------
    >>> apart([(5, 6), (1, 2), (2, 4), (9, 9)])
    [(1, 6), (9, 9)]
    """
    found: list[_Stretch] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


@dataclass(frozen=True, slots=True)
class Commitments:
    """Stretches of free days with the hours a day that missions take on them, `owners` being the rows of the people."""

    first: Days
    last: Days
    hours_per_day: NDArray[np.float64]
    owners: NDArray[np.intp]

    @classmethod
    def of(cls, offers: Sequence[Availability], offered_per_day: Sequence[float]) -> "Commitments":
        """Gather what missions take of the hours a day that each person offers (NaN where she offers none a day)."""
        found = [
            (first, last, hours, row)
            for row, (offer, offered) in enumerate(zip(offers, offered_per_day, strict=True))
            if offer.missions and offered > 0
            for first, last, hours in _taken(offer, offered)
        ]
        firsts, lasts, hours, owners = zip(*found, strict=True) if found else ((), (), (), ())
        return cls(
            np.array(firsts, dtype=np.int64),
            np.array(lasts, dtype=np.int64),
            np.array(hours, dtype=float),
            np.array(owners, dtype=np.intp),
        )

    def between(self, first: Days, last: Days) -> NDArray[np.float64]:
        """Return the hours taken from each person from her first to her last day, shape (n_people,)."""
        shared = np.minimum(last[self.owners], self.last) - np.maximum(first[self.owners], self.first) + 1
        lost = np.maximum(0, shared) * self.hours_per_day
        return np.bincount(self.owners, weights=lost, minlength=len(first)).astype(np.float64)


def _taken(offer: Availability, offered: float) -> Iterator[tuple[int, int, float]]:
    """Yield the days on which missions take hours, less the days away, and how many hours a day."""
    missions = [_spread(mission) for mission in offer.missions]
    away = apart([(first.toordinal(), last.toordinal()) for first, last in offer.unavailable])
    edges = sorted({edge for first, last, _ in missions for edge in (first, last + 1)})
    for first, end in pairwise(edges):
        hours = sum(hours for begins, ends, hours in missions if begins <= first <= ends)
        if hours > 0:
            yield from ((a, b, min(offered, hours)) for a, b in _without(first, end - 1, away))


def _spread(mission: Mission) -> tuple[int, int, float]:
    first = mission.starts_on.toordinal()
    last = max(mission.ends_on.toordinal(), first + DAYS_PER_WEEK - 1)
    return first, last, mission.hours / (last - first + 1)


def _without(first: int, last: int, away: Sequence[_Stretch]) -> Iterator[_Stretch]:
    """Yield what is left of a stretch of days; the days away come in order and apart."""
    for begins, ends in away:
        if ends < first or begins > last:
            continue
        if begins > first:
            yield first, begins - 1
        first = ends + 1
    if first <= last:
        yield first, last
