"""Numbers that a form carries: whoever they are of, nothing is opened, changed or told about what is not the sender's.

permissions.toml is about the numbers in addresses; these stand in the body.
"""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.database import transaction
from matcher.errors import NotFound
from matcher.models.pairing import Decision, Pairing
from matcher.models.states import PairingReason, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.services import line, privacy
from tests import ways
from tests.factories import World
from tests.faults.twice import Rows, differing, rows_of
from tests.web.test_my_needs import form_of
from tests.web.visiting import Visitor

UNKNOWN = 999_999
Whose = Callable[[World], int]


def of_another_branch(world: World) -> int:
    return world.volunteer(branch_id=world.branch(departments=("38",)).id).id


def erased(world: World) -> int:
    volunteer = world.volunteer()
    world.act(privacy.erase_account, world.volunteer_of(volunteer))
    return volunteer.id


def suspended(world: World) -> int:
    volunteer = world.volunteer()
    with transaction(world.session):
        volunteer.account.active = False
    return volunteer.id


def unknown(_world: World) -> int:
    return UNKNOWN


PEOPLE: tuple[Whose, ...] = (of_another_branch, erased, suspended, unknown)


@pytest.fixture
def stored(sqlite_url: str) -> Callable[[], Rows]:
    return lambda: rows_of(sqlite_url)


@pytest.mark.parametrize("whose", PEOPLE)
def test_nobody_is_put_into_a_line_by_a_number_alone(
    world: World, app: Flask, stored: Callable[[], Rows], whose: Whose
) -> None:
    need, number = world.need(), whose(world)
    desk = Visitor(app, world.coordinator().account)
    desk.get("/reviews")
    before = stored()

    answer = desk.post(f"/reviews/{need.id}/people", {"volunteer_id": number}, page="/reviews")
    aside = desk.post(f"/reviews/{need.id}/people/{number}/set-aside", {"reason": "skills"}, page="/reviews")
    name = desk.post(f"/reviews/{need.id}/people/{number}/name", page="/reviews")

    assert answer.status == 404
    assert answer.text == desk.post(f"/reviews/{UNKNOWN}/people", {"volunteer_id": number}, page="/reviews").text
    if whose in {of_another_branch, unknown}:
        assert (aside.status, name.status) == (404, 404)
        assert differing(before, stored()) == []
    world.session.rollback()
    assert world.session.query(Pairing).count() == 0


@pytest.mark.parametrize("whose", PEOPLE)
def test_the_services_ask_too(world: World, whose: Whose) -> None:
    need, number = world.need(), whose(world)
    choice = line.Choice(need.id, number)

    with pytest.raises(NotFound):
        world.act(line.approve, world.coordinator(), choice)
    with pytest.raises(NotFound):
        world.act(line.set_aside, world.coordinator(), choice, reason=PairingReason.SKILLS)

    assert world.session.query(Pairing).count() == 0


def test_somebody_of_another_branch_whom_the_ranking_shows_is_put_into_the_line(world: World) -> None:
    need, number = world.need(), of_another_branch(world)
    world.suggest(need, [world.session.get_one(Volunteer, number)])

    pairing = world.act(line.approve, world.coordinator(), line.Choice(need.id, number))

    assert pairing.status is PairingStatus.APPROVED


def test_whoever_was_suspended_meanwhile_is_not_asked_again(world: World) -> None:
    pairing = world.pairing(PairingStatus.SET_ASIDE)
    with transaction(world.session):
        pairing.volunteer.account.active = False

    with pytest.raises(NotFound):
        ways.approve(world, pairing.need, pairing.volunteer)


