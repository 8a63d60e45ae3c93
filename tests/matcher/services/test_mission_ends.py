"""How a mission is prolonged, finished or stopped: who may, who is told, which clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from matcher.errors import (
    IllegalTransition,
    NotAllowed,
    TooLate,
)
from matcher.models.deadline import Clock
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
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


def test_a_prolongation_counts_once_the_other_side_agrees(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    longer = Plan(pairing.starts_on, pairing.ends_on + timedelta(days=30), 20.0)
    due = clocks.due_at(world.session, pairing, Clock.ASK_FINISHED)
    world.act(missions.finish, world.volunteer_of(pairing), pairing_id=pairing.id, hours=3.0)
    world.forget_mails()

    world.act(missions.propose_prolongation, world.member(pairing), pairing_id=pairing.id, plan=longer)
    assert pairing.ends_on != longer.ends_on
    assert world.mails() == {("prolongation_proposed", pairing.volunteer.account_id)}
    with pytest.raises(NotAllowed):
        world.act(missions.agree_to_prolongation, world.member(pairing), pairing_id=pairing.id)
    world.forget_mails()
    world.act(missions.agree_to_prolongation, world.volunteer_of(pairing), pairing_id=pairing.id)

    assert (pairing.ends_on, pairing.planned_hours, pairing.proposed_by) == (longer.ends_on, 20.0, None)
    assert pairing.finished_by is None, "who agrees to go on takes back that it is finished"
    assert clocks.due_at(world.session, pairing, Clock.ASK_FINISHED) > due
    assert world.mails() == _both(world, pairing, "prolongation_agreed")


def test_a_mission_is_completed_when_both_say_so(world: World) -> None:
    pairing = world.pairing(S.ACTIVE, need=world.need(seats=2))
    world.forget_mails()
    world.act(missions.finish, world.volunteer_of(pairing), pairing_id=pairing.id, hours=8.0)
    assert (pairing.status, world.mails()) == (S.ACTIVE, {("finish_proposed", world.member(pairing).account.id)})
    world.forget_mails()

    world.act(missions.finish, world.member(pairing), pairing_id=pairing.id, hours=9.5)

    assert (pairing.status, pairing.hours_done, pairing.contacts_are_open) == (S.COMPLETED, 9.5, True)
    assert world.mails() == _both(world, pairing, "mission_completed")


def test_one_side_and_10_working_days_without_objection_complete_it(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    world.act(missions.finish, world.volunteer_of(pairing), pairing_id=pairing.id, hours=8.0)

    world.fire(pairing, Clock.ACCEPT_FINISH)

    assert world.now == datetime(2026, 9, 21, 8, 0, tzinfo=UTC)
    assert (pairing.status, pairing.hours_done) == (S.COMPLETED, 8.0)


def test_an_objection_lets_the_mission_go_on(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    world.act(missions.finish, world.volunteer_of(pairing), pairing_id=pairing.id, hours=8.0)
    with pytest.raises(TooLate):
        world.act(missions.object_to_finish, world.volunteer_of(pairing), pairing_id=pairing.id)

    world.act(missions.object_to_finish, world.member(pairing), pairing_id=pairing.id)

    assert (pairing.status, pairing.finished_by, pairing.hours_done) == (S.ACTIVE, None, None)
    assert Clock.ACCEPT_FINISH not in clocks.running(world.session, pairing)


@pytest.mark.parametrize("who", ["volunteer", "member", "coordinator"])
def test_either_side_or_the_coordinator_stops_a_mission(world: World, who: str) -> None:
    pairing = world.pairing(S.ACTIVE)
    actors = {
        "volunteer": world.volunteer_of(pairing),
        "member": world.member(pairing),
        "coordinator": world.coordinator(),
    }
    world.forget_mails()

    world.act(missions.abandon, actors[who], pairing_id=pairing.id, reason=REASON)

    assert (pairing.status, pairing.reason, pairing.need.status) == (S.ABANDONED, REASON, NeedStatus.OPEN)
    told = _both(world, pairing, "mission_abandoned") - {("mission_abandoned", actors[who].account.id)}
    told |= _coordinator(world, "abandoned_coordinator") | _coordinator(world, "need_reopened_coordinator")
    assert world.mails() == told


def test_before_its_start_only_the_coordinator_abandons(world: World) -> None:
    pairing = world.pairing(S.CONFIRMED)
    for actor in (world.member(pairing), world.volunteer_of(pairing)):
        with pytest.raises(NotAllowed):
            world.act(missions.abandon, actor, pairing_id=pairing.id, reason=REASON)
    world.forget_mails()

    world.act(missions.abandon, world.coordinator(), pairing_id=pairing.id, reason=REASON)

    assert pairing.status is S.ABANDONED
    assert world.mails() >= _both(world, pairing, "mission_abandoned")


@pytest.mark.parametrize("status", [S.INVITED, S.ACCEPTED, S.COMPLETED])
def test_what_is_not_a_running_mission_is_not_abandoned(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)

    with pytest.raises(IllegalTransition):
        world.act(missions.abandon, world.coordinator(), pairing_id=pairing.id, reason=REASON)


def test_past_its_end_both_are_asked_then_the_coordinator_then_it_is_completed_unreviewed(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    ends_on = pairing.ends_on
    assert ends_on.isoformat() == "2026-10-08"
    expected = [
        (Clock.ASK_FINISHED, "2026-10-12", _both(world, pairing, "is_it_finished")),
        (Clock.FINISH_WAITS, "2026-10-22", set()),
    ]
    for clock, day, mails in expected:
        world.forget_mails()
        world.fire(pairing, clock)
        assert (world.now.date().isoformat(), world.mails()) == (day, mails), "a Sunday is deferred"
    world.fire(pairing, Clock.FINISH_UNREVIEWED)

    assert world.now.date().isoformat() == "2026-12-07"
    assert (pairing.status, pairing.need.status) == (S.COMPLETED, NeedStatus.COMPLETED)


def test_the_reserve_is_released_once_every_seat_is_at_work(world: World) -> None:
    need = world.need(seats=2)
    first, second = (world.pairing(S.ACCEPTED, need=need) for _ in range(2))
    reserve = world.pairing(S.RESERVE, need=need)
    sleeping = world.pairing(S.APPROVED, need=need)
    for pairing in (first, second):
        ways.confirm(world, pairing)
    ways.begin(world, first)
    assert (need.status, reserve.status) == (NeedStatus.FILLED, S.RESERVE)
    world.forget_mails()

    ways.begin(world, second)

    assert (reserve.status, sleeping.status) == (S.RELEASED, S.APPROVED)
    assert ("released", reserve.volunteer.account_id) in world.mails()


def test_an_early_end_after_a_finish_keeps_the_hours_done(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    world.act(missions.finish, world.volunteer_of(pairing), pairing_id=pairing.id, hours=4.0)

    ways.abandon(world, pairing)

    assert (pairing.status, pairing.hours_done) == (S.ABANDONED, 4.0)
