"""The table of communes, its look-ups, and the script that makes it."""

import gzip
import json
import math
from argparse import Namespace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from matcher.catalogue import communes
from matcher.catalogue.build_communes import build
from matcher.catalogue.communes import Department, departments, find, fold_name, get, load_communes
from matcher.catalogue.countries import countries, time_zones

KNOWN = [
    ("75056", "Paris", 48.857, 2.352),
    ("69389", "Lyon 9e Arrondissement", 45.774, 4.805),
    ("13208", "Marseille 8e Arrondissement", 43.262, 5.380),
    ("29019", "Brest", 48.390, -4.486),
    ("59350", "Lille", 50.633, 3.058),
    ("67482", "Strasbourg", 48.580, 7.750),
    ("33063", "Bordeaux", 44.838, -0.579),
    ("31555", "Toulouse", 43.604, 1.444),
    ("06088", "Nice", 43.703, 7.266),
    ("2A004", "Ajaccio", 41.919, 8.738),
    ("42218", "Saint-Étienne", 45.434, 4.390),
    ("93066", "Saint-Denis", 48.936, 2.357),
    ("69244", "Tassin-la-Demi-Lune", 45.764, 4.780),
    ("50129", "Cherbourg-en-Cotentin", 49.638, -1.616),
    ("74010", "Annecy", 45.899, 6.129),
    ("87085", "Limoges", 45.833, 1.261),
    ("97411", "Saint-Denis", -20.879, 55.448),
    ("97209", "Fort-de-France", 14.604, -61.066),
    ("97302", "Cayenne", 4.938, -52.330),
    ("98735", "Papeete", -17.535, -149.570),
]


def km(here: tuple[float, float], there: tuple[float, float]) -> float:
    (a, x), (b, y) = (tuple(map(math.radians, point)) for point in (here, there))
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin((y - x) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


@pytest.mark.parametrize(("code", "name", "latitude", "longitude"), KNOWN)
def test_a_known_town_stands_within_five_kilometres(code: str, name: str, latitude: float, longitude: float) -> None:
    commune = get(code)

    assert commune is not None
    assert commune.name == name
    assert not commune.is_approximate
    assert km((commune.latitude, commune.longitude), (latitude, longitude)) < 5


def test_the_table_holds_the_country_and_every_row_is_sane() -> None:
    table = load_communes()
    codes = {department.code for department in departments()}

    assert 34_900 < len(table) < 35_200
    assert sum(code.startswith(("751", "6938", "132")) and "Arr" in table[code].name for code in table) == 45
    for commune in table.values():
        assert commune.department in codes
        assert -28 < commune.latitude < 52
        assert -180 <= commune.longitude <= 180
        assert commune.population >= 0
        assert all(len(postcode) == 5 and postcode.isdigit() for postcode in commune.postcodes)
        assert commune.postcodes


def test_a_commune_without_coordinates_says_so_and_stands_near_its_neighbours() -> None:
    pin, neighbour = get("44124"), get("44180")

    assert pin is not None
    assert neighbour is not None
    assert pin.is_approximate
    assert km((pin.latitude, pin.longitude), (neighbour.latitude, neighbour.longitude)) < 10


def test_nearly_all_inhabitants_live_where_coordinates_are_exact() -> None:
    table = load_communes().values()
    unsure = sum(commune.population for commune in table if commune.is_approximate)

    assert unsure < 0.1 * sum(commune.population for commune in table)


def test_an_unknown_code_is_none() -> None:
    assert get("99999") is None
    assert get("") is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("lyon", "69123"),
        ("SAINT ETIENNE", "42218"),
        ("st-étienne", "42218"),
        ("Ste Marie aux", "68298"),
        ("l’haÿ les roses", "94038"),
        ("havre", "76351"),
        ("la rochelle", "17300"),
        ("st", "67482"),
        ("Y", "80829"),
        ("eu", "76255"),
        ("69009", "69389"),
        ("75116", "75116"),
        ("97400", "97411"),
        ("2900", "29232"),
    ],
)
def test_what_is_typed_finds_the_expected_commune_first(typed: str, first: str) -> None:
    assert find(typed, top=3)[0].code == first


def test_namesakes_come_biggest_first() -> None:
    found = [commune for commune in find("Saint-Denis", top=4) if commune.name == "Saint-Denis"]

    assert [commune.department for commune in found[:2]] == ["974", "93"]
    assert found == sorted(found, key=lambda commune: -commune.population)


@pytest.mark.parametrize("typed", ["", "   ", "-", "zzzzz", "00000", "99", "\x00", "Lyon\x00", "a" * 10_000])
def test_what_finds_nothing_or_is_odd_gives_a_list_and_no_error(typed: str) -> None:
    assert len(find(typed, top=3)) <= 3


