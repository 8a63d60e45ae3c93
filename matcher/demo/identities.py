"""Invented names and real places for the demo's volunteers, drawn from `names.json`, `places.json`, `sectors.json`."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from matcher.catalogue.rows import Row, read_list
from matcher.demo.pieces import Gender

ABROAD = "abroad"
MAIL_DOMAIN = "binome-demo.example"

_PLAIN = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "’": "", "'": "", " ": "-"})


@dataclass(frozen=True, slots=True)
class Family:
    """Given names and surnames that go together; `speaks` are their other languages, `writes` those of the texts."""

    weight: int
    speaks: tuple[str, ...]
    writes: tuple[str, ...]
    given: Mapping[Gender, tuple[str, ...]]
    surnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A commune by INSEE code, or a town abroad (None); `at` is « à Lyon », « in Lyon »."""

    region: str
    commune: str | None
    at: Mapping[str, str]
    country: str
    timezone: str
    weight: int
    language: str | None


@dataclass(frozen=True, slots=True)
class Name:
    """A drawn name, with what goes with it."""

    full: str
    email: str
    gender: Gender
    speaks: tuple[str, ...]


@cache
def load_families() -> tuple[Family, ...]:
    """Return the groups of names, read at the first call."""
    return tuple(map(_family, read_list(files("matcher.demo") / "names.json")))


@cache
def load_places() -> tuple[Place, ...]:
    """Return the places, read at the first call."""
    return tuple(map(_place, read_list(files("matcher.demo") / "places.json")))


@cache
def load_sectors() -> tuple[Mapping[str, str], ...]:
    """Return the sectors of work in each language, read at the first call."""
    return tuple(row.bilingual_text("sector") for row in read_list(files("matcher.demo") / "sectors.json"))


def draw_name(language: str, taken: set[str], rng: Random) -> Name:
    """Draw a name whose address is not taken yet, and take it."""
    families = [family for family in load_families() if language in family.writes]
    while True:
        family = rng.choices(families, [each.weight for each in families])[0]
        gender = rng.choice(tuple(Gender))
        given, surname = rng.choice(family.given[gender]), rng.choice(family.surnames)
        email = address(given, surname)
        if email not in taken:
            taken.add(email)
            return Name(f"{given} {surname}", email, gender, family.speaks)


def address(given: str, surname: str) -> str:
    """Return the e-mail address of a name, in plain letters."""
    local = f"{given}.{surname}".translate(_PLAIN)
    return f"{unicodedata.normalize('NFKD', local).encode('ascii', 'ignore').decode().lower()}@{MAIL_DOMAIN}"


def draw_home(rng: Random) -> Place:
    """Draw a commune in France, by weight."""
    return _weighted([place for place in load_places() if place.region != ABROAD], rng)


def draw_second_home(first: Place, rng: Random) -> Place:
    """Draw another commune, of the same region as the first."""
    return _weighted(
        [each for each in load_places() if each.region == first.region and each.commune != first.commune], rng
    )


def _weighted(places: Sequence[Place], rng: Random) -> Place:
    return rng.choices(places, [place.weight for place in places])[0]


def _family(row: Row) -> Family:
    return Family(
        weight=row.count("weight"),
        speaks=row.texts("speaks"),
        writes=row.texts("languages"),
        given={Gender.FEMININE: row.texts("women"), Gender.MASCULINE: row.texts("men")},
        surnames=row.texts("surnames"),
    )


def _place(row: Row) -> Place:
    return Place(
        region=row.text("region"),
        commune=row.optional_text("commune"),
        at=row.bilingual_text("at"),
        country=row.text("country"),
        timezone=row.text("timezone"),
        weight=row.count("weight"),
        language=row.optional_text("language"),
    )
