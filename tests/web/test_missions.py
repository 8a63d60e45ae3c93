"""The list of pairings and the page of each: who sees what, contacts only after two yeses, every act by its page."""

import pytest
import sqlalchemy as sa

from matcher.models.audit import AuditEntry
from matcher.models.states import PairingStatus
from tests import ways
from tests.web.linking import EMAIL, PHONE, dump, fresh
from tests.web.visiting import Visitor

P = PairingStatus
BEFORE = [P.APPLIED, P.INVITED, P.RESERVE, P.ACCEPTED, P.DECLINED, P.WITHDRAWN, P.REFUSED, P.RELEASED]
OPEN = [P.CONFIRMED, P.ACTIVE, P.COMPLETED]
MEMBER_EMAIL = "tresor.cache@example.org"


def planted(world, status):
    pairing = world.pairing(status, volunteer=world.volunteer(account=world.account(phone=PHONE)))
    world.session.refresh(pairing)
    pairing.volunteer.account.email = EMAIL
    world.member(pairing).account.email = MEMBER_EMAIL
    world.session.commit()
    return pairing


def sides(app, world, pairing):
    """The volunteer, the member, the coordinator of a pairing, signed in."""
    coordinator = world.coordinator(pairing.need.branch)
    accounts = (pairing.volunteer.account, world.member(pairing).account, coordinator.account)
    return [Visitor(app, account) for account in accounts]


@pytest.mark.parametrize("status", BEFORE)
def test_no_page_shows_a_contact_before_two_yeses_or_after_another_end(app, world, status):
    pairing = planted(world, status)
    volunteer, member, coordinator = sides(app, world, pairing)
    for reader, secrets in (
        (volunteer, (MEMBER_EMAIL,)), (member, (EMAIL, PHONE)), (coordinator, (EMAIL, PHONE, MEMBER_EMAIL))
    ):  # fmt: skip
        for path in ("/missions", f"/missions/{pairing.id}", f"/missions/{pairing.id}/certificate"):
            page = reader.get(path)
            assert [secret for secret in secrets if secret in page.html] == []


@pytest.mark.parametrize("status", OPEN)
def test_both_sides_see_each_other_after_two_yeses(app, world, status):
    pairing = planted(world, status)
    volunteer, member, coordinator = sides(app, world, pairing)
    path = f"/missions/{pairing.id}"
    assert MEMBER_EMAIL in volunteer.get(path).html
    page = member.get(path)
    assert EMAIL in page.html
    assert PHONE in page.html
    assert EMAIL not in coordinator.get(path).html


def test_a_coordinator_opens_contacts_by_a_press_that_is_written_down(app, world):
    pairing = planted(world, P.CONFIRMED)
    coordinator = sides(app, world, pairing)[2]
    page = coordinator.post(f"/missions/{pairing.id}/contacts", page=f"/missions/{pairing.id}")
    assert EMAIL in page.html
    assert MEMBER_EMAIL in page.html
    world.session.rollback()
    assert "open_contacts" in world.session.scalars(sa.select(AuditEntry.action)).all()


def test_other_people_find_nothing_and_can_do_nothing(app, world):
    pairing = planted(world, P.CONFIRMED)
    other = Visitor(app, world.volunteer().account)
    stranger = Visitor(app, world.member(world.association()).account)
    for reader in (other, stranger):
        token = reader.get("/").page.find("input", {"name": "csrf_token"})["value"]
        assert reader.get(f"/missions/{pairing.id}").status == 404
        for act in ("begin", "stop", "no-in-the-end", "contacts"):
            answer = reader.client.post(f"/missions/{pairing.id}/{act}", data={"csrf_token": token})
            assert answer.status_code == 404
    assert Visitor(app).get(f"/missions/{pairing.id}").status == 302


def test_the_association_sees_nobody_before_her_yes(app, world):
    pairing = world.pairing(P.INVITED)
    assert sides(app, world, pairing)[1].get(f"/missions/{pairing.id}").status == 404


def test_the_volunteer_answers_on_her_own_page(app, world):
    pairing = world.pairing(P.INVITED)
    volunteer = sides(app, world, pairing)[0]
    volunteer.post(f"/missions/{pairing.id}/yes", page=f"/missions/{pairing.id}")
    assert fresh(world, pairing).status is P.ACCEPTED
    assert "You have said yes" in volunteer.get(f"/missions/{pairing.id}").text


def test_a_mission_goes_from_a_yes_to_its_certificate(app, world):
    pairing = planted(world, P.ACCEPTED)
    volunteer, member, _ = sides(app, world, pairing)
    path = f"/missions/{pairing.id}"
    member.post(f"{path}/confirm")
    plan = {"starts_on": "2026-09-08", "ends_on": "2026-10-08", "hours": "12"}
    volunteer.post(f"{path}/begin", plan)
    assert fresh(world, pairing).status is P.ACTIVE
    member.post(f"{path}/prolong", {"ends_on": "2026-11-08", "hours": "20"})
    volunteer.post(f"{path}/agree")
    assert str(fresh(world, pairing).ends_on) == "2026-11-08"
    volunteer.post(f"{path}/finish", {"hours": "18,5"})
    member.post(f"{path}/finish", {"hours": "18,5"})
    assert fresh(world, pairing).status is P.COMPLETED
    certificate = volunteer.get(f"{path}/certificate").text
    assert "18.5 hours" in certificate
    assert pairing.need.association.name in certificate


