"""The page of the quarantine in ready words."""

from dataclasses import dataclass

from flask_babel import get_locale, gettext, ngettext

from matcher.queries.quarantines import Held
from matcher.wording import moment_in_words
from web.outbox_words import kind_words
from web.runtime import LOCAL


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page says of a quarantine."""

    since: str
    data_of: str
    old_mails: str
    new_mails: str
    awaits_ledger: bool


def sheet(held: Held) -> Sheet:
    """Put it into words."""
    language = str(get_locale())
    return Sheet(
        moment_in_words(language, held.since, LOCAL.key),
        moment_in_words(language, held.data_of, LOCAL.key),
        str(ngettext("%(num)s mail", "%(num)s mails", held.old_mails)),
        str(ngettext("%(num)s mail", "%(num)s mails", held.new_mails)),
        held.awaits_ledger,
    )


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What discarding gives up: in one sentence, and kind by kind."""

    words: str
    kinds: list[tuple[str, str]]


def given_up(held: Held) -> GivenUp:
    """Put what would be discarded into words."""
    words = ngettext(
        "%(num)s mail was written before the restore and waits. It will never leave. This cannot be undone.",
        "%(num)s mails were written before the restore and wait. They will never leave. This cannot be undone.",
        held.old_mails,
    )
    if not held.old_mails:
        words = gettext("No mail waits from before the restore. The lines wait for their coordinators all the same.")
    return GivenUp(str(words), [(kind_words(kind), str(count)) for kind, count in held.old_kinds.items()])
