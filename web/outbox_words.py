"""What administrators read of background work: kinds, reasons, time limits and alerts in words. No reads."""

from collections.abc import Callable

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from matcher.labels import status_label
from matcher.models.alert import Alert, AlertCode
from matcher.models.deadline import Clock
from matcher.models.outbox import ParkReason
from matcher.models.states import NeedStatus, PairingStatus
from matcher.queries.alerts import is_of_needs
from web.need_cards import language

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
CLOCKS: dict[str, object] = {
    Clock.REMIND_DRAFT: _("reminder of a draft"),
    Clock.WARN_DRAFT: _("warning that a draft will be closed"),
    Clock.DISCARD_DRAFT: _("end of a draft"),
    Clock.REVIEW_MISSED: _("promised review"),
    Clock.REVIEW_MISSED_AGAIN: _("promised review, the second time"),
    Clock.REMIND_CHANGES: _("reminder of changes asked for"),
    Clock.LAPSE_CHANGES: _("end of the wait for changes"),
    Clock.ASK_STILL_NEEDED: _("question whether a need is current"),
    Clock.HOLD_SILENT: _("pause for want of an answer"),
    Clock.NOBODY_YET: _("three weeks with nobody in sight"),
    Clock.WARN_HOLD: _("warning before the end of a pause"),
    Clock.EXPIRE_HOLD: _("end of a need on hold"),
    Clock.APPLICATION_WAITS: _("answer to an application"),
    Clock.APPLICATION_WAITS_LONG: _("answer to an application, the second time"),
    Clock.REMIND_INVITED: _("reminder of an invitation"),
    Clock.EXPIRE_INVITED: _("end of an invitation"),
    Clock.QUESTION_WAITS: _("answer to a question"),
    Clock.YES_WAITS: _("answer to a yes"),
    Clock.YES_WAITS_LONG: _("answer to a yes, the second time"),
    Clock.RELEASE_YES: _("end of the wait after a yes"),
    Clock.ASK_TALKED: _("question whether both have talked"),
    Clock.TALK_WAITS: _("news of a first talk"),
    Clock.ABANDON_TALK: _("end of a first talk without news"),
    Clock.ASK_FINISHED: _("question whether a mission is finished"),
    Clock.FINISH_WAITS: _("news of a mission past its end"),
    Clock.FINISH_UNREVIEWED: _("end of a mission without news"),
    Clock.ACCEPT_FINISH: _("agreement to the end of a mission"),
}
# What stands where it must not: the sentence, of how many, and of what in words.
ALERTS: dict[AlertCode, Callable[[int, str], str]] = {
    AlertCode.ROWS_LATE: lambda n, kind: ngettext(
        "%(num)s task has been due for too long (%(kind)s). Is a worker running?",
        "%(num)s tasks have been due for too long (%(kind)s). Is a worker running?",
        n,
        kind=kind,
    ),
    AlertCode.ROWS_PARKED: lambda n, kind: ngettext(
        "%(num)s task is set aside and waits for your decision (%(kind)s).",
        "%(num)s tasks are set aside and wait for your decision (%(kind)s).",
        n,
        kind=kind,
    ),
    AlertCode.NEEDS_UNRANKED: lambda n, _need: ngettext(
        "%(num)s open need still waits for its first ranking.",
        "%(num)s open needs still wait for their first ranking.",
        n,
    ),
    AlertCode.NEEDS_FULL: lambda n, _need: ngettext(
        "%(num)s open need has all its places taken and is not marked as filled.",
        "%(num)s open needs have all their places taken and are not marked as filled.",
        n,
    ),
    AlertCode.CLOCKS_LATE: lambda n, clock: ngettext(
        "%(num)s time limit has passed without effect (%(clock)s).",
        "%(num)s time limits have passed without effect (%(clock)s).",
        n,
        clock=clock,
    ),
    AlertCode.CLOCKS_MISSING: lambda n, state: ngettext(
        "%(num)s pairing stands in a state that nothing would end (%(state)s).",
        "%(num)s pairings stand in a state that nothing would end (%(state)s).",
        n,
        state=state,
    ),
    AlertCode.DECIDED_BY_NOBODY: lambda n, state: ngettext(
        "%(num)s pairing was decided by no person (%(state)s). Please tell whoever looks after this installation.",
        "%(num)s pairings were decided by no person (%(state)s). Please tell whoever looks after this installation.",
        n,
        state=state,
    ),
    AlertCode.LEDGER_UNWRITTEN: lambda n, error: ngettext(
        "The ledger of erasures cannot be written (%(error)s): after a restore %(num)s line of it could not be done"
        " again. The command “binome doctor” says more.",
        "The ledger of erasures cannot be written (%(error)s): after a restore %(num)s lines of it could not be done"
        " again. The command “binome doctor” says more.",
        n,
        error=error,
    ),
}


def _needs_without_end(n: int, state: str) -> str:
    words: str = ngettext(
        "%(num)s need stands in a state that nothing would end (%(state)s).",
        "%(num)s needs stand in a state that nothing would end (%(state)s).",
        n,
        state=state,
    )
    return words


def kind_words(kind: str) -> str:
    """Return what a kind of row is called; a newer version may have written one that is not known here."""
    return str(KINDS[kind]) if kind in KINDS else str(gettext("Task of another version (%(kind)s)", kind=kind))


def alert_words(alert: Alert) -> str:
    """Return what stands where it must not, as one sentence."""
    if alert.code is AlertCode.CLOCKS_MISSING and is_of_needs(alert):
        return _needs_without_end(alert.count, status_label(language(), NeedStatus(alert.subject)))
    return str(ALERTS[alert.code](alert.count, _subject(alert)))


def _subject(alert: Alert) -> str:
    """The kind, the time limit or the state; what only another version knows is told as it was written."""
    if alert.code in {AlertCode.ROWS_LATE, AlertCode.ROWS_PARKED}:
        return kind_words(alert.subject)
    if alert.subject in set(PairingStatus):
        return status_label(language(), PairingStatus(alert.subject))
    return str(CLOCKS.get(alert.subject, alert.subject))
