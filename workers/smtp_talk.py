"""One conversation with a mail server: every step of it ends at one deadline. It knows no mail and no rule."""

import contextlib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from workers.smtp_errors import Flooded

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# RFC 5321 allows 512 bytes a line; nobody answers a hundred lines.
MAX_LINE_BYTES, MAX_LINES = 2_048, 100
READ_BYTES = 4_096
Found = Sequence[
    tuple[
        socket.AddressFamily,
        socket.SocketKind,
        int,
        str,
        tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes],
    ]
]
FAREWELL_S = 1.0


class Talk(smtplib.SMTP):
    """A client whose deadline is for the whole of what is asked of it: smtplib's own is for each reading."""

    def __init__(self, deadline: float) -> None:
        """Say until when, on the monotonic clock."""
        super().__init__(local_hostname=_own_name())
        self.deadline = deadline
        self.begun_at = time.monotonic()
        self.mails = 0
        self._unread = b""

    def open(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        """Connect, with encryption from the first byte when a context is given, and read the greeting."""
        self._host = host  # what a certificate is checked against
        self.sock = self._connected(host, port)
        if tls is not None:
            self._encrypt(tls)
        code, greeting = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, greeting)

    def secure(self, context: ssl.SSLContext) -> None:
        """Encrypt from here on; raises when the server offers none, or said something that nobody asked for."""
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError
        code, reply = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, reply)
        if self._unread:
            raise ssl.SSLError
        self._encrypt(context)
        # What was said in the open counts no more.
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False

    def send(self, s: "ReadableBuffer | str") -> None:
        """Send before the deadline."""
        socket_ = self._open_socket()
        try:
            socket_.settimeout(self._left_s())
            socket_.sendall(s.encode(self.command_encoding) if isinstance(s, str) else s)
        except BaseException:
            self.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply before the deadline, and no more of it than a reply may be."""
        try:
            return self._reply()
        except BaseException:
            # Cut short, even by a time limit of the worker: what comes next would be read as another answer.
            self.close()
            raise

    def farewell(self) -> None:
        """End the talk; how it ends changes nothing any more."""
        self.deadline = time.monotonic() + FAREWELL_S
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if self.sock is not None:
                self.quit()
        self.close()

    def _reply(self) -> tuple[int, bytes]:
        lines: list[bytes] = []
        while len(lines) < MAX_LINES:
            line = self._line()
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return (int(line[:3]) if line[:3].isdigit() else -1), b"\n".join(lines)
        raise Flooded

    def _line(self) -> bytes:
        while b"\n" not in self._unread:
            if len(self._unread) > MAX_LINE_BYTES:
                raise Flooded
            socket_ = self._open_socket()
            socket_.settimeout(self._left_s())
            more = socket_.recv(READ_BYTES)
            if not more:
                raise smtplib.SMTPServerDisconnected
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _open_socket(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self.sock

    def _left_s(self) -> float:
        left_s = self.deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s

    def _connected(self, host: str, port: int) -> socket.socket:
        """Try each address of the host until one answers."""
        failure: OSError = ConnectionRefusedError()
        for family, kind, protocol, _, address in looked_up(host, port, self._left_s()):
            plain = socket.socket(family, kind, protocol)
            try:
                plain.settimeout(self._left_s())
                plain.connect(address)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                plain.close()
                failure = error
            else:
                return plain
        raise failure

    def _encrypt(self, context: ssl.SSLContext) -> None:
        plain = self._open_socket()
        plain.settimeout(self._left_s())
        try:
            self.sock = context.wrap_socket(plain, server_hostname=self._host)
        except OSError:
            plain.close()
            self.sock = None
            raise


def looked_up(host: str, port: int, within_s: float, look: Callable[[str, int], Found] | None = None) -> Found:
    """Return the addresses of a host, or raise TimeoutError: the system's look-up knows no time, and is left behind."""
    answers: SimpleQueue[Found | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put((look or _look_up)(host, port))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, name="smtp-look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=within_s)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _look_up(host: str, port: int) -> Found:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


@cache
def _own_name() -> str:
    """The name by which we greet; looked up once, because a look-up may be slow."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"
