"""What of a free text may be shown to others: telephone numbers, e-mail addresses and links are found and replaced."""

import re

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
_BREAKABLE = re.compile("[ \t\r\n\f\v]+")
_LEFT_HANGING = " ,;:.…–—(«\u00a0\u202f"


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
