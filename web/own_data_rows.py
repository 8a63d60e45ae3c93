"""One's own data as it is read: rows and their values.

What each kind and each column is called stands in own_data_words, what a code says in own_data_values.
"""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString, gettext

from matcher.database import Json
from matcher.queries.own_data import Row, Section
from matcher.wording import HOME_ZONE, day_in_words, moment_in_words, number_in_words
from web.i18n import locale
from web.own_data_values import value_in_words
from web.own_data_words import COLUMNS, FIRST, OF_KIND, REPEATED, SECTIONS

A_DAY = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Told:
    """One section as it is read: its name, and each row as what and which."""

    title: LazyString
    rows: tuple[tuple[tuple[str, str], ...], ...]


def sections_in_words(sections: tuple[Section, ...]) -> list[Told]:
    """Return what is kept, without what is empty and without her own number where it would only be repeated."""
    kept = ((section.name, section.rows) for section in sections if section.rows)
    return [Told(SECTIONS[name], tuple(_facts(name, row) for row in rows)) for name, rows in kept]


def _facts(kind: str, row: Row) -> tuple[tuple[str, str], ...]:
    ordered = sorted(row.items(), key=lambda cell: cell[0] not in FIRST)
    said = ((column, value) for column, value in ordered if value not in (None, "", [], {}))
    return tuple(
        (str(OF_KIND.get((kind, column)) or COLUMNS[column]), value_in_words(kind, column, value) or _words(value))
        for column, value in said
        if column not in REPEATED or (kind, column) in OF_KIND
    )


def _words(value: Json) -> str:
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, float):
        return number_in_words(locale(), value)
    return _moment(str(value))


def _moment(text: str) -> str:
    """A moment or a day as people say it; whatever else somebody has written stays as it is."""
    try:
        return day_in_words(locale(), date.fromisoformat(text)) if len(text) == len(A_DAY) else _at(text)
    except ValueError:
        return text


def _at(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return moment_in_words(locale(), moment, HOME_ZONE) if moment.tzinfo else text
