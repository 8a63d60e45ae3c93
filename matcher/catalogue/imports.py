"""Files of skills, ESCO, ROME or JSON Lines, put together as one catalogue: all of it, or the first bad row's name."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from matcher.catalogue.sheets import LONGEST_LABEL, LONGEST_URI, Entry, Layout, is_sheet, read_sheet
from matcher.ranking.files import STANDARD, FileError, read_records
from matcher.ranking.records import CatalogueSkill, catalogue_skill_from
from matcher.ranking.schema import FieldError, Fields

JSON_LINES = "JSON Lines"
_LANGUAGE_OF_NAME = re.compile(r"[_-]([a-z]{2})\.(?:csv|tsv|txt)(?:\.gz)?$", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file that was read: its format, its languages, how many skills; `layout` is None for JSON Lines."""

    path: str
    layout: Layout | None
    languages: tuple[str, ...]
    skills: int
    unknown: frozenset[str] = frozenset()

    @property
    def format(self) -> str:
        """The name of the format."""
        return JSON_LINES if self.layout is None else self.layout.name


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """The skills of all files, by uri, and the files."""

    skills: tuple[CatalogueSkill, ...]
    files: tuple[ReadFile, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which there are labels."""
        return tuple(sorted({language for skill in self.skills for language in skill.labels}))


def read_catalogues(paths: Sequence[str], languages: Sequence[str] = ()) -> ReadCatalogue:
    """Read files as one catalogue; `languages` are those of the files, in order, where their names do not say.

    Raises FileError naming file, row, column and why at the first thing that cannot be read, or that two rows say.
    """
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise FileError(f"{language!r} is not a language such as fr")
    if len(languages) > len(paths):
        raise FileError("more languages were said than files")
    skills: dict[str, dict[str, Entry]] = {}
    files: list[ReadFile] = []
    for path, language in zip_longest(paths, languages):
        entries, layout, unknown = _read(path, language)
        for entry in entries:
            _take(skills.setdefault(entry.uri, {}), entry)
        spoken = Counter(entry.language for entry in entries)
        files.append(ReadFile(path, layout, tuple(sorted(spoken)), len({entry.uri for entry in entries}), unknown))
    return ReadCatalogue(tuple(_skill(uri, skills[uri]) for uri in sorted(skills)), tuple(files))


def _read(path: str, language: str | None) -> tuple[Sequence[Entry], Layout | None, frozenset[str]]:
    if path == STANDARD or not is_sheet(path):
        contents = read_records(path, _checked_skill, "uri", lambda skill: skill.uri)
        if not contents.values:
            raise FileError(f"{path}: holds no skill")
        return [entry for skill in contents.values for entry in _entries(path, skill)], None, contents.unknown
    named = _LANGUAGE_OF_NAME.search(path)
    sheet = read_sheet(path, language or (named.group(1).lower() if named else None))
    return sheet.entries, sheet.layout, frozenset()


def _take(known: dict[str, Entry], entry: Entry) -> None:
    first = known.setdefault(entry.language, entry)
    if first is not entry:
        raise FileError(f"{entry.place}: {entry.uri} has a label in {entry.language} already ({first.place})")


def _skill(uri: str, entries: dict[str, Entry]) -> CatalogueSkill:
    labels = {language: entry.label for language, entry in entries.items() if entry.label}
    return CatalogueSkill(uri, labels, {language: entry.alternatives for language, entry in entries.items()})


def _entries(path: str, skill: CatalogueSkill) -> Iterator[Entry]:
    for language in sorted({*skill.labels, *skill.alternatives}):
        yield Entry(skill.uri, language, skill.labels.get(language, ""), skill.alternatives.get(language, ()), path)


def _checked_skill(fields: Fields) -> CatalogueSkill:
    """Return a skill of JSON Lines under the same rules as those of the published files."""
    skill = catalogue_skill_from(fields)
    if not skill.labels:
        raise FieldError("labels", "is missing")
    if len(skill.uri) > LONGEST_URI:
        raise FieldError("uri", f"has {len(skill.uri)} characters, {LONGEST_URI} at most are read")
    for language, label in skill.labels.items():
        _check_texts(f"labels.{language}", language, (label,))
    for language, texts in skill.alternatives.items():
        _check_texts(f"alternatives.{language}", language, texts)
    return skill


def _check_texts(path: str, language: str, texts: Sequence[str]) -> None:
    if not _LANGUAGE.fullmatch(language):
        raise FieldError(path, "is not under a language such as fr")
    for text in texts:
        if not text.strip():
            raise FieldError(path, "is empty")
        if len(text) > LONGEST_LABEL:
            raise FieldError(path, f"has {len(text)} characters, {LONGEST_LABEL} at most are read")
