"""How far is far."""

import numpy as np
import pytest

from matcher.ranking.distance import Places, haversine_km
from matcher.ranking.types import Location, VolunteerInput

PARIS, LYON, LILLE = Location(48.8566, 2.3522), Location(45.7640, 4.8357), Location(50.6292, 3.0573)


def test_a_quarter_of_the_equator_is_a_quarter_of_it() -> None:
    km = haversine_km(np.array([0.0]), np.array([90.0]), Location(0, 0))

    assert km[0] == pytest.approx(6371.0088 * np.pi / 2)


def test_opposite_points_and_the_date_line_are_measured() -> None:
    km = haversine_km(np.array([0.0, 0.0]), np.array([180.0, -179.5]), Location(0, 179.5))

    assert km == pytest.approx([55.6, 111.2], abs=0.1)


def test_the_nearest_of_the_locations_counts() -> None:
    places = Places.of([VolunteerInput("a", locations=(LYON, LILLE)), VolunteerInput("b")])

    nearest = places.nearest_km([PARIS, LYON])

    assert nearest[0] == pytest.approx(0)
    assert np.isnan(nearest[1])


def test_distance_is_worth_one_at_the_door_and_half_at_the_radius() -> None:
    volunteers = [VolunteerInput(str(row), radius_km=radius) for row, radius in enumerate([40, 40, None, None])]
    places = Places.of(volunteers)

    worth = places.nearness(np.array([0.0, 40.0, 25.0, np.nan]))

    assert worth.tolist() == [1.0, 0.5, 0.5, 0.5]
