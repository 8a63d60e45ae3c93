"""The small set graded by hand is whole: sizes, ids, grades, languages and skills. It ranks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matcher.catalogue.skills import load_skills
from matcher.ranking.files import read_records
from matcher.ranking.schema import Fields, as_text
from matcher.ranking.trials import GradedSet, read_sets
from matcher.ranking.types import NeedInput, VolunteerInput

FOLDER = Path(__file__).parent / "graded"
MOST_SKILLS = 8
FEWEST_GRADED = 3
GOOD = 2


@dataclass(frozen=True, slots=True)
class Ticked:
    """The skills of the catalogue that a person read from the free text of a need or of a volunteer."""

    kind: str
    id: str
    uris: tuple[str, ...]


@cache
def small() -> GradedSet:
    [graded] = read_sets(str(FOLDER))
    return graded


@cache
def ticked() -> tuple[Ticked, ...]:
    def build(fields: Fields) -> Ticked:
        return Ticked(fields.required_text("kind"), fields.required_text("id"), fields.each("uris", as_text))

    return read_records(str(FOLDER / "small_skills.jsonl"), build, "id", lambda one: (one.kind, one.id)).values


def words(volunteer: VolunteerInput) -> int:
    return len(" ".join([volunteer.headline, volunteer.description, *volunteer.experiences]).split())


def languages(of: tuple[NeedInput, ...] | tuple[VolunteerInput, ...]) -> Mapping[str, str | None]:
    return {one.id: one.language for one in of}


def test_the_set_is_as_large_as_it_must_be_in_both_languages() -> None:
    needs, volunteers = list(languages(small().needs).values()), list(languages(small().volunteers).values())

    assert len(needs) >= 44
    assert len(volunteers) >= 66
    assert set(needs) == set(volunteers) == {"fr", "en"}
    assert min(needs.count("en"), volunteers.count("en")) >= 14


def test_every_field_of_the_set_is_one_of_the_file_interface() -> None:
    assert small().unknown == frozenset()


def test_every_need_has_at_least_three_graded_people_and_one_good_one() -> None:
    for need in small().needs:
        grades = small().grades[need.id]
        assert len(grades) >= FEWEST_GRADED, need.id
        assert max(grades.values()) >= GOOD, need.id


def test_many_good_people_write_in_another_language_than_the_need() -> None:
    needs, volunteers = languages(small().needs), languages(small().volunteers)

    good = [(need, one) for need, grades in small().grades.items() for one in grades if grades[one] >= GOOD]
    crossed = [(need, one) for need, one in good if needs[need] != volunteers[one]]

    assert len(crossed) * 3 >= len(good)


def test_short_and_long_profiles_are_both_there() -> None:
    lengths = sorted(words(volunteer) for volunteer in small().volunteers)

    quarter = len(lengths) // 4
    assert lengths[quarter] <= 15
    assert lengths[-quarter] >= 200


def test_nothing_but_skill_can_leave_anybody_out() -> None:
    assert not any(need.mode or need.working_languages or need.locations for need in small().needs)
    assert not any(one.languages or one.locations or one.availability.hours for one in small().volunteers)


def test_each_need_and_volunteer_has_the_skills_that_a_reader_would_tick() -> None:
    everybody = [("need", need.id) for need in small().needs] + [("volunteer", one.id) for one in small().volunteers]

    assert [(one.kind, one.id) for one in ticked()] == everybody
    for one in ticked():
        assert len(set(one.uris)) == len(one.uris) <= MOST_SKILLS, one.id
        assert [uri for uri in one.uris if load_skills().get(uri) is None] == []
    assert all(one.uris for one in ticked() if one.kind == "need")
