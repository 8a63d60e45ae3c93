"""When an invitation may leave: the cap, the pause and the hours at which people are written to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.need import Need
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer
from matcher.settings import Settings

OPENS, CLOSES = time(8), time(20)
SUNDAY = 6
CAP, CAP_WINDOW = 2, timedelta(days=30)
NEVER_UNDER = timedelta(hours=48)
REPLY_WORKING_DAYS = 15


@dataclass(frozen=True, slots=True)
class SendingRules:
    """The settings that decide when and to how many people invitations leave."""

    invitations_per_seat: int = 2
    undo: timedelta = timedelta(seconds=10)
    window: bool = True
    cap: bool = True

    @classmethod
    def of(cls, settings: Settings) -> "SendingRules":
        """Read the rules from the settings."""
        return cls(
            invitations_per_seat=settings.invitations_per_seat,
            undo=timedelta(seconds=settings.undo_s),
            window=settings.sending_window,
            cap=settings.invitation_cap,
        )


@cache
def _public_holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def next_opening(volunteer: Volunteer, now: datetime) -> datetime:
    """Return now inside the sending window of her zone, else the next moment at which it opens."""
    local = now.astimezone(ZoneInfo(volunteer.timezone))
    if local.time() >= CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, local.tzinfo)
    elif local.time() < OPENS:
        local = datetime.combine(local.date(), OPENS, local.tzinfo)
    while local.weekday() == SUNDAY or local.date() in _public_holidays(volunteer.country, local.year):
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, local.tzinfo)
    return local.astimezone(UTC)


def may_be_invited(session: Session, rules: SendingRules, pairing: Pairing, now: datetime) -> bool:
    """True when the person takes invitations, is not paused and is under the cap."""
    volunteer = pairing.volunteer
    if volunteer.invitations_allowed_at is None or volunteer.account.mail_stopped_at is not None:
        return False
    if not volunteer.account.active or not volunteer.account.is_confirmed:
        return False
    if volunteer.is_paused_on(now.astimezone(ZoneInfo(volunteer.timezone)).date()):
        return False
    if pairing.need.is_urgent and not volunteer.is_short_notice:
        return False
    return not rules.cap or invitations_since(session, volunteer.id, now - CAP_WINDOW) < CAP


def invitations_since(session: Session, volunteer_id: int, since: datetime) -> int:
    """Count the invitations that a person was sent, or is about to be sent, since a moment."""
    sent = sa.select(sa.func.count(PairingEvent.id)).join(Pairing, Pairing.id == PairingEvent.pairing_id)
    sent = sent.where(
        Pairing.volunteer_id == volunteer_id,
        PairingEvent.step == PairingStep.MARK_INVITED,
        PairingEvent.at >= since,
    )
    waiting = sa.select(sa.func.count(Pairing.id)).where(
        Pairing.volunteer_id == volunteer_id,
        Pairing.status == PairingStatus.APPROVED,
        Pairing.queued_at.is_not(None),
    )
    return (session.scalar(sent) or 0) + (session.scalar(waiting) or 0)


def reply_by(need: Need, now: datetime) -> datetime:
    """Return by when an invitation sent now is to be answered.

    The earliest of 15 working days, half the time to the start and the need's own date; 48 hours when urgent, and
    never less. On a closed day nobody is late: it is the next working day.
    """
    return need.branch.calendar.defer(_reply_by(need, now))


def _reply_by(need: Need, now: datetime) -> datetime:
    floor = now + NEVER_UNDER
    if need.is_urgent:
        return floor
    zone = ZoneInfo(need.timezone)
    limits = [need.branch.calendar.add_working_days(now, REPLY_WORKING_DAYS)]
    if need.starts_on is not None:
        begins = datetime.combine(need.starts_on, OPENS, zone)
        limits.append(now + (begins - now) / 2)
    if need.answer_by is not None:
        limits.append(datetime.combine(need.answer_by, CLOSES, zone))
    return max(floor, min(limits)).astimezone(UTC)
