"""Ranking tasks: suggestions appear, changes reach open needs, two workers at once do no harm."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import make_engine, transaction
from matcher.models.states import NeedStatus
from matcher.models.suggestion import Suggestion
from matcher.services import changes
from tests.factories import World
from workers.dispatch import HANDLERS
from workers.runtime import Runtime


def suggested(world: World) -> set[int]:
    """The volunteers that are suggested now."""
    world.session.rollback()
    return set(world.session.scalars(sa.select(Suggestion.volunteer_id)))


def handle_all(runtime: Runtime, world: World, kind: str) -> None:
    """Let a worker handle all rows of a kind."""
    world.session.rollback()
    for row in world.messages(kind):
        HANDLERS[kind].handle(runtime, row.id)


def test_an_opened_need_is_ranked(runtime: Runtime, any_world: World) -> None:
    volunteer = any_world.volunteer()
    any_world.need()

    handle_all(runtime, any_world, "rank_need")

    assert suggested(any_world) == {volunteer.id}


def test_a_volunteer_who_appears_later_reaches_the_open_needs(runtime: Runtime, any_world: World) -> None:
    first = any_world.volunteer()
    any_world.need()
    handle_all(runtime, any_world, "rank_need")
    second = any_world.volunteer()
    with transaction(any_world.session):
        changes.log_change(any_world.session, any_world.now, second.id)

    handle_all(runtime, any_world, "refresh_volunteer")
    handle_all(runtime, any_world, "rank_need")

    assert suggested(any_world) == {first.id, second.id}


def test_a_volunteer_is_found_while_somebody_elses_transaction_runs(
    runtime: Runtime, any_world: World, any_database_url: str
) -> None:
    first = any_world.volunteer()
    any_world.need()
    handle_all(runtime, any_world, "rank_need")
    engine = make_engine(any_database_url)
    with engine.connect() as other:
        number = "pg_current_xact_id()::text" if engine.dialect.name == "postgresql" else "1"
        other.execute(sa.text(f"SELECT {number}"))
        second = any_world.volunteer()
        with transaction(any_world.session):
            changes.log_change(any_world.session, any_world.now, second.id)
        handle_all(runtime, any_world, "refresh_volunteer")
        handle_all(runtime, any_world, "rank_need")
    engine.dispose()

    assert suggested(any_world) == {first.id, second.id}


def test_a_need_that_was_closed_meanwhile_is_not_ranked(runtime: Runtime, any_world: World) -> None:
    any_world.volunteer()
    any_world.need(NeedStatus.CLOSED)

    handle_all(runtime, any_world, "rank_need")

    assert suggested(any_world) == set()


def test_a_ranking_overtaken_by_another_worker_is_made_again(runtime: Runtime, any_world: World) -> None:
    volunteer, need = any_world.volunteer(), any_world.need()
    row = any_world.messages("rank_need")[0]
    moments = iter(range(10))

    def quick_one(_session: Session) -> datetime:
        """When the slow worker has begun, another one stores its ranking."""
        began = any_world.now
        if next(moments) == 1:
            any_world.now += timedelta(seconds=30)
            any_world.suggest(need, [volunteer])
        return began

    slow = Runtime.of(runtime.settings, clock=quick_one, send=runtime.send)
    HANDLERS["rank_need"].handle(slow, row.id)
    slow.engine.dispose()

    any_world.session.rollback()
    rows = any_world.messages("rank_need")
    assert [one.outcome for one in rows] == ["overtaken", None]


def test_asking_twice_ranks_once(any_world: World) -> None:
    need = any_world.need()
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.RankNeed(need.id), any_world.now)

    assert len(any_world.messages("rank_need")) == 1
