"""Reads rows of hand-written data and says which file and which line is wrong. Knows nothing of skills or needs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from matcher.i18n import LANGUAGES


class CatalogueError(Exception):
    """A data file of the catalogue is not as it must be."""

    def __init__(self, file: str, place: str, why: str) -> None:
        super().__init__(f"{file}, {place}: {why}")
        self.file = file
        self.place = place
        self.why = why


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a data file, with the place it was read from; every reader raises CatalogueError."""

    file: str
    place: str
    fields: Mapping[str, object]

    def wrong(self, why: str) -> CatalogueError:
        """Return the error that names this row."""
        return CatalogueError(self.file, self.place, why)

    def text(self, field: str) -> str:
        """Return a text that is not empty."""
        return self._text(field, self.fields.get(field))

    def optional_text(self, field: str) -> str | None:
        """Return a text, or None when it is null or absent."""
        return None if self.fields.get(field) is None else self.text(field)

    def count(self, field: str) -> int:
        """Return a whole number that is not negative."""
        value = self.fields.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(f"“{field}” must be a whole number, 0 or more")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return self._texts(field, self.fields.get(field))

    def bilingual_text(self, field: str) -> Mapping[str, str]:
        """Return one text for each language of Binôme."""
        both = self._languages(field)
        return {language: self._text(f"{field}.{language}", both.get(language)) for language in LANGUAGES}

    def bilingual_texts(self, field: str) -> Mapping[str, tuple[str, ...]]:
        """Return a list of texts for each language of Binôme."""
        both = self._languages(field)
        return {language: self._texts(f"{field}.{language}", both.get(language)) for language in LANGUAGES}

    def _languages(self, field: str) -> Mapping[str, object]:
        value = self.fields.get(field)
        if not isinstance(value, dict) or set(value) != set(LANGUAGES):
            raise self.wrong(f"“{field}” must hold exactly the languages {', '.join(LANGUAGES)}")
        return value

    def _text(self, field: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"“{field}” must be a text and not empty")
        return value

    def _texts(self, field: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self.wrong(f"“{field}” must be a list of texts")
        return tuple(self._text(field, item) for item in value)


def read_lines(source: Traversable) -> Iterator[Row]:
    """Yield the rows of a JSON Lines file; empty lines are passed over."""
    for number, line in enumerate(source.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            yield _row(source.name, f"line {number}", _parsed(source.name, f"line {number}", line))


def read_list(source: Traversable) -> Iterator[Row]:
    """Yield the rows of a file that holds one JSON list."""
    entries = _parsed(source.name, "line 1", source.read_text(encoding="utf-8"))
    if not isinstance(entries, list):
        raise CatalogueError(source.name, "line 1", "the file must hold a list")
    for number, entry in enumerate(entries, start=1):
        yield _row(source.name, f"entry {number}", entry)


def _parsed(file: str, place: str, text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise CatalogueError(file, place, f"not JSON ({error})") from error
    return parsed


def _row(file: str, place: str, value: object) -> Row:
    if not isinstance(value, dict):
        raise CatalogueError(file, place, "must be an object")
    return Row(file, place, value)
