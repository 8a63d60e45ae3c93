"""The page of the quarantine in ready words."""

from dataclasses import dataclass

from flask_babel import get_locale, ngettext

from matcher.queries.quarantines import Held
from matcher.wording import moment_in_words
from web.runtime import LOCAL


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page says of a quarantine."""

    since: str
    data_of: str
    old_mails: str
    new_mails: str


def sheet(held: Held) -> Sheet:
    """Put it into words."""
    language = str(get_locale())
    return Sheet(
        moment_in_words(language, held.since, LOCAL.key),
        moment_in_words(language, held.data_of, LOCAL.key),
        str(ngettext("%(num)s mail", "%(num)s mails", held.old_mails)),
        str(ngettext("%(num)s mail", "%(num)s mails", held.new_mails)),
    )
