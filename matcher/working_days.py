"""Working-day arithmetic over a branch's calendar: weekends, public holidays, closures. Pure; never reads a clock.

Moments come in aware and go out in UTC; days are counted on the wall clock of the branch.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# Overseas, the time zone tells which public holidays are added to the national ones. Alsace and Moselle have no zone of
# their own: their branch enters Good Friday and 26 December as closures.
LOCAL_HOLIDAYS = {
    "America/Guadeloupe": "971",
    "America/Martinique": "972",
    "America/Cayenne": "973",
    "Indian/Reunion": "974",
    "Indian/Mayotte": "976",
    "America/Miquelon": "PM",
    "America/St_Barthelemy": "BL",
    "America/Marigot": "MF",
    "Pacific/Noumea": "NC",
    "Pacific/Tahiti": "PF",
    "Pacific/Marquesas": "PF",
    "Pacific/Gambier": "PF",
    "Pacific/Wallis": "WF",
}


@dataclass(frozen=True)
class WorkingCalendar:
    """When a branch works: its time zone, and its closures as (first day, last day), both closed."""

    timezone: str = "Europe/Paris"
    closures: tuple[tuple[date, date], ...] = ()

    def __post_init__(self) -> None:
        """Refuse an unknown zone (ZoneInfoNotFoundError) and a closure that ends before it starts (ValueError)."""
        ZoneInfo(self.timezone)
        if any(last < first for first, last in self.closures):
            raise ValueError("a closure ends before it starts")

    def is_working_day(self, day: date) -> bool:
        """Tell whether the branch works on that local day."""
        if day.weekday() >= SATURDAY or day in _public_holidays(self.timezone, day.year):
            return False
        return not any(first <= day <= last for first, last in self.closures)

    def add_working_days(self, moment: datetime, n: int) -> datetime:
        """Return the same wall time n working days later, the day of the moment not counted; n = 0 defers only."""
        if n < 0:
            raise ValueError("working days are counted forwards")
        if n == 0:
            return self.defer(moment)
        local = self._local(moment)
        day = local.date()
        for _ in range(n):
            day = self._first_working_day(day + ONE_DAY)
        return self._moment(day, local.time())

    def defer(self, moment: datetime) -> datetime:
        """Return the moment itself on a working day, else the same wall time on the next working day."""
        local = self._local(moment)
        day = self._first_working_day(local.date())
        return moment.astimezone(UTC) if day == local.date() else self._moment(day, local.time())

    def previous_working_day(self, day: date) -> date:
        """Return the last working day before a local day."""
        day -= ONE_DAY
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Return how many whole working days have passed: the largest n with start + n working days ≤ end."""
        first, last = self._local(start), self._local(end)
        n, day = 0, first.date()
        while day < last.date():
            day += ONE_DAY
            n += self.is_working_day(day)
        # The last day counts once its clock shows the time of the start.
        unfinished = n > 0 and self.is_working_day(day) and self._moment(day, first.time()) > end
        return n - unfinished

    def _first_working_day(self, day: date) -> date:
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return moment.astimezone(ZoneInfo(self.timezone))

    def _moment(self, day: date, wall_time: time) -> datetime:
        """Return a local day and time in UTC; a time that a clock change skips or repeats is read before the change."""
        return datetime.combine(day, wall_time.replace(fold=0), ZoneInfo(self.timezone)).astimezone(UTC)


@cache
def _public_holidays(timezone: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", subdiv=LOCAL_HOLIDAYS.get(timezone), years=year))
