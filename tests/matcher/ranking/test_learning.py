"""Weights learnt from decisions: what made them is approached, what says nothing moves nothing, too few are refused."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest

from matcher.ranking.examples import Example, Verdict, comparisons, standing, values_of
from matcher.ranking.learning import (
    DECISIONS_NEEDED,
    LEAST_SHARE,
    Fit,
    TooFewComparisons,
    TooFewDecisions,
    fit_weights,
)
from matcher.ranking.replay import Agreement, replayed, vector
from matcher.ranking.score import WEIGHTS, Weights
from tests.decided import PARTS, made_examples, other_weights

SHOWN = ("ana", "bo", "cy")


def even() -> Weights:
    """All parts alike."""
    return Weights(**dict.fromkeys(Weights.names(), 1 / PARTS))


def example(person: str, verdict: Verdict, *, need_id: str = "n1", people: tuple[str, ...] = SHOWN) -> Example:
    """A decision on a list in which the first part falls from person to person and all others are none."""
    values = np.zeros((len(people), PARTS))
    values[:, 0] = 1 - np.arange(len(people)) / 10
    return Example(need_id, person, verdict, people, values)


@pytest.fixture(scope="module")
def learnt() -> Fit:
    """What is learnt from the decisions of somebody who weighs the parts otherwise."""
    return fit_weights(made_examples(other_weights(), needs=150), prior=WEIGHTS)


def test_the_weights_behind_the_decisions_are_approached(learnt: Fit) -> None:
    truth = vector(other_weights())
    before, after = vector(WEIGHTS) - truth, vector(learnt.weights) - truth
    assert np.abs(after).sum() < 0.5 * np.abs(before).sum()


def test_learnt_weights_agree_better_with_decisions_that_they_have_not_seen(learnt: Fit) -> None:
    unseen = made_examples(other_weights(), needs=100, seed=2)
    gain = replayed(unseen, learnt.weights).gains(replayed(unseen, WEIGHTS))
    assert gain[Agreement.PAIRS].low > 0.05
    assert learnt.gains[Agreement.PAIRS].low > 0.05


def test_decisions_that_follow_the_present_weights_hardly_move_them() -> None:
    fit = fit_weights(made_examples(WEIGHTS, needs=150, noise=0.02), prior=WEIGHTS)
    assert np.abs(vector(fit.weights) - vector(WEIGHTS)).max() < 0.05


def test_a_stronger_hold_stays_nearer_to_the_present_weights() -> None:
    examples = made_examples(other_weights(), needs=80)
    moved = [
        np.abs(vector(fit_weights(examples, prior=WEIGHTS, strength=strength).weights) - vector(WEIGHTS)).sum()
        for strength in (1.0, 10.0, 1000.0)
    ]
    assert moved == sorted(moved, reverse=True)
    assert moved[-1] < 0.05


def test_what_chance_decided_gains_nothing_on_needs_that_were_left_out() -> None:
    by_chance = made_examples(np.zeros(PARTS), needs=75, noise=1)
    fit = fit_weights(by_chance, prior=WEIGHTS, strength=0.1)
    learnt_by_heart = replayed(by_chance, fit.weights).gains(replayed(by_chance, WEIGHTS))
    assert fit.gains[Agreement.PAIRS].mean < learnt_by_heart[Agreement.PAIRS].mean - 0.02


def test_a_part_that_speaks_against_people_keeps_its_floor() -> None:
    wishes = vector(other_weights())
    wishes[0] = -0.5
    weights = asdict(fit_weights(made_examples(wishes, needs=150), prior=WEIGHTS, strength=1.0).weights)
    assert weights[Weights.names()[0]] == pytest.approx(LEAST_SHARE, abs=1e-3)
    assert min(weights.values()) >= LEAST_SHARE - 1e-4
    assert sum(weights.values()) == pytest.approx(1, abs=1e-9)


def test_decisions_against_every_part_leave_the_weights_as_they_are() -> None:
    assert fit_weights(made_examples(-vector(WEIGHTS), needs=150), prior=WEIGHTS).weights == WEIGHTS


def test_the_same_decisions_give_the_same_weights(learnt: Fit) -> None:
    again = fit_weights(made_examples(other_weights(), needs=150), prior=WEIGHTS)
    assert again == learnt


def test_the_interval_of_each_weight_holds_it(learnt: Fit) -> None:
    for name, share in learnt.shares.items():
        assert share.low - 0.01 <= share.mean <= share.high + 0.01, name


def test_one_decision_less_than_needed_is_refused() -> None:
    examples = made_examples(other_weights(), needs=75)
    assert len(examples) == DECISIONS_NEEDED
    fit_weights(examples, prior=WEIGHTS)
    with pytest.raises(TooFewDecisions) as refused:
        fit_weights(examples[1:], prior=WEIGHTS)
    assert (refused.value.n, refused.value.needed) == (DECISIONS_NEEDED - 1, DECISIONS_NEEDED)


def test_decisions_that_say_nothing_of_fit_are_not_counted() -> None:
    examples = made_examples(other_weights(), needs=75)
    silent = [Example(e.need_id, e.person, Verdict.SILENT, e.people, e.values) for e in examples[:50]]
    with pytest.raises(TooFewDecisions) as refused:
        fit_weights([*silent, *examples[50:]], prior=WEIGHTS)
    assert refused.value.n == DECISIONS_NEEDED - 50


def test_many_approvals_and_nobody_set_aside_are_refused() -> None:
    wanted = [example("ana", Verdict.WANTED, need_id=f"n{number}") for number in range(DECISIONS_NEEDED)]
    with pytest.raises(TooFewComparisons):
        fit_weights(wanted, prior=WEIGHTS)


def test_only_people_decided_on_are_compared() -> None:
    pairs = comparisons([example("ana", Verdict.UNFIT), example("bo", Verdict.WANTED)])
    assert pairs.differences[:, 0] == pytest.approx([-0.1])


def test_people_of_different_lists_are_not_compared() -> None:
    apart = [example("ana", Verdict.UNFIT, people=("ana",)), example("bo", Verdict.WANTED, people=("bo", "cy"))]
    elsewhere = [example("ana", Verdict.UNFIT), example("bo", Verdict.WANTED, need_id="n2")]
    assert (len(comparisons(apart)), len(comparisons(elsewhere))) == (0, 0)


@pytest.mark.parametrize(
    ("order", "share"),
    [
        ([("ana", Verdict.WANTED), ("bo", Verdict.UNFIT), ("cy", Verdict.UNFIT)], 1.0),
        ([("cy", Verdict.UNFIT), ("bo", Verdict.WANTED), ("ana", Verdict.UNFIT)], 0.5),
        ([("cy", Verdict.WANTED), ("ana", Verdict.UNFIT)], 0.0),
    ],
)
def test_the_agreement_is_the_share_of_pairs_in_their_order(order: list[tuple[str, Verdict]], share: float) -> None:
    examples = [example(person, verdict) for person, verdict in order]
    assert replayed(examples, even()).estimates()[Agreement.PAIRS].mean == share


def test_the_last_decision_on_a_person_counts() -> None:
    examples = [example("ana", Verdict.UNFIT), example("bo", Verdict.UNFIT), example("ana", Verdict.WANTED)]
    assert [(each.person, each.verdict) for each in standing(examples)] == [
        ("bo", Verdict.UNFIT),
        ("ana", Verdict.WANTED),
    ]
    assert replayed(examples, even()).estimates()[Agreement.PAIRS].mean == 1


def test_a_later_silent_decision_takes_an_earlier_one_back() -> None:
    assert standing([example("ana", Verdict.UNFIT), example("ana", Verdict.SILENT)]) == []


def test_the_mean_rank_and_the_gain_are_those_of_the_new_order() -> None:
    found = replayed([example("bo", Verdict.WANTED)], even()).estimates()
    assert found[Agreement.MEAN_RANK].mean == 2
    assert found[Agreement.NDCG].mean == pytest.approx(1 / np.log2(3), abs=1e-6)


def test_without_a_pair_there_is_no_agreement_to_tell() -> None:
    assert Agreement.PAIRS not in replayed([example("bo", Verdict.WANTED)], even()).samples


@pytest.mark.parametrize(
    "change", [lambda w: {**w, "new": 0.1}, lambda w: dict(list(w.items())[1:]), lambda w: dict.fromkeys(w, 0.0)]
)
def test_values_of_another_formula_are_not_read(change: Callable[[dict[str, float]], dict[str, float]]) -> None:
    weights = asdict(WEIGHTS)
    halves = {name: share / 2 for name, share in weights.items()}
    assert values_of(halves, weights) == pytest.approx([0.5] * PARTS)
    assert values_of(halves, change(weights)) is None
