"""Choice of a language and translation of sentences, without Flask. English is the language of the sources."""

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"
TRANSLATIONS = Path(__file__).parent / "translations"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; raises FileNotFoundError when it was not compiled."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("messages", TRANSLATIONS, languages=[language])


def marked(sentence: str) -> str:
    """Mark a sentence for the catalogue without translating it yet."""
    return sentence


def translate(language: str, sentence: str, data: Mapping[str, object] | None = None) -> str:
    """Put a marked sentence into a language and fill its named places."""
    text = translations(language).gettext(sentence)
    return text % data if data else text


def translate_plural(language: str, one: str, many: str, n: int, data: Mapping[str, object] | None = None) -> str:
    """Put the right plural of a sentence into a language; `%(n)s` is filled with n."""
    text = translations(language).ngettext(one, many, n)
    return text % {"n": n, **(data or {})}


def best_language(wanted: str | None, accepted: str | None = None) -> str:
    """Choose a language: the wanted one when we speak it, else the first accepted (an Accept-Language header)."""
    if wanted in LANGUAGES:
        return str(wanted)
    for part in (accepted or "").lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return DEFAULT_LANGUAGE
