"""The file interface: what is read, what is refused and how it is said, what is written."""

import gzip
import json
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from matcher.ranking import files
from matcher.ranking.concepts import linked_need, linked_volunteer, uris_by_label
from matcher.ranking.files import FileError, read_needs, read_volunteers, write_records
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.types import (
    Availability,
    Hours,
    Importance,
    Location,
    Mode,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Per,
    Schedule,
    Times,
    VolunteerInput,
    WeeklySlot,
)

NEED = {"id": "n1", "title": "Comptable"}
VOLUNTEER = {"id": "v1"}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    def write(*records: object) -> str:
        path = tmp_path / "records.jsonl"
        lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
        path.write_bytes(b"\n".join(lines) + b"\n")
        return str(path)

    return write


def test_every_field_of_a_need_is_read(written: Callable[..., str]) -> None:
    schedule = {
        "starts_on": "2026-11-02",
        "ends_on": "2026-11-29",
        "total_hours": 20,
        "together_hours": 4.5,
        "times": "fixed",
        "weekly": [["mon", "18:00", "24:00"]],
        "timezone": "America/Montreal",
    }
    record = {
        **NEED,
        "description": "Bilan",
        "skills": ["paie", {"label": "Excel", "importance": "useful"}],
        "language": "fr",
        "working_languages": ["fr", "en"],
        "mode": "hybrid",
        "locations": [{"latitude": 48.8, "longitude": 2}],
        "schedule": schedule,
    }

    (need,) = read_needs(written(record)).values

    days = date(2026, 11, 2), date(2026, 11, 29)
    weekly = (WeeklySlot(0, time(18), time(0)),)
    assert need == NeedInput(
        "n1",
        "Comptable",
        "Bilan",
        (NeededSkill("paie"), NeededSkill("Excel", Importance.USEFUL)),
        "fr",
        ("fr", "en"),
        Mode.HYBRID,
        (Location(48.8, 2.0),),
        Schedule(*days, 20.0, 4.5, Times.FIXED, weekly, "America/Montreal"),
    )


def test_every_field_of_a_volunteer_is_read(written: Callable[..., str]) -> None:
    availability = {
        "hours": {"amount": 3, "per": "month"},
        "committed_hours_per_week": 1,
        "from": "2026-11-02",
        "until": "2027-11-02",
        "weekly": [["sun", "09:00", "10:30"]],
        "unavailable": [["2026-12-20", "2027-01-04"]],
        "confirmed_on": "2026-10-01",
    }
    record = {
        **VOLUNTEER,
        "headline": "Comptable",
        "description": "Longtemps",
        "experiences": ["Une", "Deux"],
        "skills": ["paie", {"label": "Excel", "level": 3}],
        "language": "fr",
        "languages": ["fr"],
        "remote": True,
        "on_site": False,
        "locations": [{"latitude": 48.8, "longitude": 2}],
        "radius_km": 30,
        "availability": availability,
    }

    (volunteer,) = read_volunteers(written(record)).values

    assert volunteer == VolunteerInput(
        "v1",
        "Comptable",
        "Longtemps",
        ("Une", "Deux"),
        (OfferedSkill("paie"), OfferedSkill("Excel", 3)),
        "fr",
        ("fr",),
        True,
        False,
        (Location(48.8, 2.0),),
        30.0,
        Availability(
            Hours(3.0, Per.MONTH),
            1.0,
            date(2026, 11, 2),
            date(2027, 11, 2),
            (WeeklySlot(6, time(9), time(10, 30)),),
            ((date(2026, 12, 20), date(2027, 1, 4)),),
            "Europe/Paris",
            date(2026, 10, 1),
        ),
    )


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_null_and_empty_read_like_absent(written: Callable[..., str], nothing: object) -> None:
    fields = (
        "headline description experiences skills language languages remote on_site locations radius_km availability"
    )
    record = {**VOLUNTEER, **dict.fromkeys(fields.split(), nothing)}

    assert read_volunteers(written(record)).values == (VolunteerInput("v1"),)


