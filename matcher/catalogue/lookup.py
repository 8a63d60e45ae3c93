"""Finds what a person means by the first letters or words that she types. Knows terms and identifiers, not skills."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from matcher.catalogue.terms import fold, root, singular, words

_SHORTEST_PART = 3
_LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Term:
    """A label or synonym of the thing that `uri` identifies."""

    uri: str
    language: str
    text: str
    is_label: bool


class Match(IntEnum):
    """How near a term is to what was typed, nearest first."""

    EXACT = 0
    BEGINS = 1
    PART = 2
    SOME_WORDS = 3
    NONE = 4


@dataclass(frozen=True, slots=True)
class _Entry:
    term: Term
    folded: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Typed:
    folded: str
    words: tuple[str, ...]


_Rank = tuple[Match, int, bool, bool, bool, int]


class Lookup:
    """A list of terms to search in; earlier terms win ties."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._entries = [_Entry(term, fold(term.text), words(fold(term.text))) for term in terms]
        self._exact: dict[tuple[str, str], str] = {}
        for entry in self._entries:
            self._exact.setdefault((entry.term.language, entry.folded), entry.term.uri)
            self._exact.setdefault(("", entry.folded), entry.term.uri)

    def exact(self, text: str, language: str) -> str | None:
        """Return the identifier that a text names exactly, in this language first, or else in any."""
        folded = fold(text)
        return self._exact.get((language, folded)) or self._exact.get(("", folded))

    def search(self, text: str, language: str, top: int) -> list[str]:
        """Return at most `top` identifiers, nearest first: by match, then this language, labels and short terms.

        What holds only some of the words is given when nothing holds them all, and what shares only their first
        letters when nothing holds any. Only the first 100 letters count.
        """
        folded = fold(text[:_LONGEST_QUERY])
        typed = _Typed(folded, tuple(singular(word) for word in words(folded)))
        found = self._ranked(typed, language) or self._ranked(_roots(typed), language)
        whole = [uri for uri in found if found[uri][0] < Match.SOME_WORDS]
        return sorted(whole or found, key=lambda uri: found[uri])[: max(top, 0)]

    def _ranked(self, typed: _Typed, language: str) -> dict[str, _Rank]:
        best: dict[str, _Rank] = {}
        for entry in self._entries:
            missing = sum(not _begins_a_word(word, entry) for word in typed.words)
            match = _match(entry, typed, missing)
            if match is not Match.NONE:
                rank = _rank(entry, typed, language, match, missing)
                best[entry.term.uri] = min(rank, best.get(entry.term.uri, rank))
        return best


def _rank(entry: _Entry, typed: _Typed, language: str, match: Match, missing: int) -> _Rank:
    in_other_language = entry.term.language != language
    begins_within = not entry.folded.startswith(typed.folded)
    return match, missing, in_other_language, not entry.term.is_label, begins_within, len(entry.folded)


def _match(entry: _Entry, typed: _Typed, missing: int) -> Match:
    if not typed.folded:
        return Match.NONE
    if entry.folded == typed.folded:
        return Match.EXACT
    if entry.folded.startswith(typed.folded) or (typed.words and not missing):
        return Match.BEGINS
    if len(typed.folded) >= _SHORTEST_PART and typed.folded in entry.folded:
        return Match.PART
    return Match.SOME_WORDS if missing < len(typed.words) else Match.NONE


def _begins_a_word(word: str, entry: _Entry) -> bool:
    return any(other.startswith(word) for other in entry.words)


def _roots(typed: _Typed) -> _Typed:
    return _Typed(typed.folded, tuple(root(word) for word in typed.words))