def test_no_more_than_asked_for_are_returned_and_each_once() -> None:
    found = find("les", top=20)

    assert len(found) == len({commune.code for commune in found}) == 20
    assert find("lyon", top=0) == []


def test_folding_a_name_forgets_accents_case_hyphens_and_saint() -> None:
    assert fold_name("L’Haÿ-les-Roses") == "l hay les roses"
    assert fold_name("St-Œuvre") == fold_name("SAINT OEUVRE")
    assert fold_name("Ste-Ode") == "sainte ode"


def test_departments_are_sorted_and_hold_metropolis_and_overseas() -> None:
    found = departments()

    assert len(found) == 107
    assert Department("2A", "Corse-du-Sud") in found
    assert Department("974", "La Réunion") in found
    assert list(found) == sorted(found, key=lambda department: department.code)


def test_countries_are_named_in_the_language_and_leave_out_france() -> None:
    french, english = dict(countries("fr")), dict(countries("en"))

    assert french["DE"] == "Allemagne"
    assert english["DE"] == "Germany"
    assert french.keys() == english.keys()
    assert not {"FR", "RE", "EU", "ZZ"} & french.keys()
    assert [name for _, name in countries("fr")[:3]] == ["Afghanistan", "Afrique du Sud", "Albanie"]


def test_every_time_zone_offered_exists() -> None:
    assert {"Europe/Paris", "America/Montreal", "Indian/Reunion"} <= set(time_zones())
    assert all(ZoneInfo(name).key == name for name in time_zones())


def official(code: str, name: str, postcode: str, population: int) -> dict[str, object]:
    row = {"code": code, "nom": name, "departement": "01", "region": "84", "arrondissement": "011"}
    return row | {"type": "commune-actuelle", "codesPostaux": [postcode], "population": population}


def geoname(number: int, name: str, latitude: float, code: str) -> tuple[dict[str, object], str]:
    row = {"geonameid": number, "name": name, "latitude": latitude, "longitude": 5.0, "population": 900}
    cells = [str(number), name, name, "", str(latitude), "5.0", "P", "PPL", "FR", "", "84", "01", "011", code, "900"]
    return row | {"countrycode": "FR", "admin1code": "84"}, "\t".join(cells)


@pytest.fixture
def sources(tmp_path: Path) -> Namespace:
    towns = [
        official("01001", "Le Bourg", "01100", 900),
        official("01002", "St-Loup", "01200", 800),
        official("01003", "Sans-Place", "01200", 90),
        official("01004", "Loin", "01300", 50),
        official("01005", "Val-Neuf", "01400", 700) | {"anciensCodes": ["01009"]},
        {"code": "98411", "nom": "Îles", "departement": "984", "region": "984", "type": "commune-actuelle"},
    ]
    places = [
        geoname(1, "Le Bourg", 46.0, "01001"),
        geoname(2, "Saint-Loup", 46.2, "99999"),
        geoname(3, "Vieux-Val", 46.4, "01009"),
        geoname(4, "Hameau", 46.9, "01001"),
    ]
    texts = {
        "communes": json.dumps(towns),
        "departments": json.dumps([{"code": "01", "nom": "Ain"}, {"code": "984", "nom": "Terres australes"}]),
        "cities": json.dumps({str(row["geonameid"]): row for row, _ in places}),
        "codes": "".join(line + "\n" for _, line in places),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Namespace(**{name: tmp_path / name for name in texts}, output=tmp_path)


def test_the_script_matches_by_code_by_name_and_by_former_code_and_falls_back(sources: Namespace) -> None:
    build(sources)

    rows = built(sources)
    assert {code: (row[5], row[7]) for code, row in rows.items()} == {
        "01001": (46.0, 0),  # same code, same name
        "01002": (46.2, 0),  # a wrong code, the only one of that name in the department
        "01003": (46.2, 1),  # the middle of its postcode
        "01004": (46.2, 1),  # the middle of its district
        "01005": (46.4, 0),  # the code of a commune that it has absorbed
    }
    assert json.loads((sources.output / "departments.json").read_text()) == [{"code": "01", "name": "Ain"}]


def test_the_script_makes_the_same_bytes_twice(sources: Namespace) -> None:
    table = sources.output / "communes.jsonl.gz"

    build(sources)
    first = table.read_bytes()
    build(sources)

    assert table.read_bytes() == first
    assert communes.TABLE.stat().st_size < 1_500_000


def built(sources: Namespace) -> dict[str, list[object]]:
    lines = gzip.decompress((sources.output / "communes.jsonl.gz").read_bytes()).decode().splitlines()
    return {row[0]: row for row in map(json.loads, lines)}
