"""Files of skills, ESCO, ROME or JSON Lines, put together as one catalogue: all of it, or the first bad row's name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest

from matcher.catalogue.sheets import LONGEST_LABEL, LONGEST_URI, Entry, Layout, is_sheet, read_sheet
from matcher.catalogue.texts import LONGEST_ROW, measure
from matcher.ranking.files import STANDARD, FileError, read_records
from matcher.ranking.records import CatalogueSkill, catalogue_skill_from
from matcher.ranking.schema import FieldError, Fields

JSON_LINES = "JSON Lines"
# What one import may hold: ESCO in two languages has 28,000 entries, with 250,000 texts of 30 characters.
MOST_ENTRIES, MOST_TEXTS, MOST_CHARACTERS = 100_000, 500_000, 24_000_000
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


class _Room:
    """How much was taken into memory already."""

    def __init__(self) -> None:
        self.entries = self.texts = self.characters = 0

    def refusal(self, texts: Sequence[str], entries: int = 1) -> str | None:
        """Count what one record adds; tell why it is one too many."""
        self.entries += entries
        self.texts += len(texts)
        self.characters += sum(map(len, texts))
        if self.entries > MOST_ENTRIES:
            return f"is one skill too many: {MOST_ENTRIES:,} can be imported at once, counted once for each language"
        if self.texts > MOST_TEXTS or self.characters > MOST_CHARACTERS:
            return f"is one text too many: {MOST_TEXTS:,} of {MOST_CHARACTERS:,} characters can be imported at once"
        return None


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
    room = _Room()
    for path, language in zip_longest(paths, languages):
        entries, layout, unknown = _read(path, language, room)
        spoken, uris = set(), set()
        for entry in entries:
            _take(skills.setdefault(entry.uri, {}), entry)
            spoken.add(entry.language)
            uris.add(entry.uri)
        if not uris:
            raise FileError(f"{path}: holds no skill")
        files.append(ReadFile(path, layout, tuple(sorted(spoken)), len(uris), unknown))
    return ReadCatalogue(tuple(_skill(uri, skills[uri]) for uri in sorted(skills)), tuple(files))


def _read(path: str, language: str | None, room: _Room) -> tuple[Iterable[Entry], Layout | None, frozenset[str]]:
    if path != STANDARD:
        measure(path)
    if path == STANDARD or not is_sheet(path):
        build = partial(_fitting_skill, room)
        contents = read_records(path, build, "uri", lambda skill: skill.uri, longest=LONGEST_ROW)
        return (entry for skill in contents.values for entry in _entries(path, skill)), None, contents.unknown
    named = _LANGUAGE_OF_NAME.search(path)
    sheet = read_sheet(path, language or (named.group(1).lower() if named else None))
    return _fitting(room, sheet.entries), sheet.layout, frozenset()


def _fitting(room: _Room, entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if why := room.refusal((entry.uri, entry.label, *entry.alternatives)):
            raise FileError(f"{entry.place}: {why}")
        yield entry


def _fitting_skill(room: _Room, fields: Fields) -> CatalogueSkill:
    skill = _checked_skill(fields)
    texts = (skill.uri, *skill.labels.values(), *chain.from_iterable(skill.alternatives.values()))
    if why := room.refusal(texts, entries=len({*skill.labels, *skill.alternatives})):
        raise FieldError("(record)", why)
    return skill


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
