"""The coordinator's lists and her decisions on needs: who may, each decision once, what is shown and what is not."""

from datetime import timedelta

import pytest
from flask import Flask

from matcher.mail.digests import HEADINGS
from matcher.models.association import AssociationStatus
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.states import EndReason, HoldReason, NeedStatus, PairingStatus
from matcher.queries.digests import digest
from matcher.queries.tasks import Task
from matcher.services import answers, needs
from matcher.services import reviews as review_service
from tests.factories import World
from tests.web.visiting import Typed, Visitor


@pytest.fixture
def reader(app: Flask, world: World) -> Visitor:
    """The home branch's coordinator."""
    return Visitor(app, world.coordinator().account)


def fresh(world: World, need: Need) -> Need:
    """Read a need anew."""
    world.session.rollback()
    world.session.refresh(need)
    return need


def test_everything_that_waits_is_listed_counted_and_linked(reader: Visitor, world: World) -> None:
    submitted = world.need(NeedStatus.SUBMITTED, title="Relire nos statuts")
    applied = world.pairing(PairingStatus.APPLIED)
    asked = world.pairing(PairingStatus.INVITED)
    world.act(answers.ask, world.volunteer_of(asked), pairing_id=asked.id, question="À quelle heure ?")

    page = reader.get("/reviews").page

    links = {str(link["href"]) for link in page.select("main h3 a")}
    assert f"/reviews/{submitted.id}" in links
    assert {f"/reviews/{applied.need_id}/line", f"/reviews/{asked.need_id}/line"} <= links
    assert "3 things wait for you" in page.get_text()
    assert [each.get_text() for each in page.select(".site-nav .number")] == ["3"]


def test_a_missed_promise_says_so(reader: Visitor, world: World) -> None:
    world.need(NeedStatus.SUBMITTED)
    world.now += timedelta(days=9)

    assert "late" in reader.get("/reviews").text


def test_filters_of_both_lists_stay_in_the_address(reader: Visitor, world: World) -> None:
    for _ in range(21):
        world.need(NeedStatus.SUBMITTED)
    world.pairing(PairingStatus.APPLIED)

    page = reader.get("/reviews?task=need&status=submitted").page

    following = [str(link["href"]) for link in page.select("a[rel=next]")]
    kept = "/reviews?task=need&status=submitted"
    assert following == [f"{kept}&page=2", f"{kept}&needs_page=2"]
    assert "Applications to decide" not in [each.get_text() for each in page.select("main h2")]


def test_the_page_and_the_morning_mail_tell_of_the_same(reader: Visitor, world: World) -> None:
    quiet = world.need()
    world.fire(quiet, Clock.NOBODY_YET)
    unmatched = world.need()
    world.suggest(unmatched, [])
    stuck = world.need()
    world.act(review_service.suspend_association, world.coordinator(), association_id=stuck.association_id)
    gone = world.need(NeedStatus.SUBMITTED)
    world.act(needs.give_up, world.member(gone), need_id=gone.id)
    asked = {"now": world.now, "since": world.now - timedelta(days=1)}
    mailed = digest(world.session, world.coordinator(), **asked)

    page = reader.get("/reviews").page
    shown = page.select("main .stack section")

    assert [each.h2.get_text() for each in shown] == [HEADINGS[section.task] for section in mailed]
    told = {HEADINGS[section.task]: [f"/reviews/{line.need_id}" for line in section.lines] for section in mailed}
    assert {each.h2.get_text(): [link["href"] for link in each.select("h3 a")] for each in shown} == told
    assert {section.task for section in mailed} == {Task.UNMATCHED, Task.QUIET, Task.STUCK, Task.GIVEN_UP}
    assert "3 things wait for you" in page.get_text(), "what was given up is told and waits for nobody"
    assert [each.get_text() for each in page.select(".site-nav .number")] == ["3"]


def test_what_was_given_up_leaves_the_page_with_the_next_morning_mail(reader: Visitor, world: World) -> None:
    gone = world.need(NeedStatus.SUBMITTED)
    world.act(needs.give_up, world.member(gone), need_id=gone.id)
    heading = HEADINGS[Task.GIVEN_UP]

    assert heading in reader.get("/reviews").text
    world.now += timedelta(days=1)
    assert heading in reader.get("/reviews").text
    world.now += timedelta(days=1)
    assert heading not in reader.get("/reviews").text


def test_a_page_that_is_past_the_end_is_the_last_one(reader: Visitor, world: World) -> None:
    world.need(NeedStatus.SUBMITTED, title="Relire nos statuts")

    assert "Relire nos statuts" in reader.get("/reviews?page=999").page.select_one("main h3").get_text()


def test_nothing_to_do_is_said_kindly(reader: Visitor) -> None:
    assert "Nothing waits for you" in reader.get("/reviews").text


@pytest.mark.parametrize("number", [1, 25])
def test_the_first_page_takes_as_many_statements_for_many_as_for_one(
    reader: Visitor, world: World, number: int
) -> None:
    for _ in range(number):
        world.pairing(PairingStatus.APPLIED)

    assert reader.count("/reviews") <= 10


