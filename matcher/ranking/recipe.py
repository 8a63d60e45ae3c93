"""What the text model is made of: each piece can be left out, to see by measurement what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Recipe:
    """The pieces of the text model; True keeps a piece."""

    stems: bool = True
    sublinear: bool = True
    characters: bool = True
    length: bool = True
    long_profiles: bool = True
    bigrams: bool = True
    passages: bool = True
    skills: bool = True
    feedback: bool = True
    concepts: bool = True
    lexicon: bool = True


RECIPE = Recipe()

ABLATIONS: Mapping[str, Recipe] = {
    "current without stems": replace(RECIPE, stems=False),
    "current without damped counts": replace(RECIPE, sublinear=False),
    "current without characters": replace(RECIPE, characters=False),
    "current without length": replace(RECIPE, length=False),
    "current as for short profiles": replace(RECIPE, long_profiles=False),
    "current without bigrams": replace(RECIPE, bigrams=False),
    "current without passages": replace(RECIPE, passages=False),
    "current without skills": replace(RECIPE, skills=False),
    "current without feedback": replace(RECIPE, feedback=False),
    "current without concepts": replace(RECIPE, concepts=False),
    "current without lexicon": replace(RECIPE, lexicon=False),
}
