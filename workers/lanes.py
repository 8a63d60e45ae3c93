"""How many hands of one worker carry mail at a time, whatever its pool: one hand always stays free. Knows no mail."""

import fcntl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from celery.signals import worker_init

from workers.app import app


class Lanes:
    """So many lanes; made before a worker forks, so that all its processes share them.

    A lane is one byte of a file, locked: the system frees it when a process is killed, which no counter would be.
    Such a lock tells processes apart and not threads, so a lock in memory goes with each.
    """

    def __init__(self, count: int) -> None:
        """Make at least one lane."""
        self.count = max(1, count)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the worker lives)
        self._threads = [threading.Lock() for _ in range(self.count)]

    @contextmanager
    def one(self) -> Iterator[int | None]:
        """Hold a free lane for the block; None when all are taken."""
        lane = next((number for number in range(self.count) if self._take(number)), None)
        try:
            yield lane
        finally:
            if lane is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, lane)
                self._threads[lane].release()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _take(self, number: int) -> bool:
        if not self._threads[number].acquire(blocking=False):
            return False
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            self._threads[number].release()
            return False
        return True


@worker_init.connect  # type: ignore[untyped-decorator]
def _open(*, sender: object, **_: object) -> None:
    """Lay the lanes of a worker before it forks: one less than it has hands."""
    hands = getattr(sender, "concurrency", None)
    app.lanes = Lanes(hands - 1 if isinstance(hands, int) else 1)


def lanes() -> Lanes:
    """Return the lanes of this worker."""
    found = app.lanes
    assert isinstance(found, Lanes)
    return found
