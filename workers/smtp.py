"""Hands mails to the mail server, each within one deadline. Knows neither database nor template."""

import contextlib
import re
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Literal

from matcher.mail.message import Message
from matcher.settings import Settings
from workers.smtp_domains import Domains
from workers.smtp_envelope import Envelope
from workers.smtp_errors import (
    DomainBusy,
    MailError,
    PermanentMailError,
    TemporaryMailError,
    refused,
    told_apart,
)
from workers.smtp_kept import KeptTalks
from workers.smtp_talk import Talk

DEADLINE_S = 20.0
# Whether a kept connection still lives is found out soon, so that the mail has its time on a new one.
PROBE_S = 3.0
# Asked when the recipient is taken and nothing of the mail has left yet: False lets the mail go no further.
LastCheck = Callable[[], bool]

__all__ = [
    "DEADLINE_S",
    "Courier",
    "DomainBusy",
    "LastCheck",
    "Message",
    "PermanentMailError",
    "Server",
    "TemporaryMailError",
]


@dataclass(frozen=True, slots=True)
class Server:
    """The mail server that takes our mails, and how we talk to it."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: str | None = None
    deadline_s: float = DEADLINE_S

    @classmethod
    def of(cls, settings: Settings) -> "Server":
        """Read the server from the settings."""
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
            deadline_s=settings.smtp_deadline_s,
        )

    def send(self, message: Message, last_check: LastCheck) -> bool:
        """Hand one mail over on a connection of its own; as `Courier.send` does."""
        with contextlib.closing(Courier(self)) as courier:
            return courier.send(message, last_check)

    def greet(self) -> None:
        """Connect, secure the talk and sign in, as for a mail, and send none; raises as `send` does."""
        with told_apart():
            talk = self.begin(time.monotonic() + self.deadline_s)
            talk.noop()
            talk.farewell()

    def begin(self, deadline: float) -> Talk:
        """Begin a talk, up to where a mail may be announced; raises what smtplib and the network raise."""
        talk = Talk(deadline)
        try:
            talk.open(self.host, self.port, ssl.create_default_context() if self.security == "tls" else None)
            talk.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                talk.secure(ssl.create_default_context())
                talk.ehlo()
            if self.user is not None:
                talk.login(self.user, self.password or "")
        except BaseException:
            talk.close()
            raise
        return talk


class Courier:
    """Carries one mail after the other to a server, over connections that it keeps; shared by threads.

    A kept connection that has died is replaced before the mail is announced, never once its content may have left.
    """

    def __init__(self, server: Server) -> None:
        """Connect to nothing yet."""
        self._server = server
        self._domains = Domains(f"{server.host}:{server.port}")
        self._kept = KeptTalks()

    def send(self, message: Message, last_check: LastCheck) -> bool:
        """Hand one mail over unless the last check says no; True when the server took it.

        Raises TemporaryMailError, PermanentMailError or DomainBusy, and whatever the check raises.
        """
        envelope = Envelope.of(message)
        with self._domains.place(envelope.domain):
            talk = self._announced(envelope)
            try:
                is_wanted = last_check()
                if is_wanted:
                    with told_apart():
                        _deliver(talk, envelope)
            finally:
                self._kept.keep(talk)
        return is_wanted

    def close(self) -> None:
        """End the connections that are kept."""
        self._kept.close()

    def _announced(self, envelope: Envelope) -> Talk:
        """Return a talk in which the server has taken sender and recipient."""
        deadline = time.monotonic() + self._server.deadline_s
        with told_apart():
            kept = self._kept.take()
            if kept is not None and self._goes_on(kept, envelope, deadline):
                return kept
            talk = self._server.begin(deadline)
            try:
                _announce(talk, envelope)
            except MailError:
                self._kept.keep(talk)
                raise
            return talk

    def _goes_on(self, kept: Talk, envelope: Envelope, deadline: float) -> bool:
        """Announce a mail on a kept connection; False when there is any doubt about it."""
        kept.deadline = min(deadline, time.monotonic() + PROBE_S)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if kept.rset()[0] == 250:
                kept.deadline = deadline
                try:
                    _announce(kept, envelope)
                except MailError as error:
                    if error.verb == "RCPT" or isinstance(error, PermanentMailError):
                        self._kept.keep(kept)
                        raise
                else:
                    return True
        kept.farewell()
        return False


def _announce(talk: Talk, envelope: Envelope) -> None:
    """Say from whom and to whom; raises when one of them is refused."""
    options = []
    if talk.has_extn("size"):
        largest = talk.esmtp_features["size"]
        if largest.isdigit() and 0 < int(largest) < len(envelope.content):
            raise PermanentMailError("larger than the server takes")
        options.append(f"SIZE={len(envelope.content)}")
    if envelope.needs_utf8:
        if not talk.has_extn("smtputf8"):
            raise PermanentMailError("address needs SMTPUTF8")
        options += ["BODY=8BITMIME", "SMTPUTF8"]
    _expect(talk, "MAIL", talk.mail(envelope.sender, options), 2)
    _expect(talk, "RCPT", talk.rcpt(envelope.recipient), 2)


def _deliver(talk: Talk, envelope: Envelope) -> None:
    """Give the content away; when the talk ends inside, nobody knows whether the server took it."""
    _expect(talk, "DATA", talk.docmd("DATA"), 3)
    talk.mails += 1
    # The moment of the hand-off: a mail that waited in the outbox is dated when it leaves.
    lines = re.sub(rb"(?m)^\.", b"..", envelope.content)
    talk.send(f"Date: {formatdate()}\r\n".encode() + lines + b".\r\n")
    _expect(talk, ".", talk.getreply(), 2)


def _expect(talk: Talk, verb: str, reply: tuple[int, bytes], kind: int) -> None:
    """Raise unless the reply is of this kind; a talk in which it is no plain refusal is over."""
    code, text = reply
    if code // 100 == kind:
        return
    if not 400 <= code < 600 or code == 421:
        talk.close()
    raise refused(verb, code, text)
