"""The people at the coordinator's desk: names folded, decisions on people, the mail beforehand, a logged opening."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.actors import Person
from matcher.models.audit import AuditEntry
from matcher.models.need import Need
from matcher.models.pairing import Decision, Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer
from matcher.ranking.score import Weights
from matcher.ranking.types import NeededSkill, OfferedSkill
from tests import ways
from tests.factories import World
from tests.web.visiting import Typed, Visitor


@pytest.fixture
def reader(app: Flask, world: World) -> Visitor:
    """The home branch's coordinator."""
    return Visitor(app, world.coordinator().account)


@pytest.fixture
def need(world: World) -> Need:
    """An open need."""
    return world.need(NeedStatus.OPEN)


@pytest.fixture
def person(world: World) -> Volunteer:
    """Somebody with a name to be found."""
    return world.volunteer(account=world.account(name="Hélène Dupont-Cachée"))


def pairings(world: World) -> list[Pairing]:
    """Return what was decided about people."""
    world.session.rollback()
    return list(world.session.scalars(sa.select(Pairing)))


def test_a_page_never_tells_names_or_addresses_of_the_people_suggested(
    reader: Visitor, world: World, need: Need, person: Volunteer
) -> None:
    world.suggest(need, [person])
    page = f"/reviews/{need.id}"

    for address in (
        page,
        f"{page}/people/{person.id}/preview",
        f"{page}/people/{person.id}/preview/mail",
        f"{page}/people/{person.id}/set-aside",
        f"{page}/people?words=dupont",
    ):
        answer = reader.get(address)
        assert answer.status == 200
        assert "Cachée" not in answer.html
        assert person.account.email not in answer.html


@pytest.mark.parametrize("number", [5, 20])
def test_the_desk_takes_at_most_nine_statements_however_many_are_suggested(
    reader: Visitor, world: World, need: Need, number: int
) -> None:
    world.suggest(need, [world.volunteer(skills=[OfferedSkill("Compta")]) for _ in range(number)])

    assert reader.count(f"/reviews/{need.id}") <= 9
    assert len(reader.get(f"/reviews/{need.id}").page.select("li.person")) == number


def test_opening_a_name_is_written_down_and_shows_the_contacts(
    reader: Visitor, world: World, need: Need, person: Volunteer
) -> None:
    world.suggest(need, [person])

    shown = reader.post(f"/reviews/{need.id}/people/{person.id}/name", page=f"/reviews/{need.id}")

    assert "Hélène Dupont-Cachée" in shown.text
    assert person.account.email in shown.text
    world.session.rollback()
    entry = world.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "open_name")).one()
    assert (entry.account_id, entry.subject_id) == (world.coordinator().account_id, person.id)


def test_a_name_of_another_branch_stays_closed(reader: Visitor, world: World, need: Need) -> None:
    elsewhere = world.volunteer(branch_id=world.branch(departments=("38",)).id)

    answer = reader.post(f"/reviews/{need.id}/people/{elsewhere.id}/name", page="/reviews")

    assert answer.status == 404
    assert elsewhere.account.email not in answer.html
    world.session.rollback()
    assert world.session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.action == "open_name")) == 0


def test_a_person_is_put_in_the_line_once_and_the_ranking_is_named(
    reader: Visitor, world: World, need: Need, person: Volunteer
) -> None:
    ranking_id = world.suggest(need, [person])
    typed: Typed = {"volunteer_id": person.id, "ranking_id": ranking_id}

    first = reader.post(f"/reviews/{need.id}/people", typed, page=f"/reviews/{need.id}")
    reader.post(f"/reviews/{need.id}/people", typed, page=f"/reviews/{need.id}")

    (pairing,) = pairings(world)
    assert pairing.status is PairingStatus.APPROVED
    assert world.session.scalars(sa.select(Decision.ranking_id)).all() == [ranking_id]
    assert first.location == f"/reviews/{need.id}?decided={pairing.id}"


def test_a_decision_can_be_taken_back_while_nobody_knows(
    reader: Visitor, world: World, need: Need, person: Volunteer
) -> None:
    world.suggest(need, [person])
    page = f"/reviews/{need.id}"
    decided = reader.post(f"{page}/people", {"volunteer_id": person.id}, page=page).location

    undo = reader.get(str(decided)).page.select_one("form[action$='/undo']")
    assert undo is not None
    reader.post(str(undo["action"]), page=page)
    twice = reader.post(str(undo["action"]), page=page)

    assert pairings(world) == []
    assert twice.status == 404


def test_a_decision_after_a_new_ranking_is_taken_and_the_change_is_told(
    reader: Visitor, world: World, need: Need, person: Volunteer
) -> None:
    shown = world.suggest(need, [person])
    world.session.execute(sa.text("DELETE FROM suggestions"))
    world.session.commit()
    world.suggest(need, [world.volunteer(), person])

    typed: Typed = {"volunteer_id": person.id, "ranking_id": shown}
    answer = reader.post(f"/reviews/{need.id}/people", typed, page=f"/reviews/{need.id}")

    assert pairings(world)[0].status is PairingStatus.APPROVED
    assert "this person is number 2 now" in reader.get(str(answer.location)).text


def test_setting_aside_demands_one_of_the_reasons(reader: Visitor, world: World, need: Need, person: Volunteer) -> None:
    address = f"/reviews/{need.id}/people/{person.id}/set-aside"

    assert set(reader.post(address, {"reason": "no_news"}).errors()) == {"reason"}
    for _ in range(2):
        reader.post(address, {"reason": "distance"})

    (pairing,) = pairings(world)
    assert (pairing.status, pairing.reason) == (PairingStatus.SET_ASIDE, PairingReason.DISTANCE)


