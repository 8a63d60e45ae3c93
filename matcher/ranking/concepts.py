"""Which catalogue skill a label means: labels and alternatives in any language, compared without case or accents."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from matcher.ranking.records import CatalogueSkill
from matcher.ranking.text import fold
from matcher.ranking.types import NeededSkill, NeedInput, OfferedSkill, VolunteerInput

_S = TypeVar("_S", NeededSkill, OfferedSkill)


def uris_by_label(catalogue: Iterable[CatalogueSkill]) -> dict[str, str]:
    """Return the uri that each folded label means; labels go before alternatives, then the first uri in order.

    A skill whose label another one bears already is the same skill: so two catalogues are read as one.

    Examples
    --------
    >>> uris_by_label([CatalogueSkill("s1", {"fr": "Comptabilité"}, {"fr": ("tenue des comptes",)})])
    {'comptabilite': 's1', 'tenue des comptes': 's1'}
    """
    skills = sorted(catalogue, key=lambda skill: skill.uri)
    uris: dict[str, str] = {}
    meant: dict[str, str] = {}
    for skill in skills:
        labels = [fold(label) for label in skill.labels.values()]
        meant[skill.uri] = next((uris[label] for label in labels if label in uris), skill.uri)
        for label in labels:
            uris.setdefault(label, meant[skill.uri])
    for skill in skills:
        for label in chain.from_iterable(skill.alternatives.values()):
            uris.setdefault(fold(label), meant[skill.uri])
    return uris


def linked_need(need: NeedInput, uris: Mapping[str, str]) -> NeedInput:
    """Return the need with the uri of each skill that the catalogue knows."""
    return replace(need, skills=_linked(need.skills, uris))


def linked_volunteer(volunteer: VolunteerInput, uris: Mapping[str, str]) -> VolunteerInput:
    """Return the volunteer with the uri of each skill that the catalogue knows."""
    return replace(volunteer, skills=_linked(volunteer.skills, uris))


def _linked(skills: tuple[_S, ...], uris: Mapping[str, str]) -> tuple[_S, ...]:
    return tuple(replace(skill, uri=uris.get(fold(skill.label), skill.uri)) for skill in skills)
