"""Pages of associations: members, invitations, requests, leaving, and a coordinator's list and word."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.models.account import Account
from matcher.models.association import Association, AssociationStatus, Membership, PendingMembership
from matcher.models.states import NeedStatus
from tests.factories import World
from tests.web import mailed
from tests.web.visiting import Answer, Visitor


def members_of(world: World, association: Association) -> set[int]:
    world.session.rollback()
    rows = sa.select(Membership.account_id).where(Membership.association_id == association.id)
    return set(world.session.scalars(rows))


def pending(world: World) -> list[PendingMembership]:
    world.session.rollback()
    return list(world.session.scalars(sa.select(PendingMembership)))


def invite(app: Flask, world: World, association: Association, email: str) -> Answer:
    page = f"/associations/{association.id}"
    return Visitor(app, world.member(association).account).post(f"{page}/invite", {"email": email}, page=page)


def press(app: Flask, account: Account, address: str) -> Answer:
    return Visitor(app, account).post(address, page="/account")


def test_an_invited_address_is_written_to_and_joins_once_it_is_hers(world: World, app: Flask) -> None:
    association, guest = world.association(), world.account()

    assert invite(app, world, association, guest.email.upper()).status == 303
    assert mailed.codes(world) == [("member_invited", guest.email)]
    assert mailed.link(app, world, "member_invited") == "/associations/invitations"
    accept = f"/associations/invitations/{pending(world)[0].id}/accept"
    assert press(app, world.account(), accept).status == 404
    assert press(app, guest, accept).status == 303
    assert guest.id in members_of(world, association)
    assert pending(world) == []


def test_inviting_twice_writes_once(world: World, app: Flask) -> None:
    association = world.association()

    answers = [invite(app, world, association, "jean@example.org").status for _ in range(2)]

    assert answers == [303, 303]
    assert len(mailed.codes(world)) == 1


def test_an_unconfirmed_account_neither_invites_nor_accepts(world: World, app: Flask) -> None:
    association, guest = world.association(), world.account(is_confirmed=False)
    invite(app, world, association, guest.email)
    newcomer = world.join(association, world.account(is_confirmed=False)).account
    page = f"/associations/{association.id}"

    assert press(app, guest, f"/associations/invitations/{pending(world)[0].id}/accept").status == 403
    answer = Visitor(app, newcomer).post(f"{page}/invite", {"email": "a@example.org"}, page=page)
    assert answer.status == 403
    assert len(mailed.codes(world)) == 1


def test_a_person_asks_and_a_member_admits_her(world: World, app: Flask) -> None:
    association, asker = world.association(), world.account()

    Visitor(app, asker).post("/associations/join", {"known": association.name})
    assert mailed.codes(world) == [("membership_asked", association.members[0].email)]
    admit = f"/associations/pending/{pending(world)[0].id}/admit"
    assert press(app, asker, admit).status == 404
    assert press(app, association.members[0], admit).status == 303
    assert asker.id in members_of(world, association)


def test_an_invited_person_cannot_be_admitted_by_others(world: World, app: Flask) -> None:
    association, guest = world.association(), world.account()
    invite(app, world, association, guest.email)

    admit = f"/associations/pending/{pending(world)[0].id}/admit"

    assert press(app, association.members[0], admit).status == 404
    assert guest.id not in members_of(world, association)


def test_strangers_cannot_drop_what_waits(world: World, app: Flask) -> None:
    association, unproven = world.association(), world.account(is_confirmed=False)
    invite(app, world, association, unproven.email)
    drop = f"/associations/pending/{pending(world)[0].id}/drop"

    assert press(app, world.account(), drop).status == 404
    assert press(app, unproven, drop).status == 404
    assert len(pending(world)) == 1
    assert press(app, association.members[0], drop).status == 303
    assert press(app, association.members[0], drop).status == 303
    assert pending(world) == []


def test_the_last_member_does_not_leave(world: World, app: Flask) -> None:
    association = world.association(members=2)
    first, last = association.members
    leave = f"/associations/{association.id}/leave"

    assert press(app, first, leave).status == 303
    assert press(app, last, leave).status == 409
    assert members_of(world, association) == {last.id}


def test_members_change_what_the_association_says_and_others_do_not(world: World, app: Flask) -> None:
    association = world.association()
    path = f"/associations/{association.id}/edit"
    typed = {"name": "Les Amis du Lac", "description": "Nous nageons.", "commune": "Lyon"}

    answer = Visitor(app, association.members[0]).post(path, typed)

    assert answer.status == 303, answer.errors()
    world.session.rollback()
    world.session.refresh(association)
    assert (association.name, association.commune) == ("Les Amis du Lac", "69123")
    assert press(app, world.account(), path).status == 404


@pytest.mark.parametrize("field", ["name", "description", "commune"])
def test_wrong_fields_are_named_and_what_was_typed_stays(world: World, app: Flask, field: str) -> None:
    association = world.association()
    typed = {"name": "Amis", "description": "Lac", "commune": "Lyon", field: "nul\x00"}

    answer = Visitor(app, association.members[0]).post(f"/associations/{association.id}/edit", typed)

    assert (answer.status, set(answer.errors())) == (422, {field})


def test_everybody_sees_a_verified_association_and_its_open_needs_but_no_member(world: World, app: Flask) -> None:
    need = world.need(NeedStatus.OPEN, title="Relire nos statuts")
    draft = world.need(NeedStatus.DRAFT, association=need.association, title="Secret")

    text = Visitor(app).get(f"/associations/{need.association_id}").text

    assert need.title in text
    assert draft.title not in text
    assert world.member(need).account.email not in text


@pytest.mark.parametrize("status", [AssociationStatus.UNVERIFIED, AssociationStatus.SUSPENDED])
def test_an_association_that_nobody_vouches_for_is_not_public(
    world: World, app: Flask, status: AssociationStatus
) -> None:
    association = world.association(status=status)

    assert Visitor(app).get(f"/associations/{association.id}").status == 404


def test_a_coordinator_lists_her_branch_with_those_to_verify_first(world: World, app: Flask) -> None:
    world.association()
    waiting = world.association(status=AssociationStatus.UNVERIFIED)
    world.association(world.branch(departments=("38",)))
    visitor = Visitor(app, world.coordinator().account)

    names = [title.get_text() for title in visitor.get("/associations").page.select("ul.rows h2")]

    assert names[0] == waiting.name
    assert len(names) == 2
    assert "1 association" in visitor.get("/associations?state=unverified").text


def test_the_list_takes_a_fixed_number_of_statements(world: World, app: Flask) -> None:
    for _ in range(3):
        world.association()
    visitor = Visitor(app, world.coordinator().account)
    few = visitor.count("/associations")
    for _ in range(19):
        world.association()

    assert visitor.count("/associations") == few <= 12


def test_a_coordinator_verifies_and_a_member_cannot(world: World, app: Flask) -> None:
    association = world.association(status=AssociationStatus.UNVERIFIED)
    path = f"/associations/{association.id}/verify"

    assert press(app, association.members[0], path).status == 403
    assert press(app, world.coordinator().account, path).status == 303
    world.session.rollback()
    world.session.refresh(association)
    assert association.is_verified


def test_a_coordinator_does_not_verify_her_own_association(world: World, app: Flask) -> None:
    association = world.association(status=AssociationStatus.UNVERIFIED)
    coordinator = world.coordinator().account
    world.join(association, coordinator)

    assert press(app, coordinator, f"/associations/{association.id}/verify").status == 403


def test_names_are_offered_of_verified_associations_only(world: World, app: Flask) -> None:
    known = world.association()
    world.association(status=AssociationStatus.UNVERIFIED)

    offered = Visitor(app).client.get("/associations/names?q=Assoc").get_json()

    assert [one["value"] for one in offered] == [known.name]
