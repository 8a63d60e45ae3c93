"""What administrators read of background work: kinds, reasons and alerts in words. No reads."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from matcher.models.alert import Alert, AlertCode
from matcher.models.outbox import ParkReason

KINDS = {
    "rank_need": _("Ranking for a need"),
    "rank_open_needs": _("Rankings after new weights or skills"),
    "refresh_volunteer": _("Rankings after a change of profile"),
    "explain_place": _("Answer to a question about one’s place"),
    "advance_line": _("Next step in a line"),
    "send_invitation": _("Invitation"),
    "send_mail": _("Mail"),
    "send_account_mail": _("Mail about an account"),
}
SHORT = {
    ParkReason.MAIL_REFUSED: _("refused by the mail server"),
    ParkReason.MAIL_NOT_TAKEN: _("not taken by the mail server"),
    ParkReason.ERROR: _("fault in the program"),
    ParkReason.CUT_SHORT: _("attempts cut short"),
}
REASONS = {
    ParkReason.MAIL_REFUSED: _("The mail server refused it for good."),
    ParkReason.MAIL_NOT_TAKEN: _("The mail server did not take it, however often it was tried."),
    ParkReason.ERROR: _("The program failed each time it tried."),
    ParkReason.CUT_SHORT: _("The last attempt was cut short, and nothing tells how far it came."),
}


def kind_words(kind: str) -> str:
    """Return what a kind of row is called; a newer version may have written one that is not known here."""
    return str(KINDS[kind]) if kind in KINDS else str(gettext("Task of another version (%(kind)s)", kind=kind))


def alert_words(alert: Alert) -> str:
    """Return what stands where it must not, as one sentence."""
    return ALERTS[alert.code](alert)


def _rows_late(alert: Alert) -> str:
    return str(
        ngettext(
            "%(num)s task has been due for too long (%(kind)s). Is a worker running?",
            "%(num)s tasks have been due for too long (%(kind)s). Is a worker running?",
            alert.count,
            kind=kind_words(alert.subject),
        )
    )


def _needs_unranked(alert: Alert) -> str:
    return str(
        ngettext(
            "%(num)s open need still waits for its first ranking.",
            "%(num)s open needs still wait for their first ranking.",
            alert.count,
        )
    )


def _needs_full(alert: Alert) -> str:
    return str(
        ngettext(
            "%(num)s open need has all its places taken and is not marked as filled.",
            "%(num)s open needs have all their places taken and are not marked as filled.",
            alert.count,
        )
    )


def _clocks_late(alert: Alert) -> str:
    return str(
        ngettext(
            "%(num)s time limit has passed without effect (%(clock)s).",
            "%(num)s time limits have passed without effect (%(clock)s).",
            alert.count,
            clock=alert.subject,
        )
    )


def _clocks_missing(alert: Alert) -> str:
    return str(
        ngettext(
            "%(num)s pairing stands in a state that nothing would end (%(state)s).",
            "%(num)s pairings stand in a state that nothing would end (%(state)s).",
            alert.count,
            state=alert.subject,
        )
    )


ALERTS = {
    AlertCode.ROWS_LATE: _rows_late,
    AlertCode.NEEDS_UNRANKED: _needs_unranked,
    AlertCode.NEEDS_FULL: _needs_full,
    AlertCode.CLOCKS_LATE: _clocks_late,
    AlertCode.CLOCKS_MISSING: _clocks_missing,
}
