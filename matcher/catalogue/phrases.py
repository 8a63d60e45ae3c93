"""Finds known phrases in a text by their stems: a word or two may stand between them, and they may be inverted.

Knows no skill: a phrase belongs to whatever `owner` names. The cost is linear in the length of the text.
"""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from matcher.catalogue.terms import words
from matcher.ranking.text import Document, Token, fold, tokens

# Splits sentences for `tokens`, which yields words only: phrases do not reach over it.
_PAUSE, _COMMA = "zzzpausezzz", "zzzcommazzz"
_SENTENCE_END = re.compile(r"[.!?;:…](?=\s)|[\r\n]+|•|(?<=\s)[-–—](?=\s)")
_BREATH = re.compile(r"[,()](?=\s)|(?<=\s)\(")
# Words whose first half or whole `tokens` would drop as empty: « sous-titres », « prise de son », “voice-over”.
_KEPT = (
    (re.compile(r"\b(sous|sans|bien|voice|fitting|e)[-‐‑](?=\w)", re.IGNORECASE), r"\1"),
    (re.compile(r"\bIT\b"), "informatics"),
    (re.compile(r"\b(du|prises? de) son\b", re.IGNORECASE), r"\1 sonore"),
)
_MOST_BETWEEN = 2
_MOST_PLACES = 40
_INVERTED = 0.85
_PER_WORD_BETWEEN = 0.1
_LEAST_WHOLE = 0.78
_LIKE = 0.35
_MOST_QUOTED_BETWEEN = 6


class Kind(StrEnum):
    """How a phrase speaks for its owner: as its name, as a name that is an ordinary word too, or as a clue."""

    NAME = "name"
    ORDINARY = "ordinary"
    CLUE = "clue"


@dataclass(frozen=True, slots=True)
class Phrase:
    """The stems of words that speak for an owner, the first of the words, and how it is written if that matters."""

    owner: str
    kind: Kind
    stems: tuple[str, ...]
    word: str
    proper: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A phrase found in a text: how well (0 to 1), where, and in which words."""

    phrase: Phrase
    quality: float
    places: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A text, its stems in order, and the places of each stem."""

    text: str
    found: Sequence[Token]
    places: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, text: str, language: str | None) -> "Reading":
        """Read a text; NUL is a space."""
        clean = text.replace("\0", " ")
        marked = _BREATH.sub(f" {_COMMA} ", _SENTENCE_END.sub(f" {_PAUSE} ", clean))
        found = list(tokens(Document(_joined(marked), language)))
        places: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(found):
            places[token.term].append(place)
        return cls(clean, found, places)

    def words(self, places: Iterable[int]) -> tuple[str, ...]:
        """Return the words that stand at these places, in the order of the text."""
        return tuple(self.found[place].word for place in sorted(places))

    def is_broken(self, places: Sequence[int]) -> bool:
        """True when a sentence ends between these places, or a comma parts words that are inverted."""
        between = {token.word for token in self.found[min(places) : max(places)]}
        return _PAUSE in between or (_COMMA in between and list(places) != sorted(places))


def quoted(text: str, words: Sequence[str]) -> str:
    """Return the stretch of a text that goes from the first to the last of these words, or else the words alone."""
    # No character is of both kinds, or a row of apostrophes could be split in so many ways that the search never ends.
    between = rf"\W+(?:\w+\W+){{0,{_MOST_QUOTED_BETWEEN}}}?"
    found = re.search(between.join(re.escape(word) for word in words), text, re.IGNORECASE)
    return " ".join(found[0].split()) if found else " ".join(words)


def _joined(text: str) -> str:
    for kept, instead in _KEPT:
        text = kept.sub(instead, text)
    return text


def phrase_of(owner: str, kind: Kind, text: str, language: str) -> Phrase | None:
    """Return the phrase of a term; None when so many of its words are empty ones that it says too little."""
    found = list(tokens(Document(_joined(text), language)))
    stems = tuple(dict.fromkeys(token.term for token in found))
    if not stems or len(stems) == 1 < len(words(fold(_joined(text)))):
        return None
    return Phrase(owner, kind, stems, _singular(found[0].word), _proper(text) if kind is Kind.ORDINARY else None)


