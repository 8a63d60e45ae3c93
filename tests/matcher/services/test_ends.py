"""Ends that nobody asked for: an association or an account gone, and a year of silence from every state."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.database import transaction
from matcher.models.deadline import Deadline
from matcher.models.history import Trace
from matcher.models.states import EndReason, NeedStatus, NeedStep, PairingStatus, PairingStep
from matcher.services import needs, seats
from matcher.services.steps import take_pairing_step
from tests import ways
from tests.factories import World

S = PairingStatus
RESTING = {
    S.APPLIED: S.RELEASED,
    S.APPROVED: S.RELEASED,
    S.INVITED: S.EXPIRED,
    S.RESERVE: S.RELEASED,
    S.ACCEPTED: S.RELEASED,
    S.CONFIRMED: S.ABANDONED,
    S.ACTIVE: S.COMPLETED,
}


def test_a_gone_association_ends_its_need_and_running_missions_go_to_the_coordinator(world: World) -> None:
    need = world.need(seats=2)
    mission, invited = world.pairing(S.ACTIVE, need=need), world.pairing(S.INVITED, need=need)
    world.forget_mails()

    with transaction(world.session):
        trace = Trace(world.now, reason=EndReason.ASSOCIATION_GONE.value)
        seats.end(world.session, need, NeedStep.VANISH, trace, reason=EndReason.ASSOCIATION_GONE)

    assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.ASSOCIATION_GONE)
    assert (mission.status, invited.status) == (S.ACTIVE, S.RELEASED)
    assert world.mails() == {
        ("need_closed", invited.volunteer.account_id),
        ("need_closed", mission.volunteer.account_id),
        ("need_gone_coordinator", world.coordinator().account.id),
    }


@pytest.mark.parametrize("status", [S.CONFIRMED, S.ACTIVE])
def test_an_erased_volunteers_mission_is_abandoned_and_the_seat_frees(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)
    world.forget_mails()

    with transaction(world.session):
        take_pairing_step(world.session, pairing, PairingStep.ABANDON_ERASED, Trace(world.now))
        seats.settle(world.session, pairing.need, world.now)

    assert (pairing.status, pairing.need.status, pairing.need.taken) == (S.ABANDONED, NeedStatus.OPEN, 0)
    coordinator = world.coordinator().account.id
    assert world.mails() == {
        ("mission_abandoned", world.member(pairing).account.id),
        ("abandoned_coordinator", coordinator),
        ("need_reopened_coordinator", coordinator),
    }


@pytest.mark.parametrize("status", PairingStatus)
def test_a_year_of_silence_brings_every_pairing_to_an_end_and_stops_every_clock(
    any_world: World, status: PairingStatus
) -> None:
    pairing = any_world.pairing(status)

    any_world.pass_time(any_world.now + timedelta(days=365))

    assert pairing.status is RESTING.get(status, status)
    assert pairing.need.status in {NeedStatus.CLOSED, NeedStatus.COMPLETED}
    assert any_world.session.scalar(sa.select(sa.func.count(Deadline.id))) == 0
    assert (pairing.need.held, pairing.need.taken) == (0, int(pairing.status is S.COMPLETED))


@pytest.mark.parametrize("status", NeedStatus)
def test_a_year_of_silence_leaves_no_need_waiting_unseen(world: World, status: NeedStatus) -> None:
    need = world.need(status)

    world.pass_time(world.now + timedelta(days=365))

    asked_by_people = {NeedStatus.SUBMITTED, NeedStatus.ON_HOLD}
    assert need.status in {NeedStatus.CLOSED, NeedStatus.COMPLETED} | (asked_by_people & {status})


def test_a_held_need_that_is_completed_tells_those_who_still_waited(world: World) -> None:
    last = world.pairing(S.ACCEPTED)
    reserve = world.pairing(S.RESERVE, need=last.need)
    invited = world.pairing(S.INVITED, need=last.need)
    ways.hold(world, last.need)
    for step in (ways.confirm, ways.begin):
        step(world, last)
    world.forget_mails()

    ways.finish(world, last)

    assert (last.need.status, invited.status, reserve.status) == (NeedStatus.COMPLETED, S.RELEASED, S.RELEASED)
    assert ("need_filled", invited.volunteer.account_id) in world.mails()


def test_a_running_mission_is_told_that_its_closed_need_changes_nothing_for_it(world):
    need = world.need(NeedStatus.OPEN, seats=2)
    running = world.pairing(PairingStatus.ACTIVE, need=need)
    world.forget_mails()
    world.act(needs.close, world.member(need), need_id=need.id, reason=EndReason.SOLVED_ELSEWHERE)
    assert world.mails() == {("need_closed", running.volunteer.account_id)}
    assert running.status is PairingStatus.ACTIVE
