"""Starts the workers' programs as they are started outside of tests, and waits for what they do."""

import contextlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from matcher.models.outbox import OutboxRow
from tests.servers.processes import stop, wait_until

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def surroundings(environment: dict[str, str], home: Path) -> dict[str, str]:
    """The environment of a program that is started here: its settings, and nothing of ours but where programs are."""
    paths = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), "PYTHONPATH": str(ROOT)}
    return {**paths, **environment}


@contextlib.contextmanager
def running(command: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command with these settings until the block ends; SIGTERM ends it."""
    words, facts = shlex.split(command), surroundings(environment, log.parent)
    with log.open("ab") as output:
        process = subprocess.Popen(words, cwd=log.parent, env=facts, stdout=output, stderr=output)
    try:
        yield process
    finally:
        if process.poll() is None:
            stop(process)


def wait_until_done(session: Session, row: OutboxRow, *, timeout_s: float = 60) -> OutboxRow:
    """Return the row as soon as a worker has completed it."""

    def is_done() -> bool:
        session.rollback()
        session.refresh(row)
        return row.done_at is not None

    wait_until(is_done, f"a worker completes the row of kind {row.kind}", timeout_s=timeout_s)
    return row