def test_hours_without_their_period_say_nothing(written: Callable[..., str]) -> None:
    record = {**VOLUNTEER, "availability": {"hours": {"amount": 3}}}

    assert read_volunteers(written(record)).values == (VolunteerInput("v1"),)


@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        ({"id": None}, "id", "is missing"),
        ({"id": 7}, "id", "must be a text"),
        ({"title": ""}, "title", "is missing"),
        ({"title": "a\x00b"}, "title", "NUL"),
        ({"description": "\ud800"}, "description", "surrogate"),
        ({"skills": "paie"}, "skills", "must be a list"),
        ({"skills": [3]}, "skills[0]", "must be a text"),
        ({"skills": [{"importance": "useful"}]}, "skills[0].label", "is missing"),
        ({"skills": ["a", {"label": "b", "importance": "vital"}]}, "skills[1].importance", "must be one of"),
        ({"mode": "moon"}, "mode", "must be one of remote, on_site, hybrid"),
        ({"locations": [{"latitude": 91, "longitude": 0}]}, "locations[0].latitude", "between -90 and 90"),
        ({"locations": [{"latitude": 1, "longitude": -181}]}, "locations[0].longitude", "between -180 and 180"),
        ({"locations": [{"latitude": 1}]}, "locations[0].longitude", "is missing"),
        ({"locations": ["Paris"]}, "locations[0]", "must be an object"),
        ({"schedule": []}, None, None),
        ({"schedule": "soon"}, "schedule", "must be an object"),
        ({"schedule": {"starts_on": "2026-02-30"}}, "schedule.starts_on", "must be a date"),
        ({"schedule": {"starts_on": "20260201"}}, "schedule.starts_on", "must be a date"),
        (
            {"schedule": {"starts_on": "2026-03-01", "ends_on": "2026-02-01"}},
            "schedule.ends_on",
            "ends before it starts",
        ),
        ({"schedule": {"total_hours": -1}}, "schedule.total_hours", "at least 0"),
        ({"schedule": {"total_hours": True}}, "schedule.total_hours", "must be a number"),
        ({"schedule": {"total_hours": "12"}}, "schedule.total_hours", "must be a number"),
        ({"schedule": {"total_hours": 10**400}}, "schedule.total_hours", "must be a number"),
        ({"schedule": {"timezone": "Mars/Olympus"}}, "schedule.timezone", "time zone"),
        ({"schedule": {"weekly": [["mon", "18:00"]]}}, "schedule.weekly[0]", "must be such as"),
        ({"schedule": {"weekly": [["lun", "18:00", "20:00"]]}}, "schedule.weekly[0]", "the day must be one of"),
        ({"schedule": {"weekly": [["mon", "18h", "20:00"]]}}, "schedule.weekly[0]", "HH:MM"),
        ({"schedule": {"weekly": [["mon", "20:00", "18:00"]]}}, "schedule.weekly[0]", "ends before it starts"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(
    written: Callable[..., str], fields: dict[str, object], field: str | None, why: str | None
) -> None:
    path = written(NEED, {**NEED, "id": "n2", **fields})
    if field is None:
        assert len(read_needs(path).values) == 2
        return

    with pytest.raises(FileError) as refused:
        read_needs(path)

    assert f"{path}, line 2: field {field}: " in str(refused.value)
    assert str(why) in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"remote": "yes"}, "remote"),
        ({"skills": [{"label": "a", "level": 5}]}, "skills[0].level"),
        ({"skills": [{"label": "a", "level": 1.5}]}, "skills[0].level"),
        ({"radius_km": -3}, "radius_km"),
        ({"availability": {"unavailable": [["2026-12-20", "2026-12-01"]]}}, "availability.unavailable[0]"),
        ({"availability": {"unavailable": [["2026-12-20"]]}}, "availability.unavailable[0]"),
        ({"availability": {"from": "2026-12-20", "until": "2026-12-01"}}, "availability.until"),
        ({"availability": {"hours": {"amount": 3, "per": "day"}}}, "availability.hours.per"),
    ],
)
def test_a_volunteers_field_that_cannot_be_read_is_named(
    written: Callable[..., str], fields: dict[str, object], field: str
) -> None:
    with pytest.raises(FileError, match="line 1: field ") as refused:
        read_volunteers(written({**VOLUNTEER, **fields}))

    assert f"field {field}: " in str(refused.value)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "is not JSON"),
        (b"[1]", "must be an object"),
        (b'{"id": NaN}', "NaN is not a number"),
        (b'{"id": "\xff"}', "is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "is not JSON"),
    ],
)
def test_a_line_that_is_no_record_is_named(written: Callable[..., str], line: bytes, why: str) -> None:
    with pytest.raises(FileError, match="line 2: ") as refused:
        read_needs(written(NEED, line))

    assert why in str(refused.value)


