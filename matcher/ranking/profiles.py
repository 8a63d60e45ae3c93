"""Which words of a need are looked up, and which of a volunteer are looked at."""

from dataclasses import replace

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
    >>> volunteer_profile(VolunteerInput("v", "Comptable", experiences=("Bilans",))).whole
    'Comptable\\n\\nBilans'
    """
    said, paragraphs = _paragraphs(volunteer.description)
    text = "\n".join([volunteer.headline, said, *(skill.label for skill in volunteer.skills)])
    profile = Profile(text, None, (*volunteer.experiences, *paragraphs))
    return replace(profile, language=language_of(profile.whole, volunteer.language))


def language_of(text: str, tag: str | None) -> str:
    """Return the language that a text is said to be in, or the one that its words tell."""
    return spoken_language(text, tag)


def _paragraphs(description: str) -> tuple[str, list[str]]:
    """Return what of a description is read as one, and its paragraphs that may fit on their own, where several do.

    One that may hold HTML is read as one: what is hidden in it may reach over several lines.
    """
    lines = description.splitlines()
    paragraphs = [line for line in lines if len(line) >= _SHORTEST_PASSAGE]
    if len(paragraphs) < 2 or "<" in description:
        return description, []
    return "\n".join(line for line in lines if len(line) < _SHORTEST_PASSAGE), paragraphs
