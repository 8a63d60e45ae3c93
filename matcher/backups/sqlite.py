"""SQLite: one moment of the file, copied by SQLite itself while others write; and back, in one transaction."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfileobj
from zipfile import ZipFile

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from matcher.backups.archive import BESIDE, CHUNK, Refused, Writing, private, sweep
from matcher.database import BUSY_TIMEOUT_MS, Base

MEMBER = "binome.db"


def save(engine: Engine, into: Writing, *, beside: Path) -> dict[str, int]:
    """Write the database as a member; return the rows of each table. The copy is made beside a path, then deleted."""
    with _staged(beside) as copy:
        with closing(_open(file_of(engine))) as source, closing(sqlite3.connect(copy)) as target:
            # All pages in one step are one read transaction: in WAL mode nobody waits, and all are of one moment.
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode=DELETE")
            rows = count(target)
        with copy.open("rb") as content, into.member(MEMBER) as member:
            while data := content.read(CHUNK):
                member.write(data)
    return rows


@contextmanager
def unpacked(archive: ZipFile, *, beside: Path) -> Iterator[Path]:
    """Give the database of a backup as a file of its own, that may be written to before it takes the other's place."""
    with _staged(beside) as copy:
        with archive.open(MEMBER) as member, copy.open("wb") as content:
            copyfileobj(member, content, CHUNK)
        yield copy


def load(engine: Engine, source: Path) -> None:
    """Put a file in the place of all that is there: the others see the old or the new, and nothing between."""
    with closing(sqlite3.connect(source)) as staged, closing(_open(file_of(engine))) as target:
        try:
            staged.backup(target, pages=-1)
        except sqlite3.OperationalError as error:
            raise Refused(f"the database is in use ({error}). Stop web and workers first.") from error


def count(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of each table."""
    tables = Base.metadata.sorted_tables
    return {t.name: connection.execute(f'SELECT count(*) FROM "{t.name}"').fetchone()[0] for t in tables}  # noqa: S608


def check(source: Path, rows: dict[str, int]) -> None:
    """Raise Refused when the file is not sound or its rows are not those of the manifest."""
    with closing(sqlite3.connect(source)) as connection:
        faults = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if faults != "ok" or count(connection) != rows:
            raise Refused("the database in the backup is not sound. Nothing was changed.")


def file_of(engine: Engine) -> Path:
    """Return the file of an SQLite database; raises Refused for one in memory."""
    name = sa.make_url(engine.url).database
    if not name or name == ":memory:":
        raise Refused("a database in memory has no file.")
    return Path(name)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)


@contextmanager
def _staged(beside: Path) -> Iterator[Path]:
    copy = beside.with_name(f".{beside.name}.{os.getpid()}.db.part")
    sweep(beside)
    try:
        with private(copy):
            yield copy
    finally:
        for suffix in BESIDE:
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
