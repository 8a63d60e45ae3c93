"""What a volunteer says about herself: kept, refused, and read back by the ranking as she meant it."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from matcher.actors import Anonymous
from matcher.errors import (
    InvalidDates,
    InvalidHours,
    InvalidValue,
    NotAllowed,
    NotFound,
    TextTooLong,
    UnknownCommune,
)
from matcher.models.volunteer import Commitment, Volunteer
from matcher.queries.ranking_inputs import load_inputs
from matcher.ranking.types import Hours, OfferedSkill, Per, VolunteerInput, WeeklySlot
from matcher.services import mail_choices, volunteers
from matcher.services.profile_content import ProfilePlaces, ProfileSkills, ProfileText, ProfileTime
from tests.factories import LYON, World

TODAY = date(2026, 9, 7)
SAINT_DENIS_REUNION = "97411"
GRENOBLE = "38185"


def save_time(world: World, volunteer: Volunteer, **said: object) -> None:
    """Let her say when she has time."""
    offered = ProfileTime(**{"commitment": Commitment.ASK, **said})
    world.act(volunteers.save_time, world.volunteer_of(volunteer), volunteer_id=volunteer.id, time=offered)


def save_places(world: World, volunteer: Volunteer, **said: object) -> None:
    """Let her say where she works."""
    places = ProfilePlaces(**{"remote": True, "on_site": True, **said})
    world.act(volunteers.save_places, world.volunteer_of(volunteer), volunteer_id=volunteer.id, places=places)


def save_skills(world: World, volunteer: Volunteer, *skills: OfferedSkill) -> None:
    """Let her say what she can do."""
    said = ProfileSkills(skills, ("fr", "en"))
    world.act(volunteers.save_skills, world.volunteer_of(volunteer), volunteer_id=volunteer.id, said=said)


def save_text(world: World, volunteer: Volunteer, text: ProfileText) -> None:
    """Let her say who she is."""
    world.act(volunteers.save_text, world.volunteer_of(volunteer), volunteer_id=volunteer.id, text=text)


def ranked(world: World) -> VolunteerInput:
    """The only volunteer as the ranking reads her."""
    (found,) = load_inputs(world.session)
    return found


def test_texts_are_kept_and_the_ranking_reads_them(any_world: World) -> None:
    volunteer = any_world.volunteer()
    any_world.forget_mails()
    text = ProfileText("Juriste", "J’aime expliquer.", ("Dix ans de droit social", "Trésorière"), "fr")

    save_text(any_world, volunteer, text)

    read = ranked(any_world)
    assert (read.headline, read.description, read.experiences) == ("Juriste", "J’aime expliquer.", text.experiences)
    assert len(any_world.messages("refresh_volunteer")) == 1


def test_fewer_experiences_replace_more(any_world: World) -> None:
    volunteer = any_world.volunteer()
    save_text(any_world, volunteer, ProfileText(experiences=("une", "deux", "trois")))

    save_text(any_world, volunteer, ProfileText(experiences=("deux",)))

    assert ranked(any_world).experiences == ("deux",)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (ProfileText(headline="x" * 161), "headline"),
        (ProfileText(description="x" * 4001), "description"),
        (ProfileText(experiences=("x" * 2001,)), "experiences"),
    ],
)
def test_a_text_that_is_too_long_is_refused(world: World, text: ProfileText, field: str) -> None:
    with pytest.raises(TextTooLong) as refused:
        save_text(world, world.volunteer(), text)

    assert refused.value.data["field"] == field


def test_an_eleventh_experience_is_refused(world: World) -> None:
    with pytest.raises(InvalidValue):
        save_text(world, world.volunteer(), ProfileText(experiences=("x",) * 11))


def test_a_synonym_finds_its_skill_and_a_free_word_stays_free(any_world: World) -> None:
    volunteer = any_world.volunteer()

    save_skills(any_world, volunteer, OfferedSkill("Comptabilité associative", 4), OfferedSkill("Jonglage à trois"))

    known, free = ranked(any_world).skills
    assert str(known.uri).startswith("binome:skill/")
    assert known.level == 4
    assert free == OfferedSkill("Jonglage à trois")
    assert ranked(any_world).languages == ("fr", "en")


def test_a_skill_said_twice_counts_once_and_one_that_stays_may_change_its_level(any_world: World) -> None:
    volunteer = any_world.volunteer(skills=(OfferedSkill("Jonglage", 1), OfferedSkill("Magie", 2)))

    save_skills(any_world, volunteer, OfferedSkill("Jonglage", 3), OfferedSkill("jonglage", 1))

    assert ranked(any_world).skills == (OfferedSkill("Jonglage", 3),)


def test_a_twenty_first_skill_and_a_fifth_level_are_refused(world: World) -> None:
    volunteer = world.volunteer()
    with pytest.raises(InvalidValue):
        save_skills(world, volunteer, *(OfferedSkill(f"skill {n}") for n in range(21)))
    with pytest.raises(InvalidValue):
        save_skills(world, volunteer, OfferedSkill("Jonglage", 5))


def test_the_first_commune_decides_the_branch(any_world: World) -> None:
    volunteer = any_world.volunteer(places=(), branch_id=any_world.national.id)

    save_places(any_world, volunteer, communes=(LYON, GRENOBLE), radius_km=20.0)

    assert volunteer.branch_id == any_world.home.id
    read = ranked(any_world)
    assert [round(place.latitude) for place in read.locations] == [46, 45]
    assert (read.remote, read.on_site, read.radius_km) == (True, True, 20.0)


def test_a_place_that_no_branch_serves_goes_to_the_national_one(world: World) -> None:
    volunteer = world.volunteer()

    save_places(world, volunteer, communes=(GRENOBLE,))

    assert volunteer.branch_id == world.national.id


def test_somebody_abroad_is_remote_only_with_her_own_clock(any_world: World) -> None:
    volunteer = any_world.volunteer()

    save_places(any_world, volunteer, remote=False, country="CA", timezone="America/Montreal", communes=(LYON,))

    assert (volunteer.remote, volunteer.on_site, volunteer.locations) == (True, False, [])
    assert ranked(any_world).availability.timezone == "America/Montreal"
    assert volunteer.branch_id == any_world.national.id


def test_a_commune_overseas_brings_its_own_clock(world: World) -> None:
    volunteer = world.volunteer()

    save_places(world, volunteer, communes=(SAINT_DENIS_REUNION,))

    assert volunteer.timezone == "Indian/Reunion"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"radius_km": -1.0}, "radius_km"),
        ({"radius_km": 501.0}, "radius_km"),
        ({"communes": (LYON, GRENOBLE, "75056")}, "communes"),
        ({"remote": False, "on_site": False}, "modes"),
        ({"country": "ZZ", "timezone": "Europe/Paris"}, "country"),
        ({"country": "CA", "timezone": "Mars/Olympus"}, "timezone"),
        ({"country": "CA"}, "timezone"),
    ],
)
def test_a_place_that_cannot_be_is_refused(world: World, said: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        save_places(world, world.volunteer(), **said)

    assert refused.value.data["field"] == field


def test_an_unknown_commune_is_refused_and_nothing_changes(world: World) -> None:
    volunteer = world.volunteer()

    with pytest.raises(UnknownCommune):
        save_places(world, volunteer, communes=("00000",))

    world.session.refresh(volunteer)
    assert [place.commune for place in volunteer.locations] == [LYON]


@pytest.mark.parametrize(
    ("commitment", "hours", "read"),
    [
        (Commitment.WEEKLY, 2.5, Hours(2.5, Per.WEEK)),
        (Commitment.MONTHLY, 7.0, Hours(7.0, Per.MONTH)),
        (Commitment.ONCE, 12.0, Hours(12.0, Per.ONCE)),
        (Commitment.ASK, None, None),
        (Commitment.ASK, 5.0, None),
    ],
)
def test_the_one_question_reads_back_as_it_was_meant(
    world: World, commitment: Commitment, hours: float | None, read: Hours | None
) -> None:
    save_time(world, world.volunteer(), commitment=commitment, hours=hours)

    availability = ranked(world).availability
    assert availability.hours == read
    assert availability.confirmed_on == TODAY


def test_not_before_a_date_is_the_first_day_of_the_ranking(any_world: World) -> None:
    volunteer = any_world.volunteer()
    weekly = (WeeklySlot(0, time(18), time(22)),)
    away = ((date(2026, 12, 20), date(2027, 1, 4)), (date(2026, 10, 1), date(2026, 10, 9)))

    save_time(
        any_world, volunteer, commitment=Commitment.NOT_BEFORE, hours=3.0, available_from=date(2026, 11, 2),
        weekly=weekly, unavailable=away, missions_at_once=2, is_short_notice=True,
    )  # fmt: skip

    availability = ranked(any_world).availability
    assert (availability.starts_on, availability.hours) == (date(2026, 11, 2), Hours(3.0, Per.WEEK))
    assert (availability.weekly, availability.unavailable) == (weekly, tuple(sorted(away)))
    assert (volunteer.missions_at_once, volunteer.is_short_notice) == (2, True)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"commitment": Commitment.WEEKLY}, InvalidHours),
        ({"commitment": Commitment.WEEKLY, "hours": 0.0}, InvalidHours),
        ({"commitment": Commitment.WEEKLY, "hours": 61.0}, InvalidHours),
        ({"commitment": Commitment.NOT_BEFORE}, InvalidDates),
        ({"available_until": date(2026, 9, 6)}, InvalidDates),
        ({"available_from": date(2026, 12, 1), "available_until": date(2026, 11, 1)}, InvalidDates),
        ({"unavailable": ((date(2026, 10, 9), date(2026, 10, 1)),)}, InvalidDates),
        ({"unavailable": ((date(2026, 10, 1), date(2026, 10, 9)),) * 11}, InvalidValue),
        ({"missions_at_once": 0}, InvalidValue),
        ({"missions_at_once": 6}, InvalidValue),
    ],
)
def test_a_time_that_cannot_be_is_refused(world: World, said: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        save_time(world, world.volunteer(), **said)


def test_still_true_confirms_as_of_today(world: World) -> None:
    volunteer = world.volunteer(confirmed_on=date(2025, 1, 1))

    world.act(mail_choices.still_true, world.volunteer_of(volunteer))

    assert ranked(world).availability.confirmed_on == TODAY


def test_nobody_else_changes_a_profile(world: World) -> None:
    volunteer = world.volunteer()
    text = ProfileText("Pirate")

    with pytest.raises(NotFound):
        world.act(volunteers.save_text, Anonymous(), volunteer_id=volunteer.id, text=text)
    with pytest.raises(NotFound):
        world.act(volunteers.save_text, world.person(), volunteer_id=volunteer.id, text=text)
    with pytest.raises(NotAllowed):
        world.act(volunteers.save_text, world.coordinator(), volunteer_id=volunteer.id, text=text)
    assert world.session.scalar(sa.select(Volunteer.headline)) == "Comptable à la retraite"


def test_what_an_unconfirmed_address_writes_wakes_no_ranking(world: World) -> None:
    volunteer = world.volunteer(account=world.account(is_confirmed=False))

    save_text(world, volunteer, ProfileText("Juriste"))

    assert volunteer.headline == "Juriste"
    assert world.messages("refresh_volunteer") == []
