"""A sink that keeps a log of Message-IDs and lets somebody act at a verb, before the reply. Refuses nothing."""

import asyncio
import email.parser
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from tests.faults.accounting import Handed, identity
from tests.servers.smtp import ACCEPTED, HOST, SmtpSink

VERBS = ("MAIL", "RCPT", "DATA", "DOT")
Act = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Moment:
    """When one mail came to which verb."""

    recipient: str
    verb: str
    at: float


class WatchedSink(SmtpSink):
    """Accepts all; `acts` are called with the recipient's address when a verb comes, each in a thread of its own."""

    def __init__(self, *, keep_content: bool = False) -> None:
        """Keep the log, and the contents only when asked."""
        super().__init__()
        self.log: list[Handed] = []
        self.moments: list[Moment] = []
        self.acts: dict[str, Act] = {}
        self._keeps = keep_content

    async def reached(self, verb: str, recipient: str) -> None:
        """Note the moment and let the act of this verb happen before the reply."""
        self.moments.append(Moment(recipient, verb, time.monotonic()))
        act = self.acts.get(verb)
        if act is not None:
            await asyncio.get_running_loop().run_in_executor(None, act, recipient)

    async def handle_MAIL(  # noqa: N802 (aiosmtpd calls it so)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        """Somebody says who sends."""
        await self.reached("MAIL", "")
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return ACCEPTED

    async def handle_RCPT(  # noqa: N802 (aiosmtpd calls it so)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Somebody says for whom it is."""
        await self.reached("RCPT", address)
        return await super().handle_RCPT(server, session, envelope, address, rcpt_options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The final dot has come: the mail is ours from now on, whatever becomes of the reply."""
        content = envelope.content
        assert isinstance(content, bytes)
        headers = email.parser.BytesHeaderParser().parsebytes(content)
        self.log.append(Handed(identity(headers["Message-ID"]), envelope.rcpt_tos[0]))
        if self._keeps:
            await super().handle_DATA(server, session, envelope)
        await self.reached("DOT", envelope.rcpt_tos[0])
        return ACCEPTED

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(lambda: _Talk(self, hostname="sink.test", enable_SMTPUTF8=True), HOST, 0)


class _Talk(SMTP):
    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (aiosmtpd calls it so)
        """DATA has come and 354 has not gone."""
        if self.envelope is not None and self.envelope.rcpt_tos:
            await self.event_handler.reached("DATA", self.envelope.rcpt_tos[0])
        await super().smtp_DATA(arg)
