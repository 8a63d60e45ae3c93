"""Which passwords are taken: long enough, not soon guessed, not made of one's own name.

zxcvbn (Wheeler, USENIX Security 2016) estimates how many guesses find one: from well-known passwords, words, names,
dates and keyboards. `well_known_passwords.txt` holds what passes zxcvbn all the same and stands in the lists of stolen
passwords that zxcvbn-ts (4.1) and Django (20,000, by R. Williams) publish, or is what French people take.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from flask_babel import gettext
from flask_security import PasswordUtil
from zxcvbn import zxcvbn

SHORTEST, LONGEST = 10, 128
FEWEST_CHARACTERS = 5
# Keyboards write « é » in two ways; hashed is one of them, when a password is chosen and whenever it is given.
FORM: Final = "NFKD"
# What is guessed within a hundred million tries is refused (score 3 of 4 begins there).
LEAST_SCORE: Final = 3
# As much of a password as zxcvbn reads: what is not strong within it is not made strong by what follows.
READ: Final = 72
# What this service is about: whatever stands beside these words must be long enough by itself.
OWN_WORDS = ("binome", "benevol(?:e|at)s?", "volunteer(?:s|ing)?", "associations?", "missions?")


class StrongPasswords(PasswordUtil):
    """Tells what is wrong with a new password, in the reader's language."""

    def validate(self, password: str, is_register: bool, **kwargs: object) -> tuple[list[str] | None, str]:
        """Return what is wrong (None when nothing is) and the normalised password."""
        normalised = kept(password)
        account = kwargs.get("user")
        own = [str(kwargs.get(name) or getattr(account, name, "") or "") for name in ("email", "name")]
        fault = fault_of(normalised, own)
        return ([fault] if fault else None), normalised


def kept(password: str) -> str:
    """Return the one way of writing a password that is hashed."""
    return unicodedata.normalize(FORM, password)


def fault_of(password: str, own: list[str]) -> str | None:
    """Return why a password is refused, None when it is taken; `own` are the person's name and address."""
    if not SHORTEST <= len(unicodedata.normalize("NFC", password)) <= LONGEST:
        return str(gettext("Please choose between %(least)s and %(most)s characters.", least=SHORTEST, most=LONGEST))
    bare = _bare(password)
    without = re.sub("|".join(OWN_WORDS), "", bare)
    parts = [part for text in own for part in re.split(r"[^\w]+", _bare(text.split("@")[0])) if len(part) > 3]
    left = bare
    for part in parts:
        left = left.replace(part, "")
    if len(without) < FEWEST_CHARACTERS or _is_soon_guessed(password):
        return str(gettext("This password is too easy to guess. Three or four words that do not go together do well."))
    if len(left) < FEWEST_CHARACTERS:
        return str(gettext("This password is made of your own name or address. Please choose another one."))
    return None


def _is_soon_guessed(password: str) -> bool:
    """True for what lists of stolen passwords hold, with or without accents, and for what few guesses find."""
    known = _well_known()
    if password.lower() in known or _bare(password) in known:
        return True
    return int(zxcvbn(_without_accents(password)[:READ])["score"]) < LEAST_SCORE


@cache
def _well_known() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("well_known_passwords.txt").read_text(encoding="utf-8").split())


def _bare(text: str) -> str:
    return _without_accents(text.lower())


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
