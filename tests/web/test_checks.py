"""The check before people meet minors or vulnerable people, on the pages and in the mails of both sides."""

from datetime import timedelta

import pytest
from flask import Flask

from matcher.models.pairing import Pairing
from matcher.models.states import CheckWaiver, PairingStatus
from tests.factories import World
from tests.web.linking import answer_path
from tests.web.test_my_needs import form_of
from tests.web.visiting import Visitor

SAYS = "minors or vulnerable people"


def met(world: World) -> Pairing:
    """Two yeses for a need whose people are vulnerable."""
    return world.pairing(PairingStatus.CONFIRMED, need=world.need(meets_vulnerable=True))


def test_the_need_says_so_to_whoever_reads_it_and_the_form_asks(world: World, app: Flask) -> None:
    need = world.need(meets_vulnerable=True)
    invited = world.pairing(PairingStatus.INVITED, need=need)
    member = Visitor(app, world.member(need).account)
    desk = Visitor(app, world.coordinator().account)
    paths = (f"/needs/{need.id}", f"/my/needs/{need.id}")
    pages = [Visitor(app).get(paths[0]), Visitor(app).get(answer_path(app, world, invited)), member.get(paths[1])]
    for page in (*pages, desk.get(f"/reviews/{need.id}")):
        assert SAYS in page.text

    edit = f"/my/needs/{need.id}/edit"
    typed = form_of(member.get(edit)) | {"action": "save"}
    assert typed.pop("meets_vulnerable") == ["y"]
    assert member.post(edit, typed).status == 303
    assert SAYS not in Visitor(app).get(paths[0]).text


def test_the_association_declares_and_both_sides_read_it(world: World, app: Flask) -> None:
    pairing = met(world)
    mission, check = f"/missions/{pairing.id}", f"/missions/{pairing.id}/check"
    member, hers = Visitor(app, world.member(pairing).account), Visitor(app, pairing.volunteer.account)
    assert "before anything begins, say that you have seen" in member.get(mission).text
    assert "the association makes the check" in hers.get(mission).text
    for visitor in (member, hers):
        assert f"{mission}/begin" not in visitor.get(mission).html
    assert "Waits for your word on the check" in member.get(f"/my/needs/{pairing.need_id}").text

    assert member.post(check, {"declared": "seen"}).errors() == {"seen_on": "Please say on which day you saw it."}
    assert member.post(check, {"declared": "seen", "seen_on": "2026-09-01"}).status == 303

    for visitor in (member, hers, Visitor(app, world.coordinator().account)):
        assert "the association has seen it on Tuesday 1 September" in visitor.get(mission).text
    assert f"{mission}/begin" in hers.get(mission).html
    assert "Correct what was declared" in member.get(mission).text


def test_why_no_check_is_required_is_one_of_three_reasons_and_no_free_text(world: World, app: Flask) -> None:
    pairing = met(world)
    mission, check = f"/missions/{pairing.id}", f"/missions/{pairing.id}/check"
    member = Visitor(app, world.member(pairing).account)
    form = member.get(check).page.select_one("main form")
    assert form is not None
    assert [each["value"] for each in form.select("[name=declared]")] == ["seen", *CheckWaiver]
    assert {str(each["name"]) for each in form.select("input, textarea, select")} == {
        "csrf_token", "declared", "seen_on",
    }  # fmt: skip

    assert member.post(check, {"declared": "because"}).status == 422
    assert member.post(check, {"declared": "accompanied"}).status == 303
    assert "somebody of the association is always present" in Visitor(app, pairing.volunteer.account).get(mission).text


@pytest.mark.parametrize("days", [1, 400])
def test_a_day_to_come_is_refused_in_plain_words(world: World, app: Flask, days: int) -> None:
    pairing = met(world)
    member = Visitor(app, world.member(pairing).account)
    to_come = world.now.date() + timedelta(days=days)

    answer = member.post(f"/missions/{pairing.id}/check", {"declared": "seen", "seen_on": to_come.isoformat()})

    assert answer.status == 303
    assert "Please check the dates" in member.get(f"/missions/{pairing.id}").text


def test_the_check_is_not_taken_out_by_a_tick_once_somebody_has_said_yes(world: World, app: Flask) -> None:
    need = world.pairing(PairingStatus.ACCEPTED, need=world.need(meets_vulnerable=True)).need
    visitor, address = Visitor(app, world.member(need).account), f"/my/needs/{need.id}/edit"
    typed = {name: value for name, value in form_of(visitor.get(address)).items() if name != "meets_vulnerable"}

    answer = visitor.post(address, {**typed, "title": "Autre titre"})

    assert (answer.status, set(answer.errors())) == (422, {"meets_vulnerable"})
    assert "Somebody has said yes or is at work" in answer.text
    assert form_of(answer)["title"] == ["Autre titre"]
    world.session.refresh(need)
    assert (need.meets_vulnerable, need.title) == (True, "Tenir les comptes")
