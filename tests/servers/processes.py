"""Waits for server processes to be ready and stops them by their process id."""

import contextlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable


def wait_until(fact: Callable[[], bool], what: str, *, timeout_s: float) -> None:
    """Return as soon as the fact holds; raise TimeoutError naming it when the time is over."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not fact():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout_s:g} s: {what}")
        pause.wait(0.02)


def stop(process: subprocess.Popen[bytes], *, politely: signal.Signals = signal.SIGTERM) -> None:
    """Ask a process to end, wait 15 seconds, then kill it; return when it is gone."""
    process.send_signal(politely)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
        return
    process.kill()
    process.wait()