def _proper(name: str) -> re.Pattern[str] | None:
    """Return what finds a proper name or an acronym as it is written, not where a sentence begins."""
    if name.islower() or " " in name:
        return None
    before = r"(?<!\w)" if name.isupper() else r"(?<=[\w,(/] )"
    return re.compile(rf"{before}{re.escape(name)}(?!\w)")


class Phrases:
    """Phrases of one language, found by any of their stems."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        owners: dict[str, set[str]] = defaultdict(set)
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self._phrases):
            for stem in phrase.stems:
                owners[stem].add(phrase.owner)
                self._by_stem[stem].append(number)
        most = len({phrase.owner for phrase in self._phrases}) + 1
        self._weights = {stem: math.log(most / len(own)) for stem, own in owners.items()}

    def weight(self, stem: str) -> float:
        """Return how much a stem says: the logarithm of all owners over those whose phrases hold it."""
        return self._weights.get(stem, 0.0)

    def spot(self, reading: Reading) -> list[Spot]:
        """Return where phrases stand in a text; what lies within a longer phrase is left to that one."""
        known = {number for stem in reading.places for number in self._by_stem.get(stem, ())}
        written = (_as_written(self._phrases[number], reading) for number in sorted(known))
        return _without_parts([spot for phrase in written if phrase for spot in self._spots(phrase, reading)])

    def _spots(self, phrase: Phrase, reading: Reading) -> Iterator[Spot]:
        present = [stem for stem in phrase.stems if stem in reading.places]
        total = sum(self.weight(stem) for stem in phrase.stems)
        whole = sum(self.weight(stem) for stem in present) / total if total else 0.0
        if len(present) < len(phrase.stems) and (len(present) < 2 or whole < _LEAST_WHOLE):
            return
        rarest = min(present, key=lambda stem: len(reading.places[stem]))
        for place in islice(reading.places[rarest], _MOST_PLACES):
            quality, places = _around(place, present, reading)
            if quality and not reading.is_broken(places):
                yield Spot(phrase, quality * whole * _likeness(phrase, reading, place), places, reading.words(places))


def _as_written(phrase: Phrase, reading: Reading) -> Phrase | None:
    """Return what a phrase is in a text: « Word » is a name and « word » nothing, where both are ordinary."""
    if phrase.proper is None:
        return phrase
    return replace(phrase, kind=Kind.NAME) if phrase.proper.search(reading.text) else None


def _around(place: int, stems: Sequence[str], reading: Reading) -> tuple[float, tuple[int, ...]]:
    """Return how well the stems stand together around a place, 0 when they do not, and where."""
    span = len(stems) + _MOST_BETWEEN
    chosen = [_nearest(reading.places[stem], place) for stem in stems]
    extent = max(chosen) - min(chosen) + 1
    if extent > span or len(set(chosen)) < len(stems):
        return 0.0, ()
    order = 1.0 if chosen == sorted(chosen) else _INVERTED
    return order * (1 - _PER_WORD_BETWEEN * (extent - len(stems))), tuple(chosen)


def _nearest(places: Sequence[int], place: int) -> int:
    after = bisect_left(places, place)
    return min(places[max(0, after - 1) : after + 1], key=lambda each: (abs(each - place), each))


def _likeness(phrase: Phrase, reading: Reading, place: int) -> float:
    """Return less than 1 for a lone word that only shares its stem: « réaliser » is no « réalisateur »."""
    if len(phrase.stems) > 1 or _singular(reading.found[place].word) == phrase.word:
        return 1.0
    return _LIKE


@lru_cache(maxsize=20_000)
def _singular(word: str) -> str:
    folded = fold(word)
    for ending, instead in (("trice", "teur"), ("euse", "eur"), ("ere", "er"), ("ienne", "ien")):
        folded = re.sub(f"{ending}s?$", instead, folded)
    return folded.rstrip("sx") if len(folded) > 3 else folded


def _without_parts(spots: Sequence[Spot]) -> list[Spot]:
    kept: list[Spot] = []
    covered: dict[int, list[frozenset[int]]] = defaultdict(list)
    for spot in sorted(spots, key=lambda spot: (-len(spot.places), -spot.quality, spot.places, spot.phrase.owner)):
        places = frozenset(spot.places)
        if any(places < longer for longer in covered[spot.places[0]]):
            continue
        kept.append(spot)
        if spot.phrase.kind is not Kind.CLUE:
            for place in places:
                covered[place].append(places)
    return kept
