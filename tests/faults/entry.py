"""The workers' programs with a trap in the database: a process kills itself at one point, at its n-th passing.

prepared.py begins them. FAULT_POINT and FAULT_NTH say where and when; each death is a line in the file FAULT_LOG.
"""

import os
import signal
import threading
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from workers.app import app

__all__ = ["POINTS", "app"]
# What the statement of the moment holds, and whether the process dies after its commit.
POINTS = {
    "claim written": ("attempts=(", False),
    "claim committed": ("attempts=(", True),
    "end written": ("done_at=", False),
    "end committed": ("done_at=", True),
}


class Trap:
    """Counts how often this process passed the point and kills it at the n-th time."""

    def __init__(self, point: str, nth: int) -> None:
        """Wait for one statement of the outbox."""
        self._words, self._after_commit = POINTS[point]
        self._left = nth
        self._thread = threading.local()

    def executed(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        """Notice the statement."""
        if statement.startswith("UPDATE outbox") and self._words in statement.split("WHERE", maxsplit=1)[0]:
            self._thread.has_passed = True
            if not self._after_commit:
                self._spring()

    def committed(self, _session: Session) -> None:
        """The transaction is over."""
        if self._after_commit and getattr(self._thread, "has_passed", False):
            self._spring()
        self._thread.has_passed = False

    def _spring(self) -> None:
        self._left -= 1
        if self._left <= 0:  # two threads may pass together
            with Path(os.environ["FAULT_LOG"]).open("a") as log:
                log.write(f"{os.getpid()}\n")
            os.kill(os.getpid(), signal.SIGKILL)


def set_trap_of_the_environment() -> None:
    """Watch every engine and session of this process and of its children, when the environment names a point."""
    if "FAULT_POINT" not in os.environ:
        return
    trap = Trap(os.environ["FAULT_POINT"], int(os.environ["FAULT_NTH"]))
    event.listen(Engine, "after_cursor_execute", trap.executed)
    event.listen(Session, "after_commit", trap.committed)