def test_a_telephone_number_in_a_headline_is_not_shown_beside_the_reasons(
    reader: Visitor, world: World, need: Need
) -> None:
    person = world.volunteer(headline="Comptable, 06 12 34 56 78")

    text = reader.get(f"/reviews/{need.id}/people/{person.id}/set-aside").text

    assert "Comptable" in text
    assert "06 12 34 56 78" not in text


def test_who_only_reads_a_line_is_offered_no_name(app: Flask, reader: Visitor, world: World, need: Need) -> None:
    ways.approve(world, need, world.volunteer())
    address = f"/reviews/{need.id}/line"

    assert "Open the name" in reader.get(address).text
    assert "Open the name" not in Visitor(app, world.administrator().account).get(address).text


def test_the_mail_beforehand_stands_in_a_frame_that_can_do_nothing(
    reader: Visitor, need: Need, person: Volunteer
) -> None:
    address = f"/reviews/{need.id}/people/{person.id}/preview"

    frame = reader.get(address).page.select_one("iframe")
    assert frame is not None
    assert "sandbox" in frame.attrs
    assert not frame["sandbox"]
    assert frame["src"] == f"{address}/mail"
    policy = reader.client.get(f"{address}/mail").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "frame-ancestors 'self'" in policy


def test_somebody_known_by_name_is_found_without_telling_it_written_down_and_put_forward(
    reader: Visitor, world: World, need: Need, person: Volunteer
) -> None:
    page = f"/reviews/{need.id}/people"

    found = reader.post(f"{page}/named", {"name": "helene CACHÉE"}, page=page)
    assert "1 person found" in found.text
    assert "Hélène" not in found.html
    reader.post(page, {"volunteer_id": person.id}, page=page)

    assert pairings(world)[0].volunteer_id == person.id
    entry = world.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "find_by_name")).one()
    assert (entry.account_id, entry.subject_id) == (world.coordinator().account_id, person.id)


@pytest.mark.parametrize("letters", ["hel", "elen", "helene dup", "h", "%", "dupon_", "é"])
def test_no_name_is_spelled_out(reader: Visitor, world: World, need: Need, person: Volunteer, letters: str) -> None:
    page = f"/reviews/{need.id}/people"
    assert world.session.get(Volunteer, person.id).account.name == "Hélène Dupont-Cachée"

    assert "0 people found" in reader.post(f"{page}/named", {"name": letters}, page=page).text
    assert "0 people found" in reader.get(f"{page}?words=helene").text, "what changes nothing looks at no name"


def test_a_coordinator_does_not_decide_about_herself(app: Flask, world: World, need: Need) -> None:
    herself: Person = world.coordinator()
    own = world.volunteer(account=herself.account)
    world.suggest(need, [own])
    reader = Visitor(app, herself.account)
    page = reader.get(f"/reviews/{need.id}").page

    assert "This is you: another coordinator decides." in page.get_text()
    assert not page.select("li.person form")
    assert reader.post(f"/reviews/{need.id}/people", {"volunteer_id": own.id}, page="/reviews").status == 403
    assert pairings(world) == []


def test_skills_are_told_as_matched_otherwise_named_or_missing(reader: Visitor, world: World) -> None:
    asked = [NeededSkill("Comptabilité"), NeededSkill("Reliure"), NeededSkill("Poterie")]
    need = world.need(NeedStatus.OPEN, skills=asked)
    person = world.volunteer(skills=[OfferedSkill("Comptabilités de club"), OfferedSkill("poterie")])
    world.suggest(need, [person])
    reasons = [
        {"code": "matched_skills", "labels": ["Poterie"]},
        {"code": "near_skills", "labels": ["Comptabilité"], "said": ["Comptabilités de club"]},
        {"code": "missing_skills", "labels": ["Reliure"]},
        {"code": "held_back", "part": "distance", "lost": 0.05},
    ]
    world.session.execute(sa.update(Suggestion).values(reasons={"list": reasons}))
    world.session.commit()

    page = reader.get(f"/reviews/{need.id}").page
    shown = page.select("li.person .chip")
    chips = {str(chip["class"][-1]): " ".join(chip.get_text().split()) for chip in shown}

    assert chips["chip-missing"].startswith("Reliure")
    assert "Comptabilités de club" in chips["chip-synonym"]
    assert "is close to" in chips["chip-synonym"]
    assert chips["chip"].startswith("Poterie")
    words = page.select_one("li.person").get_text()
    assert "(“Comptabilités de club” in the profile)" in words
    assert "what lowers the score most: the distance (5 points of 100 lost)" in words


def test_the_points_of_the_parts_add_up_to_the_score_that_is_shown(reader: Visitor, world: World, need: Need) -> None:
    world.suggest(need, [world.volunteer()])
    contributions = dict(zip(Weights.names(), (0.1049, 0.0249, 0.0149, 0.0949, 0.0449, 0.0249, 0.0249), strict=True))
    stored = {"contributions": contributions, "score": sum(contributions.values())}
    world.session.execute(sa.update(Suggestion).values(stored))
    world.session.commit()

    page = reader.get(f"/reviews/{need.id}").page

    summary = page.select_one("li.person summary").get_text()
    points = [int(each.get_text().split()[-1]) for each in page.select("li.person .score-words li")]
    assert summary == f"Score: {sum(points)} of 100"
    assert sum(points) == round(100 * sum(contributions.values())) == 33
    assert len(points) == len(Weights.names())
    assert "by the formula" in page.get_text()
