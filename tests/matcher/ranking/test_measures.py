"""Each measure against figures worked by hand, and intervals that are the same each time."""

from math import log2

import numpy as np
import pytest

from matcher.ranking.measures import MEASURES, RESAMPLES, Estimate, Measure, Sample, ndcg, recall, reciprocal_rank

ORDER = [f"v{n}" for n in range(1, 31)]


def test_ndcg_of_an_order_worked_by_hand() -> None:
    # Ranks 1, 3 and 11 are graded 1, 3 and 2: the first two count 1 and 7, the third comes too late.
    found = 1 / log2(2) + 7 / log2(4)
    ideal = 7 / log2(2) + 3 / log2(3) + 1 / log2(4)

    assert ndcg(ORDER, {"v1": 1, "v3": 3, "v11": 2}) == pytest.approx(found / ideal)


def test_the_ideal_takes_the_ten_best_of_all_who_are_graded_listed_or_not() -> None:
    grades = {f"v{n}": 1 for n in range(1, 11)} | {"nobody knows": 3}

    best_nine = sum(1 / log2(rank + 1) for rank in range(2, 11))
    assert ndcg(ORDER, grades) == pytest.approx((best_nine + 1) / (best_nine + 7))


def test_the_best_order_is_worth_one_and_the_worst_nothing() -> None:
    grades = {"v1": 3, "v2": 2, "v3": 1}

    assert ndcg(ORDER, grades) == 1
    assert ndcg(ORDER[3:] + ORDER[:3], grades) == 0


def test_mrr_counts_the_first_of_grade_two_or_more() -> None:
    assert reciprocal_rank(ORDER, {"v1": 1, "v4": 2, "v5": 3}) == 1 / 4
    assert reciprocal_rank(ORDER, {"v30": 2}) == 1 / 30
    assert reciprocal_rank(ORDER, {"somebody left out": 3}) == 0


def test_recall_is_out_of_as_many_as_can_stand_among_the_first_twenty() -> None:
    assert recall(ORDER, {"v1": 1, "v20": 1, "v21": 3}) == pytest.approx(2 / 3)
    assert recall(ORDER, dict.fromkeys(ORDER, 1)) == 1


@pytest.mark.parametrize(("measure", "grades"), [(Measure.NDCG, {}), (Measure.MRR, {"v1": 1}), (Measure.RECALL, {})])
def test_a_need_with_nobody_to_find_has_no_measure(measure: Measure, grades: dict[str, int]) -> None:
    assert MEASURES[measure](ORDER, grades) is None


def test_an_interval_is_that_of_a_plain_bootstrap() -> None:
    random = np.random.default_rng(7)
    column = random.uniform(size=80)
    plain = [random.choice(column, size=80).mean() for _ in range(4000)]

    estimate = Sample.of({f"n{n}": value for n, value in enumerate(column)}).estimate()

    low, high = np.percentile(plain, [2.5, 97.5])
    assert estimate.mean == pytest.approx(column.mean(), abs=1e-6)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=0.006)


def test_resampling_is_the_same_each_time_and_whatever_the_order_of_the_needs() -> None:
    values = {f"n{n}": n / 50 for n in range(50)}

    again = Sample.of(dict(reversed(values.items())))

    assert again.resampled.shape == (RESAMPLES,)
    assert Sample.of(values).resampled.tolist() == again.resampled.tolist()
    assert again.estimate() == Estimate(0.49, 0.4112, 0.57), "as in every other process"


def test_a_paired_difference_is_surer_than_the_two_means() -> None:
    values = {f"n{n}": n / 50 for n in range(50)}
    lower, higher = Sample.of(values), Sample.of({need: value + 0.1 for need, value in values.items()})

    difference = higher.minus(lower).estimate()

    assert (difference.mean, difference.low, difference.high) == (0.1, 0.1, 0.1)
    assert higher.estimate().low < lower.estimate().high


def test_a_mean_over_sets_of_the_same_needs_is_no_surer_than_one_of_them() -> None:
    values = [n / 50 for n in range(50)]
    one = Sample.of({f"n{n}": value for n, value in enumerate(values)})
    other = Sample.of({f"m{n}": value for n, value in enumerate(values)})

    def width(sample: Sample) -> float:
        return sample.estimate().high - sample.estimate().low

    assert width(Sample.mean_of([one, one])) == pytest.approx(width(one))
    assert width(Sample.mean_of([one, other])) == pytest.approx(width(one) / 2**0.5, rel=0.1)


def test_sets_weigh_the_same_in_a_mean_whatever_their_number_of_needs() -> None:
    few, many = Sample.of({"n1": 1.0}), Sample.of({f"m{n}": 0.0 for n in range(9)})

    assert Sample.mean_of([few, many]).mean == 0.5
