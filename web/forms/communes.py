"""A commune as a person types it: its name, its postcode, or both as the look-up offers them, “Lyon 9e (69009)”."""

import re

from flask_babel import gettext
from wtforms import Field, Form
from wtforms.validators import StopValidation

from matcher.catalogue import communes
from matcher.catalogue.communes import CITIES_IN_ARRONDISSEMENTS, Commune, fold_name

LONGEST = 120
_LABEL = re.compile(r"^(?P<name>.+?)\s*\((?P<postcode>\d{5})\)$")


def commune_label(commune: Commune) -> str:
    """Return how a commune is offered and shown in a field; no two communes share it."""
    postcode = commune.postcodes[0] if commune.postcodes else commune.code
    return f"{_short(commune)} ({postcode})"


def label_of(code: str) -> str:
    """Return the label of a code, or the code when it is unknown."""
    commune = communes.get(code)
    return commune_label(commune) if commune else code


def find_commune(text: str) -> Commune | None:
    """Return the one commune that a code, label, name or postcode names; None for none and for several."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    match = _LABEL.match(text)
    if match:
        return _one([each for each in communes.find(match["postcode"], 200) if _is_named(each, match["name"])])
    found = communes.find(text, 200)
    # A whole postcode of Lyon names the arrondissement, not the city that holds them all.
    narrow = [each for each in found if each.code not in CITIES_IN_ARRONDISSEMENTS] if text.isdigit() else found
    one = _one([each for each in narrow if _is_named(each, text)]) or _one(narrow)
    # Most INSEE codes are other people's postcodes: the postcode is meant.
    return one if found else communes.get(text.upper())


class KnownCommune:
    """Refuses what names no commune, or several; an empty field is welcome."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Stop when the text does not name one commune."""
        text = field.data or ""
        if not text.strip() or find_commune(text) is not None:
            return
        if len(text) <= LONGEST and len(communes.find(text, 2)) > 1:
            raise StopValidation(gettext("Several communes match this. Please add the postcode."))
        raise StopValidation(gettext("We do not know this commune."))


def _short(commune: Commune) -> str:
    return commune.name.replace("er Arrondissement", "er").replace("e Arrondissement", "e")


def _is_named(commune: Commune, name: str) -> bool:
    return fold_name(name) in {fold_name(commune.name), fold_name(_short(commune))}


def _one(found: list[Commune]) -> Commune | None:
    return found[0] if len(found) == 1 else None
