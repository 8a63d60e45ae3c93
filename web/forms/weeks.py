"""A week as the grid of a form: 7 days × 4 parts, and the stretches of time that its boxes stand for."""

from collections.abc import Iterable, Sequence

from babel.dates import get_day_names
from flask_babel import get_locale

from matcher.database import WEEKDAYS
from matcher.ranking.types import WeeklySlot
from web.pictures import PART_HOURS, Part, cells_of, part_name

VALUES = tuple(f"{day}-{part}" for day in WEEKDAYS for part in Part)


def days() -> list[tuple[str, str]]:
    """Return the days of the week with their names in the reader's language."""
    names = get_day_names("wide", locale=get_locale())
    return [(code, names[i]) for i, code in enumerate(WEEKDAYS)]


def parts() -> list[tuple[str, str]]:
    """Return the parts of a day with their names in the reader's language."""
    return [(part.value, part_name(part)) for part in Part]


def values_of(weekly: Iterable[WeeklySlot]) -> list[str]:
    """Return the boxes that a week ticks."""
    return [f"{WEEKDAYS[cell.weekday]}-{cell.part}" for cell in sorted(cells_of(weekly))]


def weekly_of(values: Iterable[str], before: Sequence[WeeklySlot] = ()) -> tuple[WeeklySlot, ...]:
    """Return the stretches of the ticked boxes; what was written more finely stays when no box has changed."""
    wanted = set(values)
    if wanted == set(values_of(before)):
        return tuple(before)
    chosen = (value.split("-", 1) for value in VALUES if value in wanted)
    return tuple(WeeklySlot(WEEKDAYS.index(day), *PART_HOURS[Part(part)]) for day, part in chosen)
