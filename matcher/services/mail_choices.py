"""How often a volunteer is written to of our own accord: her pace, her limit, her pause, her stop.

What she has under way is always written about; that is not chosen here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, LinkHolder, Person
from matcher.errors import InvalidDates, InvalidValue, NotFound, ProfileIsMissing
from matcher.models.volunteer import TUESDAY, USUAL_INVITATIONS, MailPace, Volunteer
from matcher.policies import Action, require
from matcher.services import activity, suppression
from matcher.services.steps import record
from matcher.services.volunteers import tell
from matcher.services.waking import wake

LIMITS: tuple[int | None, ...] = (2, 4, 8, None)
WEEKDAYS = range(6)


class MailWish(StrEnum):
    """The one thing that she chooses about invitations."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    PAUSED = "paused"
    STOPPED = "stopped"


PACES = {
    MailWish.IMMEDIATE: MailPace.IMMEDIATE,
    MailWish.DAILY: MailPace.DAILY,
    MailWish.WEEKLY: MailPace.WEEKLY,
}


@dataclass(frozen=True, slots=True)
class MailChoices:
    """All that is chosen; `most` counts mails with invitations in 30 days, None is no limit; Monday is 0."""

    wish: MailWish = MailWish.IMMEDIATE
    most: int | None = USUAL_INVITATIONS
    weekday: int = TUESDAY
    paused_until: date | None = None


def choices_of(volunteer: Volunteer, today: date) -> MailChoices:
    """Return what she has chosen, as it stands today."""
    is_paused = volunteer.is_paused_on(today)
    until = volunteer.paused_until if is_paused else None
    if volunteer.account.mail_stopped_at is not None or volunteer.invitations_allowed_at is None:
        wish = MailWish.STOPPED
    else:
        wish = MailWish.PAUSED if is_paused else MailWish(volunteer.mail_pace.value)
    return MailChoices(wish, volunteer.most_invitations, volunteer.mail_weekday, until)


def chooser(session: Session, actor: Actor) -> Volunteer:
    """Return whose mails the actor may choose, under a row lock: her own; raises ProfileIsMissing or NotFound."""
    if isinstance(actor, LinkHolder):
        account_id = actor.link.recipient_id
    elif isinstance(actor, Person):
        account_id = actor.account.id
    else:
        raise NotFound
    volunteer = session.scalar(
        sa.select(Volunteer)
        .where(Volunteer.account_id == account_id)
        .with_for_update(of=Volunteer, key_share=True)
        .execution_options(populate_existing=True)
    )
    if volunteer is None:
        raise ProfileIsMissing
    return volunteer


def choose(session: Session, actor: Actor, now: datetime, *, choices: MailChoices) -> bool:
    """Keep what she chose and let the lines in which she waits move; False when nothing has changed.

    Raises InvalidDates for a pause that does not lie ahead, InvalidValue for a limit or a day that is not offered.
    """
    volunteer = chooser(session, actor)
    require(actor, Action.CHOOSE_MAILS, volunteer)
    today = now.astimezone(ZoneInfo(volunteer.timezone)).date()
    choices = _checked(choices, today)
    activity.note(session, now, account_id=volunteer.account_id)
    if choices == choices_of(volunteer, today):
        return False
    _keep(volunteer, choices, now)
    if choices.wish is not MailWish.STOPPED:
        suppression.lift_complaint(session, volunteer.account_id)  # her own word, and a later one
    record(session, actor, now, action=f"mail_{choices.wish.value}", subject=("account", volunteer.account_id))
    tell(session, now, volunteer)
    wake(session, now, volunteer)
    return True


def end_rest(session: Session, actor: Actor, now: datetime) -> None:
    """« You may ask me again »: the quiet days after a no end now; a second press changes nothing."""
    volunteer = chooser(session, actor)
    require(actor, Action.CHOOSE_MAILS, volunteer)
    if volunteer.rests_until is None:
        return
    volunteer.rests_until = None
    record(session, actor, now, action="mail_rest_ended", subject=("account", volunteer.account_id))
    wake(session, now, volunteer)


def still_true(session: Session, actor: Actor, now: datetime) -> None:
    """« Oui, toujours vrai »: what she said of her time holds today; a second press on that day changes nothing."""
    volunteer = chooser(session, actor)
    require(actor, Action.CONFIRM_TIME, volunteer)
    today = now.astimezone(ZoneInfo(volunteer.timezone)).date()
    activity.note(session, now, account_id=volunteer.account_id)
    if volunteer.confirmed_on == today:
        return
    volunteer.confirmed_on = today
    tell(session, now, volunteer)


def _checked(choices: MailChoices, today: date) -> MailChoices:
    if choices.most not in LIMITS:
        raise InvalidValue(field="most")
    if choices.weekday not in WEEKDAYS:
        raise InvalidValue(field="weekday")
    if choices.wish is not MailWish.PAUSED:
        return MailChoices(choices.wish, choices.most, choices.weekday)
    if choices.paused_until is not None and choices.paused_until <= today:
        raise InvalidDates(field="paused_until")
    return choices


def _keep(volunteer: Volunteer, choices: MailChoices, now: datetime) -> None:
    account = volunteer.account
    if choices.wish is MailWish.STOPPED:
        account.mail_stopped_at = account.mail_stopped_at or now
        volunteer.invitations_allowed_at = None
    else:
        account.mail_stopped_at = None
        volunteer.invitations_allowed_at = volunteer.invitations_allowed_at or now
    volunteer.is_paused = choices.wish is MailWish.PAUSED
    volunteer.paused_until = choices.paused_until
    volunteer.mail_pace = PACES.get(choices.wish, volunteer.mail_pace)
    volunteer.most_invitations, volunteer.mail_weekday = choices.most, choices.weekday
