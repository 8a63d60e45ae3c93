"""What of a free text may be shown to others: telephone numbers, e-mail addresses and links are found and replaced."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from matcher.i18n import translate

_EMAIL = re.compile(
    r"[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\]|\(arobase\))\s?[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}", re.IGNORECASE
)
_SPELLED = re.compile(
    r"[\w.+\-]{1,64} (?:arobase|at) [\w\-]{1,63}(?:(?:\.| point | dot )[\w\-]{1,63}){0,3}"
    r"(?:\.| point | dot )[a-z]{2,6}\b",
    re.IGNORECASE,
)
# Each is looked for only where its sign stands: trying every word is slow, and most texts hold none.
_SIGNS = (
    (re.compile(r"@|[(\[](?:at|arobase)[)\]]", re.IGNORECASE), _EMAIL),
    (re.compile(r" arobase | dot ", re.IGNORECASE), _SPELLED),
)
# Domains that a word and a full stop may make by mistake («me», «it») count only with a path behind them.
_ENDINGS = "fr|com|org|net|eu|info|io|coop|paris|bzh|be|ch|lu|uk|app|link|shop|xyz|website"
_ENDINGS_OF_PATHS = f"{_ENDINGS}|me|gg|de|es|it|nl|pt|ly|to|gl|cc|tv|co|us|im|ca|site|online|store|club|page"
_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>«»]{1,2000}"
    rf"|\b(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,4}}(?:{_ENDINGS})\b(?:/[^\s<>«»]{{0,500}})?"
    rf"|\b(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,4}}(?:{_ENDINGS_OF_PATHS})/[^\s<>«»]{{1,500}}",
    re.IGNORECASE,
)
Span = tuple[int, int]
_REGION = "FR"
# The last digits by which a number is known, written with its country or without.
_PHONE_DIGITS = 9
_PHONE_START = r"(?:(?:\+|\b00)\d{1,3}[\s.\-/]*)?(?:\(0\)|0)?\s*"
_BREAKABLE = re.compile("[ \t\r\n\f\v]+")
_LEFT_HANGING = " ,;:.…–—(«\u00a0\u202f"


@dataclass(frozen=True, slots=True)
class Contacts:
    """How a person is called and reached."""

    name: str
    email: str
    phone: str | None


def contacts_in(text: str) -> tuple[str, ...]:
    """Return the telephone numbers, e-mail addresses and links in a text, in its order."""
    return tuple(text[start:end] for start, end in _spans(text))


def published(language: str, text: str) -> str:
    """Return the text as other people read it: each telephone number, address and link replaced by words."""
    return _replaced(text, _spans(text), translate(language, "[contact removed]"))


def searchable(text: str) -> str:
    """Return what of a text may be searched: a count of what was found would spell out what no page shows."""
    return _replaced(text, _spans(text), " ")


def without_addresses(text: str, words: str) -> str:
    """Return a text with words in the place of each e-mail address and link: quick, for what leaves by thousands."""
    return _replaced(text, _in_order(_written(text)), words)


def without(person: Contacts, language: str, text: str | None) -> str | None:
    """Return a text in which nothing says any more how to reach a person who has left.

    Her name goes when it is one of several words: a first name alone is many people's, and part of many words.
    """
    if not text:
        return text
    gone = translate(language, "[contact removed]")
    patterns = [re.escape(person.email)]
    words = person.name.split()
    if len(words) > 1:
        patterns.append(r"\b" + r"[\s\-]+".join(map(re.escape, words)) + r"\b")
    digits = re.sub(r"\D", "", person.phone or "")[-_PHONE_DIGITS:]
    if len(digits) == _PHONE_DIGITS:
        patterns.append(_PHONE_START + r"[\s.\-/]*".join(digits) + r"(?!\d)")
    return re.sub("|".join(patterns), lambda _: gone, text, flags=re.IGNORECASE)


def excerpt(text: str, length: int) -> str:
    """Return the beginning of a text on one line, cut between two words if it has any; its no-break spaces stay."""
    line = _BREAKABLE.sub(" ", text).strip()
    if len(line) <= length:
        return line
    begun = line[:length]
    return (begun.rpartition(" ")[0] or begun).rstrip(_LEFT_HANGING) + "…"


def _replaced(text: str, spans: Iterable[Span], words: str) -> str:
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], words]
        position = end
    return "".join([*parts, text[position:]])


def _spans(text: str) -> list[Span]:
    numbers = phonenumbers.PhoneNumberMatcher(text, _REGION)
    return _in_order([*_written(text), *((number.start, number.end) for number in numbers)])


def _written(text: str) -> list[Span]:
    patterns = [_LINK, *(pattern for sign, pattern in _SIGNS if sign.search(text))]
    return [match.span() for pattern in patterns for match in pattern.finditer(text)]


def _in_order(found: Iterable[Span]) -> list[Span]:
    spans: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans
