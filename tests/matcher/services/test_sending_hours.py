"""The hours at which people are written to, on every clock: clock changes, overseas, holidays, closures."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.models.deadline import Clock
from matcher.models.states import PairingStatus
from matcher.models.volunteer import MailPace, Volunteer
from matcher.services import clocks, holding, invitations, sending
from matcher.services.holding import Mailed
from tests.factories import World

ZONES = ("Europe/Paris", "America/Martinique", "Indian/Reunion", "Pacific/Noumea", "Pacific/Tahiti", "America/Cayenne")
ABROAD = (("BE", "Europe/Brussels"), ("CA", "America/Toronto"), ("MA", "Africa/Casablanca"), ("LB", "Asia/Beirut"))
PLACES = [*(("FR", zone) for zone in ZONES), *ABROAD]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
places = st.sampled_from(PLACES)


def somebody(place: tuple[str, str], **facts: object) -> Volunteer:
    """A volunteer who lives somewhere; she is in no database."""
    return Volunteer(country=place[0], timezone=place[1], is_paused=False, **facts)


@settings(deadline=None)
@given(moments, places)
@example(datetime(2026, 3, 28, 21, 0, tzinfo=UTC), ("FR", "Europe/Paris"))
@example(datetime(2026, 10, 24, 20, 30, tzinfo=UTC), ("FR", "Europe/Paris"))
@example(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), ("FR", "Europe/Paris"))
def test_the_next_opening_is_the_first_open_moment_and_lies_in_the_window(
    moment: datetime, place: tuple[str, str]
) -> None:
    volunteer = somebody(place)

    opens = sending.next_opening(volunteer, moment)

    local = opens.astimezone(ZoneInfo(place[1]))
    assert opens >= moment
    assert time(8) <= local.time() < time(20)
    assert sending.is_mail_day(volunteer, local.date())
    assert sending.next_opening(volunteer, opens) == opens
    if opens > moment:
        assert local.time() == time(8)
        hours = range(1, int((opens - moment) / timedelta(hours=1)) + 1)
        passed = [(opens - timedelta(hours=n)).astimezone(ZoneInfo(place[1])) for n in hours]
        assert not [
            at for at in passed if sending.is_mail_day(volunteer, at.date()) and time(8) <= at.time() < time(20)
        ]


@settings(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)), places)
def test_no_sunday_and_no_public_holiday_of_her_country_is_a_mail_day(day: date, place: tuple[str, str]) -> None:
    is_closed = day.weekday() == 6 or day in holidays.country_holidays(place[0], years=day.year)

    assert not (is_closed and sending.is_mail_day(somebody(place), day))


@pytest.mark.parametrize(
    ("zone", "day", "is_open"),
    [
        ("Indian/Reunion", date(2027, 12, 20), False),
        ("Europe/Paris", date(2027, 12, 20), True),
        ("America/Martinique", date(2026, 5, 22), False),
        ("America/Cayenne", date(2026, 6, 10), False),
        ("Europe/Paris", date(2026, 6, 10), True),
    ],
    ids=["abolition in Réunion", "not in Paris", "abolition in Martinique", "in Guyane", "not in Paris either"],
)
def test_the_days_of_overseas_are_kept_there_alone(zone: str, day: date, is_open: bool) -> None:
    assert sending.is_mail_day(somebody(("FR", zone)), day) is is_open


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
def test_a_daily_mail_comes_once_around_a_change_of_clocks(sunday: date) -> None:
    """Hour by hour from Saturday to Tuesday: one opening on Saturday, none on the Sunday, one on each day after."""
    volunteer = somebody(("FR", "Europe/Paris"), mail_pace=MailPace.DAILY, most_invitations=None)
    moment = datetime.combine(sunday - timedelta(days=1), time(0), UTC)
    sent: list[datetime] = []
    for _ in range(4 * 24 * 4):
        if holding._pace(volunteer, Mailed(tuple(sent)), moment) is None:
            sent.append(moment)
        moment += timedelta(minutes=15)

    local = [at.astimezone(ZoneInfo("Europe/Paris")) for at in sent]
    assert [at.date() - sunday for at in local] == [timedelta(days=n) for n in (-1, 1, 2)]
    assert {at.time() for at in local} == {time(8)}


@settings(deadline=None)
@given(st.integers(0, 5), st.dates(date(2026, 1, 1), date(2028, 6, 1)), places)
def test_a_weekly_mail_comes_once_in_each_week_whatever_the_holidays(
    weekday: int, day: date, place: tuple[str, str]
) -> None:
    volunteer = somebody(place, mail_pace=MailPace.WEEKLY, mail_weekday=weekday)
    first = day - timedelta(days=(day.weekday() - weekday) % 7)
    weeks = [[first + timedelta(days=7 * week + n) for n in range(7)] for week in range(4)]

    mails = [[each for each in week if holding._has_mail(volunteer, each)] for week in weeks]

    assert all(len(week) == 1 for week in mails)
    assert all(sending.is_mail_day(volunteer, week[0]) for week in mails)


def test_in_a_closed_august_the_time_to_answer_stands_still(world: World) -> None:
    world.home.closures = ((date(2026, 8, 1), date(2026, 8, 31)),)
    world.session.commit()
    world.now = datetime(2026, 7, 30, 8, 0, tzinfo=UTC)

    until = sending.reply_by(world.need(), world.now)

    # Friday the 31st is the first of fifteen working days; the others begin with September.
    assert until == datetime(2026, 9, 18, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(0, 24 * 7, 5))
def test_the_reminder_comes_before_the_end_even_of_two_days_over_a_weekend(world: World, hours: int) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    pairing.need.is_urgent = True
    pairing.volunteer.is_short_notice = True
    world.session.commit()
    world.now = sending.next_opening(pairing.volunteer, world.now + timedelta(hours=hours))
    until = sending.reply_by(pairing.need, world.now)

    world.run(invitations.mark_invited, pairing_id=pairing.id, reply_by=until)

    remind = clocks.due_at(world.session, pairing, Clock.REMIND_INVITED)
    assert remind is not None
    assert world.now < remind < until
