"""A real SMTP server that keeps what it receives and behaves as badly as it is told to. It forwards nothing."""

import asyncio
import email
import email.policy
import ssl
import threading
import weakref
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.smtp_troubles import Conduct, Talk, Trouble

__all__ = ["ACCEPTED", "HOST", "Manner", "Received", "SmtpSink", "Trouble"]

ACCEPTED = "250 2.0.0 accepted"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One message as it came: its envelope, its bytes, and the bytes read as a message."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Parse the bytes with the modern policy, as a reader's mail program would."""
        return email.message_from_bytes(self.content, policy=email.policy.default)


@dataclass(frozen=True)
class Manner:
    """What a server offers: encryption after STARTTLS or at once, who may sign in, accents, the largest mail."""

    starttls: ssl.SSLContext | None = None
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    utf8: bool = True
    max_bytes: int = 33_554_432


class SmtpSink:
    """Listens on a free port of the loopback between `start` and `stop`; safe to ask from any thread."""

    def __init__(self, manner: Manner | None = None, *, port: int = 0) -> None:
        """Make a sink that accepts everything."""
        self.host, self.port = HOST, port
        self.received: list[Received] = []
        self.heard: Counter[str] = Counter()
        self.gaps_s: list[float] = []
        self._manner = manner or Manner()
        self._conduct = Conduct(self.heard)
        self._talks: weakref.WeakSet[Talk] = weakref.WeakSet()
        self._replies: dict[str, deque[str]] = {}
        self._arrived = threading.Condition()
        # aiosmtpd reads every attribute of its handler anew for each connection: `messages` would parse all mails.
        self._handler = SimpleNamespace(handle_RCPT=self.handle_RCPT, handle_DATA=self.handle_DATA)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages received so far, oldest first."""
        return [received.message for received in self.received]

    def to(self, recipient: str) -> list[EmailMessage]:
        """The messages received so far for one address, oldest first."""
        return [received.message for received in self.received if recipient in received.recipients]

    def answer(self, recipient: str, *replies: str) -> None:
        """Give these replies, one after the other, to RCPT TO for this address; the last one stays."""
        self._replies[recipient] = deque(replies)

    def at(self, verb: str, act: Trouble | str | Callable[[], object], *, times: int | None = None) -> None:
        """Behave so the next times that a verb arrives, for ever when no number is given; a text is the reply to it.

        The verbs are those of SMTP, and CONNECT (before the greeting), "." (the content is here and not kept) and KEPT
        (it is kept, nobody was told). Something to call is called when the verb arrives; then all goes on as usual.
        """
        self._conduct.at(verb, act, times)

    def mend(self) -> None:
        """Behave well again."""
        self._conduct.forget()

    def wait_for(self, count: int, *, timeout_s: float = 20) -> list[EmailMessage]:
        """Return the messages as soon as there are `count`; raise TimeoutError when they do not come."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.received) >= count, timeout_s):
                raise TimeoutError(f"{len(self.received)} of {count} messages after {timeout_s:g} s")
        return self.messages

    def start(self) -> None:
        """Open the port; `port` is known when this returns."""
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Close the port and every conversation."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> "SmtpSink":
        """Start and return the sink."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the sink."""
        self.stop()

    async def handle_RCPT(  # noqa: N802 (aiosmtpd calls it so)
        self, server: Talk, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Reply as told by `answer`, else accept."""
        replies = self._replies.get(address, deque([ACCEPTED]))
        reply = replies.popleft() if len(replies) > 1 else replies[0]
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Talk, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, and notice how long the client took between RCPT and DATA."""
        refusal = await server.enter(".")
        if refusal is not None:
            return refusal
        content = envelope.content
        assert isinstance(content, bytes)
        with self._arrived:
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
            self.gaps_s.append(server.gap_s)
            self._arrived.notify_all()
        return await server.enter("KEPT") or ACCEPTED

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
    ) -> AuthResult:
        assert isinstance(login, LoginPassword)
        given = (login.login.decode(), login.password.decode())
        return AuthResult(success=given == self._manner.login, handled=given == self._manner.login)

    def _talk(self) -> Talk:
        manner = self._manner
        talk = Talk(
            self._conduct,
            self._handler,
            hostname="sink.test",
            enable_SMTPUTF8=manner.utf8,
            data_size_limit=manner.max_bytes,
            tls_context=manner.starttls,
            require_starttls=manner.starttls is not None,
            auth_required=manner.login is not None,
            auth_require_tls=manner.starttls is not None,
            authenticator=self._authenticate,
            loop=self._loop,
        )
        self._talks.add(talk)
        return talk

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._talk, HOST, self.port, ssl=self._manner.tls, backlog=512)

    async def _close(self) -> None:
        self._server.close()
        for talk in list(self._talks):
            talk.end()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the sockets close in the next round
