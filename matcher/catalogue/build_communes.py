"""Makes `communes.jsonl.gz` and `departments.json` from public data files; the same inputs give the same bytes.

A script kept beside its result, never imported by the service. Sources and licences: `docs/data-sources.md`.

python -m matcher.catalogue.build_communes --communes communes.json --departments departements.json \\
    --cities cities500.json --codes cities500.txt --output matcher/catalogue
"""

import argparse
import gzip
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.catalogue.places import FRENCH_COUNTRIES, Place, Town, locate, middle_around, places_by_area

OFFICIAL = frozenset({"commune-actuelle", "arrondissement-municipal"})


@dataclass(frozen=True)
class Located:
    """A town with the coordinates it gets, its own or those of its surroundings."""

    town: Town
    latitude: float
    longitude: float
    is_approximate: bool


def build(sources: argparse.Namespace) -> str:
    """Write the two files into the output folder; return one sentence on what they hold."""
    towns = read_towns(sources.communes)
    rows = place_all(towns, locate(towns, read_places(sources.cities, sources.codes)))
    write_communes(rows, sources.output / "communes.jsonl.gz")
    used = {row.town.department for row in rows}
    write_departments(sources.departments, used, sources.output / "departments.json")
    unknown = [row for row in rows if row.is_approximate]
    share = 100 * sum(row.town.population for row in unknown) / sum(row.town.population for row in rows)
    return f"{len(rows)} communes, {len(unknown)} approximate ({share:.1f} % of the inhabitants)\n"


def read_towns(path: Path) -> list[Town]:
    """Return the inhabited communes and municipal arrondissements, by code, with the codes they have absorbed."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    former: dict[str, list[str]] = {}
    for row in rows:
        if "chefLieu" in row:
            former.setdefault(row["chefLieu"], []).append(row["code"])
    towns = [
        Town(
            code=row["code"],
            name=row["nom"],
            department=row["departement"],
            region=row["region"],
            district=row.get("arrondissement", ""),
            postcodes=tuple(sorted(row.get("codesPostaux", []))),
            population=row["population"],
            former_codes=tuple(sorted({*row.get("anciensCodes", []), *former.get(row["code"], [])} - {row["code"]})),
        )
        for row in rows
        # The uninhabited districts of the southern lands and Clipperton state no population.
        if row["type"] in OFFICIAL and "population" in row
    ]
    return sorted(towns, key=lambda town: town.code)


def read_places(cities: Path, codes: Path) -> list[Place]:
    """Return the populated places of both GeoNames files; the second gives the codes, the first the newer position."""
    places = {place.geoname_id: place for place in _places_with_codes(codes)}
    for row in json.loads(cities.read_text(encoding="utf-8")).values():
        if row["countrycode"] not in FRENCH_COUNTRIES:
            continue
        known = places.get(row["geonameid"])
        places[row["geonameid"]] = Place(
            geoname_id=row["geonameid"],
            name=row["name"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            population=row["population"],
            country=row["countrycode"],
            region=row["admin1code"],
            department=known.department if known else "",
            codes=known.codes if known else (),
        )
    return [places[number] for number in sorted(places)]


def _places_with_codes(path: Path) -> Iterator[Place]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if cells[8] not in FRENCH_COUNTRIES:
                continue
            yield Place(
                geoname_id=int(cells[0]),
                name=cells[1],
                latitude=float(cells[4]),
                longitude=float(cells[5]),
                population=int(cells[14] or 0),
                country=cells[8],
                region=cells[10],
                department=cells[11],
                codes=tuple(cell for cell in reversed(cells[10:14]) if len(cell) == 5),
            )


def place_all(towns: list[Town], found: Mapping[str, Place]) -> list[Located]:
    """Give every town its position, or the middle of its postcode, of its district, of its department."""
    areas = places_by_area(towns, found)
    rows = []
    for town in towns:
        if own := found.get(town.code):
            rows.append(Located(town, round(own.latitude, 4), round(own.longitude, 4), is_approximate=False))
        elif middle := middle_around(town, areas):
            rows.append(Located(town, round(middle[0], 3), round(middle[1], 3), is_approximate=True))
        else:
            raise ValueError(f"no place is known in the department of {town.code} {town.name}")
    return rows


def write_communes(rows: Iterable[Located], path: Path) -> None:
    """Write one JSON array a line, compressed, without the date that would change the bytes."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        text = io.TextIOWrapper(packed, encoding="utf-8", newline="\n")
        for row in rows:
            town = row.town
            cells = [town.code, town.name, town.department, town.postcodes, town.population]
            cells += [row.latitude, row.longitude, int(row.is_approximate)]
            text.write(json.dumps(cells, ensure_ascii=False, separators=(",", ":")) + "\n")
        text.flush()


def write_departments(source: Path, used: set[str], path: Path) -> None:
    """Write the code and name of every department that has a commune, by code."""
    rows = json.loads(source.read_text(encoding="utf-8"))
    kept = sorted((row["code"], row["nom"]) for row in rows if row["code"] in used)
    lines = ",\n".join(json.dumps({"code": code, "name": name}, ensure_ascii=False) for code, name in kept)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def arguments(words: list[str]) -> argparse.Namespace:
    """Return the five paths of a command line."""
    parser = argparse.ArgumentParser(description="Make the tables of communes and departments.")
    for name in ("--communes", "--departments", "--cities", "--codes", "--output"):
        parser.add_argument(name, type=Path, required=True)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.stdout.write(build(arguments(sys.argv[1:])))
