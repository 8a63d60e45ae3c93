"""The availability table of docs/ranking.md: each line worked by hand, computed, and kept equal to the page."""

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import numpy as np
import pytest

from matcher.ranking.availability import Calendar
from matcher.ranking.ranker import Ranker
from matcher.ranking.types import (
    Availability,
    Hours,
    Mission,
    NeedInput,
    Per,
    Schedule,
    Times,
    VolunteerInput,
    WeeklySlot,
)

PAGE = Path(__file__).parents[3] / "docs" / "ranking.md"
HEAD = "| need | person | worked by hand | hours | part |"
MONTREAL, TOKYO = "America/Montreal", "Asia/Tokyo"


def november(day: int) -> date:
    return date(2026, 11, day)


FROM, UNTIL = november(2), november(29)  # a Monday, a Sunday
FOUR_WEEKS = Schedule(FROM, UNTIL, total_hours=20)
MONDAYS = (WeeklySlot(0, time(18), time(20)),)
MONDAY_NOON = (WeeklySlot(0, time(12), time(14)),)
TUESDAYS = (WeeklySlot(1, time(18), time(20)),)
TUESDAY_NIGHT = (WeeklySlot(1, time(1), time(3)),)
FRIDAY_NIGHTS = (WeeklySlot(4, time(22), time(1)),)
UNTIL_HALF_PAST = (WeeklySlot(4, time(22), time(0)), WeeklySlot(5, time(0), time(0, 30)))
SATURDAY_NIGHT = (WeeklySlot(5, time(23), time(4)),)
FIVE, THREE, ONE = (Hours(amount, Per.WEEK) for amount in (5, 3, 1))


def mondays(starts_on: date, ends_on: date, hours: float) -> Schedule:
    return Schedule(starts_on, ends_on, hours, hours, Times.FIXED, MONDAYS)


def night(day: date) -> Schedule:
    return Schedule(day, day, 6, 6, Times.FIXED, SATURDAY_NIGHT)


@dataclass(frozen=True)
class Case:
    """One line: in words, as values, and what comes out; `hours` None where the person says none."""

    need: str
    person: str
    working: str
    hours: float | None
    part: float
    schedule: Schedule
    offer: Availability
    today: date = FROM
    is_excluded: bool = False

    def line(self) -> str:
        """Return the line of the page."""
        hours = "–" if self.hours is None else f"{round(self.hours, 2):g}"
        part = "left out" if self.is_excluded else f"{round(self.part, 2):g}"
        return f"| {self.need} | {self.person} | {self.working} | {hours} | {part} |"


USUAL = "2 to 29 November, 20 h"
OF_MONDAYS = f"{USUAL}, 16 together, Mondays 18–20"
FIXED_MONDAYS = f"{USUAL}, 8 together, only Mondays 18–20"
TOGETHER = Schedule(FROM, UNTIL, 20, 16, Times.PREFERRED, MONDAYS)
ONLY_MONDAYS = Schedule(FROM, UNTIL, 20, 8, Times.FIXED, MONDAYS)
PREFERRED_MONDAYS = Schedule(FROM, UNTIL, 20, 8, Times.PREFERRED, MONDAYS)

