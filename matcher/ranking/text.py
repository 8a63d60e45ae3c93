"""Turns free text into terms: markup out, inclusive writing joined, accents folded, stop words out, stems.

Knows nothing of needs or volunteers. Every step is linear in the length of the text.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from matcher.ranking.gender import masculine, without_inclusive_endings
from matcher.ranking.stopwords import STOP_WORDS

DEFAULT_LANGUAGE = "fr"
_STEMMERS = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}

# Runs of marks say nothing, and long runs of combining characters make normalisation quadratic.
_LONG_MARKS = re.compile(r"[^\w\s]{30,}")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_HYPHEN = re.compile("[\u2010\u2011]")
_CODE = re.compile(r"<(?:script|style)\b[^<>]*>", re.IGNORECASE)
_CODE_END = re.compile(r"</(?:script|style)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK_TARGET = re.compile(r"\]\([^()\s]*\)")
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+|(?<![\w.+-])[\w.+-]++@\S+")
_HAS_ADDRESS = re.compile(r"@|https?://|www\.|mailto:")
_DOTTED = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){3,}(?:[^\W\d_](?!\w))?|(?<![\w.])(?:[A-Z]\.)+[A-Z](?!\w)\.?")
_JOINED = re.compile(r"(?<!\w)(?:(entr|prud)['’]|(e)-(?=mails?(?!\w))|(week)-(?=ends?(?!\w)))")
_HAS_DOTTED = re.compile(r"\.[^\W\d_](?!\w)")
_MAY_BE_JOINED = ("entr'", "entr’", "prud'", "prud’", "e-mail", "week-end")
# Of what is elided only « c’ » would be left as a word, the language; all else is a stop word or a lone letter.
_ELIDED_C = re.compile(r"c['’](?<!\w..)(?=\w)")
_NET = r"(?:(?<!\w)|(?<=\basp)|(?<=\bvb)|(?<=\bado))\.net(?!\w)"
_WORD = re.compile(rf"(?<!\w)(?:c\+\+|[cf]\#|r&d(?!\w))|{_NET}|[a-z0-9]+\.js(?!\w)|[^\W_]+")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_HAS_SIGNS = re.compile(r"[+#&]|\.(?:net|js)")
_ROUGH_LENGTH = 20_000
_SAME_WORD = {"email": "mail", "emails": "mail", "nodejs": "node.js", "reactjs": "react.js", "vuejs": "vue.js"}
_LONE_LETTERS = frozenset("cr")
_SHORTEST_STEMMED = 4
_LONGEST_WORD = 60
_SHORT = 4_000
_FRENCH_LOOK = re.compile(r"[àâçèéêëîïôùûœ]|(?:euse?|iste|age|ique|aire|able|oire|eau|eu[rx]|aux|elle|ette|ienn?e?)s?$")
_ENGLISH_LOOK = re.compile(r"^wh|th|sh|ck|w|(?:ing|ght|ship|ness|er|ly|y)s?$")
_LOOKS = {"fr": _FRENCH_LOOK, "en": _ENGLISH_LOOK}
_OWN_STOP_WORDS = {"fr": STOP_WORDS["fr"] - STOP_WORDS["en"], "en": STOP_WORDS["en"] - STOP_WORDS["fr"]}
_OTHER_FROM = 4
_OTHER_OVER_OWN = 3


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the language it is said to be in (None when not said)."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A term, the word of the text that it stands for, and that word folded, French ones in the masculine."""

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


def tokens(document: Document) -> list[Token]:
    """Return the terms of a document beside the words they come from."""
    words = _words(document.text)
    language = known_language(document.language) or _guess(words)
    return [token for word in words if len(word) <= _LONGEST_WORD and (token := _token(word, language))]


def guess_language(text: str) -> str:
    """Return `fr` or `en`, whichever has more of its stop words in the text, else of its look; `fr` when neither has.

    Examples
    --------
    >>> guess_language("We help people with their accounts"), guess_language("graphic designer"), guess_language("SQL")
    ('en', 'en', 'fr')
    """
    return _guess(_words(text))


