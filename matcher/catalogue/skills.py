"""The catalogue of skills: labels and synonyms in French and English, read once, looked up in memory.

Holds no free skill of a person: what stands here has a stable identifier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from matcher.catalogue.lookup import Lookup, Term
from matcher.catalogue.rows import Row, read_lines, read_list
from matcher.catalogue.terms import fold

_PACKAGE = "matcher.catalogue"
_PREFIX = "binome:skill"


class Regulated(StrEnum):
    """The professions whose acts the law reserves to those who hold the title."""

    LAW = "law"
    ACCOUNTANCY = "accountancy"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Domain:
    """A family of skills, with its label in each language."""

    id: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill; `labels` and `alternatives` are by language; `regulated` names the profession that may practise it."""

    uri: str
    domain: str
    labels: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]
    regulated: Regulated | None = None


class Catalogue:
    """Every skill and domain, in the order of the files. Each term of a language names one skill only."""

    def __init__(self, domains: Iterable[Domain], skills: Iterable[Skill]) -> None:
        self._domains = tuple(domains)
        self._by_uri = {skill.uri: skill for skill in skills}
        self._lookup = Lookup(term for skill in self.skills for term in _terms(skill))

    @property
    def skills(self) -> tuple[Skill, ...]:
        """Every skill, domain by domain."""
        return tuple(self._by_uri.values())

    def domains(self) -> tuple[Domain, ...]:
        """Return the domains in the order in which they are shown."""
        return self._domains

    def in_domain(self, domain: str) -> tuple[Skill, ...]:
        """Return the skills of a domain; none when the domain is unknown."""
        return tuple(skill for skill in self.skills if skill.domain == domain)

    def get(self, uri: str) -> Skill | None:
        """Return the skill of an identifier, or None when it does not stand in the catalogue."""
        return self._by_uri.get(uri)

    def resolve(self, label: str, language: str) -> Skill | None:
        """Return the skill that a label or synonym names exactly, in this language first, or else in the other."""
        return self.get(self._lookup.exact(label, language) or "")

    def find(self, text: str, language: str, top: int = 10) -> tuple[Skill, ...]:
        """Return the skills nearest to what was typed, best first; cost is linear in the number of terms."""
        return tuple(self._by_uri[uri] for uri in self._lookup.search(text, language, top))


@cache
def load_skills() -> Catalogue:
    """Return the catalogue of skills, read at the first call."""
    folder = files(_PACKAGE)
    return read_catalogue(folder / "domains.json", folder / "skills.jsonl")


def read_catalogue(domains: Traversable, skills: Traversable) -> Catalogue:
    """Read and check a catalogue; raises CatalogueError naming the file and line of the first bad row."""
    known = {row.text("id"): Domain(row.text("id"), row.bilingual_text("labels")) for row in read_list(domains)}
    read: dict[str, Skill] = {}
    owners: dict[tuple[str, str], str] = {}
    for row in read_lines(skills):
        skill = _skill(row)
        if skill.domain not in known:
            raise row.wrong(f"unknown domain “{skill.domain}”")
        if skill.uri in read:
            raise row.wrong(f"“{skill.uri}” stands twice")
        _claim_terms(row, skill, owners)
        read[skill.uri] = skill
    return Catalogue(known.values(), read.values())


def _skill(row: Row) -> Skill:
    uri, domain = row.text("uri"), row.text("domain")
    if not uri.startswith(f"{_PREFIX}/{domain}/"):
        raise row.wrong(f"“uri” must begin with {_PREFIX}/{domain}/")
    return Skill(uri, domain, row.bilingual_text("labels"), row.bilingual_texts("alternatives"), _regulated(row))


def _regulated(row: Row) -> Regulated | None:
    name = row.optional_text("regulated")
    if name is not None and name not in set(Regulated):
        raise row.wrong(f"“regulated” must be null or one of {', '.join(Regulated)}")
    return None if name is None else Regulated(name)


def _claim_terms(row: Row, skill: Skill, owners: dict[tuple[str, str], str]) -> None:
    for term in _terms(skill):
        owner = owners.setdefault((term.language, fold(term.text)), skill.uri)
        if owner != skill.uri:
            raise row.wrong(f"“{term.text}” ({term.language}) already names {owner}")


def _terms(skill: Skill) -> Iterable[Term]:
    for language, label in skill.labels.items():
        yield Term(skill.uri, language, label, is_label=True)
        for alternative in skill.alternatives[language]:
            yield Term(skill.uri, language, alternative, is_label=False)
