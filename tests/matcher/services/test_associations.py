"""Who acts for an association: how many may be invited, whom a request follows, what closes the door."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from matcher.errors import (
    AddressNotConfirmed,
    AssociationIsSuspended,
    LastMember,
    NotFound,
    TooManyWaiting,
    UnknownCommune,
)
from matcher.models.association import Association, AssociationStatus, PendingMembership
from matcher.models.audit import VolunteerChange
from matcher.models.states import NeedStatus
from matcher.services import associations, memberships
from matcher.services.associations import AssociationContent
from matcher.services.memberships import MOST_PENDING, MOST_UNVERIFIED
from tests.factories import World


def waiting(world: World) -> PendingMembership:
    return world.session.scalars(sa.select(PendingMembership)).one()


def test_an_association_belongs_to_the_branch_of_its_seat(world: World) -> None:
    person = world.person(is_confirmed=False)
    here = world.act(associations.found, person, content=AssociationContent("Lac", "Nager", commune="69123"))
    nowhere = world.act(associations.found, person, content=AssociationContent("Mer", "Voguer"))

    assert (here.branch_id, nowhere.branch_id) == (world.home.id, world.national.id)
    with pytest.raises(UnknownCommune):
        world.act(associations.found, person, content=AssociationContent("Lac", "Nager", commune="00000"))


def test_only_so_many_invitations_wait_at_a_time(world: World) -> None:
    association = world.association()
    for n in range(MOST_PENDING):
        invited = {"association_id": association.id, "email": f"n{n}@example.org"}
        assert world.act(memberships.invite, world.member(association), **invited)

    with pytest.raises(TooManyWaiting):
        world.act(memberships.invite, world.member(association), association_id=association.id, email="one@example.org")


def test_fewer_wait_while_nobody_has_vouched_for_it_and_none_when_it_is_suspended(world: World) -> None:
    unknown = world.association(status=AssociationStatus.UNVERIFIED)
    suspended = world.association(status=AssociationStatus.SUSPENDED)
    for n in range(MOST_UNVERIFIED):
        world.act(memberships.invite, world.member(unknown), association_id=unknown.id, email=f"n{n}@example.org")

    with pytest.raises(TooManyWaiting):
        world.act(memberships.invite, world.member(unknown), association_id=unknown.id, email="one@example.org")
    with pytest.raises(AssociationIsSuspended):
        world.act(memberships.invite, world.member(suspended), association_id=suspended.id, email="one@example.org")
    content = AssociationContent("Autre nom", "Nager")
    with pytest.raises(AssociationIsSuspended):
        world.act(associations.edit, world.member(suspended), association_id=suspended.id, content=content)


@pytest.mark.parametrize(
    ("changed", "is_looked_at"),
    [
        ({"description": "Autre chose"}, False),
        ({"language": "en"}, False),
        ({"name": "Croix-Rouge"}, True),
        ({"registration": "W691099999"}, True),
        ({"commune": "69123"}, True),
    ],
)
def test_a_verified_association_that_says_it_is_another_is_looked_at_again(
    world: World, changed: dict[str, str], is_looked_at: bool
) -> None:
    need = world.need()
    association = need.association
    filled = world.need(NeedStatus.FILLED, association=association)
    before = AssociationContent(
        association.name, association.description, association.registration, association.commune, association.language
    )
    world.act(associations.edit, world.member(need), association_id=association.id, content=before)
    assert association.is_verified

    content = replace(before, **changed)
    world.act(associations.edit, world.member(need), association_id=association.id, content=content)

    assert association.is_verified is not is_looked_at
    assert (need.line_waits, filled.line_waits) == (is_looked_at, False)


def test_a_request_follows_the_person_to_her_new_address(world: World) -> None:
    association, person = world.association(), world.person()
    world.act(memberships.ask_to_join, person, association_id=association.id)

    world.session.rollback()
    memberships.follow_address(world.session, old=person.account.email, new="new@example.org")

    assert world.session.scalars(sa.select(PendingMembership.email)).all() == ["new@example.org"]


def test_who_asks_is_admitted_only_with_a_confirmed_address(world: World) -> None:
    association, person = world.association(), world.person(is_confirmed=False)
    assert world.act(memberships.ask_to_join, person, association_id=association.id)
    assert not world.act(memberships.ask_to_join, person, association_id=association.id)

    with pytest.raises(NotFound):
        world.act(memberships.admit, world.member(association), pending_id=waiting(world).id)
    with pytest.raises(AddressNotConfirmed):
        world.act(memberships.accept_invitation, person, pending_id=waiting(world).id)


def test_a_closed_association_takes_no_request(world: World) -> None:
    association = world.association(status=AssociationStatus.CLOSED)

    with pytest.raises(NotFound):
        world.act(memberships.ask_to_join, world.person(), association_id=association.id)


def test_joining_and_leaving_tell_the_rankers(world: World) -> None:
    association, volunteer = world.association(), world.volunteer()
    person = world.volunteer_of(volunteer)
    world.act(memberships.ask_to_join, person, association_id=association.id)
    world.act(memberships.admit, world.member(association), pending_id=waiting(world).id)
    world.act(memberships.leave, person, association_id=association.id)
    world.act(memberships.leave, person, association_id=association.id)

    assert world.session.scalars(sa.select(VolunteerChange.volunteer_id)).all() == [volunteer.id, volunteer.id]


def test_the_last_member_stays(any_world: World) -> None:
    association = any_world.association()

    with pytest.raises(LastMember):
        any_world.act(memberships.leave, any_world.member(association), association_id=association.id)
    assert any_world.session.get_one(Association, association.id).memberships != []
