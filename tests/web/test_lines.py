"""The line of a need: its order, answers by telephone, questions, applications and confirmed pairings."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.models.audit import AuditEntry
from matcher.models.pairing import Pairing
from matcher.models.states import Door, NeedStatus, PairingReason, PairingStatus
from matcher.services import answers, needs
from tests.factories import World
from tests.web.visiting import Typed, Visitor


@pytest.fixture
def reader(app: Flask, world: World) -> Visitor:
    """The home branch's coordinator."""
    return Visitor(app, world.coordinator().account)


def fresh(world: World, pairing: Pairing) -> Pairing:
    """Read a pairing anew."""
    world.session.rollback()
    world.session.refresh(pairing)
    return pairing


def audited(world: World) -> set[str]:
    """Return which acts were written down."""
    world.session.rollback()
    return set(world.session.scalars(sa.select(AuditEntry.action)))


def test_the_line_shows_groups_and_no_names(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.OPEN, seats=3)
    people = [world.pairing(status, need=need) for status in (PairingStatus.APPROVED, PairingStatus.INVITED)]
    applied = world.pairing(PairingStatus.APPLIED, need=need)

    answer = reader.get(f"/reviews/{need.id}/line")

    titles = [each.get_text() for each in answer.page.select("main section section h2")]
    assert titles == ["They have applied", "Invited", "In the line, in this order"]
    for pairing in [*people, applied]:
        assert pairing.volunteer.account.email not in answer.html
        assert pairing.volunteer.account.name not in answer.text


@pytest.mark.parametrize("number", [2, 12])
def test_the_line_takes_at_most_eleven_statements(reader: Visitor, world: World, number: int) -> None:
    need = world.need(NeedStatus.OPEN)
    for _ in range(number):
        world.pairing(PairingStatus.APPROVED, need=need)

    assert reader.count(f"/reviews/{need.id}/line") <= 11


def test_the_order_is_changed_by_buttons(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.OPEN)
    first, second, third = (world.pairing(PairingStatus.APPROVED, need=need) for _ in range(3))
    page = f"/reviews/{need.id}/line"
    shown = f"{first.id},{second.id},{third.id}"

    reader.post(f"{page}/order", {"order": shown, "pairing_id": third.id, "to": "up"}, page=page)

    assert [fresh(world, each).position for each in (first, third, second)] == [1, 2, 3]


def test_an_order_of_another_line_is_told_and_not_taken(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.OPEN)
    first, second = (world.pairing(PairingStatus.APPROVED, need=need) for _ in range(2))
    page = f"/reviews/{need.id}/line"

    reader.post(f"{page}/order", {"order": f"{second.id},99", "pairing_id": second.id, "to": "down"}, page=page)

    assert "The list has changed meanwhile" in reader.get(page).text
    assert fresh(world, first).position < fresh(world, second).position


def test_a_line_that_waits_moves_again(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.OPEN)
    world.pairing(PairingStatus.APPROVED, need=need)
    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(seats=2))
    page = f"/reviews/{need.id}/line"

    assert "the line waits until you have looked at it again" in reader.get(page).text
    reader.post(f"{page}/release", page=page)

    world.session.rollback()
    world.session.refresh(need)
    assert not need.line_waits