def test_only_the_branch_reads_the_desk(app: Flask, world: World) -> None:
    need = world.need(NeedStatus.OPEN)
    elsewhere = world.branch(departments=("38",))

    assert Visitor(app, world.coordinator(elsewhere).account).get(f"/reviews/{need.id}").status == 404
    assert Visitor(app, world.member(need).account).get(f"/reviews/{need.id}").status == 404
    assert Visitor(app, world.administrator().account).get(f"/reviews/{need.id}").status == 200
    assert Visitor(app).get(f"/reviews/{need.id}").status == 302


def test_only_a_coordinator_has_a_review_list(app: Flask, world: World) -> None:
    assert Visitor(app, world.volunteer().account).get("/reviews").status == 403


def test_a_party_reads_and_finds_no_button(app: Flask, world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    world.join(need.association, world.coordinator().account)
    reader = Visitor(app, world.coordinator().account)

    page = reader.get(f"/reviews/{need.id}").page

    assert "another coordinator decides" in page.get_text()
    assert not page.select("main form")
    assert "Nothing waits for you" in reader.get("/reviews").text
    assert reader.post(f"/reviews/{need.id}/open", page="/reviews").status == 403
    assert fresh(world, need).status is NeedStatus.SUBMITTED


def test_contacts_in_a_text_are_marked_and_not_shown(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED, description="Appelez Marie au 06 12 34 56 78.")

    page = reader.get(f"/reviews/{need.id}")

    assert "06 12 34 56 78" not in page.html
    assert "1 contact stands in this text" in page.text


def test_a_need_is_opened_as_urgent_and_a_second_click_is_harmless(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    page = f"/reviews/{need.id}"

    reader.post(f"{page}/open", {"is_urgent": "y"}, page=page)
    again = reader.post(f"{page}/open", {"is_urgent": "y"}, page=page)

    assert (again.status, again.location) == (303, page)
    assert fresh(world, need).is_urgent
    assert need.status is NeedStatus.OPEN
    assert len([event for event in need.events if event.target is NeedStatus.OPEN]) == 1


def test_an_unknown_association_is_verified_before_its_need_opens(reader: Visitor, world: World) -> None:
    association = world.association(status=AssociationStatus.UNVERIFIED)
    need = world.need(NeedStatus.SUBMITTED, association=association)
    page = f"/reviews/{need.id}"

    reader.post(f"{page}/open", page=page)
    assert "must be verified" in reader.get(page).text
    reader.post(f"{page}/verify", page=page)
    reader.post(f"{page}/open", page=page)

    assert fresh(world, need).status is NeedStatus.OPEN


def test_points_are_demanded_kept_and_sent(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    address = f"/reviews/{need.id}/changes"

    assert reader.post(address, {"points": " "}).errors() == {"points": "Please fill this in."}
    wrong = reader.post(address, {"points": "Combien ?\x00"})
    reader.post(address, {"points": "Combien d’heures ?"})

    assert wrong.status == 422
    assert "Combien ?" in wrong.html
    assert fresh(world, need).status is NeedStatus.CHANGES_REQUESTED
    assert need.review_points == "Combien d’heures ?"


def test_a_refusal_says_why_and_where_else_to_go(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    address = f"/reviews/{need.id}/refuse"

    assert set(reader.post(address, {"reason": "Hors de notre champ."}).errors()) == {"elsewhere"}
    typed: Typed = {"reason": "Hors de notre champ.", "elsewhere": "Le réseau des avocats."}
    reader.post(address, typed, page="/reviews")
    again = reader.post(address, typed, page="/reviews")

    assert fresh(world, need).end_reason is EndReason.REFUSED
    assert need.review_points == "Hors de notre champ.\n\nLe réseau des avocats."
    assert (again.status, again.location) == (303, f"/reviews/{need.id}")


def test_a_need_rests_goes_on_and_is_closed(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.OPEN)
    page = f"/reviews/{need.id}"

    assert set(reader.post(f"{page}/hold", {"returns_on": "2020-01-01"}).errors()) == {"returns_on"}
    reader.post(f"{page}/hold", {"returns_on": "2026-12-01"})
    assert fresh(world, need).hold_reason is HoldReason.COORDINATOR_ASKED
    reader.post(f"{page}/resume", page=page)
    assert fresh(world, need).status is NeedStatus.OPEN
    assert set(reader.post(f"{page}/close", {"reason": "refused"}).errors()) == {"reason"}
    reader.post(f"{page}/close", {"reason": "nobody_found"})

    assert fresh(world, need).end_reason is EndReason.NOBODY_FOUND


def test_a_changed_text_stands_beside_the_one_that_was_sent(reader: Visitor, world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED, description="Douze heures de comptabilité.")
    edited = world.content(description="Vingt heures de comptabilité.")
    world.act(needs.edit, world.member(need), need_id=need.id, content=edited)

    text = reader.get(f"/reviews/{need.id}").text

    assert "Vingt heures" in text
    assert "Douze heures" in text
