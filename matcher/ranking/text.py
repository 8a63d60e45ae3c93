"""Turns free text into terms: markup out, inclusive writing joined, accents folded, stop words out, stems.

Knows nothing of needs or volunteers. Every step is linear in the length of the text.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from matcher.ranking.stopwords import STOP_WORDS

DEFAULT_LANGUAGE = "fr"
_STEMMERS = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}

# Runs of marks say nothing, and long runs of combining characters make normalisation quadratic.
_LONG_MARKS = re.compile(r"[^\w\s]{30,}")
_INVISIBLE = dict.fromkeys([0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK_TARGET = re.compile(r"\]\([^()\s]*\)")
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+|(?<![\w.+-])[\w.+-]++@\S+")
_FEMININE = r"(?:e|se|esse|euse|rice|trice|ère|ière|ve|ne|enne|le|elle|te|x)s?"
_INCLUSIVE = re.compile(
    rf"(?<=[^\W\d_]{{2}})(?:[·•‧⋅∙]{_FEMININE}?(?:[·•‧⋅∙]?s)?|\.{_FEMININE}(?:\.s)?|\({_FEMININE}?(?:\)\()?s?\)s?"
    rf"|/(?:e|euse|rice|trice|ère|ière|ienne)s?|-(?:e|euse|rice|trice|ère|ière)(?:-s|s)?)(?!\w)"
)
_ELISION = re.compile(r"(?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)|['’]s(?!\w)")
_WORD = re.compile(r"(?<!\w)(?:c\+\+|[cf]\#|\.net(?!\w))|[^\W_]+")
_FEMININE_WORD = re.compile(r"(?<=\w{3})(?:(?P<t>trice)|(?P<e>euse)|(?P<r>ere)|(?P<n>ienne))s?$")
_MASCULINE = {"t": "teur", "e": "eur", "r": "er", "n": "ien"}
_LONE_LETTERS = frozenset("cr")
_SHORTEST_STEMMED = 4
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the language it is said to be in (None when not said)."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A term, the word of the text that it stands for, and that word folded."""

    term: str
    word: str
    folded: str


def analyze(document: Document) -> list[str]:
    """Return the terms of a document, in order; the analyzer given to scikit-learn.

    Examples
    --------
    >>> analyze(Document("Nous cherchons un·e développeur·se C++ <b>bénévole(s)</b>", "fr"))
    ['cherchon', 'developpeur', 'c++', 'benevol']
    """
    return [token.term for token in tokens(document)]


def tokens(document: Document) -> Iterator[Token]:
    """Yield the terms of a document beside the words they come from."""
    words = _words(document.text)
    language = known_language(document.language) or _guess(words)
    for word in words:
        if len(word) <= _LONGEST_WORD and (token := _token(word, language)):
            yield token


def guess_language(text: str) -> str:
    """Return `fr` or `en`, whichever has more of its stop words in the text; `fr` when neither has."""
    return _guess(_words(text))


def known_language(tag: str | None) -> str | None:
    """Return the language of a tag such as `fr-CA` when it has an analyzer, else None."""
    language = (tag or "").split("-")[0].split("_")[0].strip().lower()
    return language if language in _STEMMERS else None


def fold(text: str) -> str:
    """Return the text in lower case, without accents, ligatures or surrounding space."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip()


def plain(text: str) -> str:
    """Return the text without Markdown targets, HTML, addresses, invisible characters and inclusive endings."""
    text = unicodedata.normalize("NFKC", _LONG_MARKS.sub(" ", text.translate(_INVISIBLE)))
    text = html.unescape(_without_comments(text))
    text = _ADDRESS.sub(" ", _LINK_TARGET.sub("] ", _TAG.sub(" ", text)))
    return _INCLUSIVE.sub("", text.lower())


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return " ".join([first, *(_after_comment(piece) for piece in others)])


def _after_comment(piece: str) -> str:
    _, closed, rest = piece.partition("-->")
    return rest if closed else piece


def _words(text: str) -> list[str]:
    return _WORD.findall(_ELISION.sub(" ", plain(text)))


def _guess(words: list[str]) -> str:
    counts = {language: sum(word in stops for word in words) for language, stops in STOP_WORDS.items()}
    return max(counts, key=lambda language: (counts[language], language == DEFAULT_LANGUAGE))


@lru_cache(maxsize=200_000)
def _token(word: str, language: str) -> Token | None:
    folded = fold(word)
    if folded in STOP_WORDS[language]:
        return None
    if len(folded) == 1 and folded not in _LONE_LETTERS:
        return None
    if len(folded) < _SHORTEST_STEMMED:
        return Token(folded, word, folded)
    stemmed: str = _STEMMERS[language].stemWord(_masculine(folded) if language == "fr" else folded)
    return Token(stemmed, word, folded) if stemmed else None


def _masculine(word: str) -> str:
    """Join « rédactrice » to « rédacteur »: whether a word is written in the feminine must not decide who is found."""
    ending = _FEMININE_WORD.search(word)
    if ending is None or ending.lastgroup is None:
        return word
    return word[: ending.start()] + _MASCULINE[ending.lastgroup]
