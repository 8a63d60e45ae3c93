"""Claims, leases, attempts and parking of outbox rows, on two connections of each database."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from matcher import outbox
from matcher.database import transaction
from matcher.models.outbox import OutboxRow, ParkReason
from tests.factories import World
from workers.rows import Claimed, LeaseLost, RowTask, record, settling
from workers.runtime import Runtime
from workers.smtp import PermanentMailError
from workers.tasks import invariants


@pytest.fixture
def row(any_world: World) -> OutboxRow:
    """A row that asks for the ranking of a need that does not exist."""
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.RankNeed(999), any_world.now)
    return any_world.messages("rank_need")[0]


def claim(runtime: Runtime, row: OutboxRow) -> OutboxRow | None:
    """Claim on a connection of its own."""
    with runtime.sessions() as session, transaction(session):
        return outbox.claim(session, row.id, runtime.clock(session))


def read(world: World, row: OutboxRow) -> OutboxRow:
    """The row as it stands now."""
    world.session.rollback()
    world.session.refresh(row)
    return row


def raising(error: Exception) -> RowTask[outbox.RankNeed]:
    """A handler whose work fails."""

    def work(_runtime: Runtime, _claimed: Claimed[outbox.RankNeed]) -> None:
        raise error

    return RowTask(outbox.RankNeed, work)


def completing(calls: list[int]) -> RowTask[outbox.RankNeed]:
    """A handler that completes its row and counts."""

    def work(runtime: Runtime, claimed: Claimed[outbox.RankNeed]) -> None:
        calls.append(claimed.row.id)
        with settling(runtime, claimed.row) as settled:
            settled.complete("done")

    return RowTask(outbox.RankNeed, work)


def test_a_row_is_claimed_by_one_of_two_connections(runtime: Runtime, row: OutboxRow) -> None:
    first, second = claim(runtime, row), claim(runtime, row)

    assert first is not None
    assert second is None


def test_a_row_is_free_again_when_its_lease_has_ended(runtime: Runtime, row: OutboxRow, any_world: World) -> None:
    claim(runtime, row)
    any_world.now += outbox.LEASE + timedelta(seconds=1)

    again = claim(runtime, row)

    assert again is not None
    assert again.attempts == 2


def test_a_task_that_arrives_twice_works_once(runtime: Runtime, row: OutboxRow) -> None:
    calls: list[int] = []

    completing(calls).handle(runtime, row.id)
    completing(calls).handle(runtime, row.id)

    assert calls == [row.id]


def test_who_lost_the_lease_cannot_settle_the_row(runtime: Runtime, row: OutboxRow, any_world: World) -> None:
    slow = claim(runtime, row)
    any_world.now += outbox.LEASE + timedelta(seconds=1)
    quick = claim(runtime, row)
    assert slow is not None
    assert quick is not None

    with pytest.raises(LeaseLost), settling(runtime, slow):
        pass
    with settling(runtime, quick) as settled:
        settled.complete("done")

    assert read(any_world, row).outcome == "done"


def test_a_failed_row_is_tried_again_later(runtime: Runtime, row: OutboxRow, any_world: World) -> None:
    raising(RuntimeError("Marie Dupont")).handle(runtime, row.id)

    failed = read(any_world, row)
    assert failed.lease_until is None
    assert failed.not_before == any_world.now + outbox.back_off(row.id, 1)
    assert failed.outcome is not None
    assert failed.outcome.startswith("RuntimeError at tests.workers")
    assert "Marie" not in failed.outcome


def test_a_row_is_parked_after_its_last_attempt(runtime: Runtime, row: OutboxRow, any_world: World) -> None:
    for _ in range(outbox.MAX_ATTEMPTS):
        raising(RuntimeError()).handle(runtime, row.id)
        any_world.now += outbox.LONGEST_DELAY

    parked = read(any_world, row)
    assert parked.attempts == outbox.MAX_ATTEMPTS
    assert parked.parked_at is not None
    assert parked.reason is ParkReason.ERROR
    assert claim(runtime, row) is None


def test_a_row_is_parked_when_its_mail_is_refused_for_good(runtime: Runtime, row: OutboxRow, any_world: World) -> None:
    raising(PermanentMailError(550)).handle(runtime, row.id)

    parked = read(any_world, row)
    assert parked.parked_at == any_world.now
    assert (parked.reason, parked.outcome) == (ParkReason.MAIL_REFUSED, "mail refused: 550")


def test_a_row_that_was_killed_at_its_last_attempt_is_parked(
    runtime: Runtime, row: OutboxRow, any_world: World
) -> None:
    for _ in range(outbox.MAX_ATTEMPTS):
        claim(runtime, row)
        any_world.now += outbox.LEASE + timedelta(seconds=1)
    assert claim(runtime, row) is None

    assert invariants.check_once(runtime)

    parked = read(any_world, row)
    assert (parked.parked_at, parked.reason) == (any_world.now, ParkReason.CUT_SHORT)


def test_an_unreadable_row_is_given_back_with_its_reason(runtime: Runtime, row: OutboxRow, any_world: World) -> None:
    with transaction(any_world.session):
        row.payload = {"nonsense": 1}

    completing([]).handle(runtime, row.id)

    assert "TypeError" in str(read(any_world, row).outcome)


@pytest.mark.parametrize("is_cut", [True, False], ids=["connection lost", "deadlock or a lock that took too long"])
def test_what_has_left_is_recorded_once_more_after_a_failure_of_the_database(is_cut: bool) -> None:
    tries: list[bool] = []

    def write() -> None:
        tries.append(True)
        if len(tries) == 1:
            raise OperationalError("UPDATE outbox", {}, Exception("deadlock detected"), connection_invalidated=is_cut)

    record(write)

    assert len(tries) == 2
