"""At which hours people are written to, and by when an invitation is to be answered. Who is held back: holding.py."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from matcher.models.need import Need
from matcher.models.volunteer import Volunteer
from matcher.settings import Settings
from matcher.working_days import LOCAL_HOLIDAYS

OPENS, CLOSES = time(8), time(20)
SUNDAY = 6
ONE_DAY = timedelta(days=1)
NEVER_UNDER = timedelta(hours=48)
REPLY_WORKING_DAYS = 15


@dataclass(frozen=True, slots=True)
class SendingRules:
    """The settings that decide when and to how many people invitations leave; `settings` opens the closed addresses."""

    invitations_per_seat: int = 2
    undo: timedelta = timedelta(seconds=10)
    window: bool = True
    cap: bool = True
    settings: Settings | None = None

    @classmethod
    def of(cls, settings: Settings) -> "SendingRules":
        """Read the rules from the settings."""
        return cls(
            invitations_per_seat=settings.invitations_per_seat,
            undo=timedelta(seconds=settings.undo_s),
            window=settings.sending_window,
            cap=settings.invitation_cap,
            settings=settings,
        )


def is_mail_day(volunteer: Volunteer, day: date) -> bool:
    """True on a day on which she may be written to of our own accord: no Sunday, no public holiday where she lives."""
    return day.weekday() != SUNDAY and day not in _public_holidays(volunteer.country, volunteer.timezone, day.year)


def next_opening(volunteer: Volunteer, now: datetime) -> datetime:
    """Return now inside the sending window of her zone, else the next moment at which it opens."""
    local = now.astimezone(ZoneInfo(volunteer.timezone))
    day = local.date()
    if is_mail_day(volunteer, day) and local.time() < CLOSES:
        return opening(volunteer, day) if local.time() < OPENS else now.astimezone(UTC)
    day += ONE_DAY
    while not is_mail_day(volunteer, day):
        day += ONE_DAY
    return opening(volunteer, day)


def opening(volunteer: Volunteer, day: date) -> datetime:
    """Return the moment at which the sending window of a day opens on her clock."""
    return datetime.combine(day, OPENS, ZoneInfo(volunteer.timezone)).astimezone(UTC)


@cache
def _public_holidays(country: str, timezone: str, year: int) -> frozenset[date]:
    # Overseas, the zone tells which days are added to those of the whole country.
    part = LOCAL_HOLIDAYS.get(timezone) if country == "FR" else None
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part, years=year))
    except NotImplementedError:
        return frozenset()


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