CASES = [
    Case(USUAL, "5 h a week", "4 × 5 = 20", 20, 1, FOUR_WEEKS, Availability(FIVE)),
    Case(USUAL, "3 h a week", "4 × 3 = 12; 12 / 20", 12, 0.6, FOUR_WEEKS, Availability(THREE)),
    Case(
        USUAL, "10 h a month", "10 × 28 / 30.4375 = 9.2; 9.2 / 20", 10 * 28 / 30.4375, 10 * 28 / 30.4375 / 20,
        FOUR_WEEKS, Availability(Hours(10, Per.MONTH)),
    ),
    Case(USUAL, "8 h once", "8 / 20", 8, 0.4, FOUR_WEEKS, Availability(Hours(8, Per.ONCE))),
    Case(
        USUAL, "3 h a week, 1 a week committed", "4 × (3 − 1) = 8; 8 / 20", 8, 0.4,
        FOUR_WEEKS, Availability(THREE, committed_hours_per_week=1),
    ),
    Case(
        USUAL, "3 h a week; missions: 8 h from 2 to 29 November, 2 h from 16 to 29", "12 − 8 − 2 = 2; 2 / 20", 2, 0.1,
        FOUR_WEEKS, Availability(THREE, missions=(Mission(8, FROM, UNTIL), Mission(2, november(16), UNTIL))),
    ),
    Case(
        USUAL, "3 h a week; a mission of 8 h from 12 October to 8 November", "12 − 2 (its last week) = 10; 10 / 20",
        10, 0.5, FOUR_WEEKS, Availability(THREE, missions=(Mission(8, date(2026, 10, 12), november(8)),)),
    ),
    Case(
        USUAL, "3 h a week; a mission of 40 h that ended on 1 November", "12 − 0 = 12; 12 / 20",
        12, 0.6, FOUR_WEEKS, Availability(THREE, missions=(Mission(40, date(2026, 9, 1), november(1)),)),
    ),
    Case(
        USUAL, "3 h a week; a mission of 30 h from 2 to 15 November", "0 + 0 + 3 + 3 = 6; 6 / 20", 6, 0.3,
        FOUR_WEEKS, Availability(THREE, missions=(Mission(30, FROM, november(15)),)),
    ),
    Case(
        USUAL, "3 h a week, away 2 to 8 November; a mission of 8 h from 2 to 29", "3 × 3 − 3 × 2 = 3; 3 / 20", 3, 0.15,
        FOUR_WEEKS, Availability(THREE, unavailable=((FROM, november(8)),), missions=(Mission(8, FROM, UNTIL),)),
    ),
    Case(
        USUAL, "8 h once; a mission of 6 h under way", "8 − 6 = 2; 2 / 20", 2, 0.1,
        FOUR_WEEKS, Availability(Hours(8, Per.ONCE), missions=(Mission(6, date(2026, 10, 1), UNTIL),)),
    ),
    Case(
        USUAL, "5 h a week, from 16 November", "2 × 5 = 10; 10 / 20", 10, 0.5,
        FOUR_WEEKS, Availability(FIVE, starts_on=november(16)),
    ),
    Case(
        USUAL, "5 h a week, away 9 to 15 and 12 to 22 November", "(4 − 2) × 5 = 10; 10 / 20", 10, 0.5, FOUR_WEEKS,
        Availability(FIVE, unavailable=((november(9), november(15)), (november(12), november(22)))),
    ),
    Case(
        USUAL, "5 h a week, away 1 to 30 November", "no free day", 0, 0,
        FOUR_WEEKS, Availability(FIVE, unavailable=((november(1), november(30)),)), is_excluded=True,
    ),
    Case(USUAL, "nothing said", "neutral; « à demander »", None, 0.5, FOUR_WEEKS, Availability()),
    Case(
        "52 h, no dates", "1 h a week", "182 / 7 × 1 = 26; 26 / 52", 26, 0.5,
        Schedule(total_hours=52), Availability(ONE),
    ),
    Case(
        "5 October to 8 November, 10 h", "5 h a week", "from today: 1 × 5 = 5; 5 / 10", 5, 0.5,
        Schedule(date(2026, 10, 5), november(8), 10), Availability(FIVE),
    ),
    Case(
        OF_MONDAYS, "5 h a week, free Mondays 18–20", "shared 4 × 2 = 8; 4/20 × 1 + 16/20 × 8/16", 20, 0.6,
        TOGETHER, Availability(FIVE, weekly=MONDAYS),
    ),
    Case(
        OF_MONDAYS, "5 h a week, week not said", "4/20 × 1 + 16/20 × 0.5; « à demander »", 20, 0.6,
        TOGETHER, Availability(FIVE),
    ),
    Case(
        FIXED_MONDAYS, "5 h a week, free Tuesdays 18–20", "no minute shared", 20, 0.6,
        ONLY_MONDAYS, Availability(FIVE, weekly=TUESDAYS), is_excluded=True,
    ),
    Case(
        f"{USUAL}, 8 together, Mondays 18–20 if possible", "5 h a week, free Tuesdays 18–20",
        "12/20 × 1 + 8/20 × 0", 20, 0.6, PREFERRED_MONDAYS, Availability(FIVE, weekly=TUESDAYS),
    ),
    Case(
        f"{USUAL}, none together, Mondays 18–20 if possible", "5 h a week, free Tuesdays 18–20",
        "the week does not count", 20, 1,
        Schedule(FROM, UNTIL, 20, 0, Times.PREFERRED, MONDAYS), Availability(FIVE, weekly=TUESDAYS),
    ),
    Case(
        "2 to 29 November, 12 h together, only Fridays 22–01", "5 h a week, free Fridays 22 to 00:30",
        "4 × 2.5 = 10; 10 / 12", 20, 10 / 12,
        Schedule(FROM, UNTIL, 12, 12, Times.FIXED, FRIDAY_NIGHTS), Availability(FIVE, weekly=UNTIL_HALF_PAST),
    ),
    Case(
        "night of 24 October, 6 h together, only 23–04", "6 h once, free Saturdays 23–04",
        "03:00 becomes 02:00, 5 + 1 = 6; 6 / 6", 6, 1, night(date(2026, 10, 24)),
        Availability(Hours(6, Per.ONCE), weekly=SATURDAY_NIGHT), date(2026, 10, 1),
    ),
    Case(
        "night of 27 March, 6 h together, only 23–04", "6 h once, free Saturdays 23–04",
        "02:00 becomes 03:00, 5 − 1 = 4; 4 / 6", 6, 4 / 6, night(date(2027, 3, 27)),
        Availability(Hours(6, Per.ONCE), weekly=SATURDAY_NIGHT),
    ),
    Case(
        "8 March to 4 April, 8 h together, only Mondays 18–20", "2 h a week, free Mondays 12–14 in Montreal",
        "Montreal changes on 14 March, Paris on the 28th: 2 + 1 + 1 + 2 = 6; 6 / 8", 8, 0.75,
        mondays(date(2027, 3, 8), date(2027, 4, 4), 8),
        Availability(Hours(2, Per.WEEK), weekly=MONDAY_NOON, timezone=MONTREAL),
    ),
    Case(
        "19 October to 8 November, 6 h together, only Mondays 18–20", "2 h a week, free Mondays 12–14 in Montreal",
        "Paris changes on 25 October, Montreal on 1 November: 2 + 1 + 2 = 5; 5 / 6", 6, 5 / 6,
        mondays(date(2026, 10, 19), november(8), 6),
        Availability(Hours(2, Per.WEEK), weekly=MONDAY_NOON, timezone=MONTREAL), date(2026, 10, 1),
    ),
    Case(
        "19 October to 1 November, 4 h together, only Mondays 18–20", "2 h a week, free Tuesdays 01–03 in Tokyo",
        "Tokyo never changes: 2 + 1 = 3; 3 / 4", 4, 0.75, mondays(date(2026, 10, 19), november(1), 4),
        Availability(Hours(2, Per.WEEK), weekly=TUESDAY_NIGHT, timezone=TOKYO), date(2026, 10, 1),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.need}; {case.person}")
def test_a_line_of_the_table_comes_out_as_worked_by_hand(case: Case) -> None:
    fit = Calendar.of([case.offer]).fit(case.schedule, case.today)

    hours = np.nan if case.hours is None else case.hours
    assert fit.hours[0] == pytest.approx(hours, nan_ok=True)
    assert fit.part[0] == pytest.approx(case.part)
    assert fit.excluded[0] == case.is_excluded


def test_the_page_shows_the_same_table() -> None:
    _, _, below = PAGE.read_text(encoding="utf-8").partition(HEAD + "\n|---|---|---|---|---|\n")

    assert below.partition("\n\n")[0].splitlines() == [case.line() for case in CASES]


@pytest.mark.parametrize(
    ("offer", "codes"),
    [
        (Availability(), {"ask_hours", "ask_times"}),
        (Availability(FIVE), {"hours_fit", "ask_times"}),
        (Availability(weekly=MONDAYS), {"ask_hours", "common_slots"}),
        (Availability(FIVE, weekly=MONDAYS, confirmed_on=date(2026, 5, 2)), {"hours_fit", "common_slots"}),
        (
            Availability(FIVE, weekly=MONDAYS, confirmed_on=date(2026, 5, 1)),
            {"hours_fit", "common_slots", "reconfirm_availability"},
        ),
    ],
)
def test_what_is_not_said_is_to_be_asked_and_what_is_old_to_be_confirmed(offer: Availability, codes: set[str]) -> None:
    ranker = Ranker().fit([VolunteerInput("a", "Comptable", availability=offer)])

    (told,) = ranker.rank(NeedInput("n", "Comptable", schedule=TOGETHER), today=FROM).suggestions

    of_time = {"ask_hours", "ask_times", "hours_fit", "common_slots", "reconfirm_availability"}
    assert {str(reason.code) for reason in told.reasons} & of_time == codes
