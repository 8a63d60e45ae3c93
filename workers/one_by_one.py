"""Many things done one after the other, each on its own: one that fails holds up none behind it. Knows no job."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded

T = TypeVar("T")


def do_each(things: Iterable[T], do: Callable[[T], bool], *, failed: Callable[[T, str], None]) -> int:
    """Do it for each of the things; return for how many it had an effect.

    Of one that fails `failed` is told the class of the error, never its text, which may quote a person. Only the end
    of the time that the task has ends them all.
    """
    return sum(_tried(thing, do, failed) for thing in things)


def _tried(thing: T, do: Callable[[T], bool], failed: Callable[[T, str], None]) -> bool:
    try:
        return do(thing)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        failed(thing, type(error).__name__)
        return False
