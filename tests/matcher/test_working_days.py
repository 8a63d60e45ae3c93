"""Working days by cases worked out by hand, and by properties."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.working_days import WorkingCalendar

PARIS = ZoneInfo("Europe/Paris")
PLAIN = WorkingCalendar()
CLOSED = WorkingCalendar(
    closures=((date(2026, 8, 1), date(2026, 8, 31)), (date(2026, 12, 21), date(2027, 1, 3))),
)


def paris(month: int, day: int, hour: int = 10, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("calendar", "start", "n", "due"),
    [
        pytest.param(PLAIN, paris(6, 5), 3, paris(6, 10), id="Friday + 3 is Wednesday"),
        pytest.param(PLAIN, paris(6, 6), 1, paris(6, 8), id="Saturday + 1 is Monday"),
        pytest.param(PLAIN, paris(7, 13), 1, paris(7, 15), id="14 July is not counted"),
        pytest.param(PLAIN, paris(4, 3), 1, paris(4, 7), id="Good Friday + 1 leaps Easter Monday"),
        pytest.param(PLAIN, paris(4, 2), 1, paris(4, 3), id="Good Friday is worked in Paris"),
        pytest.param(PLAIN, paris(5, 13), 1, paris(5, 15), id="Ascension is not counted"),
        pytest.param(PLAIN, paris(12, 24), 1, paris(12, 28), id="Christmas on a Friday, then the weekend"),
        pytest.param(PLAIN, paris(12, 31), 1, paris(1, 4, year=2027), id="New Year"),
        pytest.param(CLOSED, paris(12, 18), 3, paris(1, 6, year=2027), id="Christmas closure"),
        pytest.param(CLOSED, paris(7, 30), 3, paris(9, 2), id="August closure"),
        pytest.param(CLOSED, paris(8, 15), 1, paris(9, 1), id="inside the closure"),
        pytest.param(PLAIN, paris(6, 6), 0, paris(6, 8), id="zero days defers"),
        pytest.param(PLAIN, paris(6, 5), 0, paris(6, 5), id="zero days from a working day"),
    ],
)
def test_a_clock_in_working_days_falls_due_where_the_hand_says(
    calendar: WorkingCalendar, start: datetime, n: int, due: datetime
) -> None:
    assert calendar.add_working_days(start, n) == due


@pytest.mark.parametrize(
    ("calendar", "moment", "due"),
    [
        pytest.param(PLAIN, paris(6, 6, 18, 30), paris(6, 8, 18, 30), id="Saturday"),
        pytest.param(PLAIN, paris(6, 5, 18, 30), paris(6, 5, 18, 30), id="working day"),
        pytest.param(PLAIN, paris(5, 1), paris(5, 4), id="1 May is a Friday"),
        pytest.param(CLOSED, paris(8, 3), paris(9, 1), id="August"),
    ],
)
def test_what_would_fall_due_on_a_closed_day_falls_due_on_the_next_working_day(
    calendar: WorkingCalendar, moment: datetime, due: datetime
) -> None:
    assert calendar.defer(moment) == due


def test_wall_time_is_kept_over_the_night_when_summer_time_begins() -> None:
    friday = datetime(2026, 3, 27, 9, tzinfo=UTC)  # 10:00 in Paris, UTC+1

    due = PLAIN.add_working_days(friday, 1)

    assert due == datetime(2026, 3, 30, 8, tzinfo=UTC)  # 10:00 in Paris, UTC+2
    assert due.tzinfo is UTC


def test_wall_time_is_kept_over_the_night_when_summer_time_ends() -> None:
    friday = datetime(2026, 10, 23, 8, tzinfo=UTC)  # 10:00 in Paris, UTC+2

    assert PLAIN.add_working_days(friday, 1) == datetime(2026, 10, 26, 9, tzinfo=UTC)


def test_both_two_thirties_of_the_long_night_defer_to_the_same_monday() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert PLAIN.defer(first) == PLAIN.defer(second) == paris(10, 26, 2, 30)


def test_a_working_moment_in_a_repeated_hour_is_not_moved() -> None:
    cairo = WorkingCalendar("Africa/Cairo")
    second_half_past_eleven = datetime(2026, 10, 29, 21, 30, tzinfo=UTC)  # a Thursday, 23:30 for the second time

    assert cairo.defer(second_half_past_eleven) == second_half_past_eleven


def test_a_due_time_that_is_repeated_or_skipped_is_read_before_the_change() -> None:
    cairo = WorkingCalendar("Africa/Cairo")  # the clocks change in the night from Thursday to Friday
    wednesday = datetime(2026, 10, 28, 20, 30, tzinfo=UTC)  # 23:30, UTC+3
    thursday = datetime(2026, 4, 22, 22, 30, tzinfo=UTC)  # 00:30, UTC+2; Friday has no 00:30

    assert cairo.add_working_days(wednesday, 1) == datetime(2026, 10, 29, 20, 30, tzinfo=UTC)
    assert cairo.add_working_days(thursday, 1) == datetime(2026, 4, 23, 22, 30, tzinfo=UTC)  # Friday 01:30


def test_the_local_day_decides_and_not_the_day_in_utc() -> None:
    reunion, martinique = WorkingCalendar("Indian/Reunion"), WorkingCalendar("America/Martinique")
    friday_night = datetime(2026, 6, 5, 21, tzinfo=UTC)  # Saturday 01:00 at Saint-Denis, Friday 17:00 at Fort-de-France

    assert reunion.defer(friday_night) == datetime(2026, 6, 7, 21, tzinfo=UTC)  # Monday 01:00
    assert martinique.defer(friday_night) == friday_night


def test_overseas_branches_keep_their_own_public_holidays() -> None:
    abolition = date(2026, 5, 22)

    assert not WorkingCalendar("America/Martinique").is_working_day(abolition)
    assert PLAIN.is_working_day(abolition)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param(paris(6, 5), paris(6, 10), 3, id="Friday to Wednesday"),
        pytest.param(paris(6, 5), paris(6, 10, 9, 59), 2, id="a minute short"),
        pytest.param(paris(6, 5), paris(6, 7, 9), 0, id="Friday to Sunday"),
        pytest.param(paris(6, 4), paris(6, 6, 9), 1, id="Thursday to Saturday"),
        pytest.param(paris(6, 6), paris(6, 6, 23), 0, id="one Saturday"),
        pytest.param(paris(6, 10), paris(6, 5), 0, id="backwards"),
    ],
)
def test_whole_working_days_between_two_moments(start: datetime, end: datetime, days: int) -> None:
    assert PLAIN.working_days_between(start, end) == days


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 6, 5, 10)  # noqa: DTZ001

    with pytest.raises(ValueError, match="time zone"):
        PLAIN.add_working_days(naive, 1)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        PLAIN.add_working_days(paris(6, 5), -1)


def test_a_closure_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="closure"):
        WorkingCalendar(closures=((date(2026, 8, 31), date(2026, 8, 1)),))


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        WorkingCalendar("Europe/Atlantis")


MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
CALENDARS = st.sampled_from(
    [PLAIN, CLOSED, WorkingCalendar("Indian/Reunion"), WorkingCalendar("America/Miquelon", CLOSED.closures)]
)
DAYS = st.integers(min_value=0, max_value=30)


@given(CALENDARS, MOMENTS, st.integers(min_value=1, max_value=30))
def test_the_due_moment_is_a_working_day_and_its_distance_is_the_number(
    calendar: WorkingCalendar, moment: datetime, n: int
) -> None:
    due = calendar.add_working_days(moment, n)

    assert calendar.is_working_day(due.astimezone(ZoneInfo(calendar.timezone)).date())
    assert due > moment
    assert calendar.working_days_between(moment, due) == n
    assert calendar.working_days_between(moment, due - timedelta(microseconds=1)) == n - 1


@given(CALENDARS, MOMENTS, DAYS, DAYS)
def test_days_added_in_two_steps_are_days_added_at_once(
    calendar: WorkingCalendar, moment: datetime, n: int, m: int
) -> None:
    start = calendar.defer(moment)

    assert calendar.add_working_days(calendar.add_working_days(start, n), m) == calendar.add_working_days(start, n + m)


@given(CALENDARS, MOMENTS)
def test_deferring_twice_is_deferring_once(calendar: WorkingCalendar, moment: datetime) -> None:
    once = calendar.defer(moment)

    assert calendar.defer(once) == once
