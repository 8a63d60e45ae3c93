"""Entries of the audit log as the rows of a table, in words, for each kind of reader. Names nobody."""

from collections.abc import Mapping

from flask_babel import LazyString, gettext

from matcher.labels import CHECK_WAIVERS, status_label
from matcher.models.states import CheckWaiver, PairingStatus
from matcher.queries.accesses import Access, By
from matcher.wording import HOME_ZONE, join_words, moment_in_words
from web.access_words import ACTS, KINDS, REASONS, TO_HER, WHO
from web.forms.people import REASONS as SUSPENSION_REASONS
from web.need_cards import language
from web.outbox_words import SHORT

Row = tuple[str, ...]
SUSPENSIONS: Mapping[str, LazyString] = {code.value: words for code, words in SUSPENSION_REASONS.items()}

PARKED: Mapping[str, LazyString] = {code.value: words for code, words in SHORT.items()}


def rows_for_her(rows: tuple[Access, ...]) -> list[Row]:
    """Return when, who, what and why, as the person concerned reads it."""
    return [(_when(one), _who(one), _what(one, TO_HER), _why(one)) for one in rows]


def rows_for_association(rows: tuple[Access, ...]) -> list[Row]:
    """Return when, who, what and why, as the members of an association read it."""
    return [(_when(one), _who(one), _what(one, ACTS), _why(one)) for one in rows]


def rows_for_branch(rows: tuple[Access, ...]) -> list[Row]:
    """Return when, who, what, about whom or what, and why."""
    return [(_when(one), _who(one), _what(one, ACTS), _about(one), _why(one)) for one in rows]


def rows_for_administrators(rows: tuple[Access, ...]) -> list[Row]:
    """Return the same with the number of the account that acted."""
    return [(_when(one), _numbered(one), _what(one, ACTS), _about(one), _why(one)) for one in rows]


def _when(one: Access) -> str:
    return moment_in_words(language(), one.at, HOME_ZONE)


def _who(one: Access) -> str:
    who = str(WHO[one.by])
    if one.by is not By.COORDINATOR or not one.branches:
        return who
    names = join_words(language(), [branch.name(language()) for branch in one.branches])
    return str(gettext("%(role)s, %(branches)s", role=who, branches=names))


def _numbered(one: Access) -> str:
    if one.account_id is None:
        return _who(one)
    return str(gettext("%(who)s (account %(number)s)", who=_who(one), number=one.account_id))


def _what(one: Access, words: Mapping[str, LazyString]) -> str:
    return str(words.get(one.action) or ACTS.get(one.action) or one.action)


def _about(one: Access) -> str:
    if not one.subject_id:
        return "–"
    return _counted(one.subject_kind, str(one.subject_id))


def _why(one: Access) -> str:
    return reason_words(one.reason) if one.reason else "–"


def reason_words(reason: str) -> str:
    """Return a reason of the log in words; a right names what it is about by its number."""
    kind, colon, number = reason.partition(":")
    if colon:
        return _counted(kind, number)
    if reason in set(CheckWaiver):
        return str(gettext(CHECK_WAIVERS[CheckWaiver(reason)]))
    if reason in set(PairingStatus):
        return status_label(language(), PairingStatus(reason))
    return str(REASONS.get(reason) or SUSPENSIONS.get(reason) or PARKED.get(reason) or reason)


def _counted(kind: str, number: str) -> str:
    return f"{KINDS.get(kind, kind)} {number}"
