"""Whether this worker was told to stop: from then on no process of it claims a row. What is in hand is finished."""

import mmap

from celery.signals import worker_shutting_down

# One byte that the children share, because it is there before a worker forks them; the signal reaches the parent only.
_told = mmap.mmap(-1, 1)


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def tell(**_: object) -> None:
    """Note that this worker is to stop."""
    _told[0] = 1


def is_told() -> bool:
    """True from then on, in the worker and in its children."""
    return _told[0] == 1
