"""Erasing one's account on its page: what it says, that it asks twice, and what is left afterwards."""

import pytest
from flask import Flask

from matcher.database import transaction
from matcher.models.association import AssociationStatus
from matcher.models.branch import BranchCoordinator
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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["You are the only person who administers this service", "Appoint another administrator first"]),
        ("fr", ["Vous êtes la seule personne à administrer ce service", "Nommez d’abord une autre personne"]),
    ],
)
def test_the_last_administrator_is_told_what_to_do_first_and_stays(
    world: World, app: Flask, language: str, words: list[str]
) -> None:
    last = world.administrator().account
    visitor = Visitor(app, last, language=language)

    asked = visitor.get(PAGE)
    refused = visitor.post(PAGE, {"is_sure": "y"}, page="/account")

    for answer, status in ((asked, 200), (refused, 409)):
        assert answer.status == status
        assert [each for each in words if each not in answer.text] == []
        assert answer.page.select("main form") == []
        assert answer.page.select('main a[href="/admin/people"]')
    world.session.refresh(last)
    assert last.active
    world.administrator()
    assert visitor.post(PAGE, {"is_sure": "y"}).status == 303


def test_the_last_coordinator_of_a_branch_reads_that_administrators_are_told(world: World, app: Flask) -> None:
    branch, other = world.branch(), world.account()
    alone = Visitor(app, world.coordinator(branch).account)

    said = f"Nobody else coordinates {branch.name_en}: the administrators are told."
    assert said in alone.get(PAGE).text
    with transaction(world.session):
        branch.coordinators.append(BranchCoordinator(account=other))
    assert said not in alone.get(PAGE).text


def test_a_coordinator_without_a_profile_may_leave_too(world: World, app: Flask) -> None:
    visitor = Visitor(app, world.coordinator().account)

    assert "profile is emptied" not in visitor.get(PAGE).text
    assert visitor.post(PAGE, {"is_sure": "y"}).status == 303
