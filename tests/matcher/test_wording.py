"""Dates, hours and places in words, in both languages, by hand-written examples."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from matcher import labels, wording
from matcher.i18n import LANGUAGES
from matcher.models.need import Need, NeedLocation
from matcher.models.states import EndReason, HoldReason, NeedStatus, PairingReason, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import Mode, Times, WeeklySlot

CAME_AT = datetime(2026, 9, 7, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_code_has_words(language: str) -> None:
    for status in (*NeedStatus, *PairingStatus):
        assert labels.status_label(language, status)
    for code in (*PairingReason, *EndReason, *HoldReason):
        assert labels.code_label(language, code)
    assert {labels.mode_label(language, mode) for mode in Mode}
    assert {labels.times_label(language, times) for times in Times}
    assert len({labels.level_label(language, level) for level in (1, 2, 3, 4)}) == 4


def test_labels_differ_between_the_languages() -> None:
    tables = (labels.NEED_STATUSES, labels.PAIRING_STATUSES, labels.CODES, labels.MODES, labels.TIMES, labels.LEVELS)
    for sentence in (text for table in tables for text in table.values()):
        assert labels.translate("fr", sentence) != sentence


def test_the_first_of_a_month_is_premier_in_french() -> None:
    assert wording.day_in_words("fr", date(2026, 12, 1)) == "mardi 1er décembre 2026"
    assert wording.day_in_words("en", date(2026, 12, 1)) == "Tuesday 1 December 2026"
    assert wording.day_in_words("fr", date(2026, 12, 11), today=date(2026, 12, 1)) == "vendredi 11 décembre"


def test_a_far_day_keeps_its_year() -> None:
    assert wording.day_in_words("fr", date(2027, 7, 1), today=date(2026, 12, 1)) == "jeudi 1er juillet 2027"


def test_a_moment_is_told_on_the_clock_of_its_zone() -> None:
    moment = datetime(2026, 12, 1, 17, 30, tzinfo=UTC)

    assert wording.moment_in_words("fr", moment, "Europe/Paris") == "mardi 1er décembre 2026 à 18\u00a0h\u00a030"
    assert wording.moment_in_words("en", moment, "Indian/Reunion") == "Tuesday 1 December 2026 at 21:30 (Réunion time)"


def test_days_with_the_same_times_are_told_together() -> None:
    slots = (WeeklySlot(3, time(18), time(20)), WeeklySlot(0, time(18), time(20)), WeeklySlot(5, time(9), time(12)))

    assert wording.weekly_in_words("en", slots) == "Monday and Thursday 18:00 to 20:00, Saturday 09:00 to 12:00"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (date(2026, 10, 1), date(2026, 11, 4), "du 1er octobre au 4 novembre 2026"),
        (date(2026, 12, 1), date(2027, 1, 4), "du 1er décembre 2026 au 4 janvier 2027"),
        (date(2026, 12, 1), date(2026, 12, 1), "1er décembre 2026"),
        (date(2026, 12, 2), None, "à partir du 2 décembre 2026"),
        (None, date(2026, 12, 2), "jusqu’au 2 décembre 2026"),
        (None, None, ""),
    ],
)
def test_a_period_says_what_is_known(starts_on: date | None, ends_on: date | None, words: str) -> None:
    assert wording.period_in_words("fr", starts_on, ends_on) == words


@pytest.mark.parametrize(
    ("hours", "french", "english"),
    [
        (1, "1 heure", "1 hour"),
        (1.5, "1,5 heure", "1.5 hours"),
        (0.5, "0,5 heure", "0.5 hours"),
        (2, "2 heures", "2 hours"),
    ],
)
def test_hours_are_counted_as_each_language_counts(hours: float, french: str, english: str) -> None:
    assert wording.hours_in_words("fr", hours) == french
    assert wording.hours_in_words("en", hours) == english


def test_what_a_need_does_not_say_is_to_be_agreed() -> None:
    need = Need(weekly=(), locations=[], mode=Mode.ON_SITE, times=Times.PREFERRED)

    assert wording.when_in_words("fr", need) == wording.where_in_words("fr", need) == "à convenir ensemble"
    assert wording.effort_in_words("fr", need) == ""


def test_a_need_is_told_by_hours_weeks_and_places() -> None:
    place = NeedLocation(position=0, commune="69389", latitude=45.7, longitude=4.8)
    need = Need(
        mode=Mode.HYBRID, locations=[place], weekly=(), total_hours=12.0, together_hours=6.0,
        starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 4),
    )  # fmt: skip

    assert wording.effort_in_words("fr", need) == "12 heures en 5 semaines, dont 6 heures ensemble"
    assert wording.where_in_words("fr", need) == "Lyon 9e (Rhône), une partie à distance"
    assert wording.where_in_words("en", Need(mode=Mode.REMOTE, locations=[place])) == "remote"


def test_a_skill_is_told_in_the_readers_language() -> None:
    assert wording.skill_in_words("en", "Comptabilité associative") == "Non-profit accounting"
    assert wording.skill_in_words("fr", "Poterie") == "Poterie"


def _volunteer(number: int, *, came_at: datetime = CAME_AT, headline: str = "") -> Volunteer:
    return Volunteer(id=number, created_at=came_at, headline=headline)


def test_a_pseudonym_is_the_same_each_time_and_tells_nothing() -> None:
    first = _volunteer(1, headline="Marie")
    told = wording.pseudonym("fr", first, need_id=7)

    assert re.fullmatch("Personne [0-9A-F]{6}", told)
    assert told == wording.pseudonym("fr", _volunteer(1), need_id=7)
    elsewhere = CAME_AT.astimezone(ZoneInfo("Pacific/Auckland"))
    assert told == wording.pseudonym("fr", _volunteer(1, came_at=elsewhere), need_id=7)
    assert told != wording.pseudonym("fr", _volunteer(2), need_id=7)


def test_a_pseudonym_is_another_for_each_need_and_no_number_alone_leads_back_to_it() -> None:
    told = {wording.pseudonym("fr", _volunteer(1), need_id=need_id) for need_id in range(1, 101)}
    later = _volunteer(1, came_at=CAME_AT + timedelta(microseconds=1))

    assert len(told) == 100
    assert wording.pseudonym("fr", later, need_id=1) not in told


def test_hardly_any_of_ten_thousand_share_a_pseudonym(record_property: Callable[[str, object], None]) -> None:
    record_property("cases", 20)
    for need_id in range(20):
        codes = Counter(wording.pseudonym_of("en", number, CAME_AT, need_id=need_id) for number in range(10_000))
        assert sum(n for n in codes.values() if n > 1) < 100
