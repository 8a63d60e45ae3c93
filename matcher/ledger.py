"""The ledger: a file beside the database of what no restore may bring back. Knows no database, and holds no address.

One line each, only ever added: who was erased, who stopped our mails, which address is closed, all as keyed hashes;
before them a head, the mark of the key and since when nothing is lacking. There is no file without a fact.
A process may be killed at any moment: what it had not written to the end of its line does not count, and is written
again by the next one.
"""

import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.database import database_address
from matcher.models.suppression import SuppressionReason
from matcher.settings import Settings

ONLY_OWNER = 0o600


class Kind(StrEnum):
    """What a line says."""

    ERASED = "erased"
    STOPPED = "stopped"
    CLOSED = "closed"


class Line(BaseModel):
    """One fact: what, about which account and which address (their hashes), since when; for a closed address why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Kind
    account: str | None = None
    address: str
    at: datetime
    reason: SuppressionReason | None = None
    until: datetime | None = None


class Head(BaseModel):
    """Under which key the lines are hashed, by a mark of it, and since when nothing is lacking."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: str
    whole_since: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is known of the facts: the heads of the files or databases that it is from, and the lines."""

    heads: tuple[Head, ...]
    lines: Sequence[Line]

    def joined(self, other: "Ledger") -> "Ledger":
        """Return what the two hold together."""
        return Ledger((*self.heads, *other.heads), list(dict.fromkeys([*self.lines, *other.lines])))


class BrokenLedger(Exception):
    """A line cannot be read: the file is not a ledger, or was changed by hand. The text names the line."""


class OtherKey(BrokenLedger):
    """The file is kept under another MAIL_KEY: a line of ours in it would be of no use to anybody."""


def path_of(settings: Settings) -> Path | None:
    """Return where the ledger lies: as the settings say, else beside an SQLite database; None when nowhere."""
    if settings.erasure_ledger is not None:
        return Path(settings.erasure_ledger)
    address = database_address(settings.database_url)
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    return Path(f"{address.database}.ledger")


def read(path: Path) -> Ledger:
    """Return what it holds; raises FileNotFoundError or BrokenLedger. A line without an end was not written."""
    return _parsed(path.read_bytes())


def append(path: Path, head: Head, facts: Collection[Line]) -> int:
    """Add those facts that it does not hold yet, and return how many; on the disk when this returns.

    The head is written with the first. Raises OSError, BrokenLedger, OtherKey.
    """
    if not facts:
        return 0
    with _locked(path) as number:
        content = _content(number)
        whole = content[: content.rfind(b"\n") + 1]
        held = _parsed(whole)
        if any(other.key != head.key for other in held.heads):
            raise OtherKey("the ledger is kept under another MAIL_KEY")
        known = set(held.lines)
        missing = [fact for fact in dict.fromkeys(facts) if fact not in known]
        os.ftruncate(number, len(whole))
        new = missing if held.heads else [head, *missing]
        os.lseek(number, len(whole), os.SEEK_SET)
        _write(number, b"".join(each.model_dump_json(exclude_none=True).encode() + b"\n" for each in new))
        os.fsync(number)
    return len(missing)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    number = os.open(path, os.O_RDWR | os.O_CREAT, ONLY_OWNER)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield number
    finally:
        os.close(number)


def _content(number: int) -> bytes:
    parts = []
    while part := os.read(number, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _write(number: int, data: bytes) -> None:
    while data:
        data = data[os.write(number, data) :]


def _parsed(content: bytes) -> Ledger:
    heads: list[Head] = []
    lines: list[Line] = []
    for place, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            if line.startswith(b'{"key":'):
                heads.append(Head.model_validate_json(line))
            else:
                lines.append(Line.model_validate_json(line))
        except ValidationError as error:
            raise BrokenLedger(f"line {place} of the ledger cannot be read") from error
    return Ledger(tuple(heads), lines)
