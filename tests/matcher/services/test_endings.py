"""Each state that a clock ends has its clock, and a clock that nothing keeps runs."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from matcher.database import transaction
from matcher.models.alert import AlertCode
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.states import UNPUBLISHED, NeedStatus, PairingStatus
from matcher.services import answers, clocks, endings, invariants, needs, reviews
from tests.factories import World


def told(world: World) -> dict[tuple[AlertCode, str], int]:
    """What a person is told, and of how many."""
    world.session.rollback()
    return {(each.code, each.subject): each.count for each in invariants.broken(world.session, world.now)}


def mended(world: World) -> dict[str, int]:
    """What is mended now."""
    return dict(world.run(invariants.mend))


def settle_all(world: World) -> None:
    """Let every row be done, and every open need be ranked."""
    for need in world.session.scalars(sa.select(Need)).all():
        world.suggest(need, [])
    with transaction(world.session):
        world.session.execute(sa.update(OutboxRow).values(done_at=world.now))


def _states_with_a_clock(world: World) -> None:
    """A pairing and a need in each state that a clock ends, and a hold with a date of return."""
    for status in endings.PAIRINGS:
        world.pairing(status)
    for need_status in endings.NEEDS:
        world.need(need_status)
    _hold(world, returns_on=(world.now + timedelta(days=10)).date())
    settle_all(world)


def _hold(world: World, *, returns_on: date | None) -> Need:
    need = world.need()
    world.act(needs.hold, world.member(need), need_id=need.id, returns_on=returns_on)
    return need


def test_whatever_would_stand_in_its_state_for_ever_is_told(any_world: World) -> None:
    _states_with_a_clock(any_world)
    assert told(any_world) == {}
    with transaction(any_world.session):
        any_world.session.execute(sa.delete(Deadline))

    pairings = {(AlertCode.CLOCKS_MISSING, status.value): 1 for status in endings.PAIRINGS}
    unpublished = {(AlertCode.CLOCKS_MISSING, status.value): 1 for status in UNPUBLISHED}
    assert told(any_world).items() >= (pairings | unpublished).items()
    assert told(any_world)[AlertCode.CLOCKS_MISSING, "open"] >= 1
    assert told(any_world)[AlertCode.CLOCKS_MISSING, "on_hold"] >= 1
    assert {subject for _, subject in told(any_world)} == {*endings.PAIRINGS, *endings.NEEDS}


@pytest.mark.parametrize("ending", endings.NEEDS.items(), ids=lambda ending: str(ending[0]))
def test_each_clock_that_ends_a_need_is_missed(any_world: World, ending: tuple[NeedStatus, endings.Ending]) -> None:
    status, ends = ending
    need = any_world.need(status) if status is not NeedStatus.ON_HOLD else _held_by_us(any_world)
    settle_all(any_world)
    with transaction(any_world.session):
        any_world.session.execute(sa.delete(Deadline).where(Deadline.clock.in_(ends.clocks)))

    assert told(any_world) == {(AlertCode.CLOCKS_MISSING, status.value): 1}
    assert invariants.broken(any_world.session, any_world.now)[0].ids == (need.id,)


def _held_by_us(world: World) -> Need:
    need = world.need()
    world.act(reviews.suspend_association, world.coordinator(), association_id=need.association_id)
    assert need.status is NeedStatus.ON_HOLD
    return need


def test_what_its_owners_were_told_of_long_ago_is_theirs(any_world: World) -> None:
    submitted, applied = any_world.need(NeedStatus.SUBMITTED), any_world.pairing(PairingStatus.APPLIED)
    settle_all(any_world)
    with transaction(any_world.session):
        ids = (Deadline.need_id == submitted.id, Deadline.pairing_id == applied.id)
        any_world.session.execute(sa.delete(Deadline).where(sa.or_(*ids)))
    any_world.now += timedelta(days=13)

    assert told(any_world) == {}


def test_a_hold_that_a_member_chose_without_a_date_is_hers(any_world: World) -> None:
    _hold(any_world, returns_on=None)
    settle_all(any_world)

    assert told(any_world) == {}


def test_a_clock_that_stayed_still_on_an_open_need_runs_on(any_world: World) -> None:
    accepted, asking = any_world.pairing(PairingStatus.ACCEPTED), any_world.pairing(PairingStatus.INVITED)
    held = any_world.pairing(PairingStatus.INVITED)
    any_world.act(answers.ask, any_world.volunteer_of(asking), pairing_id=asking.id, question="Where is it?")
    any_world.act(needs.hold, any_world.member(held), need_id=held.need_id, returns_on=None)
    settle_all(any_world)
    assert mended(any_world) == {}
    due_at = clocks.due_at(any_world.session, accepted, Clock.RELEASE_YES)
    with transaction(any_world.session):
        clocks.pause(any_world.session, accepted, any_world.now)
    any_world.now += timedelta(days=7)

    assert mended(any_world) == {"still_clocks": 1}
    assert mended(any_world) == {}

    assert due_at is not None
    assert clocks.running(any_world.session, accepted)[Clock.RELEASE_YES] >= due_at + timedelta(days=7)
    assert Clock.EXPIRE_INVITED not in clocks.running(any_world.session, asking)
    assert clocks.running(any_world.session, held) == {}


def test_a_question_whose_own_clock_is_lost_keeps_nobody_waiting(any_world: World) -> None:
    asking = any_world.pairing(PairingStatus.INVITED)
    any_world.act(answers.ask, any_world.volunteer_of(asking), pairing_id=asking.id, question="Where is it?")
    settle_all(any_world)
    with transaction(any_world.session):
        any_world.session.execute(sa.delete(Deadline).where(Deadline.clock == Clock.QUESTION_WAITS))

    assert mended(any_world) == {"still_clocks": 1}
    assert Clock.EXPIRE_INVITED in clocks.running(any_world.session, asking)
