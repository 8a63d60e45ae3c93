"""Catalogues of skills as ESCO and ROME publish them: comma-separated files, one language each.

Says which row and which column is wrong. Knows no database, and nothing of how languages are put together.
"""

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from matcher.catalogue.texts import encoding_of, lines_of, start_of
from matcher.ranking.files import FileError

LONGEST_LABEL = 500
LONGEST_URI = 300
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a published file hold what; `must` names what a column must say for the row to be a skill."""

    name: str
    source: str
    uri: str
    label: str
    alternatives: tuple[str, ...] = ()
    must: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    prefix: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return (self.uri, self.label, *self.must)


_ESCO = "This service uses the ESCO classification of the European Commission."
_ROME = "ROME, France Travail, Licence Ouverte"
LAYOUTS = (
    Layout(
        "ESCO",
        _ESCO,
        "conceptUri",
        "preferredLabel",
        ("altLabels", "hiddenLabels"),
        {"conceptType": "KnowledgeSkillCompetence"},
    ),
    Layout("ROME", _ROME, "code_ogr", "libelle_competence", language="fr", prefix="rome:"),
    Layout("ROME", _ROME, "code_ogr", "libelle_activite", language="fr", prefix="rome:"),
    Layout("ROME", _ROME, "code_ogr_savoir", "libelle_savoir", language="fr", prefix="rome:"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says of a skill in one language, and where it stands."""

    uri: str
    language: str
    label: str
    alternatives: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One published file; its entries are read as they are asked for."""

    path: str
    layout: Layout
    entries: Iterator[Entry]


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    number: int
    line: int
    cells: Mapping[str, str]

    @property
    def place(self) -> str:
        """The file, the row as a spreadsheet counts it, and its line where that is another number."""
        return f"{self.path}, row {self.number}" + (f" (line {self.line})" if self.line != self.number else "")

    def text(self, column: str, longest: int) -> str:
        """Return the text of a cell, which must not be empty."""
        return self._checked(column, self.cells[column].strip(), longest)

    def lines(self, column: str, longest: int) -> list[str]:
        """Return the lines of a cell that say something; none when the file has no such column."""
        lines = self.cells.get(column, "").splitlines()
        return [self._checked(column, line.strip(), longest) for line in lines if line.strip()]

    def _checked(self, column: str, text: str, longest: int) -> str:
        if not text:
            self.fail(column, "is empty")
        if "\x00" in text:
            self.fail(column, "holds a NUL character")
        if len(text) > longest:
            self.fail(column, f"has {len(text)} characters, {longest} at most are read")
        return text

    def fail(self, column: str, why: str) -> NoReturn:
        """Refuse the file because of one cell."""
        raise FileError(f"{self.place}, column {column}: {why}")


def is_sheet(path: str) -> bool:
    """Tell whether a file begins as none of JSON Lines does; raise FileError when it cannot be opened."""
    start = start_of(path).removeprefix(codecs.BOM_UTF8).lstrip()
    return bool(start) and not start.startswith(b"{")


def read_sheet(path: str, language: str | None) -> Sheet:
    """Begin a published file; its entries raise FileError naming row and column of the first that cannot be read.

    The language is that of the layout where it has one, else the one that is given.
    """
    header, _, _ = start_of(path).partition(b"\n")
    separator, layout = _layout(path, header.decode("utf-8-sig", errors="replace"))
    spoken = layout.language or language
    if spoken is None:
        raise FileError(f"{path}: its name does not end in a language as skills_fr.csv does; say it with --language")
    # Old files of ROME are in Windows-1252, all others in UTF-8.
    encoding = encoding_of(path, None if layout.language is None else "cp1252")
    return Sheet(path, layout, (_entry(row, layout, spoken) for row in _rows(path, encoding, separator)))


def _entry(row: _Row, layout: Layout, language: str) -> Entry:
    for column, wanted in layout.must.items():
        if (said := row.text(column, LONGEST_LABEL)) != wanted:
            row.fail(column, f"is {said!r}, and only {wanted} is a skill")
    label = row.text(layout.label, LONGEST_LABEL)
    others = (each for column in layout.alternatives for each in row.lines(column, LONGEST_LABEL))
    alternatives = tuple(dict.fromkeys(each for each in others if each != label))
    return Entry(layout.prefix + row.text(layout.uri, LONGEST_URI), language, label, alternatives, row.place)


def _layout(path: str, header: str) -> tuple[str, Layout]:
    """Return the separator and the layout of a header; the layout most of whose columns are there is the one meant."""
    found = [(separator, _names(header, separator)) for separator in _SEPARATORS]
    separator, names = max(found, key=lambda one: len(one[1]))
    layout = max(LAYOUTS, key=lambda each: len(names.intersection(each.columns)) / len(each.columns))
    missing = [column for column in layout.columns if column not in names]
    if len(missing) == len(layout.columns):
        known = ", ".join(f"{each.name} ({', '.join(each.columns)})" for each in LAYOUTS)
        raise FileError(f"{path}, row 1: these are the columns of no catalogue that is known: {known}")
    if missing:
        raise FileError(f"{path}, row 1, column {missing[0]}: is missing, and {layout.name} has it")
    return separator, layout


def _names(header: str, separator: str) -> set[str]:
    return {name.strip().strip('"') for name in header.strip().split(separator)}


def _rows(path: str, encoding: str, separator: str) -> Iterator[_Row]:
    """Yield the rows that are not blank; a row that is longer or shorter than the first is refused."""
    names: list[str] = []
    number, line = 0, 1
    with lines_of(path, encoding) as lines:
        reader = csv.reader(lines, delimiter=separator, strict=True)
        while (cells := _next(reader, path, number + 1)) is not None:
            lines.begin_row()
            number, first, line = number + 1, line, reader.line_num + 1
            if not names:
                names = [name.strip() for name in cells]
            elif cells:
                row = _Row(path, number, first, dict(zip(names, cells, strict=False)))
                if len(cells) != len(names):
                    raise FileError(f"{row.place}: has {len(cells)} fields, and the first row has {len(names)}")
                yield row


def _next(reader: Iterator[list[str]], path: str, number: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise FileError(f"{path}, row {number}: cannot be read ({error})") from error
