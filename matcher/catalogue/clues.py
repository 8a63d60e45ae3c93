"""What texts say when they mean a skill without naming it, and which names are too ordinary to suggest a skill alone.

Clues are phrases of telling (« rapporter un peu moins de dons »): they are no synonyms and are never shown in look-ups.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from matcher.catalogue.rows import read_lines
from matcher.catalogue.skills import Catalogue, load_skills
from matcher.catalogue.terms import fold

_PACKAGE = "matcher.catalogue"


@dataclass(frozen=True, slots=True)
class Clues:
    """The clues of each skill and its ordinary names, both by uri, then by language."""

    phrases: Mapping[str, Mapping[str, tuple[str, ...]]]
    ordinary: Mapping[str, Mapping[str, Mapping[str, str]]]

    def of(self, uri: str, language: str) -> tuple[str, ...]:
        """Return the clues of a skill in a language."""
        return self.phrases.get(uri, {}).get(language, ())

    def ordinary_name(self, uri: str, language: str, name: str) -> str | None:
        """Return a name as the clues write it when a text may well hold it without speaking of the skill, else None.

        Capital letters there say that the name, so written, is no ordinary word: « Word », but « cv ».
        """
        return self.ordinary.get(uri, {}).get(language, {}).get(fold(name))


@cache
def load_clues() -> Clues:
    """Return the clues, read at the first call."""
    return read_clues(files(_PACKAGE) / "clues.jsonl", load_skills())


def read_clues(source: Traversable, catalogue: Catalogue) -> Clues:
    """Read and check clues; raises CatalogueError naming the line of a row that fits no skill or no name of it."""
    phrases, ordinary = {}, {}
    for row in read_lines(source):
        skill = catalogue.get(row.text("uri"))
        if skill is None:
            raise row.wrong("this skill is not in the catalogue")
        if skill.uri in phrases:
            raise row.wrong(f"“{skill.uri}” stands twice")
        phrases[skill.uri] = row.bilingual_texts("clues")
        ordinary[skill.uri] = {
            language: {fold(name): name for name in names}
            for language, names in row.bilingual_texts("ordinary").items()
        }
        for language, names in ordinary[skill.uri].items():
            own = {fold(name) for name in (skill.labels[language], *skill.alternatives[language])}
            if unknown := [name for name in names if name not in own]:
                raise row.wrong(f"“{unknown[0]}” ({language}) is no name of {skill.uri}")
    return Clues(phrases, ordinary)
