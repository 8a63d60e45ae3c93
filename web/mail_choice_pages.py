"""What a volunteer reads about her mails: what she chose, what is held back and until when. Writes nothing."""

from dataclasses import dataclass

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from matcher import wording
from matcher.models.volunteer import Volunteer
from matcher.services import holding
from matcher.services.holding import Mailed
from matcher.services.mail_choices import MailChoices, MailWish, choices_of
from web.need_cards import language
from web.runtime import now, today


@dataclass(frozen=True, slots=True)
class ShownChoices:
    """What stands now, in words; `rest` while she is left in peace after a no, `next` when nothing more is possible."""

    stands: str
    counted: str
    following: str
    rest: str
    is_stopped: bool


def shown_choices(session: Session, volunteer: Volunteer) -> ShownChoices:
    """Return in words what a volunteer chose and what she has received; one statement."""
    choices = choices_of(volunteer, today())
    sent = holding.sent_mails(session, [volunteer.id], now())[volunteer.id]
    is_stopped = choices.wish is MailWish.STOPPED
    return ShownChoices(
        stands=stands_in_words(choices),
        counted="" if is_stopped else _counted(choices, len(sent)),
        following="" if is_stopped else _following(volunteer, Mailed(sent)),
        rest=_rest(volunteer),
        is_stopped=is_stopped,
    )


def stands_in_words(choices: MailChoices) -> str:
    """Return the choice in one sentence."""
    match choices.wish:
        case MailWish.IMMEDIATE:
            return str(gettext("Invitations reach you at once."))
        case MailWish.DAILY:
            return str(gettext("Invitations reach you once a day, in the morning."))
        case MailWish.WEEKLY:
            day = wording.weekday_in_words(language(), choices.weekday)
            return str(gettext("Invitations reach you once a week, in the morning. The day: %(day)s.", day=day))
        case MailWish.STOPPED:
            return str(gettext("We do not invite you, and we send no reminders."))
    if choices.paused_until is None:
        return str(gettext("You are on pause until you say otherwise."))
    day = wording.day_in_words(language(), choices.paused_until, today())
    return str(gettext("You are on pause until %(day)s.", day=day))


def _counted(choices: MailChoices, sent: int) -> str:
    received = ngettext(
        "In the last 30 days one e-mail with invitations left for you.",
        "In the last 30 days %(num)s e-mails with invitations left for you.",
        sent,
    )
    if not sent:
        received = gettext("In the last 30 days no e-mail with invitations left for you.")
    if choices.most is None:
        return str(received)
    limit = gettext("Your limit is %(most)s.", most=choices.most)
    return f"{received} {limit}"


def _following(volunteer: Volunteer, mailed: Mailed) -> str:
    following = holding.next_possible(volunteer, mailed, now())
    if following is None or following <= now():
        return ""
    moment = wording.moment_in_words(language(), following, volunteer.timezone, today())
    return str(gettext("The next one is possible from %(moment)s.", moment=moment))


def _rest(volunteer: Volunteer) -> str:
    if volunteer.rests_until is None or volunteer.rests_until <= now():
        return ""
    moment = wording.moment_in_words(language(), volunteer.rests_until, volunteer.timezone, today())
    return str(gettext("You said no lately: we leave you in peace until %(moment)s.", moment=moment))
