"""The mail server of a speed measurement: it takes every mail and spends next to no time. It checks nothing.

tests/servers/smtp.py is the one that behaves; it spends a third as much on a mail as a worker, which is not what is
measured.
"""

import asyncio
import re
import threading
import time

HOST = "127.0.0.1"
GREETING, OFFERS = b"220 ready\r\n", b"250-here\r\n250-SIZE 33554432\r\n250 SMTPUTF8\r\n"
YES, GO_ON, FAREWELL = b"250 2.0.0 yes\r\n", b"354 go on\r\n", b"221 bye\r\n"
END = b"\r\n.\r\n"
_ID = re.compile(rb"(?im)^Message-ID: *(\S+)")


class FarEnd:
    """Listens on a free port of the loopback between `start` and `stop`."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self.host, self.port = HOST, 0
        self.ids: list[bytes] = []
        self.gaps_s: list[float] = []
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="far-end", daemon=True)

    def __enter__(self) -> "FarEnd":
        """Open the port."""
        self._thread.start()
        listening = self._loop.create_server(lambda: _Talk(self), HOST, 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


class _Talk(asyncio.Protocol):
    """One connection; `_announced_at` is when the last recipient was taken."""

    def __init__(self, far_end: FarEnd) -> None:
        self._far_end = far_end
        self._unread = b""
        self._takes_content = False
        self._announced_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._far_end.connections += 1
        self._transport = transport
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        """Answer whatever is whole."""
        self._unread += data
        while self._take(END if self._takes_content else b"\r\n"):
            pass

    def _take(self, end: bytes) -> bool:
        said, found, rest = self._unread.partition(end)
        if not found:
            return False
        self._unread = rest
        if self._takes_content:
            self._keep(said)
        else:
            self._answer(said[:4].upper())
        return True

    def _keep(self, content: bytes) -> None:
        self._takes_content = False
        self._far_end.ids += _ID.findall(content.partition(b"\r\n\r\n")[0])
        self._transport.write(YES)

    def _answer(self, verb: bytes) -> None:
        if verb == b"QUIT":
            self._transport.write(FAREWELL)
            self._transport.close()
            return
        if verb == b"DATA":
            self._takes_content = True
            self._far_end.gaps_s.append(time.monotonic() - self._announced_at)
        self._transport.write({b"EHLO": OFFERS, b"DATA": GO_ON}.get(verb, YES))
        if verb == b"RCPT":
            self._announced_at = time.monotonic()
