"""A real SMTP server that keeps what it receives and refuses what it is told to refuse. It forwards nothing."""

import asyncio
import email
import email.policy
import threading
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

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


class SmtpSink:
    """Listens on a free port of the loopback between `start` and `stop`; safe to ask from any thread."""

    def __init__(self) -> None:
        """Make a sink that accepts everything."""
        self.host, self.port = HOST, 0
        self.received: list[Received] = []
        self._replies: dict[str, deque[str]] = {}
        self._arrived = threading.Condition()
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
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Reply as told by `answer`, else accept."""
        replies = self._replies.get(address, deque([ACCEPTED]))
        reply = replies.popleft() if len(replies) > 1 else replies[0]
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message."""
        content = envelope.content
        assert isinstance(content, bytes)
        with self._arrived:
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
            self._arrived.notify_all()
        return ACCEPTED

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(lambda: SMTP(self, hostname="sink.test", enable_SMTPUTF8=True), HOST, 0)

    async def _close(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
