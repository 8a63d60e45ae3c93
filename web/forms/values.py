"""Fields for days, hours and whole numbers that accept how people write them and refuse in plain words."""

import math
from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext
from wtforms import DateField, Field, IntegerField
from wtforms.widgets import TextInput

FIRST_YEAR, LAST_YEAR = 2000, 2100


class DayField(DateField):
    """A day, as the browser sends it or as 31/12/2026; a year that cannot be meant is refused."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day; raises ValueError in the reader's words."""
        text = " ".join(valuelist).strip()
        self.data = None
        if not text:
            return
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            day = _day(text, pattern)
            if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR:
                self.data = day
                return
        raise ValueError(gettext("Please write a date like this: 31/12/2026."))


class HoursField(Field):
    """A number of hours above zero, with a comma or a point."""

    widget = TextInput()

    def __init__(self, *args: object, most: float, **values: object) -> None:
        """Set the most that is accepted."""
        super().__init__(*args, **values)
        self.most = most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; raises ValueError in the reader's words."""
        text = "".join("".join(valuelist).split()).replace(",", ".")
        self.data = None
        if not text:
            return
        hours = _number(text)
        if not 0 < hours <= self.most:
            raise ValueError(gettext("Please write a number of hours above zero, at most %(most)s.", most=self.most))
        self.data = hours


class RadiusField(HoursField):
    """A number of kilometres above zero, or none for no limit."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; raises ValueError in the reader's words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            words = gettext("Please write a number of kilometres above zero, at most %(most)s.", most=self.most)
            raise ValueError(words) from error


class CountField(IntegerField):
    """A whole number between two others."""

    def __init__(self, *args: object, least: int, most: int, **values: object) -> None:
        """Set what is accepted, both ends included."""
        super().__init__(*args, **values)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; raises ValueError in the reader's words."""
        text = "".join(valuelist).strip()
        self.data = None
        if not (text.isascii() and text.isdigit() and len(text) < 9 and self.least <= int(text) <= self.most):
            words = gettext("Please write a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            raise ValueError(words)
        self.data = int(text)


def _day(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number
