"""What rankers are tried on: a folder of graded needs, the same needs without their skills, and across languages.

A folder holds, for each name, `NAME_needs`, `NAME_volunteers` and `NAME_qrels`, each `.jsonl` or `.jsonl.gz`. Reads and
checks; ranks nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

from matcher.ranking.files import Contents, FileError, read_needs, read_records, read_volunteers
from matcher.ranking.profiles import volunteer_profile
from matcher.ranking.schema import FieldError, Fields
from matcher.ranking.types import NeedInput, VolunteerInput

BEST_GRADE = 3
ENDINGS = (".jsonl", ".jsonl.gz")
Grades = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GradedSet:
    """Needs, volunteers, and the grades from 1 to 3 of the volunteers for each need; who is absent has grade 0."""

    name: str
    needs: tuple[NeedInput, ...]
    volunteers: tuple[VolunteerInput, ...]
    grades: Mapping[str, Grades]
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trial:
    """Needs to be ranked among the volunteers of one set: those of the same set or, across languages, of its twin."""

    name: str
    needs: tuple[NeedInput, ...]
    needs_of: str
    volunteers_of: str
    grades: Mapping[str, Grades]

    @property
    def is_crossed(self) -> bool:
        """Whether needs and volunteers speak different languages."""
        return self.needs_of != self.volunteers_of


def read_sets(folder: str, names: Collection[str] = ()) -> list[GradedSet]:
    """Read the sets of a folder, or those of some names, by name; raise FileError naming what is missing or wrong."""
    known = _names(folder)
    for name in names:
        if name not in known:
            raise FileError(f"{folder}: there is no set {name!r}; there are: {', '.join(known)}")
    return [_read_set(folder, name) for name in known if not names or name in names]


def wordy(graded: GradedSet, words: int) -> GradedSet:
    """Return a set with those volunteers only whose profile has so many words at least.

    Examples
    --------
    >>> people = (VolunteerInput("a", "un deux"), VolunteerInput("b", "un"))
    >>> graded = GradedSet("s", (), people, {"n": {"a": 3, "b": 1}})
    >>> wordy(graded, 2).grades
    {'n': {'a': 3}}
    """
    kept = tuple(one for one in graded.volunteers if len(volunteer_profile(one).whole.split()) >= words)
    ids = {one.id for one in kept}
    grades = {need: {one: grade for one, grade in given.items() if one in ids} for need, given in graded.grades.items()}
    return replace(graded, volunteers=kept, grades={need: given for need, given in grades.items() if given})


def trials(sets: Sequence[GradedSet]) -> list[Trial]:
    """Return each set as it is and with the skills of its needs left out, then the crossings of twins likewise.

    Examples
    --------
    >>> ana, need = VolunteerInput("ana", "Comptable"), NeedInput("n1", "Comptable", language="fr")
    >>> french = GradedSet("fr", (need,), (ana,), {"n1": {"ana": 3}})
    >>> english = GradedSet("en", (replace(need, language="en"),), (ana,), {"n1": {"ana": 3}})
    >>> [trial.name for trial in trials([english, french])]
    ['en', 'fr', 'en × fr', 'fr × en']
    """
    crossed = [(one, other) for one, other in permutations(sets, 2) if _are_twins(one, other)]
    pairs = [*((one, one) for one in sets), *crossed]
    return [trial for needs, volunteers in pairs for trial in _variants(needs, volunteers)]


def _variants(wanted: GradedSet, offered: GradedSet) -> Iterator[Trial]:
    name = wanted.name if wanted is offered else f"{wanted.name} × {offered.name}"
    yield Trial(name, wanted.needs, wanted.name, offered.name, wanted.grades)
    if any(need.skills for need in wanted.needs):
        silent = tuple(replace(need, skills=()) for need in wanted.needs)
        yield Trial(f"{name}, no skills", silent, wanted.name, offered.name, wanted.grades)


def _are_twins(one: GradedSet, other: GradedSet) -> bool:
    """Return whether two sets are the same one in two languages; two texts of one language are no crossing."""
    same_people = {person.id for person in one.volunteers} == {person.id for person in other.volunteers}
    same_needs = {need.id for need in one.needs} == {need.id for need in other.needs}
    same_language = _language(one) is not None and _language(one) == _language(other)
    return same_people and same_needs and one.grades == other.grades and not same_language


def _language(graded: GradedSet) -> str | None:
    stated = Counter(need.language for need in graded.needs if need.language)
    return max(stated, key=lambda language: (stated[language], language), default=None)


def _names(folder: str) -> list[str]:
    if not Path(folder).is_dir():
        raise FileError(f"{folder}: is not a folder")
    endings = tuple(f"_needs{ending}" for ending in ENDINGS)
    found = [path.name for path in Path(folder).iterdir() if path.name.endswith(endings)]
    if not found:
        raise FileError(f"{folder}: holds no file NAME_needs.jsonl or NAME_needs.jsonl.gz")
    return sorted({name.rpartition("_needs.")[0] for name in found})


def _read_set(folder: str, name: str) -> GradedSet:
    paths = {part: _path(folder, name, part) for part in ("needs", "volunteers", "qrels")}
    needs, volunteers = read_needs(paths["needs"]), read_volunteers(paths["volunteers"])
    grades = _read_grades(paths["qrels"], needs.values, volunteers.values)
    fields = {"needs": needs.unknown, "volunteers": volunteers.unknown, "qrels": grades.unknown}
    unknown = {f"{paths[part]}: field {field}" for part, names in fields.items() for field in names}
    given = {need_id: people for need_id, people in grades.values if people}
    return GradedSet(name, needs.values, volunteers.values, given, frozenset(unknown))


def _path(folder: str, name: str, part: str) -> str:
    paths = [Path(folder, f"{name}_{part}{ending}") for ending in ENDINGS]
    found = [path for path in paths if path.exists()]
    if not found:
        raise FileError(f"{paths[0]}: is not there, nor packed as .gz; the set {name!r} needs it")
    if len(found) > 1:
        raise FileError(f"{paths[0]}: is there twice, plain and packed")
    return str(found[0])


def _read_grades(
    path: str, needs: Sequence[NeedInput], volunteers: Sequence[VolunteerInput]
) -> Contents[tuple[str, Grades]]:
    wanted, offered = {need.id for need in needs}, {person.id for person in volunteers}

    def build(fields: Fields) -> tuple[str, Grades]:
        need_id = fields.required_text("need_id")
        if need_id not in wanted:
            raise FieldError("need_id", f"there is no need {need_id!r}")
        inner = fields.inner("grades")
        given = {name: _grade(inner, name, offered) for name in inner.names()}
        return need_id, {name: grade for name, grade in given.items() if grade > 0}

    return read_records(path, build, "need_id", lambda line: line[0])


def _grade(fields: Fields, name: str, volunteers: Collection[str]) -> int:
    grade = fields.number(name, 0, BEST_GRADE)
    if name not in volunteers:
        raise FieldError(fields.path(name), f"there is no volunteer {name!r}")
    if grade is None or grade != int(grade):
        raise FieldError(fields.path(name), "must be a whole number")
    return int(grade)
