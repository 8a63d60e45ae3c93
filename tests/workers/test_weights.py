"""Adopted weights reach the workers: no ranking changes before, every one after, and nothing is learnt anew for it."""

from dataclasses import asdict

import sqlalchemy as sa

from matcher import outbox
from matcher.actors import System
from matcher.database import Json, transaction
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.states import NeedStatus
from matcher.models.suggestion import RankingRun
from matcher.ranking.score import WEIGHTS, Weights
from matcher.services import weights
from tests.decided import other_weights
from tests.factories import World
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.tasks.ranking import BATCH, PAUSE


def handle_all(runtime: Runtime, world: World, kind: str) -> None:
    """Let a worker handle all rows of a kind that wait now."""
    world.session.rollback()
    for row in world.messages(kind):
        HANDLERS[kind].handle(runtime, row.id)
    world.session.rollback()


def waiting(world: World, kind: str) -> list[OutboxRow]:
    """The rows of a kind that are not done."""
    return [row for row in world.messages(kind) if row.done_at is None]


def propose(world: World, learnt: Weights) -> int:
    """A proposal that waits."""
    shares: dict[str, Json] = dict(asdict(learnt))
    with transaction(world.session):
        return weights.propose(world.session, System("tune"), world.now, weights=shares, decisions=400, measures={}).id


def latest(world: World) -> RankingRun:
    """The newest ranking."""
    world.session.rollback()
    return world.session.scalars(sa.select(RankingRun).order_by(RankingRun.id.desc())).first()  # type: ignore[return-value]


def ranked_again(runtime: Runtime, world: World, need: Need) -> RankingRun:
    """Ask for one more ranking of a need and return it."""
    with transaction(world.session):
        outbox.add(world.session, outbox.RankNeed(need.id), world.now)
    handle_all(runtime, world, "rank_need")
    return latest(world)


def test_the_ranking_changes_when_weights_are_adopted_and_not_before(runtime: Runtime, any_world: World) -> None:
    any_world.volunteer(headline="Comptable"), any_world.volunteer()
    need = any_world.need()
    handle_all(runtime, any_world, "rank_need")
    before = latest(any_world)
    learnt = runtime.ranker.ranker._fitted

    weights_id = propose(any_world, other_weights())
    proposed = ranked_again(runtime, any_world, need)
    any_world.act(weights.adopt, any_world.administrator(), weights_id=weights_id, instead_of=None)
    handle_all(runtime, any_world, "rank_open_needs")
    handle_all(runtime, any_world, "rank_need")
    adopted = latest(any_world)

    assert proposed.shown == before.shown
    assert proposed.version == before.version
    assert adopted.shown["list"] != before.shown["list"]
    assert adopted.shown["weights"] == asdict(other_weights())
    assert adopted.version == f"{before.version}+{other_weights().fingerprint()}"
    assert runtime.ranker.ranker._fitted is learnt

    any_world.act(weights.restore_origin, any_world.administrator(), weights_id=weights_id)
    handle_all(runtime, any_world, "rank_open_needs")
    handle_all(runtime, any_world, "rank_need")
    assert latest(any_world).shown == before.shown
    assert runtime.ranker.ranker.weights == WEIGHTS


def test_all_needs_that_are_ranked_are_ranked_anew_a_few_at_a_time(runtime: Runtime, any_world: World) -> None:
    association = any_world.association()
    needs = [any_world.need(association=association) for _ in range(BATCH + 1)]
    any_world.need(NeedStatus.CLOSED, association=association)
    any_world.session.execute(sa.update(OutboxRow).values(done_at=any_world.now))
    outbox.add(any_world.session, outbox.RankOpenNeeds(), any_world.now)
    any_world.session.commit()

    handle_all(runtime, any_world, "rank_open_needs")

    (rest,) = waiting(any_world, "rank_open_needs")
    assert len(waiting(any_world, "rank_need")) == BATCH
    assert rest.not_before == any_world.now + PAUSE
    any_world.now += PAUSE
    handle_all(runtime, any_world, "rank_open_needs")
    asked = {row.payload["need_id"] for row in waiting(any_world, "rank_need")}
    assert asked == {need.id for need in needs}
    assert waiting(any_world, "rank_open_needs") == []
