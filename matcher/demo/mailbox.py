"""The demo's mailbox: a folder that holds each mail, as it left, in its own file. It sends and receives nothing."""

import contextlib
import email
import email.policy
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from matcher.errors import NotFound

ENVELOPE = "Delivered-To"
_NAME = re.compile(r"[0-9]{8}\.eml")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail as it was handed over: its name in the mailbox, its envelope and its bytes."""

    name: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The bytes read as a mail program reads them."""
        return email.message_from_bytes(self.content, policy=email.policy.default)


class Mailbox:
    """Mails in the order in which they came; names sort in that order. Safe with several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, content: bytes, recipients: Sequence[str]) -> str:
        """Keep a mail with its envelope; return its name. A reader never sees half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        envelope = "".join(f"{ENVELOPE}: {_one_line(recipient)}\r\n" for recipient in recipients)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".part") as part:
            part.write(envelope.encode() + content)
            part.flush()
            return self._name_it(part.name)

    def list(self) -> tuple[str, ...]:
        """Return the names of all mails, the oldest first."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name)))

    def read(self, name: str) -> StoredMail:
        """Return one mail; raises NotFound for a name that is none of ours."""
        if not _NAME.fullmatch(name):
            raise NotFound
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound from error
        recipients = []
        while content.startswith(f"{ENVELOPE}: ".encode()):
            line, _, content = content.partition(b"\r\n")
            recipients.append(line.decode().removeprefix(f"{ENVELOPE}: "))
        return StoredMail(name, tuple(recipients), content)

    def clear(self) -> None:
        """Throw all mails away."""
        for name in self.list():
            (self.folder / name).unlink(missing_ok=True)

    def forget_before(self, moment: datetime) -> None:
        """Throw away what came before a moment: no mail is kept longer than what is known of it."""
        for name in self.list():
            path = self.folder / name
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < moment.timestamp():
                    path.unlink()

    def sort_by_date(self) -> None:
        """Number the mails anew in the order of their dates; only while nobody else writes here."""
        dated = [(self.read(name).message["Date"].datetime, name) for name in self.list()]
        for number, (_, name) in enumerate(sorted(dated), start=1):
            (self.folder / name).rename(self.folder / f".{number:08d}.sorted")
        for path in self.folder.glob(".*.sorted"):
            path.rename(self.folder / f"{path.stem.lstrip('.')}.eml")

    def _name_it(self, part: str) -> str:
        """Link the finished file to the next free number; two writers never take the same one."""
        names = self.list()
        number = int(names[-1].removesuffix(".eml")) + 1 if names else 1
        while True:
            name = f"{number:08d}.eml"
            with contextlib.suppress(FileExistsError):
                os.link(part, self.folder / name)
                return name
            number += 1


def _one_line(recipient: str) -> str:
    return "".join(recipient.split())
