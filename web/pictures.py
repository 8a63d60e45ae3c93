"""Small SVG pictures made by the server: the week of a need beside a person's, and a score in its parts.

Attributes and classes only (the content policy forbids inline style); each picture carries its words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from babel.dates import get_day_names
from flask_babel import get_locale, gettext
from markupsafe import Markup

from matcher.ranking.types import WeeklySlot

DAYS = range(7)
CELL_WIDTH, CELL_HEIGHT, STEP_X, STEP_Y, LEFT, TOP = 18, 12, 20, 18, 66, 18
BAR_WIDTH = 1000
FUNNEL_WIDTH, FUNNEL_ROW = 320, 38


class Part(StrEnum):
    """The four parts of a day in the week grid."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"


PART_HOURS = {
    Part.MORNING: (time(8), time(12)),
    Part.MIDDAY: (time(12), time(14)),
    Part.AFTERNOON: (time(14), time(18)),
    Part.EVENING: (time(18), time(22)),
}


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One part of one weekday; Monday is 0."""

    weekday: int
    part: Part


class Fit(StrEnum):
    """Who stands in a cell; also the end of its CSS class."""

    BOTH = "both"
    NEED = "need"
    PERSON = "person"
    FREE = "free"


def cells_of(weekly: Iterable[WeeklySlot]) -> frozenset[Cell]:
    """Return the cells of the grid that a week touches for half their length or more."""
    return frozenset(Cell(slot.weekday, part) for slot in weekly for part in Part if _covers_half(slot, part))


def week_grid(needed: Iterable[Cell], offered: Iterable[Cell]) -> Markup:
    """Draw the week of a need and of a person, 7 days × 4 parts, with the same facts in its description."""
    wanted, given = frozenset(needed), frozenset(offered)
    return _week(gettext("The week in common"), week_words(wanted, given), wanted, given)


def week_of_need(needed: Iterable[Cell]) -> Markup:
    """Draw the week of a need alone, with the same facts in its description."""
    wanted = frozenset(needed)
    return _week(gettext("Times of the week"), _listed(wanted), wanted, frozenset())


def week_words(needed: Iterable[Cell], offered: Iterable[Cell]) -> str:
    """Say the week grid in sentences."""
    wanted, given = frozenset(needed), frozenset(offered)
    both, need, person = wanted & given, wanted - given, given - wanted
    if not wanted and not given:
        return str(gettext("Nobody has said when yet."))
    common = gettext("Both: %(cells)s.", cells=_listed(both)) if both else gettext("No part of the week in common.")
    sentences = [common]
    if need:
        sentences.append(gettext("Only the need: %(cells)s.", cells=_listed(need)))
    if person:
        sentences.append(gettext("Only the person: %(cells)s.", cells=_listed(person)))
    return " ".join(sentences)


def score_bar(parts: Sequence[tuple[str, float]]) -> Markup:
    """Draw a score as its parts: (label, share of 1) each, at most 7; what is missing to 1 stays empty."""
    total = sum(share for _, share in parts)
    points = whole_points([share for _, share in parts])
    words = ", ".join(
        gettext("%(label)s %(percent)s", label=label, percent=percent(point / 100))
        for (label, _), point in zip(parts, points, strict=True)
    )
    return Markup(
        '<svg class="score-bar" viewBox="0 0 {} 8" preserveAspectRatio="none" role="img"><title>{}</title>{}</svg>'
    ).format(BAR_WIDTH, gettext("Score %(total)s: %(parts)s.", total=percent(total), parts=words), _bar(parts))


def funnel(steps: Sequence[tuple[str, int]]) -> Markup:
    """Draw how many are left at each step, (label, number) each, as bars under their words; the first is the widest."""
    words = ", ".join(gettext("%(label)s: %(number)s", label=label, number=number) for label, number in steps)
    return Markup('<svg class="funnel" viewBox="0 0 {} {}" role="img"><title>{}</title>{}</svg>').format(
        FUNNEL_WIDTH, FUNNEL_ROW * len(steps), f"{words}.", _funnel_rows(steps)
    )


def whole_points(shares: Sequence[float]) -> list[int]:
    """Return shares of 1 as whole points of 100 that add up to their rounded total: the largest remainders win."""
    exact = [100 * share for share in shares]
    points = [int(each) for each in exact]
    missing = round(sum(exact)) - sum(points)
    nearest = sorted(range(len(exact)), key=lambda place: (points[place] - exact[place], place))
    for place in nearest[:missing]:
        points[place] += 1
    return points


def percent(share: float) -> str:
    """Write a share between 0 and 1 as whole percents, as the reader's language does."""
    return str(gettext("%(n)s%%", n=round(100 * share)))


