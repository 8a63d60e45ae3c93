"""Countries and time zones, for people who live outside France and volunteer remotely. Holds no French place."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from matcher.catalogue.communes import fold_name

# CLDR counts these among its territories: unions, test codes, and islands that belong to a country of the list.
NOT_COUNTRIES = frozenset({"AC", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
# Their inhabitants choose a French commune.
FRENCH_TERRITORIES = frozenset({"FR", "BL", "CP", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"})
CONTINENTS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return (ISO code, name in that language) of every country but France, in the order of the names."""
    left_out = NOT_COUNTRIES | FRENCH_TERRITORIES
    named = ((code, str(name)) for code, name in Locale.parse(language).territories.items() if code.isalpha())
    return tuple(sorted((each for each in named if each[0] not in left_out), key=lambda each: fold_name(each[1])))


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of the time zones that belong to a place, in order."""
    return tuple(sorted(name for name in available_timezones() if name.startswith(CONTINENTS)))
