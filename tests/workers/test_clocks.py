"""The clocks task and what is not kept."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher import outbox
from matcher.database import transaction
from matcher.models.alert import AlertCode
from matcher.models.association import PendingMembership
from matcher.models.deadline import Clock, Deadline
from matcher.models.outbox import JobSlot, OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.services import clocks as domain_clocks
from matcher.services import invariants
from tests.factories import World
from workers.runtime import Runtime
from workers.tasks import clocks, retention


@pytest.fixture
def invited(any_world: World) -> Pairing:
    """A pairing whose invitation has run out just now."""
    pairing = any_world.pairing(PairingStatus.INVITED)
    assert pairing.reply_by is not None
    any_world.now = pairing.reply_by
    return pairing


def reread(world: World, pairing: Pairing) -> Pairing:
    """The pairing as it stands now."""
    world.session.rollback()
    world.session.refresh(pairing)
    return pairing


def test_a_clock_that_fell_due_takes_effect_once(runtime: Runtime, any_world: World, invited: Pairing) -> None:
    clocks.fire_due(runtime)
    again = clocks.fire_due(runtime)

    assert reread(any_world, invited).status is PairingStatus.EXPIRED
    assert again == 0


def test_a_clock_is_not_fired_before_its_time(runtime: Runtime, any_world: World, invited: Pairing) -> None:
    any_world.now -= timedelta(days=30)

    assert clocks.fire_due(runtime) == 0
    assert reread(any_world, invited).status is PairingStatus.INVITED


def test_a_clock_that_fails_stands_back_and_holds_up_nobody(
    runtime: Runtime, any_world: World, invited: Pairing
) -> None:
    closed = any_world.need()
    with transaction(any_world.session):
        domain_clocks.start(any_world.session, closed, Clock.DISCARD_DRAFT, any_world.now - timedelta(days=90))

    clocks.fire_due(runtime)

    assert reread(any_world, invited).status is PairingStatus.EXPIRED
    failed = any_world.session.scalars(sa.select(Deadline).where(Deadline.clock == Clock.DISCARD_DRAFT)).one()
    assert failed.due_at <= any_world.now - timedelta(days=90), "it stays due, for health and alerts to tell of it"
    assert domain_clocks.due(any_world.session, any_world.now) == []
    found = {each.code for each in invariants.broken(any_world.session, any_world.now)}
    assert AlertCode.CLOCKS_LATE in found
    any_world.now += domain_clocks.STANDS_BACK_FOR + timedelta(seconds=1)
    assert domain_clocks.due(any_world.session, any_world.now) == [failed.id]
    clocks.fire_due(runtime)
    any_world.session.rollback()
    assert domain_clocks.due(any_world.session, any_world.now) == [], "it has failed again"


def test_whom_an_association_invited_is_forgotten_when_nobody_answers(runtime: Runtime, any_world: World) -> None:
    association = any_world.association()
    invited = {90: "yesterday@example.org", 89: "today@example.org"}
    with transaction(any_world.session) as session:
        for days, email in invited.items():
            at = any_world.now - timedelta(days=days, seconds=1)
            session.add(PendingMembership(association_id=association.id, email=email, created_at=at))

    assert retention.forget_once_a_day(runtime)

    any_world.session.rollback()
    assert any_world.session.scalars(sa.select(PendingMembership.email)).all() == ["today@example.org"]


def test_rows_done_long_ago_are_forgotten_once_a_day(runtime: Runtime, any_world: World) -> None:
    with transaction(any_world.session) as session:
        outbox.add(session, outbox.RankNeed(1), any_world.now)
        outbox.add(session, outbox.RankNeed(2), any_world.now)
        session.add(JobSlot(job="retention", slot="long ago", at=any_world.now - timedelta(days=31)))
    old, _waiting = any_world.messages("rank_need")
    with transaction(any_world.session):
        old.done_at = any_world.now - timedelta(days=31)

    assert retention.forget_once_a_day(runtime)
    assert not retention.forget_once_a_day(runtime)
    assert [retention.apply_rules(runtime)["forget_done"] for _ in range(2)] == [1, 0]

    any_world.session.rollback()
    kept = any_world.session.scalars(sa.select(OutboxRow.payload["need_id"].as_integer())).all()
    assert list(kept) == [2]
    assert any_world.session.scalars(sa.select(JobSlot.slot)).all() == [any_world.now.date().isoformat()]
