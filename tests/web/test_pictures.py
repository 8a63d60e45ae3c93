"""The pictures: the grid and its words say the same facts, the bar has its lengths, what is typed stays text."""

import re
from collections.abc import Iterator
from datetime import time
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from matcher.ranking.types import WeeklySlot
from web.pictures import Cell, Part, cells_of, score_bar, week_grid, week_of_need, week_words, whole_points

MONDAY_EVENING = Cell(0, Part.EVENING)
SATURDAY_MORNING = Cell(5, Part.MORNING)
SUNDAY_MIDDAY = Cell(6, Part.MIDDAY)


@pytest.fixture(autouse=True)
def _english_request() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context(), force_locale("en"):
        yield


def classes(picture: str) -> list[str]:
    """Return the class of each drawn rectangle of the grid or bar, in drawing order."""
    return [name for name in re.findall(r'<rect class="([\w-]+)"', picture) if "mark" not in name]


def test_grid_has_28_cells_and_shows_who_stands_in_each() -> None:
    drawn = classes(week_grid([MONDAY_EVENING, SATURDAY_MORNING], [SATURDAY_MORNING, SUNDAY_MIDDAY]))

    assert len(drawn) == 28
    assert drawn[5] == "cell-both"
    assert drawn[7 + 6] == "cell-person"
    assert drawn[21] == "cell-need"
    assert drawn.count("cell-free") == 25


def test_words_of_the_grid_say_the_same_as_its_cells() -> None:
    words = week_words([MONDAY_EVENING, SATURDAY_MORNING], [SATURDAY_MORNING, SUNDAY_MIDDAY])

    assert words == "Both: Saturday morning. Only the need: Monday evening. Only the person: Sunday midday."
    assert words in week_grid([MONDAY_EVENING, SATURDAY_MORNING], [SATURDAY_MORNING, SUNDAY_MIDDAY])


def test_words_follow_the_week_and_not_the_order_of_a_set() -> None:
    words = week_words([SUNDAY_MIDDAY, MONDAY_EVENING, SATURDAY_MORNING], [])

    assert words == "No part of the week in common. Only the need: Monday evening, Saturday morning, Sunday midday."


def test_an_unknown_week_is_said_to_be_unknown() -> None:
    assert week_words([], []) == "Nobody has said when yet."


def test_the_week_of_a_need_alone_speaks_of_nobody_else() -> None:
    picture = week_of_need([MONDAY_EVENING, SATURDAY_MORNING])

    assert "<desc>Monday evening, Saturday morning</desc>" in picture
    assert classes(picture).count("cell-need") == 2


def test_days_of_the_grid_are_in_the_language_of_the_reader() -> None:
    with force_locale("fr"):
        letters = re.findall(r'text-anchor="middle">(\w)<', week_grid([], []))

    assert letters == list("LMMJVSD")


def test_bar_is_as_long_as_the_score_and_leaves_the_rest_empty() -> None:
    bar = score_bar([("Skills", 0.46), ("Time", 0.22), ("Distance", 0.14)])

    assert re.findall(r'class="score-(\d)" x="(\d+)" width="(\d+)"', bar) == [
        ("1", "0", "460"),
        ("2", "460", "220"),
        ("3", "680", "140"),
    ]
    assert "Score 82%: Skills 46%, Time 22%, Distance 14%." in bar


@pytest.mark.parametrize(
    ("shares", "points"),
    [
        ([0.104, 0.104, 0.104], [11, 10, 10]),
        ([0.335, 0.335, 0.33], [34, 33, 33]),
        ([0.0, 0.0], [0, 0]),
        ([0.006], [1]),
        ([0.36, 0.18, 0.12, 0.18, 0.08, 0.04, 0.04], [36, 18, 12, 18, 8, 4, 4]),
    ],
)
def test_whole_points_add_up_to_the_rounded_score(shares: list[float], points: list[int]) -> None:
    assert whole_points(shares) == points


def test_pictures_are_well_formed_and_have_no_inline_style() -> None:
    for picture in (week_grid([MONDAY_EVENING], [MONDAY_EVENING]), score_bar([("Skills", 0.5)])):
        tree = ElementTree.fromstring(str(picture))
        assert tree.get("role") == "img"
        assert tree.find("title") is not None
        assert "style=" not in picture


def test_a_label_typed_by_somebody_stays_text() -> None:
    assert "&lt;script&gt;" in score_bar([("<script>", 0.5)])


@pytest.mark.parametrize(
    ("starts", "ends", "parts"),
    [
        (time(8), time(10), {Part.MORNING}),
        (time(8), time(9, 59), set()),
        (time(13), time(18), {Part.MIDDAY, Part.AFTERNOON}),
        (time(20), time(0), {Part.EVENING}),
        (time(0), time(0), set(Part)),
    ],
)
def test_a_slot_fills_the_parts_that_it_covers_by_half(starts: time, ends: time, parts: set[Part]) -> None:
    assert cells_of([WeeklySlot(2, starts, ends)]) == {Cell(2, part) for part in parts}
