"""Whether the time that people offer fits the time that a need takes: arithmetic on days and hours, vectorised.

Days. The need runs from `starts_on` (today when unsaid or past) to `ends_on`; a deadline already past counts as
stated. The volunteer's free days are those of the need between her `from` and `until`, less her away dates. Where
the need has no deadline, hours are counted over 182 days from the first day that suits both.

Hours. Hours per week (7 days) or per month (30.4375 days) times the free days, less what missions under way take on
those days (`commitments.py`; a rate by week, where only that is known, on all of them), are what she can give. Hours
offered once are a total, less the hours of the missions under way, given whole if one day is free. `hours part = min(1,
hours / total)`.

Hours together. When the need gives weekly times and hours together (or fixed times), the minutes that both weeks
share are added up over the free days, each zone's clocks as they stand in that minute (`weekly.py`), for three years at
most; a time over midnight belongs to the day on which it starts. `together part = min(1, shared hours /
together_hours)`, or the share of the need's own times when the hours are unsaid. They weigh `together_hours /
total_hours`, one half when either is unsaid; the hours part weighs the rest.

What is not said gives its part the neutral value, and a reason to ask (`ask_hours`, `ask_times`). No free day at all
makes both parts 0. People are excluded only if both sides gave dates and no day is free, or if times are fixed, both
gave a week, and no minute is shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.commitments import DAYS_PER_MONTH, DAYS_PER_WEEK, Commitments, Days, apart
from matcher.ranking.score import NEUTRAL, Floats
from matcher.ranking.types import Availability, Per, Schedule, Times
from matcher.ranking.weekly import Shared, Week

HORIZON_DAYS = 182
LONGEST_STRETCH_DAYS = 3 * 366
_FIRST_DAY, _LAST_DAY = 1, date.max.toordinal()


def counts_together(schedule: Schedule) -> bool:
    """Tell whether weekly times count: with hours together, or fixed, unless the need says that no hour is together.

    Examples
    --------
    >>> counts_together(Schedule(together_hours=4)), counts_together(Schedule(times=Times.FIXED))
    (False, False)
    """
    return bool(schedule.weekly) and (bool(schedule.together_hours) or _fixed_without_hours(schedule))


@dataclass(frozen=True, slots=True)
class Fit:
    """How the time of each volunteer fits one need, each of shape (n_volunteers,); NaN where unknown."""

    excluded: NDArray[np.bool_]
    part: Floats
    hours: Floats
    shared_hours: Floats
    first_days: Days


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a need as ordinals; `stated` tells whether the need gave any date."""

    first: int
    last: int | None
    stated: bool

    @classmethod
    def of(cls, schedule: Schedule, today: date) -> "Window":
        """Return the days that are left, or those that were stated when the deadline is past.

        Examples
        --------
        >>> Window.of(Schedule(ends_on=date(2026, 1, 7)), date(2026, 1, 1)).last - date(2026, 1, 1).toordinal()
        6
        """
        stated = schedule.starts_on is not None or schedule.ends_on is not None
        last = schedule.ends_on.toordinal() if schedule.ends_on else None
        now = today.toordinal()
        if last is not None and last < now:
            first = schedule.starts_on.toordinal() if schedule.starts_on else last - HORIZON_DAYS + 1
        else:
            first = max(now, schedule.starts_on.toordinal()) if schedule.starts_on else now
        return cls(first, last, stated)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Inclusive days per volunteer; empty where `last` comes before `first`."""

    first: Days
    last: Days


@dataclass(frozen=True, slots=True)
class Calendar:
    """The time that each volunteer offers, as arrays; away ranges are apart, `away_owners` being their rows."""

    starts: Days
    ends: Days
    dated: NDArray[np.bool_]
    away_first: Days
    away_last: Days
    away_owners: NDArray[np.intp]
    hours_per_day: Floats
    hours_once: Floats
    commitments: Commitments
    weeks: tuple[Week, ...]
    week_rows: NDArray[np.intp]

    @classmethod
    def of(cls, offers: Sequence[Availability]) -> "Calendar":
        """Gather what the volunteers offer."""
        away = [(a, b, row) for row, offer in enumerate(offers) for a, b in _away(offer)]
        first, last, owners = zip(*away, strict=True) if away else ((), (), ())
        stated = [(offer.weekly, offer.timezone) for offer in offers]
        weeks = {week: row for row, week in enumerate(dict.fromkeys(week for week in stated if week[0]))}
        per_day = [_hours_per_day(offer) for offer in offers]
        return cls(
            starts=np.array([o.starts_on.toordinal() if o.starts_on else _FIRST_DAY for o in offers], dtype=np.int64),
            ends=np.array([o.ends_on.toordinal() if o.ends_on else _LAST_DAY for o in offers], dtype=np.int64),
            dated=np.array([bool(o.starts_on or o.ends_on or o.unavailable) for o in offers], dtype=bool),
            away_first=np.array(first, dtype=np.int64),
            away_last=np.array(last, dtype=np.int64),
            away_owners=np.array(owners, dtype=np.intp),
            hours_per_day=np.array(per_day, dtype=float),
            hours_once=np.array([_hours_once(o) for o in offers], dtype=float),
            commitments=Commitments.of(offers, per_day),
            weeks=tuple(Week.of(*week) for week in weeks),
            week_rows=np.array([weeks.get(week, -1) for week in stated], dtype=np.intp),
        )

    def fit(self, schedule: Schedule, today: date) -> Fit:
        """Return how each volunteer's time fits the schedule."""
        window = Window.of(schedule, today)
        common = self._common(window)
        counted = _counted(common, window)
        free = self._free_days(counted)
        hours = self._hours(counted, free)
        part = _share(hours, schedule.total_hours)
        excluded = self.dated & window.stated & (self._free_days(common) == 0)
        shared = np.full(len(free), np.nan)
        if counts_together(schedule):
            shared, together, possible = self._together(schedule, window, counted)
            weight = _together_weight(schedule)
            part = (1 - weight) * part + weight * together
            excluded = excluded | ((schedule.times is Times.FIXED) & possible & (shared == 0))
        return Fit(excluded, np.where(free > 0, part, 0.0), hours, shared, counted.first)

    def _common(self, window: Window) -> _Stretch:
        last = _LAST_DAY if window.last is None else window.last
        return _Stretch(np.maximum(self.starts, window.first), np.minimum(self.ends, last))

    def _free_days(self, stretch: _Stretch) -> Days:
        first, last = stretch.first[self.away_owners], stretch.last[self.away_owners]
        away = np.maximum(0, np.minimum(last, self.away_last) - np.maximum(first, self.away_first) + 1)
        lost = np.bincount(self.away_owners, weights=away, minlength=len(stretch.first)).astype(np.int64)
        days: Days = np.maximum(0, stretch.last - stretch.first + 1) - lost
        return days

    def _hours(self, stretch: _Stretch, free: Days) -> Floats:
        """Return what each volunteer can give on the free days of a stretch, NaN where she does not say."""
        left = np.maximum(0.0, self.hours_per_day * free - self.commitments.between(stretch.first, stretch.last))
        return np.where(np.isnan(self.hours_once), left, np.where(free > 0, self.hours_once, 0.0))

    def _together(
        self, schedule: Schedule, window: Window, counted: _Stretch
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return shared hours, the together part, and whether both sides stated a week within the days looked at."""
        last = int(max(counted.last.max(initial=0), window.last or 0))
        days = range(window.first, min(last, window.first + LONGEST_STRETCH_DAYS - 1) + 1)
        own = Week.of(schedule.weekly, schedule.timezone)
        shared = Shared.of(schedule.weekly, schedule.timezone, [*self.weeks, own], days)
        stating = (self.week_rows >= 0) & (counted.first < days.stop)
        since = _Stretch(counted.first - days.start, counted.last - days.start)
        hours = np.where(stating, self._shared_minutes(shared, since, days.start) / 60, np.nan)
        wanted: Floats | float | None = schedule.together_hours
        if wanted is None:
            wanted = shared.between(np.full(len(hours), len(self.weeks)), since.first, since.last) / 60
        with np.errstate(invalid="ignore", divide="ignore"):
            together = np.where(hours > 0, np.minimum(1.0, hours / wanted), 0.0)
        return hours, np.where(stating, together, NEUTRAL.availability), stating

    def _shared_minutes(self, shared: Shared, since: _Stretch, first_day: int) -> Floats:
        owners = self.away_owners
        first = np.maximum(since.first[owners], self.away_first - first_day)
        last = np.minimum(since.last[owners], self.away_last - first_day)
        away = shared.between(self.week_rows[owners], first, last)
        total = shared.between(self.week_rows, since.first, since.last)
        left: Floats = total - np.bincount(owners, weights=away, minlength=len(total))
        return left


def _counted(common: _Stretch, window: Window) -> _Stretch:
    """Return the days over which hours are counted: without a deadline, half a year from the first common day."""
    if window.last is not None:
        return common
    return _Stretch(common.first, np.minimum(common.last, common.first + HORIZON_DAYS - 1))


def _share(hours: Floats, total: float | None) -> Floats:
    if total is None:
        return np.full(len(hours), NEUTRAL.availability)
    share = np.minimum(1.0, hours / total) if total > 0 else np.ones(len(hours))
    return np.where(np.isnan(hours), NEUTRAL.availability, share)


def _fixed_without_hours(schedule: Schedule) -> bool:
    return schedule.times is Times.FIXED and schedule.together_hours is None


def _together_weight(schedule: Schedule) -> float:
    if schedule.together_hours is None or not schedule.total_hours:
        return 0.5
    return min(1.0, schedule.together_hours / schedule.total_hours)


def _hours_per_day(offer: Availability) -> float:
    if offer.hours is None or offer.hours.per is Per.ONCE:
        return np.nan
    days = DAYS_PER_WEEK if offer.hours.per is Per.WEEK else DAYS_PER_MONTH
    return max(0.0, offer.hours.amount / days - (offer.committed_hours_per_week or 0.0) / DAYS_PER_WEEK)


def _hours_once(offer: Availability) -> float:
    if offer.hours is None or offer.hours.per is not Per.ONCE:
        return np.nan
    return max(0.0, offer.hours.amount - sum(mission.hours for mission in offer.missions))


def _away(offer: Availability) -> list[tuple[int, int]]:
    return apart([(first.toordinal(), last.toordinal()) for first, last in offer.unavailable])
