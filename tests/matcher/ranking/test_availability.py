"""The arithmetic of time, by hand-worked cases and beside a reference that walks through the days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking.availability import HORIZON_DAYS, Calendar, Fit
from matcher.ranking.types import Availability, Hours, Per, Schedule, Times, WeeklySlot

TODAY = date(2026, 11, 2)
MONDAY_EVENING = WeeklySlot(0, time(18), time(20))
MONDAY_MORNING = WeeklySlot(0, time(9), time(11))
FOUR_WEEKS = Schedule(starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 29), total_hours=20)


def fit(schedule: Schedule, *offers: Availability) -> Fit:
    return Calendar.of(offers).fit(schedule, TODAY)


@pytest.mark.parametrize(
    ("offer", "part"),
    [
        (Availability(hours=Hours(5, Per.WEEK)), 1.0),
        (Availability(hours=Hours(3, Per.WEEK)), 12 / 20),
        (Availability(hours=Hours(3, Per.WEEK), committed_hours_per_week=1), 8 / 20),
        (Availability(hours=Hours(3, Per.WEEK), committed_hours_per_week=4), 0.0),
        (Availability(hours=Hours(10, Per.MONTH)), 10 * 28 / 30.4375 / 20),
        (Availability(hours=Hours(8, Per.ONCE)), 8 / 20),
        (Availability(hours=Hours(8, Per.ONCE), committed_hours_per_week=4), 8 / 20),
        (Availability(hours=Hours(5, Per.WEEK), starts_on=date(2026, 11, 16)), 10 / 20),
        (Availability(hours=Hours(5, Per.WEEK), ends_on=date(2026, 11, 8)), 5 / 20),
        (Availability(hours=Hours(5, Per.WEEK), unavailable=((date(2026, 11, 9), date(2026, 11, 15)),)), 15 / 20),
        (
            Availability(
                hours=Hours(5, Per.WEEK),
                unavailable=((date(2026, 11, 9), date(2026, 11, 15)), (date(2026, 11, 12), date(2026, 11, 22))),
            ),
            10 / 20,
        ),
        (Availability(), 0.5),
    ],
)
def test_hours_that_fit_are_worked_by_hand(offer: Availability, part: float) -> None:
    result = fit(FOUR_WEEKS, offer)

    assert result.part[0] == pytest.approx(part)
    assert not result.excluded[0]


def test_a_need_that_says_nothing_gives_everybody_the_neutral_value() -> None:
    assert fit(Schedule(), Availability(), Availability(hours=Hours(5, Per.WEEK))).part.tolist() == [0.5, 0.5]


def test_without_a_deadline_hours_count_over_half_a_year() -> None:
    offers = [Availability(hours=Hours(1, Per.WEEK), starts_on=start) for start in (None, date(2027, 9, 1))]

    assert fit(Schedule(total_hours=52), *offers).part == pytest.approx([HORIZON_DAYS / 7 / 52] * 2)


def test_days_before_today_do_not_count() -> None:
    schedule = Schedule(starts_on=date(2026, 10, 5), ends_on=date(2026, 11, 8), total_hours=10)

    assert fit(schedule, Availability(hours=Hours(5, Per.WEEK))).part[0] == pytest.approx(0.5)


def test_a_deadline_already_past_excludes_nobody_who_was_free_then() -> None:
    schedule = Schedule(starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 18), total_hours=10)

    result = fit(schedule, Availability(hours=Hours(5, Per.WEEK), ends_on=date(2026, 6, 1)))

    assert (result.excluded[0], result.part[0]) == (False, 1.0)


@pytest.mark.parametrize(
    "offer",
    [
        Availability(starts_on=date(2026, 11, 30)),
        Availability(ends_on=date(2026, 11, 1)),
        Availability(unavailable=((date(2026, 11, 1), date(2026, 11, 20)), (date(2026, 11, 21), date(2026, 12, 1)))),
    ],
)
def test_dates_of_both_sides_that_leave_no_day_exclude(offer: Availability) -> None:
    assert fit(FOUR_WEEKS, offer).excluded[0]


@pytest.mark.parametrize(
    "offer",
    [
        Availability(starts_on=date(2026, 11, 29)),
        Availability(unavailable=((date(2026, 11, 2), date(2026, 11, 28)),)),
        Availability(hours=Hours(0, Per.WEEK)),
    ],
)
def test_one_free_day_or_too_few_hours_do_not_exclude(offer: Availability) -> None:
    assert not fit(FOUR_WEEKS, offer).excluded[0]


def test_dates_of_one_side_only_exclude_nobody() -> None:
    result = fit(Schedule(total_hours=5), Availability(hours=Hours(5, Per.WEEK), ends_on=date(2026, 10, 1)))

    assert (result.excluded[0], result.part[0]) == (False, 0.0)


def together(times: Times, together_hours: float | None, *weekly: WeeklySlot) -> Schedule:
    return Schedule(FOUR_WEEKS.starts_on, FOUR_WEEKS.ends_on, 20, together_hours, times, weekly)


def test_hours_together_weigh_their_share_of_the_total() -> None:
    schedule = together(Times.PREFERRED, 16, MONDAY_EVENING)
    offer = Availability(hours=Hours(5, Per.WEEK), weekly=(MONDAY_EVENING,))

    result = fit(schedule, offer)

    assert result.shared_hours[0] == pytest.approx(8)
    assert result.part[0] == pytest.approx((4 / 20) * 1 + (16 / 20) * (8 / 16))


def test_a_week_that_is_not_said_takes_the_neutral_value() -> None:
    result = fit(together(Times.FIXED, 10, MONDAY_EVENING), Availability(hours=Hours(5, Per.WEEK)))

    assert (result.excluded[0], result.part[0]) == (False, 0.75)


def test_fixed_times_without_a_shared_minute_exclude() -> None:
    offer = Availability(weekly=(MONDAY_MORNING,))

    excluded = [
        bool(fit(together(times, hours, MONDAY_EVENING), offer).excluded[0])
        for times, hours in [(Times.FIXED, 4), (Times.FIXED, None), (Times.PREFERRED, 4), (Times.FIXED, 0)]
    ]

    assert excluded == [True, True, False, False]


def test_fixed_times_that_fall_on_away_days_exclude() -> None:
    mondays = tuple((date(2026, 11, day), date(2026, 11, day)) for day in (2, 9, 16, 23))
    offer = Availability(weekly=(MONDAY_EVENING,), unavailable=mondays)

    assert fit(together(Times.FIXED, 4, MONDAY_EVENING), offer).excluded[0]


def test_weekly_times_do_not_count_when_nothing_is_done_together() -> None:
    offer = Availability(hours=Hours(5, Per.WEEK), weekly=(MONDAY_MORNING,))

    assert fit(together(Times.PREFERRED, None, MONDAY_EVENING), offer).part[0] == 1.0


def test_midnight_ends_a_slot() -> None:
    late = WeeklySlot(0, time(22), time(0))

    assert fit(together(Times.FIXED, 8, late), Availability(weekly=(late,))).shared_hours[0] == 8


def test_local_evenings_stay_evenings_when_the_clocks_change() -> None:
    schedule = Schedule(date(2027, 3, 22), date(2027, 4, 4), 4, 4, Times.FIXED, (MONDAY_EVENING,))

    assert fit(schedule, Availability(weekly=(MONDAY_EVENING,))).shared_hours[0] == 4


def test_weeks_in_which_only_one_zone_has_changed_its_clocks_are_counted_as_they_are() -> None:
    # Montreal changes on 14 March, Paris on the 28th: 18:00 in Paris is 12:00 there, but 13:00 on the 15th and 22nd.
    schedule = Schedule(date(2027, 3, 8), date(2027, 4, 4), 8, 8, Times.FIXED, (MONDAY_EVENING,))
    noon = WeeklySlot(0, time(12), time(14))

    result = fit(schedule, Availability(weekly=(noon,), timezone="America/Montreal"))

    assert result.shared_hours[0] == 2 + 1 + 1 + 2


def test_a_slot_may_fall_on_another_weekday_elsewhere() -> None:
    schedule = Schedule(date(2026, 11, 2), date(2026, 11, 8), 2, 2, Times.FIXED, (MONDAY_EVENING,))
    tuesday_in_tokyo = WeeklySlot(1, time(2), time(4))

    result = fit(schedule, Availability(weekly=(tuesday_in_tokyo,), timezone="Asia/Tokyo"))

    assert result.shared_hours[0] == 2


days = st.integers(0, 60).map(lambda n: date(2027, 2, 20) + timedelta(n))
spans = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
slots = st.builds(
    lambda weekday, start, length: WeeklySlot(weekday, time(start), time(start + length)),
    st.integers(0, 6),
    st.integers(0, 20),
    st.integers(1, 3),
)
weeks = st.lists(slots, max_size=3).map(tuple)
zones = st.sampled_from(["Europe/Paris", "America/Montreal", "Pacific/Auckland", "Asia/Kolkata"])
schedules = st.builds(
    lambda span, total, together, times, weekly, zone: Schedule(*span, total, together, times, weekly, zone),
    spans,
    st.none() | st.integers(1, 40),
    st.none() | st.integers(0, 20),
    st.sampled_from(Times),
    weeks,
    zones,
)
offers = st.builds(
    lambda hours, committed, span, weekly, away, zone: Availability(
        hours, committed, span and span[0], span and span[1], weekly, away, zone
    ),
    st.none() | st.builds(Hours, st.integers(0, 12), st.sampled_from(Per)),
    st.none() | st.integers(0, 4),
    st.none() | spans,
    weeks,
    st.lists(spans, max_size=3).map(tuple),
    zones,
)


@settings(max_examples=150, deadline=None)
@given(schedules, st.lists(offers, min_size=1, max_size=3))
def test_the_arrays_say_what_a_walk_through_the_days_says(schedule: Schedule, several: list[Availability]) -> None:
    result = Calendar.of(several).fit(schedule, date(2027, 2, 1))

    walked = [reference(schedule, offer) for offer in several]
    assert result.excluded.tolist() == [excluded for excluded, _ in walked]
    assert np.allclose(result.part, [part for _, part in walked])


halves = st.integers(0, 13)
night_slots = (
    st.tuples(halves, halves)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: WeeklySlot(6, *(time(half // 2, half % 2 * 30) for half in pair)))
)


@settings(max_examples=80, deadline=None)
@given(night_slots, st.lists(night_slots, max_size=2), st.sampled_from([date(2027, 3, 28), date(2026, 10, 25)]))
def test_the_night_in_which_the_clocks_change_is_counted_as_it_passes(
    slot: WeeklySlot, week: list[WeeklySlot], night: date
) -> None:
    schedule = Schedule(night, night, 8, 8, Times.FIXED, (slot,))
    offer = Availability(weekly=(slot, *week))

    hours = Calendar.of([offer]).fit(schedule, date(2026, 10, 1)).shared_hours[0]

    assert hours == minutes_shared(schedule, offer, night) / 60


def reference(schedule: Schedule, offer: Availability) -> tuple[bool, float]:
    """Walk through the days of a schedule with both dates, in the future; return whether excluded, and the part."""
    assert schedule.starts_on is not None
    assert schedule.ends_on is not None
    length = (schedule.ends_on - schedule.starts_on).days + 1
    free = [day for day in (schedule.starts_on + timedelta(n) for n in range(length)) if is_free(offer, day)]
    said = bool(offer.starts_on or offer.ends_on or offer.unavailable)
    hours = hours_given(offer, len(free))
    part = 0.5 if hours is None or schedule.total_hours is None else min(1.0, hours / schedule.total_hours)
    excluded = said and not free
    fixed = schedule.times is Times.FIXED
    if schedule.weekly and (schedule.together_hours or (fixed and schedule.together_hours is None)):
        unsaid = schedule.together_hours is None or schedule.total_hours is None
        weight = 0.5 if unsaid else min(1.0, schedule.together_hours / schedule.total_hours)
        whole = sum(minutes_shared(schedule, None, day) for day in common_days(schedule, offer)) / 60
        shared = sum(minutes_shared(schedule, offer, day) for day in free) / 60
        wanted = schedule.together_hours or whole
        fits = 0.5 if not offer.weekly else min(1.0, shared / wanted) if shared else 0.0
        part = (1 - weight) * part + weight * fits
        excluded = excluded or (fixed and bool(offer.weekly) and not shared)
    return excluded, part if free else 0.0


def common_days(schedule: Schedule, offer: Availability) -> list[date]:
    assert schedule.starts_on is not None
    assert schedule.ends_on is not None
    span = (schedule.starts_on + timedelta(n) for n in range((schedule.ends_on - schedule.starts_on).days + 1))
    return [d for d in span if (offer.starts_on or d) <= d <= (offer.ends_on or d)]


def is_free(offer: Availability, day: date) -> bool:
    within = (offer.starts_on or day) <= day <= (offer.ends_on or day)
    return within and not any(first <= day <= last for first, last in offer.unavailable)


def hours_given(offer: Availability, free_days: int) -> float | None:
    if offer.hours is None:
        return None
    if offer.hours.per is Per.ONCE:
        return offer.hours.amount if free_days else 0
    days_per_period = 7 if offer.hours.per is Per.WEEK else 30.4375
    return max(0, offer.hours.amount / days_per_period - (offer.committed_hours_per_week or 0) / 7) * free_days


def minutes_shared(schedule: Schedule, offer: Availability | None, day: date) -> int:
    """Count the half hours in which the need's clock shows a slot of that day and the volunteer's clock her week."""
    opens = datetime.combine(day, time(0), ZoneInfo(schedule.timezone)).astimezone(UTC) - timedelta(hours=3)
    halves = {opens + timedelta(minutes=30 * n) for n in range(60)}
    own = {half for half in halves if is_of_slots(schedule, day, half.astimezone(ZoneInfo(schedule.timezone)))}
    return 30 * sum(offer is None or in_week(offer, half) for half in own)


def is_of_slots(schedule: Schedule, day: date, local: datetime) -> bool:
    return local.date() == day and any(
        slot.weekday == day.weekday() and slot.starts <= local.time() < slot.ends for slot in schedule.weekly
    )


def in_week(offer: Availability, instant: datetime) -> bool:
    local = instant.astimezone(ZoneInfo(offer.timezone))
    return any(slot.weekday == local.weekday() and slot.starts <= local.time() < slot.ends for slot in offer.weekly)
