"""Which words are told of a likeness between a need and a profile: the strong ones that say something of a skill.

Words that are not told (weekdays, « besoin », « équipe »: `stopwords.NEVER_TOLD`) still count in the score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.feedback import BEST
from matcher.ranking.fitted import Fitted, Match
from matcher.ranking.index import Profile
from matcher.ranking.lexicon import Translations
from matcher.ranking.score import Floats
from matcher.ranking.stopwords import NEVER_TOLD
from matcher.ranking.text import Document, analyze, fold, known_language, tokens

WEAKEST_SHARE = 0.08
MOST_WORDS = 6
MOST_SIMILAR = 3
SIMILAR_FROM = 0.45
FEWEST_OTHERS = 4
LEAST_CHANCE = 0.2
LEAST_CHANCE_BACK = 0.1
LONGEST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Shared:
    """Words of a need found in a profile: as they are, and by translation beside what the profile says."""

    matched: tuple[str, ...] = ()
    translated: tuple[tuple[str, str], ...] = ()
    is_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """What is looked up to tell the words of each row; `holders` is how many of the best profiles hold each stem."""

    fitted: Fitted
    match: Match
    language: str | None
    best: frozenset[int]
    holders: Mapping[str | None, NDArray[np.intp]]
    read: dict[int, dict[int, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, fitted: Fitted, match: Match, language: str | None) -> "Telling":
        """Prepare the telling of a match with a need that is written in a language."""
        best = {
            tag: _nearest(np.where(mine, match.content.nearness, 0.0)) for tag, mine in fitted.text.writing_in.items()
        }
        width = fitted.text.rows.shape[1]
        holders = {
            tag: np.bincount(fitted.text.rows[rows].indices, minlength=width).astype(np.intp)
            for tag, rows in best.items()
        }
        return cls(fitted, match, language, frozenset(int(row) for rows in best.values() for row in rows), holders)

    def shared(self, row: int) -> Shared:
        """Return the words of the need that bring a profile near, the strongest first."""
        tag = self.fitted.text.languages[row]
        asked = self.match.content.query.words[tag]
        strength = self._strength(row, self.match.content.query.vectors[tag], asked)
        if not strength:
            return Shared(is_nothing=True)
        by_word: dict[str, float] = {}
        for column, product in strength.items():
            by_word[asked[column]] = by_word.get(asked[column], 0.0) + product
        words = [word for word in _strong(by_word) if is_told(word, self.language)][:MOST_WORDS]
        if not self.is_translated(row):
            return Shared(tuple(words))
        said = self._said(row)
        columns = {word: self._translation(word, strength, tag) for word in words}
        pairs = [(word, said.get(column, word)) for word, column in columns.items() if column is not None]
        return _apart([(word, hers) for word, hers in pairs if is_told(hers, tag)])

    def _is_of_a_skill(self, word: str, tag: str | None) -> bool:
        """Tell whether a word may be told of people: one of the catalogue's where there is a catalogue."""
        lexicon = self.fitted.text.model.lexicon
        known = lexicon.words_.get(tag or "", {}) if lexicon else None
        return known is None or _stem(word, tag) in known

    def is_translated(self, row: int) -> bool:
        """Tell whether a profile is written in another language than the need."""
        return self.fitted.text.languages[row] != self.language

    def similar(self, row: int) -> tuple[str, ...]:
        """Return what a profile has in common with the best ones though the need does not say it; nothing where far."""
        tag = self.fitted.text.languages[row]
        ground = self.match.ground.by_language.get(tag) if self.match.ground else None
        if ground is None or self.match.parts.values["similar"][row] < SIMILAR_FROM:
            return ()
        fewest = FEWEST_OTHERS + (row in self.best)
        said = self._said(row)
        strength = self._strength(row, ground.vector, said)
        asked = self.match.content.query.words[tag]
        beyond = [column for column in strength if column not in asked and self.holders[tag][column] >= fewest]
        beyond = [column for column in beyond if self._is_of_a_skill(said[column], tag)]
        ordered = sorted(beyond, key=lambda column: (-strength[column], said[column]))
        return tuple(islice((said[column] for column in ordered if is_told(said[column], tag)), MOST_SIMILAR))

    def _translation(self, word: str, strength: Mapping[int, float], tag: str | None) -> int | None:
        """Return the column of the likeliest translation of a word that a profile holds; None where none is likely."""
        columns = self.fitted.text.model.vectorizer.spaces_[0].columns
        stem = _stem(word, self.language)
        back = self._table(tag, self.language)
        likely = [
            other
            for other, chance in self._table(self.language, tag).get(stem, ())
            if chance >= LEAST_CHANCE and dict(back.get(other, ())).get(stem, 0.0) >= LEAST_CHANCE_BACK
        ]
        return next((columns[each] for each in (stem, *likely) if columns.get(each) in strength), None)

    def _table(self, source: str | None, target: str | None) -> Translations:
        lexicon = self.fitted.text.model.lexicon
        return lexicon.translations_.get((source or "", target or ""), {}) if lexicon else {}

    def _strength(self, row: int, vector: NDArray[np.float32], columns: Mapping[int, str]) -> dict[int, float]:
        """Return how much each of some columns adds to the likeness of a row and a vector, where it does."""
        rows = self.fitted.text.rows
        stretch = slice(rows.indptr[row], rows.indptr[row + 1])
        found = rows.indices[stretch]
        products = rows.data[stretch] * vector[found]
        pairs = zip(found[products > 0].tolist(), products[products > 0].tolist(), strict=True)
        return {column: product for column, product in pairs if column in columns}

    def _said(self, row: int) -> dict[int, str]:
        """Return the first word of a profile behind each of its stems, by column; read once."""
        if row not in self.read:
            self.read[row] = self._read(row)
        return self.read[row]

    def _read(self, row: int) -> dict[int, str]:
        profile: Profile = self.fitted.profiles[row]
        columns = self.fitted.text.model.vectorizer.spaces_[0].columns
        said: dict[int, str] = {}
        for token in tokens(Document(profile.whole[:LONGEST_READ], profile.language)):
            if (column := columns.get(token.term)) is not None:
                said.setdefault(column, token.word)
        return said