def test_a_yes_by_telephone_is_confirmed_on_a_second_page_and_written_down(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    address = f"/line/{pairing.id}/telephone"

    check = reader.post(address, {"heard": "yes", "ask_again_on": "", "reason": ""})
    assert "Is this what you heard?" in check.text
    assert fresh(world, pairing).status is PairingStatus.INVITED
    for _ in range(2):
        done = reader.post(address, {"heard": "yes", "confirmed": "1"}, page="/reviews")

    assert (done.status, done.location) == (303, f"/reviews/{pairing.need_id}/line")
    assert fresh(world, pairing).status is PairingStatus.ACCEPTED
    assert pairing.events[-1].door is Door.TELEPHONE
    assert "telephone_yes" in audited(world)


def test_not_now_by_telephone_demands_a_day_to_come(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    address = f"/line/{pairing.id}/telephone"

    assert set(reader.post(address, {"heard": "not_now"}).errors()) == {"ask_again_on"}
    reader.post(address, {"heard": "not_now", "ask_again_on": "2027-01-04", "confirmed": "1"})

    assert fresh(world, pairing).reason is PairingReason.NOT_NOW
    assert str(pairing.ask_again_on) == "2027-01-04"


def test_a_day_gone_by_is_refused_beside_its_field(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    typed: Typed = {"heard": "not_now", "ask_again_on": "2020-01-01", "confirmed": "1"}

    answer = reader.post(f"/line/{pairing.id}/telephone", typed)

    assert answer.status == 422
    assert set(answer.errors()) == {"ask_again_on"}
    assert fresh(world, pairing).status is PairingStatus.INVITED


def test_a_no_by_telephone_keeps_its_reason(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)

    reader.post(f"/line/{pairing.id}/telephone", {"heard": "no", "reason": "no_time", "confirmed": "1"})

    assert (fresh(world, pairing).status, pairing.reason) == (PairingStatus.DECLINED, PairingReason.NO_TIME)
    assert "telephone_no" in audited(world)


def test_a_question_is_answered(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    world.act(answers.ask, world.volunteer_of(pairing), pairing_id=pairing.id, question="À quelle heure ?")
    address = f"/line/{pairing.id}/reply"

    assert "À quelle heure ?" in reader.get(address).text
    assert set(reader.post(address, {"answer": ""}).errors()) == {"answer"}
    reader.post(address, {"answer": "À 18 h."})

    assert fresh(world, pairing).answer == "À 18 h."


def test_an_application_is_taken_up_once(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.APPLIED)
    page = f"/reviews/{pairing.need_id}/line"

    assert "J’aimerais aider." in reader.get(page).text
    for _ in range(2):
        assert reader.post(f"/line/{pairing.id}/take-up", page=page).status == 303

    assert fresh(world, pairing).status is PairingStatus.ACCEPTED


def test_a_yes_is_confirmed_for_the_association_by_telephone(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.ACCEPTED)

    for _ in range(2):
        assert reader.post(f"/line/{pairing.id}/confirm", page="/reviews").status == 303

    assert fresh(world, pairing).status is PairingStatus.CONFIRMED
    assert "confirm_by_telephone" in audited(world)


def test_a_confirmed_pairing_is_stopped_with_a_reason(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.CONFIRMED)
    address = f"/line/{pairing.id}/abandon"

    assert set(reader.post(address).errors()) == {"reason"}
    reader.post(address, {"reason": "no_news"})

    assert (fresh(world, pairing).status, pairing.reason) == (PairingStatus.ABANDONED, PairingReason.NO_NEWS)


def test_too_late_to_take_back_is_told(reader: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    page = f"/reviews/{pairing.need_id}/line"

    reader.post(f"/line/{pairing.id}/undo", page=page)

    assert "too late" in reader.get(page).text
    assert fresh(world, pairing).status is PairingStatus.INVITED


def test_other_branches_and_members_find_no_line(app: Flask, world: World) -> None:
    pairing = world.pairing(PairingStatus.ACCEPTED)
    elsewhere = world.coordinator(world.branch(departments=("38",)))

    for account in (elsewhere.account, world.member(pairing).account):
        visitor = Visitor(app, account)
        for address in (
            f"/reviews/{pairing.need_id}/line",
            f"/line/{pairing.id}/telephone",
            f"/line/{pairing.id}/confirm",
        ):
            assert visitor.get(address).status == 404
    assert Visitor(app, elsewhere.account).post(f"/line/{pairing.id}/confirm", page="/").status == 404
    assert fresh(world, pairing).status is PairingStatus.ACCEPTED


@pytest.mark.parametrize("order", ["9" * 5000, "99999999999", ",,", "x"])
def test_an_order_that_no_page_wrote_is_the_order_of_no_line(reader: Visitor, world: World, order: str) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    page = f"/reviews/{pairing.need_id}/line"

    answer = reader.post(f"{page}/order", {"order": order, "pairing_id": pairing.id, "to": "up"}, page=page)

    assert answer.status == 303
    assert "The list has changed meanwhile" in reader.get(page).text
