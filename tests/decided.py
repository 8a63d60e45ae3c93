"""Decisions for tests: made by a coordinator who weighs the parts in a way that is known, with some noise."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from matcher.models.need import Need
from matcher.models.states import PairingReason
from matcher.models.suggestion import RankingRun
from matcher.models.volunteer import Volunteer
from matcher.ranking.examples import Example, Verdict
from matcher.ranking.replay import vector
from matcher.ranking.score import WEIGHTS, Floats, Weights
from matcher.services import line
from tests.factories import World

PARTS = len(Weights.names())


def other_weights() -> Weights:
    """Weights far from those of origin: what weighs most there weighs least here, and the reverse."""
    return Weights(**dict(zip(Weights.names(), sorted(asdict(WEIGHTS).values()), strict=True)))


def drawn(random: np.random.Generator, people: int, weights: Weights = WEIGHTS) -> Floats:
    """Values of the parts of some people, best first by the weights, shape (people, PARTS)."""
    values = random.beta(1.5, 3, (people, PARTS))
    return values[np.argsort(-(values @ vector(weights)))]


def made_examples(truth: Weights | Floats, *, needs: int, seed: int = 1, noise: float = 0.05) -> list[Example]:
    """Four decisions on each need, on people of the first twelve of twenty: two are wanted, two are not fit."""
    random = np.random.default_rng(seed)
    found: list[Example] = []
    wishes = vector(truth) if isinstance(truth, Weights) else truth
    for number in range(needs):
        values = drawn(random, 20)
        people = tuple(f"v{number}-{place}" for place in range(20))
        looked_at = random.choice(12, size=4, replace=False)
        worth = values @ wishes + random.normal(0, noise, 20)
        middle = np.median(worth[looked_at])
        for row in looked_at:
            verdict = Verdict.WANTED if worth[row] > middle else Verdict.UNFIT
            found.append(Example(f"n{number:04}", people[row], verdict, people, values))
    return found


def show(world: World, need: Need, people: Sequence[Volunteer], values: Floats, weights: Weights = WEIGHTS) -> int:
    """Store a ranking whose parts have these values; returns its id."""
    shares = asdict(weights)
    rows = [
        [
            person.id,
            rank,
            float(row @ vector(weights)),
            dict(zip(shares, (row * vector(weights)).tolist(), strict=True)),
        ]
        for rank, (person, row) in enumerate(zip(people, values, strict=True), start=1)
    ]
    shown = {"version": "test", "weights": shares, "list": rows}
    run = RankingRun(need_id=need.id, at=world.now, version="test", considered=0, excluded={}, shown=shown)
    world.session.add(run)
    world.session.commit()
    return run.id


def decide(world: World, truth: Weights, *, needs: int, people: int) -> None:
    """Let a coordinator decide on everybody shown for some needs: the better half into the line, the others aside."""
    random = np.random.default_rng(1)
    volunteers = [world.volunteer() for _ in range(people)]
    for _ in range(needs):
        need = world.need()
        coordinator = world.coordinator(need.branch)
        values = drawn(random, people)
        ranking_id = show(world, need, volunteers, values)
        worth = values @ vector(truth)
        for volunteer, worthy in zip(volunteers, worth > np.median(worth), strict=True):
            choice = line.Choice(need.id, volunteer.id, ranking_id)
            if worthy:
                world.act(line.approve, coordinator, choice)
            else:
                world.act(line.set_aside, coordinator, choice, reason=PairingReason.SKILLS)
