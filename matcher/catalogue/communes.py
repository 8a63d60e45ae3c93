"""French communes and departments: the table and its look-ups. Holds no question of who lives or volunteers where.

The table is made by `build_communes.py`; its sources and licences stand in `docs/data-sources.md`.
"""

import gzip
import json
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).parent / "communes.jsonl.gz"
DEPARTMENTS = Path(__file__).parent / "departments.json"
# Paris, Marseille and Lyon stand in the table beside their arrondissements.
CITIES_IN_ARRONDISSEMENTS = frozenset({"75056", "13055", "69123"})

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_ARTICLE = re.compile(r"^(?:le|la|les|l) ")
_SAINT = re.compile(r"\bst(e?) ")


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune or municipal arrondissement; `is_approximate` when its own coordinates are not known."""

    code: str
    name: str
    department: str
    postcodes: tuple[str, ...]
    population: int
    latitude: float
    longitude: float
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class Department:
    """One department, or overseas collectivity, with its official code."""

    code: str
    name: str


def get(code: str) -> Commune | None:
    """Return the commune of an INSEE code, or None."""
    return load_communes().get(code)


def find(text: str, top: int = 10) -> list[Commune]:
    """Return the communes of a postcode, or whose name begins with the text: same name first, then by population."""
    wanted = fold_name(text)
    if not wanted or top < 1:
        return []
    if wanted.isdigit():
        return nsmallest(top, _with_postcode(wanted), key=_most_precise_first)
    exact = {commune.code for commune in _named(wanted, wanted)}
    found = {commune.code: commune for commune in _named(wanted, wanted + "\x7f")}
    return nsmallest(top, found.values(), key=lambda each: (each.code not in exact, -each.population, each.code))


def fold_name(text: str) -> str:
    """Return a name without accents, case, hyphens, apostrophes or abbreviated Saint, for comparison."""
    joined = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", " ")
    letters = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode("ascii")
    # A last « st » stays: who types it may mean Strasbourg.
    return _SAINT.sub(r"saint\1 ", _NOT_LETTERS.sub(" ", letters).strip())


@cache
def load_communes() -> Mapping[str, Commune]:
    """Return every commune by INSEE code; read once."""
    communes: dict[str, Commune] = {}
    with gzip.open(TABLE, "rt", encoding="utf-8") as lines:
        for row in json.loads("[" + ",".join(lines) + "]"):
            code, name, department, postcodes, population, latitude, longitude, is_approximate = row
            communes[code] = Commune(
                code, name, department, tuple(postcodes), population, latitude, longitude, bool(is_approximate)
            )
    return MappingProxyType(communes)


@cache
def departments() -> tuple[Department, ...]:
    """Return the departments and inhabited collectivities, by code; read once."""
    rows = json.loads(DEPARTMENTS.read_text(encoding="utf-8"))
    return tuple(Department(row["code"], row["name"]) for row in rows)


def _most_precise_first(commune: Commune) -> tuple[bool, int, str]:
    return commune.code in CITIES_IN_ARRONDISSEMENTS, -commune.population, commune.code


def _with_postcode(start: str) -> Iterable[Commune]:
    by_postcode = _communes_by_postcode()
    if len(start) == 5:
        return by_postcode.get(start, ())
    found = {each.code: each for code, communes in by_postcode.items() if code.startswith(start) for each in communes}
    return found.values()


@cache
def _communes_by_postcode() -> Mapping[str, tuple[Commune, ...]]:
    found: defaultdict[str, list[Commune]] = defaultdict(list)
    for commune in load_communes().values():
        for postcode in commune.postcodes:
            found[postcode].append(commune)
    return {postcode: tuple(communes) for postcode, communes in found.items()}


def _named(first: str, last: str) -> list[Commune]:
    """Return the communes whose folded names lie between first and last, both included."""
    names, communes = _sorted_names()
    start = bisect_left(names, first)
    end = bisect_left(names, last + "\x00", lo=start)
    return list(communes[start:end])


@cache
def _sorted_names() -> tuple[tuple[str, ...], tuple[Commune, ...]]:
    """Return folded names in order, with and without their article, and the commune of each."""
    entries: list[tuple[str, str]] = []
    for commune in load_communes().values():
        name = fold_name(commune.name)
        entries += [(each, commune.code) for each in {name, _ARTICLE.sub("", name)}]
    entries.sort()
    return tuple(name for name, _ in entries), tuple(load_communes()[code] for _, code in entries)