def spoken_language(text: str, tag: str | None) -> str:
    """Return the language that a text is said to be in, unless it plainly is in the other one.

    Plainly: at least four stop words that only the other language has, and more than three times as many as its own.

    Examples
    --------
    >>> spoken_language("I have been an accountant for years and would like to help with your books", "fr")
    'en'
    """
    said = known_language(tag)
    if said is None:
        return guess_language(text)
    counts = _own_stop_words(_PLAIN_WORD.findall(text[:_ROUGH_LENGTH].lower()))
    other = max(counts, key=lambda language: (language != said, counts[language]))
    is_plain = counts[other] >= _OTHER_FROM and counts[other] > _OTHER_OVER_OWN * counts[said]
    return other if is_plain else said


def known_language(tag: str | None) -> str | None:
    """Return the language of a tag such as `fr-CA` when it has an analyzer, else None."""
    language = (tag or "").split("-")[0].split("_")[0].strip().lower()
    return language if language in _STEMMERS else None


def fold(text: str) -> str:
    """Return the text in lower case, without accents, ligatures or surrounding space."""
    if text.isascii():
        return text.lower().strip()
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip()


def plain(text: str) -> str:
    """Return the text without Markdown targets, HTML, addresses, invisible characters and inclusive endings."""
    text = html.unescape(_without_code(_without_comments(text)) if "<" in text else text)
    text = _HYPHEN.sub("-", _INVISIBLE.sub("", text).replace("♯", "#"))
    text = unicodedata.normalize("NFKC", _LONG_MARKS.sub(" ", text))
    text = _LINK_TARGET.sub("] ", _TAG.sub(" ", text) if "<" in text else text)
    if _HAS_ADDRESS.search(text):
        text = _ADDRESS.sub(" ", text)
    if _HAS_DOTTED.search(text):
        text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    return without_inclusive_endings(text.lower())


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return " ".join([first, *(_after_comment(piece) for piece in others)])


def _after_comment(piece: str) -> str:
    _, closed, rest = piece.partition("-->")
    return rest if closed else piece


def _without_code(text: str) -> str:
    """Return the text without scripts and styles; one that is never closed hides nothing."""
    first, *others = _CODE.split(text)
    return " ".join([first, *(_CODE_END.split(piece, maxsplit=1)[-1] for piece in others)])


def forget_tokens() -> None:
    """Empty what is remembered of texts and words that were cut up."""
    _words_of_short.cache_clear()
    _token.cache_clear()


def _words(text: str) -> Sequence[str]:
    return _words_of_short(text) if len(text) <= _SHORT else _split(text)


@lru_cache(maxsize=2_000)
def _words_of_short(text: str) -> Sequence[str]:
    return _split(text)


def _split(text: str) -> Sequence[str]:
    text = plain(text)
    if any(words in text for words in _MAY_BE_JOINED):
        text = _JOINED.sub(lambda found: found[0][:-1], text)
    return (_WORD if _HAS_SIGNS.search(text) else _PLAIN_WORD).findall(_ELIDED_C.sub(" ", text))


def _guess(words: Sequence[str]) -> str:
    counts = _own_stop_words(words)
    if len(set(counts.values())) == 1:
        counts = {language: sum(bool(look.search(word)) for word in words) for language, look in _LOOKS.items()}
    return max(counts, key=lambda language: (counts[language], language == DEFAULT_LANGUAGE))


def _own_stop_words(words: Sequence[str]) -> dict[str, int]:
    return {language: sum(map(stops.__contains__, words)) for language, stops in _OWN_STOP_WORDS.items()}


@lru_cache(maxsize=200_000)
def _token(word: str, language: str) -> Token | None:
    folded = fold(word)
    folded = _SAME_WORD.get(folded, folded)
    if folded in STOP_WORDS[language]:
        return None
    if len(folded) == 1 and folded not in _LONE_LETTERS:
        return None
    if len(folded) < _SHORTEST_STEMMED or not folded.isalnum():
        return Token(folded, word, folded)
    if language == "fr":
        folded = masculine(folded, word)
    stemmed: str = _STEMMERS[language].stemWord(folded)
    return Token(stemmed, word, folded) if stemmed else None
