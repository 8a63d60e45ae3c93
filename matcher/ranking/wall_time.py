"""What the clocks of two zones show while a weekly slot passes, also where one of them changes meanwhile.

A week is a number of 10,080 bits, one per minute from Monday 00:00. Knows days and clocks only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from matcher.ranking.types import WeeklySlot

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
_WHOLE_WEEK = (1 << MINUTES_PER_WEEK) - 1
_AROUND = (-timedelta(hours=2), timedelta(hours=2))
_DAYS_BEFORE, _DAYS_AFTER = 2, 3
_LAST_DAY = date.max.toordinal() - 1


def rotate(minutes: int, by: int) -> int:
    """Return the minutes of a week, so many minutes later (earlier where negative)."""
    by %= MINUTES_PER_WEEK
    return ((minutes << by) | (minutes >> (MINUTES_PER_WEEK - by))) & _WHOLE_WEEK


def slot_length(slot: WeeklySlot) -> int:
    """Return the minutes on the clock from start to end; over midnight where the end is not later.

    Examples
    --------
    >>> from datetime import time
    >>> slot_length(WeeklySlot(0, time(22), time(1, 30)))
    210
    """
    minutes = (slot.ends.hour - slot.starts.hour) * 60 + slot.ends.minute - slot.starts.minute
    return minutes % MINUTES_PER_DAY or MINUTES_PER_DAY


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot on one day, given as an ordinal, in the zone of the slot."""

    slot: WeeklySlot
    day: int
    timezone: str

    def seen_from(self, other: str, minutes: int) -> Sequence[tuple[int, int]]:
        """Return minutes of the slot as bits of a week in another zone, each with how far its clocks are ahead.

        More than one where clocks change meanwhile, so that a repeated hour counts twice and a skipped one never.
        """
        shift = _steady_shift(self.day, self.timezone, other)
        if shift is None:
            shift = self._steady_shift(ZoneInfo(other))
        if shift is None:
            return self._minute_by_minute(ZoneInfo(other), minutes)
        return [(rotate(minutes, shift), shift)]

    def _steady_shift(self, other: ZoneInfo) -> int | None:
        """Return by how many minutes the other zone is ahead, or None where one of the two changes meanwhile."""
        opens, closes = self._ends()
        own, there = _ahead(opens), _ahead(opens.astimezone(other))
        return there - own if (own, there) == (_ahead(closes), _ahead(closes.astimezone(other))) else None

    def _minute_by_minute(self, other: ZoneInfo, minutes: int) -> Sequence[tuple[int, int]]:
        opens, closes = self._ends()
        instant, last = (end.astimezone(UTC) + by for end, by in zip((opens, closes), _AROUND, strict=True))
        seen: dict[tuple[int, int], int] = {}
        while instant < last:
            own = instant.astimezone(opens.tzinfo)
            bit = 1 << _minute_of_week(own)
            # Both ends are of one zone, so that they are compared as its clocks show them.
            if opens <= own < closes and minutes & bit:
                offsets = _ahead(own), _ahead(instant.astimezone(other))
                seen[offsets] = seen.get(offsets, 0) | bit
            instant += timedelta(minutes=1)
        return [(rotate(bits, there - here), there - here) for (here, there), bits in seen.items()]

    def _ends(self) -> tuple[datetime, datetime]:
        """Return its two ends: the first instant that the clock shows so, and the last one."""
        opens = datetime.combine(date.fromordinal(self.day), self.slot.starts, ZoneInfo(self.timezone))
        return opens, (opens + timedelta(minutes=slot_length(self.slot))).replace(fold=1)


def _steady_shift(day: int, timezone: str, other: str) -> int | None:
    """Return by how many minutes the other zone is ahead, or None where one of the two changes near that day."""
    before, after = day - _DAYS_BEFORE, day + _DAYS_AFTER
    own, there = _ahead_on(before, timezone), _ahead_on(before, other)
    if own != _ahead_on(after, timezone) or there != _ahead_on(after, other):
        return None
    return there - own


@lru_cache(maxsize=100_000)
def _ahead_on(day: int, timezone: str) -> int:
    noon = datetime.combine(date.fromordinal(min(day, _LAST_DAY)), time(12), UTC)
    return _ahead(noon.astimezone(ZoneInfo(timezone)))


def _ahead(local: datetime) -> int:
    """Return by how many minutes a clock is ahead of UTC."""
    return round((local.utcoffset() or timedelta()).total_seconds() / 60)


def _minute_of_week(local: datetime) -> int:
    return local.weekday() * MINUTES_PER_DAY + local.hour * 60 + local.minute
