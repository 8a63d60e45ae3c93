"""The volunteers as arrays, in the order of their ids, and the filters that leave some of them out of a need."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.availability import Calendar, Fit
from matcher.ranking.distance import Places
from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.types import Mode, NeedInput, VolunteerInput

Mask = NDArray[np.bool_]


def language_codes(tags: Collection[str]) -> frozenset[str]:
    """Return the languages of tags without their regions: `fr-CA` is `fr`.

    Examples
    --------
    >>> sorted(language_codes(["fr-CA", "EN"]))
    ['en', 'fr']
    """
    return frozenset(tag.replace("_", "-").split("-")[0].lower() for tag in tags)


@dataclass(frozen=True, slots=True)
class People:
    """What the filters and the parts read of the volunteers; every array has one row per volunteer."""

    volunteers: tuple[VolunteerInput, ...]
    rows: Mapping[str, int]
    refuses_remote: Mask
    refuses_on_site: Mask
    accepts_remote: Mask
    language_sets: tuple[frozenset[str], ...]
    language_rows: NDArray[np.intp]
    places: Places
    calendar: Calendar

    @classmethod
    def of(cls, volunteers: Sequence[VolunteerInput]) -> "People":
        """Gather the volunteers, who come in the order of their ids."""
        sets: dict[frozenset[str], int] = {}
        rows = [sets.setdefault(language_codes(person.languages), len(sets)) for person in volunteers]
        return cls(
            volunteers=tuple(volunteers),
            rows={person.id: row for row, person in enumerate(volunteers)},
            refuses_remote=np.array([person.remote is False for person in volunteers], dtype=bool),
            refuses_on_site=np.array([person.on_site is False for person in volunteers], dtype=bool),
            accepts_remote=np.array([person.remote is True for person in volunteers], dtype=bool),
            language_sets=tuple(sets),
            language_rows=np.array(rows, dtype=np.intp),
            places=Places.of(volunteers),
            calendar=Calendar.of([person.availability for person in volunteers]),
        )

    def filters(self, need: NeedInput, distances_km: Floats, fit: Fit) -> Mapping[str, Mask]:
        """Return who fails each filter, in the order in which people are counted out."""
        return {
            "mode": self._refuse_mode(need.mode),
            "distance": self._too_far(need.mode, distances_km),
            "language": self._share_no_language(language_codes(need.working_languages)),
            "availability": fit.excluded,
        }

    def _refuse_mode(self, mode: Mode | None) -> Mask:
        if mode is None:
            return np.zeros(len(self.volunteers), dtype=bool)
        return self.refuses_remote if mode is Mode.REMOTE else self.refuses_on_site

    def _too_far(self, mode: Mode | None, distances_km: Floats) -> Mask:
        if mode is None or mode is Mode.REMOTE:
            return np.zeros(len(self.volunteers), dtype=bool)
        too_far: Mask = distances_km > self.places.radii_km
        return too_far

    def _share_no_language(self, wanted: frozenset[str]) -> Mask:
        apart = [bool(wanted and spoken and not wanted & spoken) for spoken in self.language_sets]
        mask: Mask = np.array(apart, dtype=bool)[self.language_rows]
        return mask

    def nearness(self, need: NeedInput, distances_km: Floats) -> Floats:
        """Return the distance part: nearness for work on site, 1 for work at a distance that people accept."""
        near = self.places.nearness(distances_km)
        if need.mode is not Mode.REMOTE:
            return near
        return np.where(self.accepts_remote, 1.0, self.places.nearness(np.full_like(near, np.nan)))

    def understanding(self, need: NeedInput) -> Floats:
        """Return the language part: 1 for who speaks a working language, else the one the need is written in."""
        wanted = language_codes(need.working_languages) or language_codes([need.language] if need.language else [])
        worth = [
            float(bool(wanted & spoken)) if wanted and spoken else NEUTRAL.language for spoken in self.language_sets
        ]
        found: Floats = np.array(worth, dtype=float)[self.language_rows]
        return found
