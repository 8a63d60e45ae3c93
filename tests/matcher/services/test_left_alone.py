"""An association that nobody acts for any more: the coordinators of its branch answer who asks to, and only then."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Person
from matcher.database import transaction
from matcher.errors import ConflictOfInterest, NotFound
from matcher.models.account import Account
from matcher.models.association import Association, Membership, PendingMembership
from matcher.models.branch import BranchCoordinator
from matcher.models.need import Need
from matcher.models.states import HoldReason, NeedStatus
from matcher.queries import associations as queries
from matcher.services import memberships, needs, privacy, rights
from tests.database import Sessions
from tests.factories import NOW, World
from tests.matcher.services.test_erasing_at_once import Meeting
from tests.matcher.services.test_rights import CONDUCT


def left_alone(world: World) -> Association:
    """An association with an open need, whose only member has erased her account."""
    need = world.need()
    world.act(privacy.erase_account, world.member(need))
    world.session.expire_all()
    assert need.association.memberships == []
    return need.association


def ask(world: World, association: Association, person: Person | None = None) -> int:
    """Let somebody ask to act for it; the number of her request."""
    person = person or world.person()
    world.act(memberships.ask_to_join, person, association_id=association.id)
    hers = PendingMembership.email == person.account.email
    return world.session.scalars(sa.select(PendingMembership.id).where(hers)).one()


def colleague_of(world: World) -> Person:
    """A second coordinator of the home branch."""
    second = world.account()
    world.home.coordinators.append(BranchCoordinator(account=second))
    world.session.commit()
    return Person(second)


def told(world: World) -> list[tuple[object, object]]:
    rows = world.messages("send_account_mail")
    return [(row.payload["code"], row.payload["address"]) for row in rows]


def members(world: World, association: Association) -> set[int]:
    world.session.rollback()
    return set(
        world.session.scalars(sa.select(Membership.account_id).where(Membership.association_id == association.id))
    )


def test_a_coordinator_admits_and_what_had_not_ended_has_a_contact_again(any_world: World) -> None:
    association, asker = left_alone(any_world), any_world.person()
    need = any_world.session.scalars(sa.select(Need)).one()
    assert (need.status, need.hold_reason) == (NeedStatus.ON_HOLD, HoldReason.ASSOCIATION_WITHOUT_MEMBER)

    any_world.act(memberships.admit, any_world.coordinator(), pending_id=ask(any_world, association, asker))

    assert members(any_world, association) == {asker.account.id}
    assert ("membership_admitted", asker.account.email) in told(any_world)
    assert need.contact_id == asker.account.id
    any_world.act(needs.resume, asker, need_id=need.id)
    assert need.status is NeedStatus.OPEN


def test_a_coordinator_turns_down_and_who_asked_is_told(world: World) -> None:
    association, asker = left_alone(world), world.person()
    pending_id, coordinator = ask(world, association, asker), world.coordinator()

    for _ in range(2):
        world.act(memberships.drop, coordinator, pending_id=pending_id)

    assert members(world, association) == set()
    assert told(world).count(("membership_declined", asker.account.email)) == 1


@pytest.mark.parametrize("act", [memberships.admit, memberships.drop])
def test_nobody_else_answers(world: World, act: object) -> None:
    association = left_alone(world)
    pending_id = ask(world, association)
    elsewhere = world.coordinator(world.branch(departments=["33"]))
    strangers: list[Actor] = [world.person(), elsewhere, world.administrator(), world.member(world.association())]

    for stranger in strangers:
        with pytest.raises(NotFound):
            world.act(act, stranger, pending_id=pending_id)
        assert queries.waiting_members(world.session, stranger, association) == []
    assert members(world, association) == set()


def test_a_coordinator_does_not_answer_her_own_request(world: World) -> None:
    association, coordinator, colleague = left_alone(world), world.coordinator(), colleague_of(world)
    pending_id = ask(world, association, coordinator)

    with pytest.raises(ConflictOfInterest):
        world.act(memberships.admit, coordinator, pending_id=pending_id)
    assert queries.left_alone(world.session, coordinator) == []
    assert queries.left_alone(world.session, colleague) == [association]
    world.act(memberships.admit, colleague, pending_id=pending_id)
    assert members(world, association) == {coordinator.account.id}


def test_while_a_member_can_answer_no_coordinator_does(world: World) -> None:
    association = world.association(members=2)
    pending_id, coordinator = ask(world, association), world.coordinator()
    first, second = association.members

    def refused() -> None:
        with pytest.raises(NotFound):
            world.act(memberships.admit, coordinator, pending_id=pending_id)
        with pytest.raises(NotFound):
            world.act(memberships.drop, coordinator, pending_id=pending_id)
        assert queries.left_alone(world.session, coordinator) == []

    refused()
    suspend(world, first)
    refused()
    suspend(world, second)
    assert queries.left_alone(world.session, coordinator) == [association]
    world.act(memberships.admit, coordinator, pending_id=pending_id)
    assert len(members(world, association)) == 3


def suspend(world: World, account: Account) -> None:
    world.act(rights.suspend, world.administrator(), account_id=account.id, reason=CONDUCT)
    world.session.expire_all()


def test_invitations_that_wait_are_no_business_of_the_coordinators(world: World) -> None:
    association = world.association()
    guest = {"association_id": association.id, "email": "guest@example.org"}
    world.act(memberships.invite, world.member(association), **guest)
    suspend(world, association.members[0])
    pending = world.session.scalars(sa.select(PendingMembership)).one()

    assert queries.waiting_members(world.session, world.coordinator(), association) == []
    for act in (memberships.admit, memberships.drop):
        with pytest.raises(NotFound):
            world.act(act, world.coordinator(), pending_id=pending.id)


def test_of_two_requests_admitted_at_once_the_second_is_for_the_new_member_to_answer(
    any_world: World, any_sessions: Sessions
) -> None:
    association = left_alone(any_world)
    first, second = ask(any_world, association), ask(any_world, association)
    here, there = any_world.coordinator().account.id, colleague_of(any_world).account.id
    association_id = association.id
    any_world.session.rollback()

    def admit(pending_id: int) -> object:
        return lambda session, person: memberships.admit(session, person, NOW, pending_id=pending_id)

    with any_sessions() as session, transaction(session):
        memberships.admit(session, person_of(session, here), NOW, pending_id=first)
        with Meeting(any_sessions, there).second(session, admit(second)) as met:
            session.commit()
            assert met.result(timeout=60) == "not_found"

    assert len(members(any_world, any_world.session.get_one(Association, association_id))) == 1


def person_of(session: Session, account_id: int) -> Person:
    return Person(session.get_one(Account, account_id))
