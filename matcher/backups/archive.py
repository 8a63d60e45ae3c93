"""The file of a backup: a zip whose last member says what the others must be. Knows no database.

A file that was not written to its end has no last member, and is refused like any other file that is no backup.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
ONLY_OWNER = 0o600
# What SQLite may lay beside a database that is being written.
BESIDE = ("", "-journal", "-wal", "-shm")
# What reading a file raises that is no zip, no zip of ours, or not as it was written.
NOT_OURS = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValidationError)


class Refused(Exception):
    """The backup or the restore was not begun, or was taken back; the text says why, and what to do."""


class Member(BaseModel):
    """What one member must be."""

    model_config = ConfigDict(frozen=True)
    sha256: str
    size: int


class Manifest(BaseModel):
    """What a backup holds: rows of each table, the last number of each sequence, and each member's checksum."""

    model_config = ConfigDict(frozen=True)
    format: Literal["binome-backup"] = "binome-backup"
    format_version: Literal[1] = 1
    version: str
    database: Literal["sqlite", "postgresql"]
    head: str
    made_at: datetime
    rows: dict[str, int]
    sequences: dict[str, int] = {}
    members: dict[str, Member]


@dataclass(frozen=True, slots=True)
class Writing:
    """An archive that is being written."""

    zip: zipfile.ZipFile
    members: dict[str, Member]

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator["Tally"]:
        """Write one member; its size and checksum are noted at its end."""
        with self.zip.open(name, "w", force_zip64=True) as into:
            tally = Tally(into)
            yield tally
        self.members[name] = tally.member()

    def end(self, manifest: Manifest) -> None:
        """Write the last member."""
        self.zip.writestr(MANIFEST, manifest.model_dump_json(indent=2))


class Tally:
    """Passes bytes on, and keeps count of them."""

    def __init__(self, into: IO[bytes]) -> None:
        self._into = into
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Pass some bytes on."""
        self._into.write(data)
        self._hash.update(data)
        self._size += len(data)

    def member(self) -> Member:
        """Return what was passed on, in figures."""
        return Member(sha256=self._hash.hexdigest(), size=self._size)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """Write an archive that appears under its name when it is complete and on the disk; raises Refused."""
    if path.exists():
        raise Refused(f"{path} exists already. Choose another name: no backup is written over.")
    sweep(path)
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with private(half) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield Writing(archive, {})
            file.flush()
            os.fsync(file.fileno())
        _put(half, path)
        _sync_folder(path.parent)
    finally:
        half.unlink(missing_ok=True)


def private(path: Path) -> IO[bytes]:
    """Make a new file that its owner alone may read, and open it; raises FileExistsError.

    It is locked while it is open: so a file that somebody writes is told from one that a killed process left.
    """
    while True:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
        with contextlib.suppress(OSError):  # a file system without locks: then nothing is swept either
            fcntl.flock(number, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(number).st_ino:
                return os.fdopen(number, "w+b")
        os.close(number)  # swept between the two


def sweep(path: Path) -> None:
    """Delete what killed processes left beside a path on their way to it; what a living one writes is locked."""
    left = re.compile(re.escape(f".{path.name}.") + r"\d+(?:\.db)?\.part")
    for each in path.parent.iterdir():
        if left.fullmatch(each.name):
            with contextlib.suppress(OSError):
                _delete_unless_held(each)


def _delete_unless_held(path: Path) -> None:
    number = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for suffix in reversed(BESIDE):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    finally:
        os.close(number)


def _put(half: Path, path: Path) -> None:
    """Give a file its name; raises Refused when another backup has taken the name meanwhile."""
    try:
        os.link(half, path)
    except FileExistsError as error:
        raise Refused(f"{path} exists already. Choose another name: no backup is written over.") from error
    except OSError:  # no second names on this file system
        half.rename(path)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup whose every byte was checked against its manifest; raises Refused."""
    with contextlib.ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(path))
            manifest = Manifest.model_validate_json(archive.read(MANIFEST))
            for name, member in manifest.members.items():
                _check(archive, name, member)
        except NOT_OURS as error:
            raise Refused(
                f"{path} is no backup of Binôme, was damaged or not written to its end. Nothing was changed."
            ) from error
        yield archive, manifest


def _check(archive: zipfile.ZipFile, name: str, expected: Member) -> None:
    found, size = hashlib.sha256(), 0
    with archive.open(name) as member:
        while data := member.read(CHUNK):
            found.update(data)
            size += len(data)
    if (found.hexdigest(), size) != (expected.sha256, expected.size):
        raise Refused(f"{name} in the backup is not what was written: the file was damaged. Nothing was changed.")
