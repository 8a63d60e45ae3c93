"""Restoring a backup: all of it takes the place of all that is there, under quarantine, or nothing changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.backups import postgresql, sqlite
from matcher.backups.archive import Manifest, Refused, reading
from matcher.backups.saving import head_of
from matcher.database import Base, make_engine, make_sessions, transaction
from matcher.ledger import BrokenLedger, Ledger, append
from matcher.migrate import head, upgrade
from matcher.models.account import Account
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine
from matcher.services.erasures import Replayed, known_to, replay
from matcher.settings import Settings

REASON = "restored from a backup"
# Rows written after the backup are gone, their mails are not: a new row must never bear the number of one of them,
# because the identity of a mail is made from the number of its row, that of an invitation from its link's.
SKIPPED_NUMBERS = 1_000_000
NAMING = (OutboxRow.__tablename__, SignedLink.__tablename__)
MARK = "restored"
# What a new database may hold before anybody has used it.
NOT_PRECIOUS = frozenset({"branches", "branch_departments", "roles", "heartbeats", "job_slots"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, how many mails wait in the quarantine, what the ledger did again.

    `is_kept` is false when the ledger could not be written: what only the replaced database knew was done again, and
    stands in no file before the workers write it.
    """

    manifest: Manifest
    waiting: int
    replayed: Replayed
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be done again in the restored data, and the file that keeps what the replaced database knows."""

    settings: Settings
    ledger: Ledger
    path: Path | None


def restore(engine: Engine, now: datetime, path: Path, again: Again) -> Restored:
    """Restore into an empty database; raises Refused when it holds anything, and leaves it as it is."""
    if not is_empty(engine):
        raise Refused("the database is not empty. `--replace` puts the backup in its place, after a question.")
    return replace(engine, now, path, again)


def replace(engine: Engine, now: datetime, path: Path, again: Again) -> Restored:
    """Put a backup in the place of whatever the database holds; raises Refused and changes nothing then."""
    with reading(path) as (archive, manifest):
        _check(engine, manifest)
        if head_of(engine) is None:
            upgrade(engine)
        put = _into_sqlite if manifest.database == "sqlite" else _into_postgresql
        return put(engine, now, archive, manifest, again)


def is_empty(engine: Engine) -> bool:
    """Tell whether a database holds nothing of anybody."""
    there = set(sa.inspect(engine).get_table_names())
    with engine.connect() as connection:
        tables = (t for t in Base.metadata.sorted_tables if t.name in there - NOT_PRECIOUS)
        return not any(connection.scalar(sa.select(sa.exists(sa.select(table).limit(1)))) for table in tables)


def name_of(engine: Engine) -> str:
    """Return the name by which an administrator confirms that she means this database."""
    name = engine.url.database or ""
    return Path(name).name if engine.dialect.name == "sqlite" else name


def _check(engine: Engine, manifest: Manifest) -> None:
    if manifest.database != engine.dialect.name:
        raise Refused(f"the backup is one of {manifest.database}, the database is {engine.dialect.name}.")
    if manifest.head != head():
        raise Refused(
            f"the backup is at {manifest.head}, this version at {head()}. Install version {manifest.version},"
            " restore with it, then install this one again and run `binome db upgrade`."
        )
    stands_at = head_of(engine)
    if stands_at not in (None, head()):
        raise Refused(f"the database is at {stands_at}, this version at {head()}. Run `binome db upgrade` first.")
    unlike = set(manifest.rows) ^ {table.name for table in Base.metadata.sorted_tables}
    if unlike:
        raise Refused(f"the backup holds other tables than this version: {', '.join(sorted(unlike))}.")


def _into_sqlite(engine: Engine, now: datetime, archive: ZipFile, manifest: Manifest, again: Again) -> Restored:
    with engine.connect() as connection:
        given = {name: _highest(connection, name) for name in NAMING}
    with sqlite.unpacked(archive, beside=sqlite.file_of(engine)) as file:
        sqlite.check(file, manifest.rows)
        # The quarantine is written before the file takes its place: there is no moment in which a mail could leave.
        staged = make_engine(f"sqlite:///{file}")
        with make_sessions(engine)() as session:
            saved = _saved(session, again)
        with make_sessions(staged)() as session, transaction(session):
            waiting = _quarantine(session, now, manifest, given)
            replayed = replay(session, again.settings, now, ledger=saved.ledger)
        with staged.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        staged.dispose()
        sqlite.load(engine, file)
    return Restored(manifest, waiting, replayed, saved.is_kept)


def _into_postgresql(engine: Engine, now: datetime, archive: ZipFile, manifest: Manifest, again: Again) -> Restored:
    try:
        with make_sessions(engine)() as session, transaction(session):
            postgresql.lock(session.connection())
            saved = _saved(session, again)
            given = {name: postgresql.last_number(session.connection(), name) for name in NAMING}
            session.expunge_all()
            postgresql.load(session.connection(), archive, manifest)
            waiting = _quarantine(session, now, manifest, given)
            replayed = replay(session, again.settings, now, ledger=saved.ledger)
    except (OperationalError, psycopg.OperationalError) as error:
        raise Refused("the database is in use. Stop web and workers first. Nothing was changed.") from error
    return Restored(manifest, waiting, replayed, saved.is_kept)


@dataclass(frozen=True, slots=True)
class _Saved:
    ledger: Ledger
    is_kept: bool


def _saved(session: Session, again: Again) -> _Saved:
    """Keep what the database knows that is replaced: the ledger may not have it yet, and nobody else has."""
    known = known_to(session, again.settings)
    is_kept = True
    if again.path is not None and known.heads:
        try:
            append(again.path, known.heads[0], known.lines)
        except (OSError, BrokenLedger):
            is_kept = False
    return _Saved(again.ledger.joined(known), is_kept)


def _quarantine(session: Session, now: datetime, manifest: Manifest, given: Mapping[str, int]) -> int:
    """Write the quarantine and skip numbers beyond those `given` before; return how many mails wait."""
    session.add(Quarantine(since=now, data_of=manifest.made_at, reason=REASON, awaits_ledger=True))
    connection = session.connection()
    known = {name: max(_highest(connection, name), manifest.sequences.get(name, 0), given[name]) for name in NAMING}
    marks = {name: number + SKIPPED_NUMBERS for name, number in known.items()}
    _mark(session, now, marks)
    if connection.dialect.name == "postgresql":
        for name, mark in marks.items():
            postgresql.number_on(connection, name, mark)
    waits = sa.and_(OutboxRow.kind.in_(outbox.MAIL_KINDS), OutboxRow.done_at.is_(None))
    return session.scalar(sa.select(sa.func.count(OutboxRow.id)).where(waits)) or 0


def _mark(session: Session, now: datetime, marks: Mapping[str, int]) -> None:
    """Add a row to each table that does nothing but bear the number: SQLite counts on from the highest."""
    facts = {"payload": {}, "created_at": now, "not_before": now, "attempts": 0, "done_at": now, "outcome": REASON}
    row, link = (marks[name] for name in NAMING)
    session.execute(sa.insert(OutboxRow).values(id=row, kind=MARK, **facts))
    somebody = session.scalar(sa.select(sa.func.min(Account.id)))
    if somebody is not None:
        unused = {"purpose": LinkPurpose.UNSUBSCRIBE, "created_at": now, "revoked_at": now}
        session.execute(sa.insert(SignedLink).values(id=link, recipient_id=somebody, **unused))


def _highest(connection: Connection, table: str) -> int:
    return connection.scalar(sa.select(sa.func.max(Base.metadata.tables[table].c.id))) or 0
