"""Which words of a need are looked up, and which of a volunteer are looked at."""

from collections.abc import Sequence

from matcher.ranking.index import Profile
from matcher.ranking.text import Document, spoken_language
from matcher.ranking.types import NeedInput, VolunteerInput

_SHORTEST_PASSAGE = 60


def need_document(need: NeedInput) -> Document:
    """Return the words of a need: title, description and labels of skills."""
    text = "\n".join([need.title, need.description, *(skill.label for skill in need.skills)])
    return Document(text, language_of(text, need.language))


def volunteer_profile(volunteer: VolunteerInput) -> Profile:
    """Return the words of a volunteer: headline, description, experiences and labels of skills.

    Examples
    --------
    >>> volunteer_profile(VolunteerInput("v", "Comptable", experiences=("Bilans",))).text
    'Comptable\\n\\nBilans'
    """
    labels = (skill.label for skill in volunteer.skills)
    text = "\n".join([volunteer.headline, volunteer.description, *volunteer.experiences, *labels])
    return Profile(text, language_of(text, volunteer.language), tuple(_passages(volunteer)))


def language_of(text: str, tag: str | None) -> str:
    """Return the language that a text is said to be in, or the one that its words tell."""
    return spoken_language(text, tag)


def _passages(volunteer: VolunteerInput) -> Sequence[str]:
    """Return what may fit on its own: each experience, and each paragraph of a description that has several."""
    paragraphs = [line for line in volunteer.description.splitlines() if len(line) >= _SHORTEST_PASSAGE]
    return [*volunteer.experiences, *(paragraphs if len(paragraphs) > 1 else [])]
