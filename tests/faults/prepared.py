"""A worker's program that was read once and is begun many times: each life is a process of its own, forked from here.

What a kill meets is the same program; only the seconds in which Python reads it are spent once and not at each life.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from celery.bin.celery import main as celery

from tests.faults import entry
from tests.servers.processes import wait_until
from tests.workers.programs import surroundings
from workers import embedded

GONE_WITHIN_S = 60


class Life:
    """One process of the program, the leader of a group of its own."""

    def __init__(self, pid: int) -> None:
        """The process that answered with this id."""
        self.pid = pid

    def is_over(self) -> bool:
        """True when the process is gone; who forked it lets it leave nothing behind."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def kill_all(self) -> None:
        """kill -9 of the process with all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        wait_until(self.is_over, "the killed worker is gone", timeout_s=GONE_WITHIN_S)

    def end(self) -> None:
        """Ask it to end, and see it gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        wait_until(self.is_over, "the worker ends", timeout_s=GONE_WITHIN_S)


class Prepared:
    """The program, read and waiting for the word to begin a life."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """The process that forks."""
        self._process = process

    def begin(self, arguments: tuple[str, ...], trap: dict[str, str]) -> Life:
        """Begin a life: arguments of celery, or none for the embedded worker; a trap as in entry.py."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("no way to speak with the prepared program")
        self._process.stdin.write(json.dumps({"arguments": arguments, "trap": trap}) + "\n")
        self._process.stdin.flush()
        return Life(int(self._process.stdout.readline()))


@contextlib.contextmanager
def prepared(settings: dict[str, str], log: Path) -> Iterator[Prepared]:
    """Read the program with these settings once; what its lives say goes to the log."""
    command = [sys.executable, "-m", "tests.faults.prepared"]
    with log.open("ab") as said:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            env=surroundings(settings, log.parent),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    with process:
        try:
            yield Prepared(process)
        finally:
            process.kill()


def main() -> int:
    """Read the tasks, then fork a life for each line of the input and answer with its process id."""
    entry.app.loader.import_default_modules()
    # The kernel buries what has ended; nobody here waits for it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os._exit(_live(**json.loads(line)))
        # On both sides of the fork, so that whoever reads the answer finds the group, however soon it kills.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpgid(pid, pid)
        print(pid, flush=True)
    return 0


def _live(arguments: list[str], trap: dict[str, str]) -> int:
    """Be the worker, in a group of its own, with nothing of the one that waits for words."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ.update(trap)
    entry.set_trap_of_the_environment()
    if not arguments:
        return embedded.main()
    try:
        sys.argv = ["celery", *arguments]
        return int(celery() or 0)
    except SystemExit as ended:
        return int(ended.code or 0)


if __name__ == "__main__":
    raise SystemExit(main())
