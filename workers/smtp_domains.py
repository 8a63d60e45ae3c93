"""How many mails leave for one domain at a time, over all processes of this machine. A killed process frees its places.

Locks on bytes of one file: the kernel keeps them, so that neither Redis nor the database has to be there.
"""

import contextlib
import fcntl
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from workers.smtp_errors import DomainBusy

AT_ONCE = 2
WAITS_S = 1.0
LOOKS_EVERY_S = 0.01


class Domains:
    """The places of each domain; one such object for a process, shared by its threads."""

    def __init__(self, server: str, *, at_once: int = AT_ONCE, waits_s: float = WAITS_S) -> None:
        """Name the mail server: another one has places of its own."""
        self._server = server
        self._at_once = at_once
        self._waits_s = waits_s
        self._lock = threading.Lock()
        self._held: set[int] = set()

    @contextlib.contextmanager
    def place(self, domain: str) -> Iterator[None]:
        """Hold a place of a domain; raises DomainBusy when none gets free for a moment."""
        place = self._wait(domain)
        try:
            yield
        finally:
            self._leave(place)

    def _wait(self, domain: str) -> int:
        digest = hashlib.sha256(f"{self._server} {domain}".encode()).digest()
        first = int.from_bytes(digest[:6], "big") * self._at_once
        ends_at = time.monotonic() + self._waits_s
        pause = threading.Event()
        while True:
            for place in range(first, first + self._at_once):
                if self._take(place):
                    return place
            if time.monotonic() > ends_at:
                raise DomainBusy
            pause.wait(LOOKS_EVERY_S)

    def _take(self, place: int) -> bool:
        """The file's locks are the process's: between its threads the set decides."""
        file = _opened()
        with self._lock:
            if place in self._held:
                return False
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except (BlockingIOError, PermissionError):
                return False
            self._held.add(place)
            return True

    def _leave(self, place: int) -> None:
        with self._lock:
            self._held.discard(place)
            fcntl.lockf(_opened(), fcntl.LOCK_UN, 1, place)


@cache
def _opened() -> int:
    """Open the file once for this process, and never close it: that would free every place it holds."""
    path = Path(tempfile.gettempdir()) / f"binome-domains-{os.getuid()}"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
