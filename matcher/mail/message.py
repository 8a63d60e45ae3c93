"""One e-mail as it is handed to the mail server: plain texts, safe headers. Holds no sentence and sends nothing."""

import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import quoprimime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from functools import lru_cache
from typing import TypeAlias

from matcher.published import without_addresses

# Python 3.11 decodes these while it writes a header: a line break hidden in one becomes a header of its own.
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bBqQ]\?[^?]*\?=")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
# What one address may hold without quotation marks: nothing that ends a command, a path or a list.
_ADDRESS = re.compile(r'[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:@"]+@[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:@"]+')
_BARE_ADDRESS = re.compile(r"[\w.+%-]+@[\w.-]+", re.ASCII)
_SUBJECT_MAX = 180
# A link opens something for whoever holds it, and how to reach somebody is told at its own place only.
_NOT_KEPT = re.compile(
    r"\b(?:https?://|mailto:|tel:)[^\s<>«»\"]+|[^\s<>«»\"():,;]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+|(?:\+\d{1,3}(?:[\s.\-]?\(0\))?|\b0)(?:[\s.\-]?\d){8,12}\b",
    re.IGNORECASE,
)
TAKEN_OUT = "[…]"


# Folding would turn a long address into an encoded word, which nobody follows.
_NEVER_FOLDED = frozenset({"Message-ID", "List-Unsubscribe"})
_LONGEST_LINE = 76
_Policy: TypeAlias = "EmailPolicy[EmailMessage]"


def header_text(text: str) -> str:
    """Return a text that may stand in a header: no control or separator character, no encoded word, one line."""
    cleaned = _UNSAFE.sub(" ", text)
    while _ENCODED_WORD.search(cleaned):
        cleaned = _ENCODED_WORD.sub(" ", cleaned)
    return re.sub(r" {2,}", " ", cleaned.replace("=?", "= ?")).strip()


@dataclass(frozen=True, slots=True)
class Message:
    """A composed mail; `sender` and `recipient` are bare addresses, `headers` are those beyond the usual ones.

    `return_path` is where the mail server sends what comes back; the sender's address when absent.
    """

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    return_path: str | None = None

    def as_bytes(self) -> bytes:
        """Return the mail as it goes over the wire: UTF-8, text and HTML; raises ValueError for a bad address.

        Its headers are ASCII unless an address cannot be written so: then only a server with SMTPUTF8 takes it.
        """
        is_plain = (local_part(self.sender) + local_part(self.recipient)).isascii()
        policy = SMTP if is_plain else SMTPUTF8
        lines = [
            _line("Message-ID", header_text(self.message_id), policy),
            _from(self.sender, policy),
            _line("To", _address(self.recipient), policy),
            _subject(header_text(self.subject)[:_SUBJECT_MAX]),
        ]
        for name, value in self.headers.items():
            # Without an address that a program can read, answers go to the sender.
            if name != "Reply-To" or _BARE_ADDRESS.fullmatch(value):
                lines.append(_line(header_text(name), header_text(value), policy))
        return b"".join(lines) + _alternatives(self.text, self.html, boundary=f"=_{_digest(self.message_id)}")

    def kept(self) -> str:
        """Return what stays of the mail once it has left: its subject, a blank line, its text.

        Each link, e-mail address and telephone number is taken out.
        """
        said = f"{header_text(self.subject)}\n\n{self.text}".replace("\x00", "").encode("utf-8", "replace")
        return without_addresses(_NOT_KEPT.sub(TAKEN_OUT, said.decode()), TAKEN_OUT)


def ascii_domain(address: str) -> str:
    """Return an address with its domain as the DNS writes it; raises ValueError for what is not one bare address."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError("not one bare address")
    return f"{local_part(address)}@{address.rpartition('@')[2].encode('idna').decode('ascii')}"


def local_part(address: str) -> str:
    """Return what stands before the last @ of an address."""
    return address.rpartition("@")[0]


def _address(addr_spec: str, *, display: str = "") -> Address:
    if header_text(addr_spec) != addr_spec:
        raise ValueError("an address holds characters that no header may hold")
    username, _, domain = ascii_domain(addr_spec).rpartition("@")
    return Address(display_name=display, username=username, domain=domain)


def _line(name: str, value: str | Address, policy: _Policy) -> bytes:
    """Return one header; only what does not fit as it is asks the library, which takes a hundred times as long."""
    line = f"{name}: {value}"
    if line.isascii() and (len(line) <= _LONGEST_LINE or name in _NEVER_FOLDED):
        return f"{line}\r\n".encode("ascii")
    return policy.fold_binary(*policy.header_store_parse(name, value))


@lru_cache(maxsize=8)
def _from(sender: str, policy: _Policy) -> bytes:
    """Return the header that names us: the same in every mail."""
    return _line("From", _address(sender, display="Binôme"), policy)


def _subject(text: str) -> bytes:
    """Return a subject encoded as one whole: EmailMessage of Python 3.11 doubles a space beside an encoded word.

    The library measures all that stands before each character again; its own lengths, added up, give the same words.
    """
    name, octets = "Subject", text.encode()
    if text.isascii() or quoprimime.header_length(octets) > len(binascii.b2a_base64(octets, newline=False)):
        encoded = Header(text, "us-ascii" if text.isascii() else "utf-8", header_name=name).encode(linesep="\r\n")
        return f"{name}: {encoded}\r\n".encode("ascii")
    chrome = len("=?utf-8?q??=")
    words, room = [""], _LONGEST_LINE - len(f"{name}: ") - chrome
    for character in text:
        room -= quoprimime.header_length(character.encode())
        if room < 0:
            words.append("")
            room = _LONGEST_LINE - len(" ") - chrome - quoprimime.header_length(character.encode())
        words[-1] += character
    folded = "\r\n ".join(quoprimime.header_encode(word.encode(), "utf-8") for word in words)
    return f"{name}: {folded}\r\n".encode("ascii")


def _alternatives(text: str, html: str, *, boundary: str) -> bytes:
    """Return both forms with the headers that announce them: quoted-printable, in which no line begins as these do.

    The boundary is not drawn by lot: a mail that is sent once more is the same. EmailMessage writes this too, in
    Python and four times as slowly.
    """
    parts = [("plain", text), ("html", html)]
    announced = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    written = b"".join(f"--{boundary}\r\n".encode() + _part(subtype, words) for subtype, words in parts)
    return announced.encode() + written + f"--{boundary}--\r\n".encode()


def _part(subtype: str, words: str) -> bytes:
    kind = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = words.encode("utf-8", "replace").splitlines()
    return kind.encode() + binascii.b2a_qp(b"\r\n".join([*lines, b""]), istext=True) + b"\r\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
