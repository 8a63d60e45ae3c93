"""Skills read from free text keep the precision and recall that were measured, on texts nothing was tuned on."""

from matcher.catalogue.suggest_measures import Judged, measure_suggestions
from tests.matcher.ranking.skills_measured import TOPS, measured, report, rows

FLOORS = {5: (0.56, 0.46), 8: (0.50, 0.51)}


def test_suggestions_keep_their_floor_on_the_held_half() -> None:
    for top in TOPS:
        micro = measured(rows(held=True), top).micro
        precision, recall = FLOORS[top]
        assert micro.precision >= precision, top
        assert micro.recall >= recall, top


def test_the_halves_share_no_text_and_hold_all() -> None:
    held, tuned = rows(held=True), rows(held=False)

    assert not set(held) & set(tuned)
    assert abs(len(held) - len(tuned)) <= 1


def test_the_printed_table_has_both_halves() -> None:
    assert {line.split()[0] for line in report().splitlines()} == {"half", "tuned", "held"}


def test_measures_are_those_worked_by_hand() -> None:
    found = measure_suggestions([Judged(["a", "b", "c"], ["a", "d"]), Judged(["e"], ["e"]), Judged([], [])])

    assert (found.micro.precision, found.micro.recall) == (2 / 4, 2 / 3)
    assert (round(found.macro.precision, 3), round(found.macro.recall, 3)) == (round((1 / 3 + 1 + 1) / 3, 3), 0.833)
    assert round(found.macro_f1, 3) == round((0.4 + 1 + 1) / 3, 3)
