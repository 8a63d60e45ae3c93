"""How the SMTP sink misbehaves, verb by verb. It keeps no message."""

import asyncio
import contextlib
import threading
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import partial

from aiosmtpd.smtp import SMTP

Method = Callable[[str | None], Awaitable[None]]


class Trouble(Enum):
    """What can go wrong when a verb arrives."""

    CUT = "the connection ends, and the verb has no effect"
    CUT_AFTER = "the verb takes effect and is answered, then the connection ends"
    MUTE = "no answer ever comes"
    DRIP = "the answer comes byte by byte, one a second"
    HUGE_LINE = "the answer is one line without an end"
    HUGE_REPLY = "the answer has lines without an end"


Act = Trouble | str | Callable[[], object]
BYTE_EVERY_S = 1.0
# A flood ends by itself, so that a client that reads it all fails instead of filling the memory.
FLOOD_BYTES = 64_000_000


class Conduct:
    """What a sink was told to do at which verb; shared by its conversations."""

    def __init__(self, heard: Counter[str]) -> None:
        self._heard = heard
        self._lock = threading.Lock()
        self._acts: dict[str, deque[tuple[Act, int | None]]] = {}

    def at(self, verb: str, act: Act, times: int | None) -> None:
        """Add what is done the next times that a verb arrives; None for ever."""
        with self._lock:
            self._acts.setdefault(verb, deque()).append((act, times))

    def forget(self) -> None:
        """Do nothing special any more."""
        with self._lock:
            self._acts.clear()

    def next(self, verb: str) -> Act | None:
        """Count a verb and return what is to be done about it."""
        with self._lock:
            self._heard[verb] += 1
            acts = self._acts.get(verb)
            if not acts:
                return None
            act, times = acts[0]
            if times is not None:
                acts[0] = act, times - 1
                if times <= 1:
                    acts.popleft()
            return act


class Talk(SMTP):
    """One conversation, as aiosmtpd leads it, with what was ordered at each verb."""

    def __init__(self, conduct: Conduct, handler: object, **options: object) -> None:
        super().__init__(handler, **options)
        self._conduct = conduct
        self._act: Act | None = None
        self._is_greeted = False
        self._recipient_at = 0.0
        self.gap_s = 0.0
        self._smtp_methods = {verb: partial(self._perform, verb, method) for verb, method in self._smtp_methods.items()}

    async def enter(self, verb: str) -> str | None:
        """Begin with a verb; return the reply that stands for it, None when it takes its course."""
        act = self._conduct.next(verb)
        self._act = act if isinstance(act, Trouble) else None
        if act is Trouble.CUT:
            self._cut()
            await asyncio.Event().wait()
        if act is Trouble.MUTE:
            await asyncio.Event().wait()
        if isinstance(act, str):
            return act
        if act is not None and not isinstance(act, Trouble):
            act()
        return None

    async def push(self, status: str | bytes) -> None:
        """Send a reply in the manner that was ordered."""
        if not self._is_greeted:
            self._is_greeted = True
            status = await self.enter("CONNECT") or status
        match self._act:
            case Trouble.DRIP:
                await self._drip(status)
            case Trouble.HUGE_LINE:
                await self._flood(b"250 " + b"x" * 60_000, b"x" * 60_000)
            case Trouble.HUGE_REPLY:
                await self._flood(b"250-one more\r\n" * 4_000, b"250-one more\r\n" * 4_000)
            case _:
                await super().push(status)
        if self._act is Trouble.CUT_AFTER and str(status).startswith(("354", "220")):
            self._cut()

    def end(self) -> None:
        """End the conversation at once, whatever it is at."""
        # asyncio forgets the encryption of a transport that was closed twice, and then cannot abort it.
        with contextlib.suppress(AttributeError):
            if self.transport is not None:
                self.transport.abort()

    async def _perform(self, verb: str, method: Method, arg: str | None) -> None:
        if verb == "DATA":
            self.gap_s = time.monotonic() - self._recipient_at
        reply = await self.enter(verb)
        if reply is not None:
            await super().push(reply)
            if reply.startswith("421"):
                self._cut()
            return
        await method(arg)
        if verb == "RCPT":
            self._recipient_at = time.monotonic()
        if self._act is Trouble.CUT_AFTER:
            self._cut()

    def _cut(self) -> None:
        """End the connection as a crash would, after what was written has left."""
        if self.transport is not None:
            self.transport.close()

    async def _drip(self, status: str | bytes) -> None:
        whole = status.encode() if isinstance(status, str) else status
        for byte in whole + b"\r\n":
            self._writer.write(bytes([byte]))
            await self._writer.drain()
            await asyncio.sleep(BYTE_EVERY_S)

    async def _flood(self, first: bytes, more: bytes) -> None:
        sent = 0
        while sent < FLOOD_BYTES:
            self._writer.write(more if sent else first)
            await self._writer.drain()
            sent += len(more)
        self._cut()
