"""Finds which GeoNames place is the seat of which French commune. Used by `build_communes.py` only; reads no file."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.catalogue.communes import fold_name

# GeoNames gives these countries of their own; for us they are a department or a collectivity.
DEPARTMENT_OF_COUNTRY = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976",
    "BL": "977", "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip
FRENCH_COUNTRIES = frozenset({"FR", *DEPARTMENT_OF_COUNTRY})

# Communes that carry the name of their island: the village where the town hall stands, or the largest one.
SEATS = {
    "97701": "Gustavia", "97801": "Marigot",
    "98711": "Tukuhora", "98714": "Vaitape", "98719": "Rikitea", "98720": "Otepa", "98722": "Hitiaa",
    "98723": "Atuona", "98724": "Fare", "98729": "Afareaitu", "98731": "Taiohae", "98740": "Avatoru",
    "98744": "Moerai", "98745": "Vaitoare", "98747": "Afaahiti", "98748": "Vairao", "98752": "Otutara",
    "98753": "Mataura", "98754": "Tevaitoa",
}  # fmt: skip

MAX_KM_FROM_NEIGHBOURS = 20

_ARRONDISSEMENT = re.compile(r"(Paris|Lyon|Marseille) 0?(\d{1,2})\b")
_FIRST_CODE = {"Paris": 75100, "Lyon": 69380, "Marseille": 13200}


@dataclass(frozen=True)
class Town:
    """A commune or municipal arrondissement as the official register gives it."""

    code: str
    name: str
    department: str
    region: str
    district: str
    postcodes: tuple[str, ...]
    population: int
    former_codes: tuple[str, ...]

    @property
    def surroundings(self) -> tuple[str, ...]:
        """Return the areas that hold the town, the smallest first."""
        district = (f"district {self.district}",) if self.district else ()
        return (*(f"postcode {each}" for each in self.postcodes), *district, f"department {self.department}")


@dataclass(frozen=True)
class Place:
    """A populated place as GeoNames gives it; `codes` holds the INSEE codes it states, the narrowest first."""

    geoname_id: int
    name: str
    latitude: float
    longitude: float
    population: int
    country: str
    region: str
    department: str
    codes: tuple[str, ...]

    def km_to(self, latitude: float, longitude: float) -> float:
        """Return a distance good to a few per cent at the scale of a department."""
        east = (self.longitude - longitude) * math.cos(math.radians(latitude))
        return 111.2 * math.hypot(self.latitude - latitude, east)


def locate(towns: list[Town], places: Iterable[Place]) -> dict[str, Place]:
    """Return the place of each town that has one, by INSEE code; a doubtful match is no match."""
    codes = {old: town.code for town in towns for old in town.former_codes} | {town.code: town.code for town in towns}
    by_code: defaultdict[str, list[Place]] = defaultdict(list)
    by_name: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in places:
        if code := _stated_code(place, codes):
            by_code[code].append(place)
        for area in _areas_of(place):
            by_name[area, fold_name(place.name)].append(place)
    found = {town.code: same for town in towns if (same := _same_code_and_name(town, by_code[town.code]))}
    areas = places_by_area(towns, found)
    named = _by_name([town for town in towns if town.code not in found], towns, by_name)
    found |= {
        town.code: named[town.code]
        for town in towns
        if town.code in named and _is_plausible(town, named[town.code], codes, areas)
    }
    return _by_code_alone(towns, by_code, found) | found


def places_by_area(towns: Iterable[Town], found: Mapping[str, Place]) -> dict[str, list[Place]]:
    """Return the places of the located towns of each postcode, district and department."""
    areas: defaultdict[str, list[Place]] = defaultdict(list)
    for town in towns:
        for area in town.surroundings:
            if town.code in found:
                areas[area].append(found[town.code])
    return dict(areas)


def middle_around(town: Town, areas: Mapping[str, list[Place]]) -> tuple[float, float] | None:
    """Return the middle of the smallest area around a town in which a place is known."""
    around = next((areas[area] for area in town.surroundings if area in areas), None)
    if around is None:
        return None
    n = len(around)
    return sum(place.latitude for place in around) / n, sum(place.longitude for place in around) / n


def _is_plausible(town: Town, place: Place, codes: Mapping[str, str], areas: Mapping[str, list[Place]]) -> bool:
    """Tell a town filed under a wrong code from a hamlet elsewhere that bears its name."""
    if _stated_code(place, codes) in {None, town.code}:
        return True
    middle = middle_around(town, areas)
    return middle is not None and place.km_to(*middle) <= MAX_KM_FROM_NEIGHBOURS


def _stated_code(place: Place, codes: Mapping[str, str]) -> str | None:
    if parts := _ARRONDISSEMENT.match(place.name):
        return str(_FIRST_CODE[parts[1]] + int(parts[2]))
    return next((codes[code] for code in place.codes if code in codes), None)


def _areas_of(place: Place) -> tuple[str, ...]:
    """Return the department of a place, or its region when the department is not stated."""
    department = DEPARTMENT_OF_COUNTRY.get(place.country, place.department)
    return (f"department {department}",) if department else (f"region {place.region}",)


def _same_code_and_name(town: Town, places: list[Place]) -> Place | None:
    name = fold_name(town.name)
    same = [place for place in places if fold_name(place.name) == name or _ARRONDISSEMENT.match(place.name)]
    return max(same, key=_importance, default=None)


def _by_name(wanted: list[Town], towns: list[Town], by_name: Mapping[tuple[str, str], list[Place]]) -> dict[str, Place]:
    """Match names that one town and one place bear in the same department, or else in the same region."""
    namesakes: defaultdict[tuple[str, str], int] = defaultdict(int)
    for town in towns:
        for area in (f"department {town.department}", f"region {town.region}"):
            namesakes[area, fold_name(town.name)] += 1
    found: dict[str, Place] = {}
    for town in wanted:
        own = fold_name(town.name)
        for area in (f"department {town.department}", f"region {town.region}"):
            name = fold_name(SEATS.get(town.code, own))
            places = by_name.get((area, name), [])
            if len(places) == 1 and (namesakes[area, own] == 1 or town.code in SEATS):
                found.setdefault(town.code, places[0])
    return found


def _by_code_alone(
    towns: list[Town], by_code: Mapping[str, list[Place]], found: Mapping[str, Place]
) -> dict[str, Place]:
    """Match the largest place that states the town's code and that no other town has taken by name."""
    taken = {place.geoname_id for place in found.values()}
    rest: dict[str, Place] = {}
    for town in towns:
        free = [place for place in by_code.get(town.code, []) if place.geoname_id not in taken]
        if town.code not in found and free:
            rest[town.code] = max(free, key=lambda place: (town.code in place.codes, *_importance(place)))
    return rest


def _importance(place: Place) -> tuple[int, int]:
    return place.population, -place.geoname_id