def test_dates_that_end_before_they_start_are_refused_beside_the_field(app, world):
    pairing = world.pairing(P.CONFIRMED)
    member = sides(app, world, pairing)[1]
    plan = {"starts_on": "2026-10-08", "ends_on": "2026-09-08", "hours": "0"}
    page = member.post(f"/missions/{pairing.id}/begin", plan)
    assert (page.status, set(page.errors())) == (422, {"ends_on", "hours"})
    assert 'value="2026-10-08"' in page.html
    assert fresh(world, pairing).status is P.CONFIRMED


@pytest.mark.parametrize(("who", "status"), [(0, P.WITHDRAWN), (1, P.REFUSED)])
def test_no_in_the_end_is_said_by_either_side_with_a_reason(app, world, who, status):
    pairing = world.pairing(P.CONFIRMED)
    reader = sides(app, world, pairing)[who]
    reader.post(f"/missions/{pairing.id}/no-in-the-end", {"reason": "no_agreement"})
    assert fresh(world, pairing).status is status


def test_the_other_side_may_say_that_it_has_not_begun(app, world):
    pairing = world.pairing(P.ACTIVE)
    volunteer, member, _ = sides(app, world, pairing)
    assert "not-begun" not in member.get(f"/missions/{pairing.id}").html
    volunteer.post(f"/missions/{pairing.id}/not-begun")
    assert fresh(world, pairing).status is P.CONFIRMED


@pytest.mark.parametrize("who", [0, 1, 2])
def test_a_mission_is_stopped_by_either_side_or_the_coordinator(app, world, who):
    pairing = world.pairing(P.ACTIVE)
    reader = sides(app, world, pairing)[who]
    reader.post(f"/missions/{pairing.id}/stop", {"reason": "changed_circumstances"})
    assert fresh(world, pairing).status is P.ABANDONED


def test_only_a_coordinator_ends_what_has_not_begun(app, world):
    pairing = world.pairing(P.CONFIRMED)
    volunteer, _, coordinator = sides(app, world, pairing)
    assert volunteer.get(f"/missions/{pairing.id}/stop").status == 302
    coordinator.post(f"/missions/{pairing.id}/stop", {"reason": "no_news"})
    assert fresh(world, pairing).status is P.ABANDONED


def test_an_act_that_came_too_late_changes_nothing_and_is_told(app, world):
    pairing = world.pairing(P.CONFIRMED)
    member = sides(app, world, pairing)[1]
    token = member.get(f"/missions/{pairing.id}/begin").page.find("input", {"name": "csrf_token"})["value"]
    ways.begin(world, pairing)
    before = dump(world)
    member.client.post(f"/missions/{pairing.id}/refuse", data={"csrf_token": token, "reason": "skills"})
    assert dump(world) == before
    assert "no longer possible" in member.get(f"/missions/{pairing.id}").text


def test_who_was_known_and_stands_in_the_line_again_is_told_nothing_new(app, world):
    pairing = world.pairing(P.EXPIRED)
    ways.approve(world, pairing.need, pairing.volunteer)
    page = sides(app, world, pairing)[0].get(f"/missions/{pairing.id}")
    assert "In the line" not in page.text
    assert "once more" not in page.text
    assert "The time to answer is over" in page.text


@pytest.mark.parametrize("many", [1, 25])
def test_a_list_takes_a_fixed_number_of_statements(app, world, many):
    need = world.need(seats=20)
    for _ in range(many):
        world.pairing(P.APPLIED, need=need)
    coordinator = Visitor(app, world.coordinator().account)
    assert coordinator.count("/missions") <= 8
    if many > 20:
        assert "Page 1 of 2" in coordinator.get("/missions").text
        assert coordinator.get("/missions?page=2&show=before").status == 200


def test_what_waits_for_the_reader_comes_first(app, world):
    association = world.association()
    confirmed = world.pairing(P.CONFIRMED, need=world.need(association=association, title="En contact"))
    waiting = world.pairing(P.ACCEPTED, need=world.need(association=association, title="Oui reçu"))
    page = Visitor(app, world.member(association).account).get("/missions")
    assert page.text.index("Oui reçu") < page.text.index("En contact")
    assert page.text.count("Waits for you") == 1
    assert confirmed.id != waiting.id


def test_an_empty_list_says_what_will_appear(app, world):
    assert "it appears here" in Visitor(app, world.volunteer().account).get("/missions").text
