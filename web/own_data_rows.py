"""One's own data as it is read: rows and their values. What each kind and each column is called: own_data_words."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString, gettext

from matcher.database import Json
from matcher.queries.own_data import Row, Section
from matcher.wording import HOME_ZONE, day_in_words, moment_in_words
from web.i18n import locale
from web.own_data_words import COLUMNS, SECTIONS

A_DAY = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Told:
    """One section as it is read: its name, and each row as what and which."""

    title: LazyString
    rows: tuple[tuple[tuple[str, str], ...], ...]


def sections_in_words(sections: tuple[Section, ...]) -> list[Told]:
    """Return what is kept, without what is empty; a column without words bears its own name, as in the register."""
    return [Told(SECTIONS[each.name], tuple(map(_facts, each.rows))) for each in sections if each.rows]


def _facts(row: Row) -> tuple[tuple[str, str], ...]:
    said = ((column, value) for column, value in row.items() if value not in (None, "", []))
    return tuple((str(COLUMNS.get(column, column)), _words(value)) for column, value in said)


def _words(value: Json) -> str:
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
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
