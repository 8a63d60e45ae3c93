"""Signing up for an association, and what an account may do before its address is confirmed."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.errors import AddressNotConfirmed
from matcher.models.account import Account
from matcher.models.association import Association, PendingMembership
from matcher.models.states import NeedStatus
from matcher.services import needs
from tests.factories import World
from tests.web import mailed
from tests.web.visiting import Typed, Visitor

MARIE: Typed = {
    "name": "Marie Dupont",
    "email": "marie@example.org",
    "password": "quatre chevaux bleus",
    "is_adult": "y",
}


def test_a_new_association_comes_with_its_first_member(world: World, app: Flask) -> None:
    typed = {"which": "new", "association_name": "Les Amis du Lac", "commune": "Lyon", "description": "Nous nageons."}
    answer = Visitor(app).post("/register/association", {**MARIE, **typed}, page="/register?as=association")

    assert answer.status == 200, answer.errors()
    association = world.session.scalars(sa.select(Association)).one()
    assert [member.email for member in association.members] == ["marie@example.org"]
    assert (association.branch_id, association.is_verified) == (world.home.id, False)


def test_members_hear_of_a_request_only_when_the_address_is_confirmed(world: World, app: Flask) -> None:
    association = world.association()
    typed = {"which": "here", "known": association.name}
    Visitor(app).post("/register/association", {**MARIE, **typed}, page="/register?as=association")
    assert [code for code, _ in mailed.codes(world)] == ["confirm_address"]

    Visitor(app).post(mailed.link(app, world, "confirm_address"), {"password": str(MARIE["password"])})

    assert mailed.codes(world)[-1] == ("membership_asked", association.members[0].email)
    assert world.session.scalars(sa.select(PendingMembership.email)).all() == ["marie@example.org"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"which": "new"}, {"association_name", "description"}),
        ({"which": "here"}, {"known"}),
        ({"which": "here", "known": "Nobody knows it"}, {"known"}),
        ({"which": "new", "association_name": "A", "description": "B", "commune": "Nowhere"}, {"commune"}),
    ],
)
def test_each_way_to_name_the_association_asks_for_its_own_fields(
    app: Flask, world: World, typed: Typed, wrong: set[str]
) -> None:
    answer = Visitor(app).post("/register/association", {**MARIE, **typed}, page="/register?as=association")

    assert (answer.status, set(answer.errors())) == (422, wrong)
    assert world.session.scalars(sa.select(Account.id).where(Account.email == "marie@example.org")).all() == []


def test_an_unconfirmed_member_writes_a_draft_and_may_not_submit_it(world: World, app: Flask) -> None:
    association = world.association()
    newcomer = world.join(association, world.account(is_confirmed=False))
    need = world.need(NeedStatus.DRAFT, association=association)
    visitor = Visitor(app, newcomer.account)

    assert "is not confirmed yet" in visitor.get("/account").text
    answer = visitor.post("/confirm/again", page="/account")

    assert answer.status == 303
    assert [code for code, _ in mailed.codes(world)] == ["confirm_address"]
    with pytest.raises(AddressNotConfirmed):
        world.act(needs.submit, newcomer, need_id=need.id)
