"""From the association's yes to the end of a mission: confirm, begin, object, « finalement non »."""

from datetime import UTC, datetime, timedelta

import pytest

from matcher.errors import (
    ConflictOfInterest,
    InvalidDates,
    InvalidHours,
    NotAllowed,
    NotFound,
    TooLate,
)
from matcher.links import Subject
from matcher.models.branch import BranchCoordinator
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.pairing import Pairing, Side
from matcher.models.states import Door, NeedStatus, PairingReason, PairingStatus
from matcher.services import clocks, missions
from matcher.services.missions import Plan
from tests import ways
from tests.factories import World

S = PairingStatus
REASON = PairingReason.NO_AGREEMENT


def _both(world: World, pairing: Pairing, code: str) -> set[tuple[str, int]]:
    return {(code, pairing.volunteer.account_id), (code, world.member(pairing).account.id)}


def _coordinator(world: World, code: str) -> set[tuple[str, int]]:
    return {(code, world.coordinator().account.id)}


def test_a_confirmation_opens_the_contacts_and_tells_both_and_the_coordinator(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED, need=world.need(seats=2))
    holder = world.holder(LinkPurpose.REPLY_TO_YES, world.member(pairing).account, Subject(pairing_id=pairing.id))
    world.forget_mails()

    for actor in (holder, world.member(pairing)):
        world.act(missions.confirm, actor, pairing_id=pairing.id)

    assert (pairing.status, pairing.contacts_are_open) == (S.CONFIRMED, True)
    assert (pairing.need.held, pairing.need.taken, pairing.need.status) == (0, 1, NeedStatus.OPEN)
    assert world.mails() == _both(world, pairing, "introduced") | _coordinator(world, "confirmed_coordinator")


def test_a_coordinator_confirms_by_telephone_and_does_not_refuse(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)

    with pytest.raises(NotAllowed):
        world.act(missions.refuse, world.coordinator(), pairing_id=pairing.id, reason=REASON)
    world.act(missions.confirm, world.coordinator(), pairing_id=pairing.id)

    assert pairing.events[-1].door is Door.TELEPHONE


def test_nobody_else_confirms(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)
    world.home.coordinators.append(BranchCoordinator(account=pairing.volunteer.account))
    world.session.commit()

    for stranger in (world.person(), world.member(world.association()), world.coordinator(world.national)):
        with pytest.raises(NotFound):
            world.act(missions.confirm, stranger, pairing_id=pairing.id)
    with pytest.raises(ConflictOfInterest):
        world.act(missions.confirm, world.volunteer_of(pairing), pairing_id=pairing.id)


def test_a_kind_refusal_frees_the_seat_and_tells_her(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)
    world.forget_mails()

    world.act(missions.refuse, world.member(pairing), pairing_id=pairing.id, reason=PairingReason.DISTANCE)

    assert (pairing.status, pairing.reason, pairing.need.held) == (S.REFUSED, PairingReason.DISTANCE, 0)
    assert world.mails() == {("refused_kindly", pairing.volunteer.account_id)}
    assert len(world.messages("advance_line")) == 1


def test_either_side_begins_and_the_mission_is_active_at_once(world: World) -> None:
    for side in (Side.ASSOCIATION, Side.VOLUNTEER):
        pairing = world.pairing(S.CONFIRMED)
        actor = world.member(pairing) if side is Side.ASSOCIATION else world.volunteer_of(pairing)
        world.forget_mails()

        world.act(missions.begin, actor, pairing_id=pairing.id, plan=ways.plan(world))

        assert (pairing.status, pairing.begun_by, pairing.planned_hours) == (S.ACTIVE, side, ways.HOURS)
        assert world.mails() == _both(world, pairing, "mission_sheet")


