"""Scoped models of needs that an association starts from: what to say, what to expect, how long it takes. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from matcher.catalogue.rows import Row, read_lines
from matcher.catalogue.skills import Catalogue, load_skills
from matcher.ranking.types import Mode

_PACKAGE = "matcher.catalogue"


@dataclass(frozen=True, slots=True)
class NeedTemplate:
    """A model of a need, by language: `labels` are titles, `context` holds one question a line.

    `skills` are identifiers of the catalogue; `together_hours` is the part of `total_hours` done with the association.
    """

    id: str
    domain: str
    labels: Mapping[str, str]
    context: Mapping[str, str]
    deliverables: Mapping[str, tuple[str, ...]]
    skills: tuple[str, ...]
    mode: Mode
    total_hours: int
    together_hours: int
    lasts_days: int


@cache
def load_templates() -> Mapping[str, NeedTemplate]:
    """Return the need templates by identifier, in the order of the file, read at the first call."""
    return read_templates(files(_PACKAGE) / "templates.jsonl", load_skills())


def read_templates(source: Traversable, catalogue: Catalogue) -> Mapping[str, NeedTemplate]:
    """Read and check need templates; raises CatalogueError naming the file and line of the first bad row."""
    domains = {domain.id for domain in catalogue.domains()}
    read: dict[str, NeedTemplate] = {}
    for row in read_lines(source):
        template = _template(row)
        if template.domain not in domains:
            raise row.wrong(f"unknown domain “{template.domain}”")
        if template.id in read:
            raise row.wrong(f"“{template.id}” stands twice")
        _check_skills(row, template, catalogue)
        read[template.id] = template
    return read


def _template(row: Row) -> NeedTemplate:
    total, together = row.count("total_hours"), row.count("together_hours")
    if total == 0 or together > total:
        raise row.wrong("“together_hours” must not exceed “total_hours”, which must not be 0")
    return NeedTemplate(
        id=row.text("id"),
        domain=row.text("domain"),
        labels=row.bilingual_text("labels"),
        context=row.bilingual_text("context"),
        deliverables=row.bilingual_texts("deliverables"),
        skills=row.texts("skills"),
        mode=_mode(row),
        total_hours=total,
        together_hours=together,
        lasts_days=row.count("lasts_days"),
    )


def _mode(row: Row) -> Mode:
    name = row.text("mode")
    if name not in set(Mode):
        raise row.wrong(f"“mode” must be one of {', '.join(Mode)}")
    return Mode(name)


def _check_skills(row: Row, template: NeedTemplate, catalogue: Catalogue) -> None:
    for uri in template.skills:
        if catalogue.get(uri) is None:
            raise row.wrong(f"unknown skill “{uri}”")
