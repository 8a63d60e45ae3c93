"""Weights proposed, adopted, set aside, restored: by administrators only, once, and one set in force at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.actors import Actor, Anonymous, Person, System
from matcher.database import Json, transaction
from matcher.errors import DomainError, IllegalTransition, ListChanged, NotAllowed, NotFound
from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.models.weights import RankingWeights, WeightsStatus
from matcher.policies import Action, may
from matcher.queries.weights import find_weights, in_force, list_weights
from matcher.ranking.score import WEIGHTS, Weights
from matcher.services import weights
from tests.database import Sessions
from tests.decided import other_weights
from tests.factories import NOW, World

TUNE = System("tune")


def proposed(world: World, learnt: Weights | None = None) -> int:
    """A proposal that waits; returns its id."""
    shares: dict[str, Json] = dict(asdict(learnt or other_weights()))
    with transaction(world.session):
        row = weights.propose(world.session, TUNE, world.now, weights=shares, decisions=400, measures={})
        return row.id


def row_of(world: World, weights_id: int) -> RankingWeights:
    """The row as it stands in the database."""
    return world.session.get_one(RankingWeights, weights_id, populate_existing=True)


def used(world: World, actor: Actor | None = None) -> Weights:
    """The weights in force, as an actor sees them."""
    return in_force(world.session, actor or Anonymous()).weights


def acts(world: World) -> list[str]:
    """What the audit log says of weights."""
    rows = sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "ranking_weights").order_by(AuditEntry.id)
    return list(world.session.scalars(rows))


def test_a_proposal_changes_nothing(world: World) -> None:
    proposed(world)
    assert used(world) == used(world, TUNE) == WEIGHTS
    assert world.messages("rank_open_needs") == []


def test_an_adopted_proposal_is_in_force_and_all_needs_are_ranked_anew(any_world: World) -> None:
    weights_id, administrator = proposed(any_world), any_world.administrator()

    any_world.act(weights.adopt, administrator, weights_id=weights_id, instead_of=None)

    live = in_force(any_world.session, Anonymous())
    assert (live.weights, live.weights_id, live.decisions) == (other_weights(), weights_id, 400)
    assert live.since == any_world.now
    assert row_of(any_world, weights_id).adopted_by_id == administrator.account_id
    assert len(any_world.messages("rank_open_needs")) == 1
    assert acts(any_world) == ["propose_weights", "adopt_weights"]


def test_adopting_twice_is_adopting_once(world: World) -> None:
    weights_id = proposed(world)
    for _ in range(2):
        world.act(weights.adopt, world.administrator(), weights_id=weights_id, instead_of=None)
    assert acts(world) == ["propose_weights", "adopt_weights"]


def test_a_second_adoption_retires_the_first(any_world: World) -> None:
    first = proposed(any_world)
    any_world.act(weights.adopt, any_world.administrator(), weights_id=first, instead_of=None)
    second = proposed(any_world, WEIGHTS)
    any_world.act(weights.adopt, any_world.administrator(), weights_id=second, instead_of=first)
    assert row_of(any_world, first).status is WeightsStatus.RETIRED
    assert in_force(any_world.session, TUNE).weights_id == second


def test_weights_of_an_older_formula_make_way_for_the_first_proposal_of_todays(any_world: World) -> None:
    older = proposed(any_world)
    any_world.act(weights.adopt, any_world.administrator(), weights_id=older, instead_of=None)
    row_of(any_world, older).weights = {"text": 1.0}
    any_world.session.commit()
    assert in_force(any_world.session, TUNE).weights_id is None
    newer = proposed(any_world)

    any_world.act(weights.adopt, any_world.administrator(), weights_id=newer, instead_of=None)

    assert row_of(any_world, older).status is WeightsStatus.RETIRED
    assert in_force(any_world.session, TUNE).weights_id == newer


def test_a_page_that_shows_other_weights_than_those_in_force_adopts_nothing(world: World) -> None:
    first = proposed(world)
    world.act(weights.adopt, world.administrator(), weights_id=first, instead_of=None)
    second = proposed(world, WEIGHTS)
    with pytest.raises(ListChanged):
        world.act(weights.adopt, world.administrator(), weights_id=second, instead_of=None)
    assert used(world) == other_weights()


def test_a_new_proposal_takes_the_place_of_the_one_that_waits(world: World) -> None:
    first, second = proposed(world), proposed(world)
    assert row_of(world, first).status is WeightsStatus.SET_ASIDE
    assert row_of(world, second).status is WeightsStatus.PROPOSED
    with pytest.raises(IllegalTransition):
        world.act(weights.adopt, world.administrator(), weights_id=first, instead_of=None)


def test_a_proposal_that_was_set_aside_is_not_adopted_and_one_in_force_is_not_set_aside(world: World) -> None:
    aside, administrator = proposed(world), world.administrator()
    for _ in range(2):
        world.act(weights.set_aside, administrator, weights_id=aside)
    with pytest.raises(IllegalTransition):
        world.act(weights.adopt, administrator, weights_id=aside, instead_of=None)
    live = proposed(world)
    world.act(weights.adopt, administrator, weights_id=live, instead_of=None)
    with pytest.raises(ListChanged):
        world.act(weights.set_aside, administrator, weights_id=live)
    assert acts(world).count("set_weights_aside") == 1


def test_the_weights_of_origin_come_back(world: World) -> None:
    weights_id, administrator = proposed(world), world.administrator()
    world.act(weights.adopt, administrator, weights_id=weights_id, instead_of=None)
    for _ in range(2):
        world.act(weights.restore_origin, administrator, weights_id=weights_id)
    assert used(world) == WEIGHTS
    assert len(world.messages("rank_open_needs")) == 2
    assert acts(world)[-2:] == ["adopt_weights", "restore_weights"]


def test_weights_of_another_formula_are_neither_used_nor_adopted(world: World) -> None:
    with transaction(world.session):
        row = weights.propose(world.session, TUNE, world.now, weights={"text": 1.0}, decisions=400, measures={})
    with pytest.raises(ListChanged):
        world.act(weights.adopt, world.administrator(), weights_id=row.id, instead_of=None)
    row.is_live = True
    world.session.commit()
    assert used(world) == WEIGHTS


@pytest.mark.parametrize("who", ["coordinator", "volunteer", "anonymous"])
def test_only_administrators_decide(world: World, who: str) -> None:
    actors: dict[str, Actor] = {
        "coordinator": world.coordinator(),
        "volunteer": world.volunteer_of(world.volunteer()),
        "anonymous": Anonymous(),
    }
    actor, weights_id = actors[who], proposed(world)
    with pytest.raises(NotFound):
        world.act(weights.adopt, actor, weights_id=weights_id, instead_of=None)
    assert list_weights(world.session, actor) == ()
    with pytest.raises(NotFound):
        find_weights(world.session, actor, weights_id)

    world.act(weights.adopt, world.administrator(), weights_id=weights_id, instead_of=None)

    with pytest.raises(NotAllowed):
        world.act(weights.restore_origin, actor, weights_id=weights_id)
    assert [row.id for row in list_weights(world.session, actor)] == [weights_id]
    assert may(actor, Action.READ, row_of(world, weights_id))
    assert not may(actor, Action.ADOPT, row_of(world, weights_id))


def test_proposals_that_nobody_wanted_are_forgotten_and_adopted_ones_kept(world: World) -> None:
    adopted = proposed(world)
    world.act(weights.adopt, world.administrator(), weights_id=adopted, instead_of=None)
    world.act(weights.restore_origin, world.administrator(), weights_id=adopted)
    aside, waits = proposed(world), proposed(world)
    with transaction(world.session):
        forgotten = weights.forget_set_aside(world.session, world.now + timedelta(days=1))
    assert forgotten == 1
    left = set(world.session.scalars(sa.select(RankingWeights.id)))
    assert left == {adopted, waits}
    assert aside not in left


@pytest.mark.parametrize("live_before", [True, False])
def test_of_two_administrators_who_decide_at_once_the_first_is_heard(
    any_world: World, any_sessions: Sessions, live_before: bool
) -> None:
    """One adopts the proposal, the other sets it aside or goes back to the origin: never both, never two in force."""
    first, second = any_world.administrator(), any_world.administrator()
    live = None
    if live_before:
        live = proposed(any_world)
        any_world.act(weights.adopt, first, weights_id=live, instead_of=None)
    waits = proposed(any_world, WEIGHTS)
    any_world.forget_mails()
    barrier = threading.Barrier(2, timeout=60)

    def decide(account_id: int | None, adopts: bool) -> str:
        with any_sessions() as session:
            administrator = Person(session.get_one(Account, account_id))
            barrier.wait()
            try:
                with transaction(session):
                    if adopts:
                        weights.adopt(session, administrator, NOW, weights_id=waits, instead_of=live)
                    elif live is not None:
                        weights.restore_origin(session, administrator, NOW, weights_id=live)
                    else:
                        weights.set_aside(session, administrator, NOW, weights_id=waits)
            except DomainError as refused:
                return refused.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(decide, (first.account_id, second.account_id), (True, False)))

    any_world.session.rollback()
    assert sorted(said) in (["done", "list_changed"], ["done", "illegal_transition"])
    in_force_now = any_world.session.scalars(sa.select(RankingWeights.id).where(RankingWeights.is_live)).all()
    assert in_force_now == ([waits] if said[0] == "done" else [])


def test_two_administrators_who_adopt_the_same_proposal_at_once_adopt_it_once(
    any_world: World, any_sessions: Sessions
) -> None:
    waits = proposed(any_world)
    accounts = [any_world.administrator().account_id for _ in range(2)]
    barrier = threading.Barrier(2, timeout=60)

    def adopt(account_id: int | None) -> None:
        with any_sessions() as session:
            administrator = Person(session.get_one(Account, account_id))
            barrier.wait()
            with transaction(session):
                weights.adopt(session, administrator, NOW, weights_id=waits, instead_of=None)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(adopt, accounts))

    any_world.session.rollback()
    assert acts(any_world).count("adopt_weights") == 1
    assert len(any_world.messages("rank_open_needs")) == 1
