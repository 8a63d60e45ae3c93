"""One after the other: what fails is told by the class of its error, and the end of the time ends them all."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from workers.one_by_one import do_each


def test_one_that_fails_is_told_without_its_text_and_holds_up_nobody() -> None:
    done, told = [], []

    def do(number: int) -> bool:
        if number == 2:
            raise ValueError("Jeanne Petit")
        done.append(number)
        return number != 3

    effects = do_each([1, 2, 3, 4], do, failed=lambda number, error: told.append((number, error)))

    assert done == [1, 3, 4]
    assert effects == 2, "the third had no effect"
    assert told == [(2, "ValueError")]


def test_the_end_of_the_time_ends_them_all() -> None:
    begun, told = [], []

    def do(number: int) -> bool:
        begun.append(number)
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        do_each([1, 2], do, failed=lambda number, error: told.append((number, error)))

    assert (begun, told) == ([1], [])
