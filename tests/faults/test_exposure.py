"""The Gini number on cases that one can work by hand."""

import pytest

from tests.faults.exposure import gini, picture


@pytest.mark.parametrize(
    ("shares", "expected"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 4], 0.75), ([0, 2], 0.5), ([0, 0], 0.0)]
)
def test_gini_of_small_distributions(shares: list[int], expected: float) -> None:
    assert gini(shares) == pytest.approx(expected)


def test_the_picture_says_its_figures_in_words() -> None:
    assert "4 volunteers, 4 invitations, Gini 0.75, never asked 75 %" in picture([0, 0, 0, 4])
