"""Reads skills of the catalogue from free text: which ones, how surely, and because of which words.

Deterministic, without learning: names, synonyms and clues are looked for as phrases of stems (see phrases.py).
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from matcher.catalogue.clues import Clues, load_clues
from matcher.catalogue.phrases import Kind, Phrase, Phrases, Reading, Spot, phrase_of, quoted
from matcher.catalogue.skills import Skill, load_skills
from matcher.i18n import LANGUAGES
from matcher.ranking.text import guess_language, known_language

MOST_WORDS_SHOWN = 3
LONGEST_READ = 100_000
_ENOUGH_TO_GUESS = 5_000


@dataclass(frozen=True, slots=True)
class Strengths:
    """How surely a phrase alone speaks for its skill, and from which score on a skill is suggested."""

    single: float = 0.55
    double: float = 0.76
    longer: float = 0.8
    clue: float = 0.6
    ordinary: float = 0.4
    other_language: float = 0.8
    title: float = 1.2
    again: float = 0.2
    least: float = 0.34
    least_of_best: float = 0.4

    def alone(self, phrase: Phrase) -> float:
        """Return how surely a phrase speaks when it stands whole."""
        by_length = (self.single, self.double, self.longer)[min(len(phrase.stems), 3) - 1]
        return by_length * {Kind.NAME: 1.0, Kind.ORDINARY: self.ordinary, Kind.CLUE: self.clue}[phrase.kind]


STRENGTHS = Strengths()


@dataclass(frozen=True, slots=True)
class SuggestedSkill:
    """A skill of the catalogue, how surely the text speaks of it (0 to 1), and the words that say so."""

    uri: str
    score: float
    words: tuple[str, ...]


def suggest_skills(
    text: str, language: str | None, top: int = 8, *, title: str = "", strengths: Strengths = STRENGTHS
) -> tuple[SuggestedSkill, ...]:
    """Return the skills that a text speaks of, surest first, at most `top`; what the title says counts more.

    The language is guessed when it is not one of ours. Nothing recognised is an empty tuple. Linear in the length;
    what stands beyond the first 100,000 characters is not read.

    Examples
    --------
    >>> [one.uri for one in suggest_skills("Tenir notre compta et préparer le compte de résultat", "fr", 2)]
    ['binome:skill/accounting/annual-accounts', 'binome:skill/accounting/association-accounting']
    """
    evidence: dict[str, list[tuple[float, Spot]]] = defaultdict(list)
    for spot, trust in _spots(title[:LONGEST_READ], language, strengths):
        # « Comptable, vingt ans de pratique »: what a title begins with is meant, however ordinary elsewhere.
        alone = strengths.alone(spot.phrase if min(spot.places) > 1 else replace(spot.phrase, kind=_meant(spot.phrase)))
        evidence[spot.phrase.owner].append((min(0.95, alone * spot.quality * trust * strengths.title), spot))
    for spot, trust in _spots(text[:LONGEST_READ], language, strengths):
        evidence[spot.phrase.owner].append((strengths.alone(spot.phrase) * spot.quality * trust, spot))
    scores = {uri: _score(seen, strengths) for uri, seen in evidence.items()}
    least = max(strengths.least, strengths.least_of_best * max(scores.values(), default=0.0))
    best = sorted((uri for uri in scores if scores[uri] >= least), key=lambda uri: (-scores[uri], uri))
    whole = f"{title}\n{text}"[:LONGEST_READ]
    return tuple(SuggestedSkill(uri, scores[uri], _words(evidence[uri], whole)) for uri in best[: max(top, 0)])


def _spots(text: str, language: str | None, strengths: Strengths) -> Iterator[tuple[Spot, float]]:
    guessed = guess_language(text[:_ENOUGH_TO_GUESS])
    own = {known_language(language) or guessed, guessed}
    read: list[frozenset[str]] = []
    for each in sorted(LANGUAGES, key=lambda each: each not in own):
        for spot in _phrases(each).spot(Reading.of(text, each)):
            words = frozenset(spot.words)
            if each in own:
                read.append(words)
                yield spot, 1.0
            elif len(words) > 1 and not any(words < longer for longer in read):
                yield spot, strengths.other_language


def _meant(phrase: Phrase) -> Kind:
    return Kind.NAME if phrase.kind is Kind.ORDINARY else phrase.kind


def _score(seen: Sequence[tuple[float, Spot]], strengths: Strengths) -> float:
    by_phrase: dict[frozenset[str], dict[tuple[int, ...], float]] = defaultdict(dict)
    for surely, spot in seen:
        at_place = by_phrase[frozenset(spot.phrase.stems)]
        at_place[spot.places] = max(surely, at_place.get(spot.places, 0.0))
    doubt = 1.0
    for same in by_phrase.values():
        doubt *= (1 - max(same.values())) ** (1 + strengths.again * math.log2(len(same)))
    return round(1 - doubt, 4)


def _words(seen: Sequence[tuple[float, Spot]], text: str) -> tuple[str, ...]:
    ordered = sorted(seen, key=lambda one: (-one[0], one[1].places))
    telling = [spot.words for surely, spot in ordered if surely >= ordered[0][0] / 2]
    shown: list[str] = []
    for words in islice(dict.fromkeys(telling), 2 * MOST_WORDS_SHOWN):
        words_shown = quoted(text, words)
        if not any(words_shown in other or other in words_shown for other in shown):
            shown.append(words_shown)
    return tuple(shown[:MOST_WORDS_SHOWN])


@cache
def _phrases(language: str) -> Phrases:
    clues = load_clues()
    found = (phrase for skill in load_skills().skills for phrase in _of_skill(skill, language, clues))
    return Phrases(phrase for phrase in found if phrase)


def _of_skill(skill: Skill, language: str, clues: Clues) -> Iterator[Phrase | None]:
    for name in (skill.labels[language], *skill.alternatives[language]):
        ordinary = clues.ordinary_name(skill.uri, language, name)
        yield phrase_of(skill.uri, Kind.ORDINARY if ordinary else Kind.NAME, ordinary or name, language)
    for clue in clues.of(skill.uri, language):
        yield phrase_of(skill.uri, Kind.CLUE, clue, language)
