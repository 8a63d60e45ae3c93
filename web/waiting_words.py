"""Why somebody in a line is not invited just now, in the words of the coordinator's page. No reads."""

from datetime import date

from flask_babel import gettext, ngettext

from matcher import wording
from matcher.i18n import marked as _
from matcher.services.held_people import HeldBack
from matcher.services.holding import Held
from web.need_cards import language

REASONS: dict[Held, str] = {
    Held.NOT_ASKED: _("Does not want to be invited"),
    Held.UNREACHABLE: _("Our e-mails do not reach this person"),
    Held.SHORT_NOTICE: _("Not to be asked at short notice"),
    Held.PAUSED: _("On pause"),
    Held.RESTING: _("Said no lately"),
    Held.PACE: _("Wants one e-mail a day"),
}


def waiting_in_words(waiting: HeldBack, today: date) -> str:
    """Return the reason, and from when she may be invited where that is known."""
    if waiting.possible_at is None:
        return str(gettext("%(reason)s; the next in line is asked meanwhile", reason=_reason(waiting)))
    # Told on the coordinator's own clock, as all of the line is.
    moment = wording.moment_in_words(language(), waiting.possible_at, wording.HOME_ZONE, today)
    words = gettext("%(reason)s; next invitation possible on %(moment)s", reason=_reason(waiting), moment=moment)
    return str(words)


def _reason(waiting: HeldBack) -> str:
    if waiting.why is Held.LIMIT:
        words = ngettext(
            "Already receives one e-mail with invitations in 30 days",
            "Already receives %(num)s e-mails with invitations in 30 days",
            waiting.received,
        )
        return str(words)
    if waiting.why is Held.PACE and waiting.is_weekly:
        return str(gettext("Wants one e-mail a week"))
    return str(gettext(REASONS[waiting.why]))
