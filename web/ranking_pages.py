"""The page on how the ranking works: each part of the live formula with its weight and what it means. No reads."""

from dataclasses import dataclass

from matcher.i18n import marked, translate
from matcher.labels import part_label
from matcher.ranking.distance import USUAL_RADIUS_KM
from matcher.ranking.ranker import VERSION
from matcher.ranking.score import NEUTRAL, WEIGHTS, Weights
from web.need_cards import language
from web.pictures import percent

# What each part of the score measures, by the names of the weights.
MEANINGS: dict[str, str] = {
    "text": marked(
        "The words of the need (title, description, skills asked for) are looked for in the profile: headline, "
        "description, experiences, skills. A rare word such as “treasury” counts more than a common one such as "
        "“association”. Endings, accents, feminine and inclusive forms are set aside, and pieces of words find what is "
        "spelled a little otherwise. Where the profile is in another language, the words are translated by what the "
        "catalogues of skills teach. The method is called TF-IDF; it is old, well known and can be checked by hand."
    ),
    "skills": marked(
        "Each skill asked for takes its best answer among those that the person states: in full for the same skill of "
        "the catalogue, under any of its names and in either language, else as far as the two names are alike. A "
        "useful skill counts half as much as a required one."
    ),
    "similar": marked(
        "How like the profile is to the profiles that answer this need best, in its own language: so that somebody is "
        "found whose words the need did not think of. Only texts count here, no decision and no earlier mission."
    ),
    "availability": marked(
        "The share of the hours wanted that fits: hours offered, less those of missions under way, dates, weeks away "
        "and, for work done together, the parts of the week in common."
    ),
    "distance": marked(
        "From the nearest place of the need to the nearest place of the person, as the crow flies. The value halves "
        "with each distance that the person accepts to go, or with each %(km)s km where none is said. It is full for "
        "remote work that the person accepts."
    ),
    "language": marked(
        "Full where the person speaks a working language of the need, or the one that it is written in; nothing where "
        "not."
    ),
    "level": marked(
        "How well the person does what is asked for, as stated: from discovering it (a quarter) to teaching it (in "
        "full)."
    ),
}


@dataclass(frozen=True, slots=True)
class PartCard:
    """One part of the score; `most` is what it can add, `unsaid` its value where one side says nothing."""

    label: str
    most: str
    unsaid: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Formula:
    """The formula in force: its version, and its parts in their order."""

    version: str
    parts: tuple[PartCard, ...]

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The parts as rows of a table."""
        return [(part.label, part.most, part.unsaid) for part in self.parts]


def formula_of(weights: Weights) -> Formula:
    """Put the live formula into words; raises KeyError for a part without its sentence."""
    version = VERSION if weights == WEIGHTS else f"{VERSION}+{weights.fingerprint()}"
    return Formula(version, tuple(_part(name, weight) for name, weight in weights.named()))


def _part(name: str, weight: float) -> PartCard:
    return PartCard(
        label=part_label(language(), name),
        most=percent(weight),
        unsaid=percent(getattr(NEUTRAL, name)),
        meaning=translate(language(), MEANINGS[name], {"km": round(USUAL_RADIUS_KM)}),
    )