def is_told(word: str, language: str | None) -> bool:
    """Tell whether a word says something of a skill: neither a number nor a word that is never told.

    Examples
    --------
    >>> [is_told(word, "fr") for word in ("comptable", "dimanches", "2014", "besoins")]
    [True, False, False, False]
    """
    tag = known_language(language)
    return not word.isdigit() and _stem(word, tag) not in _never_told(tag)


def _nearest(nearness: Floats) -> NDArray[np.intp]:
    rows = np.flatnonzero(nearness > 0)
    return rows[np.argsort(-nearness[rows], kind="stable")[:BEST]]


def _strong(by_word: Mapping[str, float]) -> list[str]:
    least = WEAKEST_SHARE * sum(by_word.values())
    strong = (word for word in by_word if by_word[word] >= least)
    return sorted(strong, key=lambda word: (-by_word[word], word))


def _apart(pairs: list[tuple[str, str]]) -> Shared:
    """Part the words that a profile says alike (names, acronyms) from those it says in its own language."""
    alike = tuple(word for word, said in pairs if fold(word) == fold(said))
    return Shared(alike, tuple((word, said) for word, said in pairs if word not in alike))


def forget_stems() -> None:
    """Empty what is remembered of stems."""
    _stem.cache_clear()


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str | None) -> str:
    return next(iter(analyze(Document(word, language))), "")


@cache
def _never_told(language: str | None) -> frozenset[str]:
    tags = [language] if language else list(NEVER_TOLD)
    return frozenset(stem for tag in tags for word in NEVER_TOLD[tag] for stem in analyze(Document(word, tag)))
