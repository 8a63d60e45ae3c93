"""Which passwords are taken: long enough, not known to everybody, not made of one's own name."""

import re
import unicodedata
from typing import Final

from flask_babel import gettext
from flask_security import PasswordUtil

SHORTEST, LONGEST = 10, 128
FEWEST_CHARACTERS = 5
# Keyboards write « é » in two ways; hashed is one of them, when a password is chosen and whenever it is given.
FORM: Final = "NFKD"
# Passwords of ten and more characters that stand high in published lists of stolen ones, and this service's own words.
COMMON = frozenset(
    """1234567890 12345678910 123456789a 0123456789 9876543210 0987654321 qwertyuiop azertyuiop azertyuiop123
    qwerty12345 qwerty123456 azerty12345 azerty123456 1q2w3e4r5t 1a2z3e4r5t 1qaz2wsx3edc 1qazxsw2 q1w2e3r4t5 a1z2e3r4t5
    password12 password123 password1234 password123456 passw0rd123 motdepasse motdepasse1 motdepasse12 motdepasse123
    monmotdepasse iloveyou123 jetaime123 jetaimemonamour doudoudoudou loulou12345 soleil12345 chouchou123 nicolas123
    administrateur administrator admin12345 admin123456 welcome123 welcome1234 bienvenue1 bienvenue123 bonjour123
    bonjour1234 changeme123 changezmoi letmein123 football123 superman123 princess123 princesse123 marseille13
    parissaintgermain olympiquelyonnais abcdefghij abcdefghijk abcd123456 abcdef123456 aaaaaaaaaa azertyqwerty
    association benevolat123 benevole123 binomebinome lebinome123 volunteer123 charlotte1
    alexandre1 sebastien1""".split()  # noqa: SIM905 (one word a line would be seventy lines)
)


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
    if password.lower() in COMMON or bare in COMMON or min(len(set(bare)), len(without)) < FEWEST_CHARACTERS:
        return str(gettext("This password is too well known. Three or four words that do not go together do well."))
    if len(left) < FEWEST_CHARACTERS:
        return str(gettext("This password is made of your own name or address. Please choose another one."))
    return None


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
