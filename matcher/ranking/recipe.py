"""What the text model is made of: each piece can be left out, to see by measurement what it is worth.

nDCG@10 lost where a piece is left out, on the graded set of the tests and on three sets of skill lists (docs/ranking.md
has the intervals): stems .06 and .008, damped counts .03 and .010, characters .009 and .007, length −.022 and .012,
passages .04 and 0, skills .02 and .012, feedback .01 and .016, concepts .009 and 0, lexicon .07 and 0 (.03 across
languages), long profiles .06 and 0. Pairs of stems gave nothing here and are kept small: others saw them help on long
texts.
"""

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
