"""How typed words are compared in look-ups: without case, accents or typographic marks. Holds no data."""

import re
import unicodedata

_ALIKE = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
_BETWEEN_WORDS = re.compile(r"[\s'\-/(),;:«»“”]+")
_EMPTY_WORDS = frozenset(
    {"a", "an", "and", "au", "aux", "d", "de", "des", "du", "en", "et", "for", "from", "l", "la", "le", "les", "of"}
    | {"on", "ou", "or", "par", "pour", "the", "to", "un", "une", "with"}
)
_ROOT = 5


def fold(text: str) -> str:
    """Return the text as it is compared: lower case, no accent, no ligature, plain marks, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_ALIKE).casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())


def words(folded: str) -> tuple[str, ...]:
    """Return the words of a folded text that say something; `c++`, `.net` and `c#` stay whole."""
    return tuple(word for word in _BETWEEN_WORDS.split(folded) if word and word not in _EMPTY_WORDS)


def singular(word: str) -> str:
    """Return a word without its plural mark, so that “statuts” is found by what begins as “statut”."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" else word


def root(word: str) -> str:
    """Return the first letters of a long word, which “traduire” and “traduction” share."""
    return word[:_ROOT]
