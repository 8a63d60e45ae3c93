"""Daytime, evenings, weekends: the three short words for much of the week grid, and the boxes that each stands for."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _

from matcher.database import WEEKDAYS
from web.pictures import Part

WORKDAYS, WEEKEND = WEEKDAYS[:5], WEEKDAYS[5:]
DAYTIME = (Part.MORNING, Part.MIDDAY, Part.AFTERNOON)
BOXES: dict[str, frozenset[str]] = {
    "daytime": frozenset(f"{day}-{part}" for day in WORKDAYS for part in DAYTIME),
    "evenings": frozenset(f"{day}-{Part.EVENING}" for day in WORKDAYS),
    "weekends": frozenset(f"{day}-{part}" for day in WEEKEND for part in Part),
}
USUAL = [
    ("daytime", _("In the daytime, Monday to Friday")),
    ("evenings", _("In the evening, Monday to Friday")),
    ("weekends", _("At weekends")),
]


def boxes_of(usual: Iterable[str], boxes: Iterable[str]) -> set[str]:
    """Return all boxes that the words and the grid tick together."""
    return set(boxes).union(*(BOXES[word] for word in usual))


def split_boxes(boxes: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the words that stand for boxes that are all ticked, and the boxes that no word covers."""
    ticked = set(boxes)
    usual = [word for word, covered in BOXES.items() if covered <= ticked]
    covered = set[str]().union(*(BOXES[word] for word in usual))
    return usual, [box for box in boxes if box not in covered]
