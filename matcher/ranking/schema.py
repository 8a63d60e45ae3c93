"""One JSON record into one value of the ranking, each field checked; knows nothing of files and lines."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from matcher.ranking.types import WeeklySlot
from matcher.ranking.weekly import WEEKDAYS

DEFAULT_TIMEZONE = "Europe/Paris"
_DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


class FieldError(ValueError):
    """A field that cannot be read: its path and why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"field {field}: {why}")
        self.field = field
        self.why = why


class Fields:
    """The fields of one JSON object; absent, null and empty read alike, and unread names are told as unknown."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, dict):
            raise FieldError(path or "(record)", "must be an object")
        self._values: Mapping[str, object] = {str(name): item for name, item in value.items()}
        self._path = path
        self._read: set[str] = set()
        self._inner: list[Fields] = []

    def path(self, name: str) -> str:
        """Return the full name of a field."""
        return f"{self._path}.{name}" if self._path else name

    def names(self) -> list[str]:
        """Return the names of the fields that are there."""
        return sorted(self._values)

    def unknown(self) -> set[str]:
        """Return the names that nobody has read, those of inner objects with their path."""
        own = {re.sub(r"\[\d+\]", "[]", self.path(name)) for name in self._values if name not in self._read}
        return own.union(*(inner.unknown() for inner in self._inner))

    def required_text(self, name: str) -> str:
        """Return a text that must be there."""
        if not (text := self.text(name)):
            raise FieldError(self.path(name), "is missing")
        return text

    def text(self, name: str) -> str:
        """Return a text, empty when absent."""
        value = self._value(name)
        return "" if value is None else as_text(value, self.path(name))

    def number(self, name: str, least: float = 0.0, most: float = math.inf) -> float | None:
        """Return a number within bounds, or None."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise FieldError(self.path(name), "must be a number")
        if not least <= value <= most:
            bounds = f"at least {least:g}" if math.isinf(most) else f"between {least:g} and {most:g}"
            raise FieldError(self.path(name), f"must be {bounds}")
        return float(value)

    def flag(self, name: str) -> bool | None:
        """Return true, false, or None."""
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return value
        raise FieldError(self.path(name), "must be true or false")

    def choice(self, name: str, kind: type[_E]) -> _E | None:
        """Return a member of an enumeration, or None."""
        text = self.text(name)
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            raise FieldError(self.path(name), f"must be one of {', '.join(kind)}") from None

    def day(self, name: str) -> date | None:
        """Return a date, or None."""
        text = self.text(name)
        return as_day(text, self.path(name)) if text else None

    def timezone(self) -> str:
        """Return the name of a time zone, the default one when absent."""
        name = self.text("timezone") or DEFAULT_TIMEZONE
        if name not in _zones():
            raise FieldError(self.path("timezone"), "is not a known time zone")
        return name

    def inner(self, name: str) -> "Fields":
        """Return the fields of an inner object, none when absent."""
        value = self._value(name)
        return self.adopt({} if value is None else value, self.path(name))

    def adopt(self, value: object, path: str) -> "Fields":
        """Return the fields of an object found in a list, its unknown names counted with ours."""
        fields = Fields(value, path)
        self._inner.append(fields)
        return fields

    def each(self, name: str, read: Callable[[object, str], _T]) -> tuple[_T, ...]:
        """Return what `read` makes of each item of a list; null and empty items are left out."""
        value = self._value(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise FieldError(self.path(name), "must be a list")
        items = [(item, f"{self.path(name)}[{position}]") for position, item in enumerate(value)]
        return tuple(read(item, path) for item, path in items if item not in (None, "", [], {}))

    def _value(self, name: str) -> object:
        self._read.add(name)
        value = self._values.get(name)
        return None if value in ("", [], {}) else value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def as_text(value: object, path: str) -> str:
    """Return a text that can be stored and written: no NUL, no half of a character."""
    if not isinstance(value, str):
        raise FieldError(path, "must be a text")
    if "\x00" in value:
        raise FieldError(path, "holds a NUL character")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise FieldError(path, "holds half of a surrogate pair")
    return value


def as_day(value: object, path: str) -> date:
    """Return a date written `2026-12-31`."""
    text = as_text(value, path)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise FieldError(path, "must be a date such as 2026-12-31")


def as_days(value: object, path: str) -> tuple[date, date]:
    """Return a pair of dates, the second not before the first."""
    if not isinstance(value, list) or len(value) != 2:
        raise FieldError(path, "must be a pair of dates")
    first, last = (as_day(item, path) for item in value)
    if last < first:
        raise FieldError(path, "ends before it starts")
    return first, last


def as_slot(value: object, path: str) -> WeeklySlot:
    """Return a weekly slot written `["mon", "18:00", "20:00"]`."""
    if not isinstance(value, list) or len(value) != 3:
        raise FieldError(path, 'must be such as ["mon", "18:00", "20:00"]')
    weekday, starts, ends = (as_text(item, path) for item in value)
    if weekday not in WEEKDAYS:
        raise FieldError(path, f"the day must be one of {', '.join(WEEKDAYS)}")
    if not (_CLOCK.fullmatch(starts) and _CLOCK.fullmatch(ends)) or starts == "24:00":
        raise FieldError(path, "times must be written HH:MM")
    if ends in ("24:00", "00:00"):
        return WeeklySlot(WEEKDAYS.index(weekday), time.fromisoformat(starts), time(0))
    if ends <= starts:
        raise FieldError(path, "ends before it starts")
    return WeeklySlot(WEEKDAYS.index(weekday), time.fromisoformat(starts), time.fromisoformat(ends))
