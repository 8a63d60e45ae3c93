"""One e-mail as it is handed to the mail server: plain texts, safe headers. Holds no sentence and sends nothing."""

import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy, Policy

# Python 3.11 decodes these while it writes a header: a line break hidden in one becomes a header of its own.
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bBqQ]\?[^?]*\?=")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
# What one address may hold without quotation marks: nothing that ends a command, a path or a list.
_ADDRESS = re.compile(r'[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:@"]+@[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:@"]+')
_BARE_ADDRESS = re.compile(r"[\w.+%-]+@[\w.-]+", re.ASCII)
_SUBJECT_MAX = 180


class _WholeLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded: folding would turn a long address into an encoded word, which nobody follows."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header on one line."""
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject encoded as one whole: EmailMessage of Python 3.11 doubles a space beside an encoded word."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header on lines of 76 characters at most."""
        encoded = Header(str(self), "us-ascii" if self.isascii() else "utf-8", header_name=self.name)
        return f"{self.name}: {encoded.encode(linesep=policy.linesep)}{policy.linesep}"


def _policy(base: "EmailPolicy[EmailMessage]") -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type("subject", _Subject)
    for name in ("message-id", "list-unsubscribe"):
        headers.map_to_type(name, _WholeLine)
    return base.clone(header_factory=headers)


_POLICY, _POLICY_UTF8 = _policy(SMTP), _policy(SMTPUTF8)


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
        mail = EmailMessage(policy=_POLICY if is_plain else _POLICY_UTF8)
        mail["Message-ID"] = header_text(self.message_id)
        mail["From"] = _address(self.sender, display="Binôme")
        mail["To"] = _address(self.recipient)
        mail["Subject"] = header_text(self.subject)[:_SUBJECT_MAX]
        for name, value in self.headers.items():
            # Without an address that a program can read, answers go to the sender.
            if name != "Reply-To" or _BARE_ADDRESS.fullmatch(value):
                mail[header_text(name)] = header_text(value)
        head = b"".join(mail.policy.fold_binary(name, value) for name, value in mail.raw_items())
        return head + _alternatives(self.text, self.html, boundary=f"=_{_digest(self.message_id)}")


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
