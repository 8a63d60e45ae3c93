"""A coordinator changes a published need of an association: the form, who is told, and who may not."""

from datetime import timedelta

import pytest
from flask import Flask

from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import needs
from tests.factories import World
from tests.web.test_my_needs import form_of, fresh
from tests.web.visiting import Visitor


def corrected(world: World) -> list[tuple[str, int]]:
    return [mail for mail in world.mails() if mail[0] == "need_corrected"]


def test_a_coordinator_changes_a_word_and_the_association_is_told(world: World, app: Flask) -> None:
    need = world.need()
    coordinator, address = Visitor(app, world.coordinator().account), f"/reviews/{need.id}/edit"
    assert f'href="{address}"' in coordinator.get(f"/reviews/{need.id}").html
    page = coordinator.get(address)
    assert "It is told by e-mail that you changed it" in page.text
    world.forget_mails()

    answer = coordinator.post(address, {**form_of(page), "title": "Tenir les comptes de 2026"})

    assert (answer.status, answer.location) == (303, f"/reviews/{need.id}")
    assert "told by e-mail" in coordinator.get(f"/reviews/{need.id}").text
    assert fresh(world, need).title == "Tenir les comptes de 2026"
    assert corrected(world) == [("need_corrected", need.contact_id)]


def test_what_matters_makes_the_line_wait_and_asks_who_said_yes(world: World, app: Flask) -> None:
    pairing = world.pairing(PairingStatus.ACCEPTED)
    coordinator, address = Visitor(app, world.coordinator().account), f"/reviews/{pairing.need_id}/edit"
    world.forget_mails()

    coordinator.post(address, {**form_of(coordinator.get(address)), "total_hours": "30"})

    assert fresh(world, pairing.need).line_waits
    assert ("need_changed", pairing.volunteer.account_id) in world.mails()


def test_however_often_it_is_saved_the_association_is_told_once_an_hour(world: World) -> None:
    need, coordinator = world.need(), world.coordinator()
    world.forget_mails()
    for minutes in (0, 30, 20, 20):
        world.now += timedelta(minutes=minutes)
        world.act(needs.edit, coordinator, need_id=need.id, content=world.content(title=f"Titre {world.now:%H%M}"))

    assert len([row for row in world.messages("send_mail") if row.payload["code"] == "need_corrected"]) == 2


def test_a_member_who_changes_her_need_is_told_nothing(world: World) -> None:
    need = world.need()
    world.forget_mails()
    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(title="Autre titre"))

    assert corrected(world) == []


def test_who_is_the_contact_is_neither_shown_nor_taken(world: World, app: Flask) -> None:
    association = world.association(members=2)
    need = world.need(association=association)
    first, second = association.members
    coordinator, address = Visitor(app, world.coordinator().account), f"/reviews/{need.id}/edit"
    page = coordinator.get(address)

    assert "contact_id" not in form_of(page)
    assert coordinator.post(address, {**form_of(page), "contact_id": str(second.id)}).status == 422
    assert fresh(world, need).contact_id == first.id


@pytest.mark.parametrize(
    "status",
    [status for status in NeedStatus if status not in {NeedStatus.OPEN, NeedStatus.FILLED, NeedStatus.ON_HOLD}],
)
def test_what_is_not_published_or_has_ended_is_not_changed_by_a_coordinator(
    world: World, app: Flask, status: NeedStatus
) -> None:
    need = world.need(status)
    address = f"/reviews/{need.id}/edit"
    expected = 404 if status is NeedStatus.DRAFT else 409

    for answer in (
        Visitor(app, world.coordinator().account).get(address),
        Visitor(app, world.coordinator().account).post(address, {"title": "Pris"}, page="/account"),
    ):
        assert answer.status == expected
    assert fresh(world, need).title != "Pris"
    assert f'href="{address}"' not in Visitor(app, world.coordinator().account).get(f"/reviews/{need.id}").html


def test_a_coordinator_who_is_a_party_changes_nothing_here(world: World, app: Flask) -> None:
    need, coordinator = world.need(), world.coordinator()
    world.join(need.association, coordinator.account)

    assert Visitor(app, coordinator.account).get(f"/reviews/{need.id}/edit").status == 403


def test_two_who_write_at_once_lose_nothing(world: World, app: Flask) -> None:
    need = world.need()
    coordinator, address = Visitor(app, world.coordinator().account), f"/reviews/{need.id}/edit"
    page = coordinator.get(address)
    member = Visitor(app, world.member(need).account)
    mine = f"/my/needs/{need.id}/edit"
    member.post(mine, {**form_of(member.get(mine)), "title": "Titre du membre"})

    answer = coordinator.post(address, {**form_of(page), "title": "Titre de la coordination"})

    assert answer.status == 409
    assert form_of(answer)["title"] == ["Titre de la coordination"]
    assert fresh(world, need).title == "Titre du membre"
