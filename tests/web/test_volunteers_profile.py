"""A volunteer's profile page: what others see, one press, a pause, needs that may speak to her."""

import pytest
from flask import Flask

from matcher.models.states import NeedStatus
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import NeededSkill, OfferedSkill
from matcher.services.mail_choices import MailWish
from tests.factories import World
from tests.web.visiting import Visitor


@pytest.fixture
def volunteer(world: World) -> Volunteer:
    """Somebody whose profile says something already."""
    return world.volunteer(skills=(OfferedSkill("Jonglage", 2),))


@pytest.fixture
def visitor(app: Flask, volunteer: Volunteer) -> Visitor:
    """Her browser."""
    return Visitor(app, volunteer.account)


def fresh(world: World, volunteer: Volunteer) -> Volunteer:
    """Read her anew."""
    world.session.rollback()
    world.session.refresh(volunteer)
    world.session.refresh(volunteer.account)
    return volunteer


def test_others_see_neither_name_nor_contacts(world: World, app: Flask) -> None:
    account = world.account(name="Marie Dupont")
    volunteer = world.volunteer(account=account, description="Appelez le 06 12 34 56 78.")
    answer = Visitor(app, account).get("/profile")
    seen = answer.page.select_one("section[aria-labelledby=seen]")

    assert seen is not None
    assert "[contact removed]" in seen.get_text()
    assert "06 12 34 56 78" in answer.text
    assert "Marie Dupont" not in answer.text
    assert volunteer.headline in seen.get_text()


def test_still_true_is_one_press(world: World, volunteer: Volunteer, visitor: Visitor) -> None:
    visitor.post("/profile/confirm", page="/profile")

    assert fresh(world, volunteer).confirmed_on == world.now.date()


def test_a_pause_is_made_refused_and_ended(world: World, volunteer: Volunteer, visitor: Visitor) -> None:
    late = visitor.post("/profile/pause", {"until": "2026-01-01"}, page="/profile")
    assert (late.status, list(late.errors())) == (422, ["until"])

    visitor.post("/profile/pause", {"until": "2026-12-01"}, page="/profile")
    assert "On pause" in visitor.get("/profile").text or "on pause until" in visitor.get("/profile").text

    visitor.post("/profile/resume", page="/profile")
    assert not fresh(world, volunteer).is_paused


def test_needs_that_share_a_skill_are_offered_and_known_ones_are_not(world: World, app: Flask) -> None:
    volunteer = world.volunteer(skills=(OfferedSkill("Jonglage"),))
    shared = (NeededSkill("Jonglage"),)
    liked = world.need(title="Un numéro de jonglage", skills=shared)
    known = world.need(title="Jongler encore", skills=shared)
    world.need(NeedStatus.SUBMITTED, title="Pas encore ouvert", skills=shared)
    world.need(title="Tout autre chose")
    world.pairing(need=known, volunteer=volunteer)

    offered = Visitor(app, volunteer.account).get("/profile").page.select("section[aria-labelledby=liked] h3")

    assert [each.get_text().strip() for each in offered] == [liked.title]


def test_the_profile_takes_a_fixed_number_of_statements(world: World, app: Flask) -> None:
    skill = (NeededSkill("Jonglage"),)
    volunteer = world.volunteer(skills=(OfferedSkill("Jonglage"),))
    visitor = Visitor(app, volunteer.account)
    world.need(skills=skill)
    visitor.count("/profile")
    few = visitor.count("/profile")
    for _ in range(4):
        world.need(skills=skill)

    assert visitor.count("/profile") == few <= 16


def test_somebody_without_a_profile_is_led_to_where_she_can_open_one(world: World, app: Flask) -> None:
    answer = Visitor(app, world.account()).get("/profile")

    assert (answer.status, answer.location) == (303, "/account")


@pytest.mark.parametrize("address", ["/profile", "/profile/text", "/profile/erase"])
def test_nobody_reads_a_profile_unsigned(app: Flask, address: str) -> None:
    assert "/sign-in" in str(Visitor(app).get(address).location)


def test_stopped_mails_are_shown_as_stopped(world: World, volunteer: Volunteer, visitor: Visitor) -> None:
    visitor.post("/profile/mail", {"wish": MailWish.STOPPED.value, "most": "2", "weekday": "1"})

    chosen = visitor.get("/profile/mail").page.select_one("input[name=wish][checked]")
    assert chosen is not None
    assert chosen["value"] == "stopped"
    assert fresh(world, volunteer).account.mail_stopped_at == world.now
