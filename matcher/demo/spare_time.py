"""Draws the time that a volunteer of the demo offers, relative to a given day. Holds nothing of what she can do."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from matcher.models.volunteer import Commitment
from matcher.ranking.types import Availability, Hours, Per, WeeklySlot

MORNING = (time(9), time(12))
MIDDAY = (time(12), time(14))
AFTERNOON = (time(14), time(18))
EVENING = (time(18), time(21))

_ANSWERS = tuple(Commitment)
_ANSWER_WEIGHTS = {
    Commitment.WEEKLY: 44,
    Commitment.MONTHLY: 23,
    Commitment.ONCE: 13,
    Commitment.ASK: 10,
    Commitment.NOT_BEFORE: 10,
}
_AMOUNTS = {
    Per.WEEK: ((1, 1.5, 2, 3, 4, 5, 6, 8, 12), (8, 6, 26, 24, 14, 8, 7, 5, 2)),
    Per.MONTH: ((3, 4, 6, 7, 8, 10, 14), (14, 24, 18, 14, 14, 10, 6)),
    Per.ONCE: ((3, 6, 8, 10, 15, 20, 35), (10, 20, 14, 22, 16, 12, 6)),
}
_PER = {Commitment.WEEKLY: Per.WEEK, Commitment.MONTHLY: Per.MONTH, Commitment.ONCE: Per.ONCE}


@dataclass(frozen=True, slots=True)
class SpareTime:
    """The answer to the first question, the detail, and whether a mission may begin at once."""

    commitment: Commitment
    availability: Availability
    is_short_notice: bool


def slots(weekdays: tuple[int, ...], *blocks: tuple[time, time]) -> tuple[WeeklySlot, ...]:
    """Return these blocks on each of these weekdays; 0 is Monday."""
    return tuple(WeeklySlot(weekday, starts, ends) for weekday in weekdays for starts, ends in blocks)


def draw_working_person(today: date, timezone: str, rng: Random) -> SpareTime:
    """Draw the time of somebody who is mostly free on evenings and weekends."""
    return _draw(today, timezone, _free_around_work(rng), rng)


def draw_free_by_day(today: date, timezone: str, rng: Random) -> SpareTime:
    """Draw the time of somebody who has free mornings or afternoons in the week."""
    return _draw(today, timezone, _free_by_day(rng), rng)


def _draw(today: date, timezone: str, weekly: tuple[WeeklySlot, ...], rng: Random) -> SpareTime:
    commitment = rng.choices(_ANSWERS, [_ANSWER_WEIGHTS[each] for each in _ANSWERS])[0]
    availability = Availability(
        hours=_hours(commitment, rng),
        starts_on=_first_day(commitment, today, rng),
        ends_on=today + timedelta(rng.randint(200, 400)) if rng.random() < 0.12 else None,
        weekly=weekly,
        unavailable=_away(today, rng),
        timezone=timezone,
        confirmed_on=_confirmed(today, rng),
    )
    at_once = commitment is not Commitment.NOT_BEFORE and rng.random() < 0.25
    return SpareTime(commitment, availability, at_once)


def _hours(commitment: Commitment, rng: Random) -> Hours | None:
    if commitment is Commitment.ASK or (commitment is Commitment.NOT_BEFORE and rng.random() < 0.4):
        return None
    per = _PER.get(commitment, Per.WEEK)
    return Hours(rng.choices(*_AMOUNTS[per])[0], per)


def _first_day(commitment: Commitment, today: date, rng: Random) -> date | None:
    if commitment is Commitment.NOT_BEFORE:
        return today + timedelta(rng.randint(20, 150))
    return today + timedelta(rng.randint(3, 25)) if rng.random() < 0.05 else None


def _away(today: date, rng: Random) -> tuple[tuple[date, date], ...]:
    """Return up to two absences in order, the second a good while after the first."""
    ranges = []
    first = today + timedelta(rng.randint(5, 70))
    for _ in range(rng.choices((0, 1, 2), (68, 24, 8))[0]):
        last = first + timedelta(rng.randint(4, 24))
        ranges.append((first, last))
        first = last + timedelta(rng.randint(20, 90))
    return tuple(ranges)


def _confirmed(today: date, rng: Random) -> date | None:
    """Return the day she last said that this holds: lately, more than six months ago, or never."""
    latest, earliest = rng.choices(((0, 150), (190, 520), (0, 0)), (70, 18, 12))[0]
    return today - timedelta(rng.randint(latest, earliest)) if earliest else None


def _free_around_work(rng: Random) -> tuple[WeeklySlot, ...]:
    evenings = slots(tuple(sorted(rng.sample(range(5), rng.randint(1, 4)))), EVENING)
    saturday = slots((5,), *rng.choice(((MORNING,), (AFTERNOON,), (MORNING, AFTERNOON))))
    sunday = slots((6,), AFTERNOON)
    lunches = slots(tuple(sorted(rng.sample(range(5), 2))), MIDDAY)
    choices = ((), evenings, evenings + saturday, saturday, saturday + sunday, evenings + sunday, lunches)
    return rng.choices(choices, (32, 24, 18, 8, 7, 5, 6))[0]


def _free_by_day(rng: Random) -> tuple[WeeklySlot, ...]:
    weekdays = tuple(sorted(rng.sample(range(5), rng.randint(1, 3))))
    block = rng.choice((MORNING, AFTERNOON))
    choices = ((), slots(weekdays, block), slots(weekdays, MORNING, AFTERNOON), slots(weekdays, block, EVENING))
    return rng.choices(choices, (25, 40, 20, 15))[0]