def test_a_plan_ends_after_it_starts_and_has_hours(world: World) -> None:
    pairing, day = world.pairing(S.CONFIRMED), world.now.date()
    for plan, error in (
        (Plan(day, day - timedelta(days=1), 5), InvalidDates),
        (Plan(day, day, 0), InvalidHours),
        (Plan(day, day, 1001), InvalidHours),
        (Plan(day, day, float("nan")), InvalidHours),
    ):
        with pytest.raises(error):
            world.act(missions.begin, world.member(pairing), pairing_id=pairing.id, plan=plan)

    world.act(missions.begin, world.member(pairing), pairing_id=pairing.id, plan=Plan(day, day, 1000))
    assert pairing.status is S.ACTIVE


def test_a_coordinator_does_not_begin_a_mission(world: World) -> None:
    pairing = world.pairing(S.CONFIRMED)

    with pytest.raises(NotAllowed):
        world.act(missions.begin, world.coordinator(), pairing_id=pairing.id, plan=ways.plan(world))


def test_the_other_side_objects_to_the_start_within_3_working_days(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    world.now = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
    world.forget_mails()
    with pytest.raises(NotAllowed):
        world.act(missions.object_to_start, world.member(pairing), pairing_id=pairing.id)

    world.act(missions.object_to_start, world.volunteer_of(pairing), pairing_id=pairing.id)

    assert pairing.status is S.CONFIRMED
    assert set(clocks.running(world.session, pairing)) == {Clock.ASK_TALKED, Clock.TALK_WAITS, Clock.ABANDON_TALK}
    told = _both(world, pairing, "start_contested") | _coordinator(world, "start_contested_coordinator")
    assert world.mails() == told


def test_after_3_working_days_it_is_too_late_to_object(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    world.now = datetime(2026, 9, 10, 8, 0, 1, tzinfo=UTC)

    with pytest.raises(TooLate):
        world.act(missions.object_to_start, world.volunteer_of(pairing), pairing_id=pairing.id)


def test_finally_no_after_the_first_talk_tells_the_other_side_and_the_coordinator(world: World) -> None:
    refused, withdrawn = world.pairing(S.CONFIRMED), world.pairing(S.CONFIRMED)
    world.forget_mails()
    world.act(missions.refuse, world.member(refused), pairing_id=refused.id, reason=REASON)
    assert ("ended_after_talk", refused.volunteer.account_id) in world.mails()
    assert ("ended_after_talk", world.member(refused).account.id) not in world.mails()
    world.forget_mails()

    actor = world.volunteer_of(withdrawn)
    world.act(missions.withdraw_after_talk, actor, pairing_id=withdrawn.id, reason=REASON)

    assert (refused.status, withdrawn.status, withdrawn.reason) == (S.REFUSED, S.WITHDRAWN, REASON)
    assert (refused.contacts_are_open, withdrawn.need.status) == (False, NeedStatus.OPEN)
    assert world.mails() == {
        ("ended_after_talk", world.member(withdrawn).account.id),
        *_coordinator(world, "ended_after_talk_coordinator"),
        *_coordinator(world, "need_reopened_coordinator"),
    }


def test_a_silent_first_talk_is_asked_after_then_ends_without_news(world: World) -> None:
    pairing = world.pairing(S.CONFIRMED)
    start = world.now
    both = {"have_you_talked": _both, "no_news": _both}
    expected = [
        (Clock.ASK_TALKED, 7, both["have_you_talked"](world, pairing, "have_you_talked")),
        (Clock.TALK_WAITS, 14, set()),
        (Clock.ABANDON_TALK, 45, _both(world, pairing, "no_news") | _coordinator(world, "need_reopened_coordinator")),
    ]
    for clock, days, mails in expected:
        world.forget_mails()
        world.fire(pairing, clock)
        assert (world.now - start, world.mails()) == (timedelta(days=days), mails)

    assert (pairing.status, pairing.reason) == (S.ABANDONED, PairingReason.NO_NEWS)
    assert (pairing.need.status, pairing.need.taken) == (NeedStatus.OPEN, 0)
