"""The catalogue of skills as the ranking reads it: labels and alternatives by language."""

from functools import cache

from matcher.catalogue.skills import load_skills
from matcher.ranking.records import CatalogueSkill


@cache
def ranked_skills() -> tuple[CatalogueSkill, ...]:
    """Return the skills of our own catalogue."""
    return tuple(CatalogueSkill(skill.uri, skill.labels, skill.alternatives) for skill in load_skills().skills)
