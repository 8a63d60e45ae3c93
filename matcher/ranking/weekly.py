"""Weekly times on local wall time: how many minutes two weeks share on each day, daylight saving included.

A week is a number of 10,080 bits, one per minute from Monday 00:00. Knows neither needs nor volunteers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.types import WeeklySlot

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHOLE_WEEK = (1 << MINUTES_PER_WEEK) - 1


@dataclass(frozen=True, slots=True)
class Week:
    """Minutes of a local week, as bits, and the zone in which they are local."""

    minutes: int
    timezone: str

    @classmethod
    def of(cls, slots: Iterable[WeeklySlot], timezone: str) -> "Week":
        """Return the minutes that the slots cover; a slot may run over midnight.

        Examples
        --------
        >>> from datetime import time
        >>> Week.of([WeeklySlot(0, time(18), time(20))], "Europe/Paris").minutes.bit_count()
        120
        """
        minutes = 0
        for slot in slots:
            minutes |= _slot_minutes(slot)
        return cls(minutes, timezone)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The minutes of one slot, and on which days of a stretch they fall at which shift between two zones."""

    minutes: int
    days_by_shift: dict[int, list[int]]


def shared_minutes(slots: Sequence[WeeklySlot], timezone: str, weeks: Sequence[Week], days: range) -> NDArray[np.int32]:
    """Return the minutes shared with each week on each day, shape (n_weeks, n_days); days are date ordinals.

    The cost grows with weeks × slots, and once per zone with the days.
    """
    shared = np.zeros((len(weeks), len(days)), dtype=np.int32)
    pieces = {zone: _pieces(slots, timezone, zone, days) for zone in {week.timezone for week in weeks}}
    for row, week in enumerate(weeks):
        for piece in pieces[week.timezone]:
            for shift, positions in piece.days_by_shift.items():
                shared[row, positions] += (piece.minutes & _rotate(week.minutes, -shift)).bit_count()
    return shared


def slot_names(slots: Sequence[WeeklySlot], timezone: str, week: Week, day: date) -> list[str]:
    """Return the shared stretches as `mon 18:00-20:00`, in the zone of the slots, as the clocks stand in that week."""
    days = range(day.toordinal(), day.toordinal() + 7)
    common = 0
    for piece in _pieces(slots, timezone, week.timezone, days):
        for shift in piece.days_by_shift:
            common |= piece.minutes & _rotate(week.minutes, -shift)
    return [f"{WEEKDAYS[start // MINUTES_PER_DAY]} {_clock(start)}-{_clock(end)}" for start, end in _stretches(common)]


def _pieces(slots: Sequence[WeeklySlot], timezone: str, other: str, days: range) -> list[_Piece]:
    pieces: list[_Piece] = []
    seen = 0
    for slot in slots:
        minutes = _slot_minutes(slot) & ~seen
        seen |= minutes
        by_shift: dict[int, list[int]] = {}
        first = (slot.weekday - (days.start - 1)) % 7
        for position in range(first, len(days), 7):
            shift = 0 if timezone == other else _shift(days[position], slot, timezone, other)
            by_shift.setdefault(shift, []).append(position)
        pieces.append(_Piece(minutes, by_shift))
    return pieces


def _shift(day: int, slot: WeeklySlot, timezone: str, other: str) -> int:
    """Return by how many minutes the other zone's clocks are ahead when the slot starts on that day."""
    starts = datetime.combine(date.fromordinal(day), slot.starts, ZoneInfo(timezone))
    ahead = (starts.astimezone(ZoneInfo(other)).utcoffset() or timedelta()) - (starts.utcoffset() or timedelta())
    return round(ahead.total_seconds() / 60)


def _slot_minutes(slot: WeeklySlot) -> int:
    starts = slot.starts.hour * 60 + slot.starts.minute
    length = (slot.ends.hour * 60 + slot.ends.minute - starts) % MINUTES_PER_DAY or MINUTES_PER_DAY
    return _rotate((1 << length) - 1, slot.weekday * MINUTES_PER_DAY + starts)


def _rotate(minutes: int, by: int) -> int:
    by %= MINUTES_PER_WEEK
    return ((minutes << by) | (minutes >> (MINUTES_PER_WEEK - by))) & _WHOLE_WEEK


def _stretches(minutes: int) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    for day in range(7):
        bits = (minutes >> (day * MINUTES_PER_DAY)) & ((1 << MINUTES_PER_DAY) - 1)
        start = day * MINUTES_PER_DAY
        while bits:
            gap = (bits & -bits).bit_length() - 1
            length = (~(bits >> gap) & ((bits >> gap) + 1)).bit_length() - 1
            stretches.append((start + gap, start + gap + length))
            start, bits = start + gap + length, bits >> (gap + length)
    return stretches


def _clock(minute: int) -> str:
    return f"{minute % MINUTES_PER_DAY // 60:02d}:{minute % 60:02d}"
