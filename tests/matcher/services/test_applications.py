"""Volunteers who apply of their own accord: who may, once again, and what the coordinator makes of it."""

from datetime import UTC, datetime

import pytest

from matcher.errors import (
    AddressNotConfirmed,
    AlreadyAnswered,
    ConflictOfInterest,
    NeedIsFilled,
    NeedIsNotOpen,
    NotAllowed,
    NotFound,
    OnceOnly,
    OwnAssociation,
    ProfileIsMissing,
)
from matcher.models.deadline import Clock
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.services import answers, applications, line
from tests import ways
from tests.factories import World

S = PairingStatus


def test_an_application_has_a_receipt(world: World) -> None:
    need, volunteer = world.need(), world.volunteer()
    world.forget_mails()

    pairing = ways.apply(world, need, volunteer)

    assert (pairing.status, pairing.motivation, pairing.is_known_to_her) == (S.APPLIED, "J’aimerais aider.", True)
    assert world.mails() == {("application_received", volunteer.account_id)}


def test_an_application_waits_5_then_10_working_days_aloud_and_never_expires(world: World) -> None:
    administrator = world.administrator()
    pairing = world.pairing(S.APPLIED)
    world.forget_mails()

    world.fire(pairing, Clock.APPLICATION_WAITS)
    assert world.now == datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
    assert world.mails() == set(), "the coordinator reads it in her morning mail"
    world.fire(pairing, Clock.APPLICATION_WAITS_LONG)

    assert world.now == datetime(2026, 9, 21, 8, 0, tzinfo=UTC)
    assert world.mails() == {
        ("application_waits_administrators", administrator.account.id),
        ("application_late", pairing.volunteer.account_id),
    }
    assert pairing.status is S.APPLIED


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (NeedStatus.DRAFT, NotFound),
        (NeedStatus.SUBMITTED, NotFound),
        (NeedStatus.ON_HOLD, NotFound),
        (NeedStatus.CLOSED, NotFound),
        (NeedStatus.FILLED, NeedIsFilled),
    ],
)
def test_only_an_open_need_takes_applications(world: World, status: NeedStatus, error: type[Exception]) -> None:
    with pytest.raises(error):
        ways.apply(world, world.need(status), world.volunteer())


def test_a_held_need_that_she_knows_says_that_it_is_not_open(world: World) -> None:
    pairing = world.pairing(S.WITHDRAWN)
    ways.hold(world, pairing.need)

    with pytest.raises(NeedIsNotOpen):
        ways.apply(world, pairing.need, pairing.volunteer)


def test_nobody_applies_to_her_own_association_without_a_profile_or_a_confirmed_address(world: World) -> None:
    need = world.need()
    member = world.volunteer(account=world.member(need).account)
    unconfirmed = world.volunteer(account=world.account(is_confirmed=False))

    with pytest.raises(OwnAssociation):
        ways.apply(world, need, member)
    with pytest.raises(AddressNotConfirmed):
        ways.apply(world, need, unconfirmed)
    with pytest.raises(ProfileIsMissing):
        world.act(applications.apply, world.person(), need_id=need.id, motivation="")


@pytest.mark.parametrize("status", [S.APPROVED, S.INVITED])
def test_who_is_in_the_line_says_yes_by_applying(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)
    world.forget_mails()

    ways.apply(world, pairing.need, pairing.volunteer)

    assert pairing.status is S.ACCEPTED
    assert ("yes_receipt", pairing.volunteer.account_id) in world.mails()


@pytest.mark.parametrize("status", [S.APPLIED, S.ACCEPTED, S.RESERVE, S.CONFIRMED, S.ACTIVE])
def test_a_second_click_changes_nothing(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status, need=world.need(seats=2))
    world.forget_mails()

    ways.apply(world, pairing.need, pairing.volunteer)

    assert pairing.status is status
    assert world.mails() == set()


@pytest.mark.parametrize("status", [S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.RELEASED, S.SET_ASIDE])
def test_she_may_apply_again_once(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)

    ways.apply(world, pairing.need, pairing.volunteer)
    assert pairing.status is S.APPLIED
    ways.withdraw(world, pairing)
    with pytest.raises(OnceOnly):
        ways.apply(world, pairing.need, pairing.volunteer)


@pytest.mark.parametrize("status", [S.REFUSED, S.ABANDONED, S.COMPLETED])
def test_after_a_refusal_or_a_mission_she_does_not_apply_again(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status, need=world.need(seats=2))

    with pytest.raises(AlreadyAnswered):
        ways.apply(world, pairing.need, pairing.volunteer)


def test_set_aside_after_her_application_she_is_told_and_does_not_apply_again(world: World) -> None:
    pairing = world.pairing(S.APPLIED)
    world.forget_mails()
    ways.set_aside(world, pairing.need, pairing.volunteer)

    assert world.mails() == {("set_aside", pairing.volunteer.account_id)}
    with pytest.raises(AlreadyAnswered):
        ways.apply(world, pairing.need, pairing.volunteer)


def test_an_application_taken_up_holds_a_seat_without_an_invitation(world: World) -> None:
    pairing = world.pairing(S.APPLIED)
    world.forget_mails()

    world.act(applications.take_up, world.coordinator(), pairing_id=pairing.id)

    assert (pairing.status, pairing.need.held) == (S.ACCEPTED, 1)
    assert world.mails() == {
        ("application_accepted", pairing.volunteer.account_id),
        ("yes_to_contact", world.member(pairing).account.id),
    }


def test_an_application_taken_up_without_a_free_seat_joins_the_reserve(world: World) -> None:
    held = world.pairing(S.ACCEPTED)
    pairing = world.pairing(S.APPLIED, need=held.need)
    world.forget_mails()

    world.act(applications.take_up, world.coordinator(), pairing_id=pairing.id)

    assert pairing.status is S.RESERVE
    assert world.mails() == {("application_reserved", pairing.volunteer.account_id)}


def test_only_a_coordinator_without_a_part_in_it_takes_an_application_up(world: World) -> None:
    pairing = world.pairing(S.APPLIED)

    for actor, error in ((world.person(), NotFound), (world.member(pairing), NotFound)):
        with pytest.raises(error):
            world.act(applications.take_up, actor, pairing_id=pairing.id)
    with pytest.raises(NotAllowed):
        world.act(applications.take_up, world.volunteer_of(pairing), pairing_id=pairing.id)


def test_a_coordinator_does_not_judge_her_own_application(world: World) -> None:
    herself = world.volunteer(account=world.coordinator().account)
    pairing = world.pairing(S.APPLIED, volunteer=herself)

    with pytest.raises(ConflictOfInterest):
        world.act(applications.take_up, world.coordinator(), pairing_id=pairing.id)
    choice = line.Choice(pairing.need_id, herself.id)
    with pytest.raises(ConflictOfInterest):
        world.act(line.set_aside, world.coordinator(), choice, reason=PairingReason.SKILLS)


def test_an_application_is_withdrawn_freely(world: World) -> None:
    pairing = world.pairing(S.APPLIED)
    world.forget_mails()

    world.act(answers.withdraw, world.volunteer_of(pairing), pairing_id=pairing.id)

    assert pairing.status is S.WITHDRAWN
    assert world.mails() == {("withdrawn_coordinator", world.coordinator().account.id)}
