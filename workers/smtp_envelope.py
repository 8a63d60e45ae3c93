"""What the mail server is told beside the mail: from whom, to whom, how large. It refuses what no server should see."""

import re
from dataclasses import dataclass

from matcher.mail.message import Message, ascii_domain, local_part
from workers.smtp_errors import PermanentMailError

# Ours are letters with one picture at most; a larger one is a fault of ours.
MAX_BYTES = 1_000_000
MAX_LINE_BYTES = 998
MAX_ADDRESS, MAX_LOCAL_PART = 254, 64
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail, ready to be announced; `needs_utf8` when an address cannot be written in ASCII."""

    sender: str
    recipient: str
    content: bytes
    needs_utf8: bool

    @classmethod
    def of(cls, message: Message) -> "Envelope":
        """Check a mail and make it ready; raises PermanentMailError for one that must not leave."""
        sender, recipient = _checked(message.return_path or message.sender), _checked(message.recipient)
        try:
            content = _LINE_END.sub(b"\r\n", message.as_bytes())
        except ValueError as error:
            raise PermanentMailError("bad address") from error
        if len(content) > MAX_BYTES:
            raise PermanentMailError("too large")
        if max(map(len, content.split(b"\r\n"))) > MAX_LINE_BYTES:
            raise PermanentMailError("a line too long")
        return cls(sender, recipient, content, needs_utf8=not (sender + recipient).isascii())

    @property
    def domain(self) -> str:
        """The recipient's domain."""
        return self.recipient.rpartition("@")[2].lower()


def _checked(address: str) -> str:
    """Return an address as a server may see it, its domain in ASCII; raises PermanentMailError for a bad one."""
    try:
        checked = ascii_domain(address)
    except ValueError as error:
        raise PermanentMailError("bad address") from error
    if len(checked) > MAX_ADDRESS or len(local_part(checked)) > MAX_LOCAL_PART:
        raise PermanentMailError("bad address")
    return checked