def test_a_duplicate_id_is_named_with_both_lines(written: Callable[..., str]) -> None:
    with pytest.raises(FileError, match=r"line 3: field id: 'n1' stands on line 1 already"):
        read_needs(written(NEED, b"", NEED))


def test_a_line_without_end_is_refused_before_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "needs.jsonl.gz"
    with gzip.open(path, "wb") as packed:
        packed.write(b'{"id": "' + b"a" * (files.LONGEST_LINE + 1))

    with pytest.raises(FileError, match="line 1: is longer than 16 MB"):
        read_needs(str(path))


def test_a_file_that_is_not_there_or_not_packed_is_named(tmp_path: Path, written: Callable[..., str]) -> None:
    broken = tmp_path / "cut.jsonl.gz"
    broken.write_bytes(gzip.compress(json.dumps(NEED).encode() * 50)[:-9])
    plain = tmp_path / "plain.jsonl.gz"
    plain.write_bytes(b"not packed")

    for path in (broken, plain, tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(FileError, match=str(path)):
            read_needs(str(path))


def test_unknown_fields_are_told_once_each(written: Callable[..., str]) -> None:
    odd = {"colour": 1, "skills": [{"label": "a", "size": 1}, {"label": "b", "size": 2}], "schedule": {"pace": 1}}

    contents = read_needs(written({**NEED, **odd}, {**NEED, **odd, "id": "n2"}))

    assert contents.unknown == {"colour", "skills[].size", "schedule.pace"}


def test_a_byte_order_mark_and_blank_lines_are_no_matter(written: Callable[..., str]) -> None:
    assert len(read_needs(written(b"\xef\xbb\xbf" + json.dumps(NEED).encode(), b"  ", b"")).values) == 1


def test_a_catalogue_links_labels_of_both_languages() -> None:
    names = {"fr": "Comptabilité", "en": "accounting"}
    uris = uris_by_label([CatalogueSkill("s1", names, {"en": ("bookkeeping",)})])

    need = linked_need(NeedInput("n", "t", skills=(NeededSkill("comptabilite"), NeededSkill("autre"))), uris)
    volunteer = linked_volunteer(VolunteerInput("v", skills=(OfferedSkill("Bookkeeping"),)), uris)

    assert [skill.uri for skill in need.skills] == ["s1", None]
    assert volunteer.skills[0].uri == "s1"


def test_packed_output_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    once, twice = tmp_path / "once.jsonl.gz", tmp_path / "twice.jsonl.gz"

    for path in (once, twice):
        write_records(str(path), [{"need_id": "é"}])

    assert once.read_bytes() == twice.read_bytes()
    assert gzip.decompress(once.read_bytes()).decode() == '{"need_id": "é"}\n'


def test_output_that_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before")

    def records():
        yield {"need_id": "n1"}
        raise FileError("the rest cannot be made")

    with pytest.raises(FileError):
        write_records(str(path), records())

    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]