@pytest.mark.parametrize("kind", ["another need’s", "another branch’s", "unknown"])
def test_a_ranking_of_another_need_is_not_kept_with_a_decision(world: World, app: Flask, kind: str) -> None:
    need, person = world.need(), world.volunteer()
    far = world.branch(departments=("38",))
    other = world.need(association=world.association(far), communes=("38185",)) if "branch" in kind else world.need()
    ranking_id = UNKNOWN if kind == "unknown" else world.suggest(other, [world.volunteer(headline="Zyxomma")])
    desk = Visitor(app, world.coordinator().account)
    typed = {"volunteer_id": person.id, "ranking_id": ranking_id}

    decided = desk.post(f"/reviews/{need.id}/people", typed, page=f"/reviews/{need.id}")
    page = desk.get(str(decided.location))

    assert "Zyxomma" not in page.html
    world.session.rollback()
    kept = world.session.execute(sa.select(Decision.ranking_id, Decision.shown)).all()
    assert [tuple(row) for row in kept] == [(None, {"list": []})]


@pytest.mark.parametrize("kind", ["another need’s", "another branch’s", "unknown"])
def test_an_order_names_the_people_of_its_own_line_only(
    world: World, app: Flask, stored: Callable[[], Rows], kind: str
) -> None:
    need = world.need()
    own = [world.pairing(PairingStatus.APPROVED, need=need) for _ in range(2)]
    far = world.branch(departments=("38",))
    other = world.need(association=world.association(far), communes=("38185",)) if "branch" in kind else world.need()
    person = world.volunteer(branch_id=other.branch_id)
    theirs = world.pairing(PairingStatus.APPROVED, need=other, volunteer=person)
    foreign = UNKNOWN if kind == "unknown" else theirs.id
    desk, page = Visitor(app, world.coordinator().account), f"/reviews/{need.id}/line"
    desk.get(page)
    before = stored()

    told = set()
    for order, moved in (
        ([own[0].id, foreign], foreign),
        ([foreign, own[0].id, own[1].id], foreign),
        ([own[0].id, own[1].id], foreign),
    ):
        answer = desk.post(
            f"{page}/order", {"order": ",".join(map(str, order)), "pairing_id": moved, "to": "up"}, page=page
        )
        told.add((answer.status, answer.location))

    assert told == {(303, page)}
    assert [name for name in differing(before, stored()) if name not in {"audit_log"}] == []


@pytest.mark.parametrize("kind", ["another association’s", "another branch’s", "erased", "unknown"])
def test_only_a_member_becomes_the_contact_of_a_need(
    world: World, app: Flask, stored: Callable[[], Rows], kind: str
) -> None:
    need = world.need()
    if kind == "erased":
        contact = world.session.get_one(Volunteer, erased(world)).account_id
    elif kind == "unknown":
        contact = UNKNOWN
    else:
        branch = world.branch(departments=("38",)) if "branch" in kind else None
        contact = world.association(branch).members[0].id
    visitor, address = Visitor(app, world.member(need).account), f"/my/needs/{need.id}/edit"
    form = form_of(visitor.get(address))
    before = stored()

    answer = visitor.post(address, {**form, "contact_id": contact, "title": "Autre titre"})

    assert (answer.status, set(answer.errors())) == (422, {"contact_id"})
    assert form_of(answer)["title"] == ["Autre titre"]
    assert differing(before, stored()) == []


def test_a_suspended_member_cannot_be_made_the_contact(world: World, app: Flask) -> None:
    need = world.need()
    other = world.join(need.association, world.account())
    with transaction(world.session):
        other.account.active = False
    visitor, address = Visitor(app, world.member(need).account), f"/my/needs/{need.id}/edit"

    answer = visitor.post(address, {**form_of(visitor.get(address)), "contact_id": other.account.id})

    assert (answer.status, set(answer.errors())) == (422, {"contact_id"})


def test_whoever_leaves_closes_only_associations_of_which_she_is_the_last_member(world: World, app: Flask) -> None:
    hers, two, others = world.association(), world.association(members=2), world.association()
    world.join(two, hers.members[0])
    leaver = world.member(hers)
    numbers = (two.id, others.id, UNKNOWN)

    world.act(privacy.erase_account, leaver, closing=[hers.id, *numbers])

    world.session.rollback()
    assert [each.status.value for each in (hers, two, others)] == ["closed", "verified", "verified"]
