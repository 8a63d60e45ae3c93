"""Mails that come back, ready to print: to whom they were written, and to administrators in figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from matcher.mail.codes import AccountMailCode
from matcher.models.link import LinkPurpose
from matcher.models.suppression import ReportOutcome, SuppressionReason
from matcher.queries.suppressions import Closed, Figures, own_closed
from web.auth import actor, current_account
from web.extensions import db
from web.mail_util import write_link
from web.need_pages import day_words
from web.runtime import now


@dataclass(frozen=True, slots=True)
class ClosedSheet:
    """The administrators' page: whose mails come back, and what came back of late."""

    closed: list[tuple[str, int]]
    reports: list[tuple[str, int]]
    owners: list[tuple[str, str, str]]
    more: str


def mails_come_back() -> str | None:
    """Return what the signed-in person is told while her mails come back; None while they arrive."""
    account = current_account()
    closed = own_closed(db.session(), actor(), now()) if account is not None else None
    if account is None or closed is None:
        return None
    if closed.until is None:
        words = gettext(
            "Our e-mails to %(email)s come back: the address does not take them. Since %(day)s we no longer write to "
            "it, so no invitation and no news reaches you by e-mail.",
            email=account.email,
            day=day_words(closed.since),
        )
    else:
        words = gettext(
            "Our e-mails to %(email)s have come back several times, perhaps because the mailbox is full. We write to "
            "it again from %(day)s.",
            email=account.email,
            day=day_words(closed.until),
        )
    return str(words)


def write_to_closed_address() -> None:
    """Write the mail that proves to its owner, and to us, that her address works again; in the present transaction."""
    account = current_account()
    if account is not None:
        write_link(account, AccountMailCode.ADDRESS_WORKS, LinkPurpose.ADDRESS_WORKS)


def sheet_of(figures: Figures, names: Mapping[int, str]) -> ClosedSheet:
    """Return the figures in words; who is meant by name where it was opened, else by number."""
    return ClosedSheet(
        closed=[(closed_because(reason), figures.closed.get(reason, 0)) for reason in SuppressionReason],
        reports=[(_outcome(outcome), figures.reports.get(outcome, 0)) for outcome in ReportOutcome],
        owners=[
            (_named(o.account_id, names), closed_because(o.closed.reason), _since(o.closed)) for o in figures.owners
        ],
        more=_more(figures.more_owners),
    )


def _named(account_id: int, names: Mapping[int, str]) -> str:
    return names.get(account_id) or str(gettext("Account %(number)s", number=account_id))


def _more(others: int) -> str:
    return str(ngettext("and one more account", "and %(num)s more accounts", others)) if others else ""


def _since(closed: Closed) -> str:
    if closed.until is None:
        return str(gettext("since %(day)s", day=day_words(closed.since)))
    return str(gettext("until %(day)s", day=day_words(closed.until)))


def closed_because(reason: SuppressionReason) -> str:
    """Return why an address is not written to."""
    words = {
        SuppressionReason.HARD: gettext("the address does not take our e-mails"),
        SuppressionReason.COMPLAINT: gettext("its owner complained: only what she asks for is sent"),
        SuppressionReason.SOFT: gettext("e-mails came back three times: a pause of seven days"),
    }
    return str(words[reason])


def _outcome(outcome: ReportOutcome) -> str:
    words = {
        ReportOutcome.HARD: gettext("came back for good"),
        ReportOutcome.SOFT: gettext("came back for now"),
        ReportOutcome.COMPLAINT: gettext("complaints"),
        ReportOutcome.IGNORED: gettext("automatic replies and news of no weight"),
        ReportOutcome.FORGED: gettext("refused: not from an address that we signed"),
        ReportOutcome.UNREADABLE: gettext("refused: not readable"),
    }
    return str(words[outcome])
