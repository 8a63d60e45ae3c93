"""How far people are from the place of the work, and what that is worth; knows nothing else of them.

The nearest of the locations of both sides counts. The distance part is 1 at the door and halves every
`radius_km` of the volunteer, or every 25 km when she gives no radius. Work at a distance has no way to go: the part
is 1 for whoever accepts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.types import Location, VolunteerInput

EARTH_RADIUS_KM = 6371.0088
USUAL_RADIUS_KM = 25.0
_LEAST_RADIUS_KM = 1.0


def haversine_km(latitudes: Floats, longitudes: Floats, place: Location) -> Floats:
    """Return the great-circle distances in km from points in degrees to a place, shape (n_points,).

    Examples
    --------
    >>> paris = Location(48.8566, 2.3522)
    >>> haversine_km(np.array([45.7640]), np.array([4.8357]), paris).round()
    array([391.])
    """
    phi, other_phi = np.radians(latitudes), np.radians(place.latitude)
    half_phi = (phi - other_phi) / 2
    half_lambda = np.radians(longitudes - place.longitude) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi) * np.cos(other_phi) * np.sin(half_lambda) ** 2
    distances: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return distances


@dataclass(frozen=True, slots=True)
class Places:
    """Where the volunteers are: one row per location, `owners` being the row of the volunteer; radii NaN if unsaid."""

    latitudes: Floats
    longitudes: Floats
    owners: NDArray[np.intp]
    radii_km: Floats

    @classmethod
    def of(cls, volunteers: Sequence[VolunteerInput]) -> "Places":
        """Gather the locations of the volunteers."""
        rows = [(p.latitude, p.longitude, row) for row, person in enumerate(volunteers) for p in person.locations]
        latitudes, longitudes, owners = zip(*rows, strict=True) if rows else ((), (), ())
        radii = [np.nan if person.radius_km is None else person.radius_km for person in volunteers]
        return cls(
            np.array(latitudes, dtype=float),
            np.array(longitudes, dtype=float),
            np.array(owners, dtype=np.intp),
            np.array(radii, dtype=float),
        )

    def nearest_km(self, locations: Sequence[Location]) -> Floats:
        """Return the distance from each volunteer to the nearest location, NaN where one side gives none."""
        nearest = np.full(len(self.radii_km), np.inf)
        for place in locations:
            np.minimum.at(nearest, self.owners, haversine_km(self.latitudes, self.longitudes, place))
        return np.where(np.isinf(nearest), np.nan, nearest)

    def nearness(self, distances_km: Floats) -> Floats:
        """Return what distances are worth, from 1 at the door towards 0; the neutral value where unknown."""
        radii = np.where(np.isnan(self.radii_km), USUAL_RADIUS_KM, self.radii_km)
        worth = 0.5 ** (distances_km / np.maximum(radii, _LEAST_RADIUS_KM))
        return np.where(np.isnan(worth), NEUTRAL.distance, worth)
