"""The hand-written pieces from which the texts of the demo's volunteers are put together, and how they are filled.

Holds no sentence itself: they stand in `pieces.jsonl`. « [a|b] » is the feminine and the masculine of one passage.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from matcher.catalogue.rows import Row, read_lines

ANY_TRADE = "any"

_INFLECTED = re.compile(r"\[([^|\]]*)\|([^|\]]*)\]")


class Kind(StrEnum):
    """The place of a piece in a profile; a volunteering piece is an experience outside the trade."""

    HEADLINE = "headline"
    STORY = "story"
    EXPERIENCE = "experience"
    VOLUNTEERING = "volunteering"
    MOTIVATION = "motivation"


class Gender(StrEnum):
    """The gender in which a person writes of herself or himself."""

    FEMININE = "feminine"
    MASCULINE = "masculine"


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One text with its trade; who uses it has its `languages` and `skills`; the trades `not_for` never use it.

    Two pieces are the same only when they are one object.
    """

    id: str
    kind: Kind
    trade: str
    language: str
    text: str
    words: int
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """What varies inside a piece from one person to the next; `at` is « à Lyon », `sector` « l’industrie »."""

    gender: Gender
    years: int
    many: int
    size: int
    sector: str
    at: str


@cache
def load_pieces() -> tuple[Piece, ...]:
    """Return every piece in the order of the file, read at the first call; raises CatalogueError on a bad line."""
    return tuple(_piece(row) for row in read_lines(files("matcher.demo") / "pieces.jsonl"))


def fill(piece: Piece, author: Author) -> str:
    """Return the text of a piece as this person writes it."""
    group = 1 if author.gender is Gender.FEMININE else 2
    return _INFLECTED.sub(lambda found: found[group], piece.text).format(
        years=author.years, many=author.many, size=author.size, sector=author.sector, at_town=author.at
    )


def _piece(row: Row) -> Piece:
    return Piece(
        id=row.text("id"),
        kind=Kind(row.text("kind")),
        trade=row.text("trade"),
        language=row.text("language"),
        text=row.text("text"),
        words=len(row.text("text").split()),
        languages=_optional(row, "languages"),
        skills=_optional(row, "skills"),
        not_for=_optional(row, "not_for"),
    )


def _optional(row: Row, field: str) -> tuple[str, ...]:
    return row.texts(field) if field in row.fields else ()
