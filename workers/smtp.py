"""Hands one mail to the mail server, within one deadline. Knows neither database nor template."""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from typing import Literal

from matcher.mail.message import Message
from matcher.settings import Settings

DEADLINE_S = 20.0
# Replies that judge our account or our talk, not this mail: it must not be given up for them.
ABOUT_US = frozenset({421, 454, 503, 530, 534, 535, 538})

# Asked when the recipient is taken and nothing of the mail has left yet: False lets the mail go no further.
LastCheck = Callable[[], bool]

__all__ = ["DEADLINE_S", "LastCheck", "Message", "PermanentMailError", "Server", "TemporaryMailError"]


class MailError(Exception):
    """The mail was not handed over; `code` is the server's reply or a word, never its text, which may hold names."""

    def __init__(self, code: int | str) -> None:
        super().__init__(str(code))
        self.code = code


class TemporaryMailError(MailError):
    """Worth another attempt later."""


class PermanentMailError(MailError):
    """Refused for good: another attempt would be refused too."""


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
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        return cls(settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, password)

    def send(self, message: Message, last_check: LastCheck) -> bool:
        """Hand one mail over unless the last check says no; True when the server took it.

        Raises TemporaryMailError or PermanentMailError, and whatever the check raises.
        """
        with _told_apart():
            content = message.as_bytes()
            with self._conversation() as client:
                _announce(client, message)
                if not last_check():
                    client.rset()
                    return False
                # The moment of the hand-off: a mail that waited in the outbox is dated when it leaves.
                code, reply = client.data(f"Date: {formatdate()}\r\n".encode() + content)
                if code != 250:
                    raise smtplib.SMTPDataError(code, reply)
        return True

    def greet(self) -> None:
        """Connect, secure the talk and sign in, as for a mail, and send none; raises as `send` does."""
        with _told_apart(), self._conversation() as client:
            client.noop()

    @contextlib.contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        client = _Client(self.deadline_s, ssl.create_default_context() if self.security == "tls" else None)
        watchdog = threading.Timer(self.deadline_s, client.cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            client.open(self.host, self.port)
            self._begin(client)
            yield client
            # The mail was taken; how the talk ends changes nothing any more.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.quit()
        finally:
            watchdog.cancel()
            client.close()

    def _begin(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self.security == "starttls":
            client.starttls(context=ssl.create_default_context())
            client.ehlo()
        if self.user is not None:
            client.login(self.user, self.password or "")


def _announce(client: smtplib.SMTP, message: Message) -> None:
    """Say from whom and to whom; raises when one of them is refused."""
    sender = message.return_path or message.sender
    code, reply = client.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, reply, sender)
    code, reply = client.rcpt(message.recipient)
    if code not in {250, 251}:
        raise smtplib.SMTPRecipientsRefused({message.recipient: (code, reply)})


class _Client(smtplib.SMTP):
    """A client that another thread can cut off: smtplib's own timeout is per reading, not for the whole talk."""

    def __init__(self, timeout_s: float, context: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=_own_name(), timeout=timeout_s)
        self._context = context
        self._twin: socket.socket | None = None
        self._is_cut = False

    def open(self, host: str, port: int) -> None:
        """Connect and read the greeting; raises SMTPConnectError when it is none."""
        self._host = host  # what a certificate is checked against
        code, greeting = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, greeting)

    def cut(self) -> None:
        """End the talk from outside: whoever reads or writes fails at once, during a handshake too."""
        self._is_cut = True
        if self._twin is not None:
            with contextlib.suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection and its twin."""
        super().close()
        if self._twin is not None:
            self._twin.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        self._twin = plain.dup()
        if self._is_cut:
            plain.close()
            raise TimeoutError
        return plain if self._context is None else self._context.wrap_socket(plain, server_hostname=host)


@cache
def _own_name() -> str:
    """The name by which we greet; looked up once, because a look-up may be slow."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    """Turn what smtplib and the network raise into one of our two errors."""
    try:
        yield
    except MailError:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        raise _by_code(next(iter(error.recipients.values()))[0]) from error
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError) as error:
        raise TemporaryMailError(error.smtp_code) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise _by_code(error.smtp_code) from error
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryMailError(type(error).__name__) from error
    except ValueError as error:
        raise PermanentMailError("bad address") from error


def _by_code(code: int) -> MailError:
    if 500 <= code < 600 and code not in ABOUT_US:
        return PermanentMailError(code)
    return TemporaryMailError(code)