def part_name(part: Part) -> str:
    """Name a part of the day."""
    names = {
        Part.MORNING: gettext("morning"),
        Part.MIDDAY: gettext("midday"),
        Part.AFTERNOON: gettext("afternoon"),
        Part.EVENING: gettext("evening"),
    }
    return str(names[part])


def _week(title: str, words: str, wanted: frozenset[Cell], given: frozenset[Cell]) -> Markup:
    fits = {Cell(day, part): _fit(Cell(day, part), wanted, given) for part in Part for day in DAYS}
    return Markup(
        '<svg class="week-grid" viewBox="0 0 206 90" role="img"><title>{}</title><desc>{}</desc>{}{}{}</svg>'
    ).format(title, words, _day_letters(), _part_names(), _cells(fits))


def _covers_half(slot: WeeklySlot, part: Part) -> bool:
    starts, ends = (_minutes(at) for at in PART_HOURS[part])
    slot_ends = _minutes(slot.ends) or 24 * 60
    shared = min(ends, slot_ends) - max(starts, _minutes(slot.starts))
    return 2 * shared >= ends - starts


def _minutes(at: time) -> int:
    return 60 * at.hour + at.minute


def _fit(cell: Cell, wanted: frozenset[Cell], given: frozenset[Cell]) -> Fit:
    if cell in wanted:
        return Fit.BOTH if cell in given else Fit.NEED
    return Fit.PERSON if cell in given else Fit.FREE


def _listed(cells: Iterable[Cell]) -> str:
    days = get_day_names("wide", locale=get_locale())
    ordered = sorted(cells, key=lambda cell: (cell.weekday, list(Part).index(cell.part)))
    return ", ".join(gettext("%(day)s %(part)s", day=days[cell.weekday], part=part_name(cell.part)) for cell in ordered)


def _day_letters() -> Markup:
    letters = get_day_names("narrow", locale=get_locale())
    tag = Markup('<text x="{}" y="11" text-anchor="middle">{}</text>')
    return Markup("").join(tag.format(LEFT + STEP_X * day + CELL_WIDTH // 2, letters[day]) for day in DAYS)


def _part_names() -> Markup:
    tag = Markup('<text x="0" y="{}">{}</text>')
    return Markup("").join(tag.format(TOP + STEP_Y * row + 10, part_name(part)) for row, part in enumerate(Part))


def _cells(fits: dict[Cell, Fit]) -> Markup:
    tag = Markup('<rect class="cell-{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>{}')
    return Markup("").join(
        tag.format(fit, *_corner(cell), CELL_WIDTH, CELL_HEIGHT, _mark(fit, cell)) for cell, fit in fits.items()
    )


def _corner(cell: Cell) -> tuple[int, int]:
    return LEFT + STEP_X * cell.weekday, TOP + STEP_Y * list(Part).index(cell.part)


def _mark(fit: Fit, cell: Cell) -> Markup:
    """Draw the sign that says the same as the colour: a bar for the need, a dot for the person, a tick for both."""
    x, y = _corner(cell)
    if fit is Fit.NEED:
        return Markup('<rect class="cell-mark-need" x="{}" y="{}" width="8" height="2"/>').format(x + 5, y + 5)
    if fit is Fit.PERSON:
        return Markup('<circle class="cell-mark-person" cx="{}" cy="{}" r="2"/>').format(x + 9, y + 6)
    if fit is Fit.BOTH:
        return Markup('<path class="cell-mark-both" d="M{} {}l3 3l5-6"/>').format(x + 5, y + 6)
    return Markup("")


def _bar(parts: Sequence[tuple[str, float]]) -> Markup:
    tag = Markup('<rect class="score-{}" x="{}" width="{}" height="8"/>')
    starts = [round(BAR_WIDTH * sum(share for _, share in parts[:index])) for index in range(len(parts))]
    return Markup("").join(
        tag.format(index + 1, start, round(BAR_WIDTH * share))
        for index, (start, (_, share)) in enumerate(zip(starts, parts, strict=True))
    )


def _funnel_rows(steps: Sequence[tuple[str, int]]) -> Markup:
    most = max((number for _, number in steps), default=0) or 1
    tag = Markup(
        '<text x="0" y="{0}">{1}</text><text x="{2}" y="{0}" text-anchor="end">{3}</text>'
        '<rect class="cell-free" x="0" y="{4}" width="{2}" height="10" rx="3"/>'
        '<rect class="score-1" x="0" y="{4}" width="{5}" height="10" rx="3"/>'
    )
    return Markup("").join(
        tag.format(
            FUNNEL_ROW * row + 14, label, FUNNEL_WIDTH, number, FUNNEL_ROW * row + 20, FUNNEL_WIDTH * number // most
        )
        for row, (label, number) in enumerate(steps)
    )
