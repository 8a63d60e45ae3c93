"""The dispatcher: each due row once, each kind handled, no lock taken."""

from datetime import timedelta

from matcher import outbox
from matcher.database import transaction
from tests.factories import World
from workers.dispatch import HANDLERS, SENT_AGAIN_AFTER, drain
from workers.runtime import Runtime


def ask(world: World, *, need_id: int = 1, later: timedelta = timedelta()) -> None:
    """Add a row."""
    with transaction(world.session):
        outbox.add(world.session, outbox.RankNeed(need_id), world.now, not_before=world.now + later)


def test_each_kind_of_message_has_one_handler() -> None:
    assert set(HANDLERS) == set(outbox.MESSAGES)


def test_a_due_row_is_sent_once_while_its_task_waits(runtime: Runtime, any_world: World) -> None:
    ask(any_world)
    sent: list[outbox.DueRow] = []

    drain(runtime, sent.append)
    drain(runtime, sent.append)

    assert [row.kind for row in sent] == ["rank_need"]


def test_a_row_whose_task_was_lost_is_sent_again(runtime: Runtime, any_world: World) -> None:
    ask(any_world)
    sent: list[outbox.DueRow] = []
    drain(runtime, sent.append)

    any_world.now += SENT_AGAIN_AFTER + timedelta(seconds=1)
    drain(runtime, sent.append)

    assert len(sent) == 2


def test_a_row_is_not_sent_before_its_time(runtime: Runtime, any_world: World) -> None:
    ask(any_world, later=timedelta(seconds=10))
    sent: list[outbox.DueRow] = []

    drain(runtime, sent.append)

    assert sent == []


def test_the_dispatcher_reads_while_another_connection_writes(runtime: Runtime, any_world: World) -> None:
    ask(any_world)
    sent: list[outbox.DueRow] = []

    with runtime.sessions() as other, transaction(other):
        outbox.add(other, outbox.RankNeed(2), any_world.now)
        drain(runtime, sent.append)

    assert len(sent) == 1
