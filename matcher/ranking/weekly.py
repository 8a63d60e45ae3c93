"""Weekly times on local wall time: how many minutes two weeks share on each day, daylight saving included.

A minute is shared when, as it passes, the clocks of both zones show times that lie in both weeks. So an hour that the
clocks skip is none, and one that they repeat is two. A week is a number of 10,080 bits, one per minute from Monday
00:00. Knows neither needs nor volunteers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.types import WeeklySlot
from matcher.ranking.wall_time import MINUTES_PER_DAY, Occurrence, rotate, slot_length

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
class Piece:
    """Minutes of one slot as bits of a week in a zone, whose clocks are `shift` minutes ahead on the days given."""

    minutes: int
    timezone: str
    shift: int
    positions: list[int]


@dataclass(frozen=True, slots=True)
class Shared:
    """What a need's weekly times share with weeks: minutes (n_weeks, n_pieces), times so far (n_pieces, n_days + 1)."""

    minutes: NDArray[np.float64]
    days_so_far: NDArray[np.float64]

    @classmethod
    def of(cls, slots: Sequence[WeeklySlot], timezone: str, weeks: Sequence[Week], days: range) -> "Shared":
        """Compare the slots with each week over days given as ordinals; costs weeks × slots, and once per zone days."""
        zones = sorted({week.timezone for week in weeks})
        pieces = [piece for zone in zones for piece in _pieces(slots, timezone, zone, days)]
        minutes = np.zeros((len(weeks), len(pieces)))
        for row, week in enumerate(weeks):
            minutes[row] = [_in_common(piece, week).bit_count() for piece in pieces]
        so_far = np.zeros((len(pieces), len(days) + 1))
        for row, piece in enumerate(pieces):
            np.add.at(so_far[row], np.array(piece.positions, dtype=np.intp) + 1, 1)
        return cls(minutes, np.cumsum(so_far, axis=1))

    def between(
        self, weeks: NDArray[np.intp], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the minutes shared with weeks from a first to a last day, both counted from the start of the days."""
        top = self.days_so_far.shape[1] - 1
        start = np.clip(first, 0, top)
        stop = np.maximum(start, np.clip(last + 1, 0, top))
        times = self.days_so_far[:, stop] - self.days_so_far[:, start]
        minutes: NDArray[np.float64] = (self.minutes[weeks] * times.T).sum(axis=1)
        return minutes


def slot_names(slots: Sequence[WeeklySlot], timezone: str, week: Week, day: date) -> list[str]:
    """Return the shared stretches as `mon 18:00-20:00`, in the zone of the slots, as the clocks stand in that week."""
    days = range(day.toordinal(), day.toordinal() + 7)
    common = 0
    for piece in _pieces(slots, timezone, week.timezone, days):
        common |= rotate(_in_common(piece, week), -piece.shift)
    return [f"{WEEKDAYS[start // MINUTES_PER_DAY]} {_clock(start)}-{_clock(end)}" for start, end in _stretches(common)]


def _pieces(slots: Sequence[WeeklySlot], timezone: str, other: str, days: range) -> list[Piece]:
    """Cut the slots into minutes of a week in the other zone: one piece for each slot and each shift of the clocks."""
    pieces: list[Piece] = []
    seen = 0
    for slot in slots:
        minutes = _slot_minutes(slot) & ~seen
        seen |= minutes
        found: dict[tuple[int, int], list[int]] = {}
        for position in range((slot.weekday - (days.start - 1)) % 7, len(days), 7):
            occurrence = Occurrence(slot, days[position], timezone)
            for bits in occurrence.seen_from(other, minutes):
                found.setdefault(bits, []).append(position)
        pieces.extend(Piece(bits, other, shift, positions) for (bits, shift), positions in found.items())
    return pieces


def _in_common(piece: Piece, week: Week) -> int:
    return piece.minutes & week.minutes if piece.timezone == week.timezone else 0


@lru_cache(maxsize=4096)
def _slot_minutes(slot: WeeklySlot) -> int:
    starts = slot.starts.hour * 60 + slot.starts.minute
    return rotate((1 << slot_length(slot)) - 1, slot.weekday * MINUTES_PER_DAY + starts)


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
