"""Erasing one's account on its page: what it says, that it asks twice, and what is left afterwards."""

from flask import Flask

from matcher.models.association import AssociationStatus
from matcher.models.states import NeedStatus, PairingStatus
from tests.factories import World
from tests.web.visiting import Visitor

PAGE = "/profile/erase"


def test_the_page_says_what_happens_and_changes_nothing(world: World, app: Flask) -> None:
    pairing = world.pairing(PairingStatus.ACTIVE)

    answer = Visitor(app, pairing.volunteer.account).get(PAGE)

    assert answer.status == 200
    assert "1 mission is under way" in answer.text
    world.session.refresh(pairing.volunteer.account)
    assert pairing.volunteer.account.active


def test_without_the_tick_nothing_is_erased(world: World, app: Flask) -> None:
    volunteer = world.volunteer()

    answer = Visitor(app, volunteer.account).post(PAGE)

    assert (answer.status, list(answer.errors())) == (422, ["is_sure"])
    world.session.refresh(volunteer.account)
    assert volunteer.account.active


def test_an_erased_account_is_signed_out_for_good(world: World, app: Flask) -> None:
    volunteer = world.volunteer()
    visitor, elsewhere = Visitor(app, volunteer.account), Visitor(app, volunteer.account)

    answer = visitor.post(PAGE, {"is_sure": "y"})

    assert (answer.status, answer.location) == (303, "/")
    assert "Your account is erased" in visitor.get("/").text
    assert "/sign-in" in str(visitor.get("/profile").location)
    assert "/sign-in" in str(elsewhere.get("/profile").location)
    world.session.rollback()
    world.session.refresh(volunteer.account)
    assert (volunteer.account.active, volunteer.account.name) == (False, "")


def test_the_last_member_may_close_the_association_with_her(world: World, app: Flask) -> None:
    need = world.need()
    other = world.association()
    visitor = Visitor(app, world.member(need).account)
    choices = [str(box["value"]) for box in visitor.get(PAGE).page.select("input[name=closing]")]

    foreign = visitor.post(PAGE, {"is_sure": "y", "closing": str(other.id)})
    answer = visitor.post(PAGE, {"is_sure": "y", "closing": choices})

    assert choices == [str(need.association_id)]
    assert (foreign.status, answer.status) == (422, 303)
    world.session.rollback()
    world.session.refresh(need)
    world.session.refresh(need.association)
    assert (need.status, need.association.status) == (NeedStatus.CLOSED, AssociationStatus.CLOSED)


def test_a_coordinator_without_a_profile_may_leave_too(world: World, app: Flask) -> None:
    visitor = Visitor(app, world.coordinator().account)

    assert "profile is emptied" not in visitor.get(PAGE).text
    assert visitor.post(PAGE, {"is_sure": "y"}).status == 303
