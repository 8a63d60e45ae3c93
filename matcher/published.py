"""What of a free text may be shown to others: telephone numbers, e-mail addresses and links are found and replaced."""

import re
from dataclasses import dataclass

import phonenumbers

from matcher.i18n import translate

_EMAIL = re.compile(
    r"[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\]|\(arobase\))\s?[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}", re.IGNORECASE
)
_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>«»]{1,2000}"
    r"|\b(?:[a-z0-9][a-z0-9\-]{0,62}\.){1,4}(?:fr|com|org|net|eu|info|io|coop|paris|bzh)\b(?:/[^\s<>«»]{0,500})?",
    re.IGNORECASE,
)
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
    parts, position = [], 0
    for start, end in _spans(text):
        parts += [text[position:start], translate(language, "[contact removed]")]
        position = end
    return "".join([*parts, text[position:]])


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


def _spans(text: str) -> list[tuple[int, int]]:
    found = [match.span() for pattern in (_EMAIL, _LINK) for match in pattern.finditer(text)]
    found += [(number.start, number.end) for number in phonenumbers.PhoneNumberMatcher(text, _REGION)]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans
