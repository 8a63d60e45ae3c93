"""What can go wrong with one mail, told apart by what follows: another attempt, or none. It talks to nobody."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator

# Replies that judge our account or our talk, not this mail: it must not be given up for them.
ABOUT_US = frozenset({421, 454, 503, 530, 534, 535, 538})
# At RCPT a policy (5.7) and a fault of the sender's address (5.1.7, 5.1.8) are about us, not about the recipient.
OUR_ADDRESS = frozenset({"5.1.7", "5.1.8"})
# The one final reply to MAIL that judges the mail and not us: it is larger than the server takes.
TOO_LARGE = 552


class MailError(Exception):
    """The mail was not handed over; `code` is the server's reply or our own words, never its text.

    `verb` is the command that the reply was given to, where there was one, and `enhanced` its enhanced code (5.1.1).
    """

    def __init__(self, code: int | str, *, verb: str = "", enhanced: str = "") -> None:
        super().__init__(str(code))
        self.code = code
        self.verb = verb
        self.enhanced = enhanced


class TemporaryMailError(MailError):
    """Worth another attempt later."""


class PermanentMailError(MailError):
    """Refused for good: another attempt would be refused too."""


class DomainBusy(Exception):
    """Enough mails leave for this domain already: this one waits a little, and that is no failure."""


class Flooded(smtplib.SMTPException):
    """The server answers more than any server has to say."""


def refused(verb: str, code: int, reply: bytes) -> MailError:
    """Judge a reply that is no success: for good only when it is about this mail and says so."""
    enhanced = reply.split(b" ", 1)[0].decode("ascii", "replace") if reply[:2] in {b"4.", b"5."} else ""
    is_about_us = code in ABOUT_US or (verb == "MAIL" and code != TOO_LARGE)
    if verb == "RCPT":
        # « relay access denied » comes with 5.7.1, and from some servers with no enhanced code at all.
        is_about_us |= enhanced.startswith("5.7.") or enhanced in OUR_ADDRESS or b"relay" in reply.lower()
    if 500 <= code < 600 and not is_about_us:
        return PermanentMailError(code, verb=verb, enhanced=enhanced)
    return TemporaryMailError(code, verb=verb, enhanced=enhanced)


@contextlib.contextmanager
def told_apart() -> Iterator[None]:
    """Turn what smtplib and the network raise into one of our errors; what is not about the mail is temporary."""
    try:
        yield
    except smtplib.SMTPNotSupportedError as error:
        raise TemporaryMailError("no encryption or no sign-in offered") from error
    except smtplib.SMTPAuthenticationError as error:
        raise TemporaryMailError(error.smtp_code, verb="AUTH") from error
    except smtplib.SMTPResponseException as error:
        raise TemporaryMailError(error.smtp_code) from error
    except Flooded as error:
        raise TemporaryMailError("endless reply") from error
    except ssl.SSLError as error:
        raise TemporaryMailError("no trusted encryption") from error
    except TimeoutError as error:
        raise TemporaryMailError("too slow") from error
    except (smtplib.SMTPException, ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as error:
        raise TemporaryMailError("connection cut") from error
    except OSError as error:
        raise TemporaryMailError("cannot be reached") from error
