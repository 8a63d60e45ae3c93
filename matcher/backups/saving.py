"""Making a backup of the whole database, SQLite or PostgreSQL, under write load."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from matcher.backups import postgresql, sqlite
from matcher.backups.archive import Manifest, Refused, writing
from matcher.database import make_sessions, transaction
from matcher.migrate import current, head
from matcher.services.audit import note_backup


def save(engine: Engine, now: datetime, path: Path) -> Manifest:
    """Write a backup; nobody else waits for it. Raises Refused; half a backup never bears the name."""
    stands_at = head_of(engine)
    if stands_at is None or stands_at != head():
        raise Refused(
            f"the database is at {stands_at}, and this version expects {head()}. Run `binome db upgrade` first,"
            " or make the backup with the version that made the database."
        )
    with writing(path) as into:
        _note(engine, now)
        sequences: dict[str, int] = {}
        if engine.dialect.name == "sqlite":
            rows = sqlite.save(engine, into, beside=path)
        else:
            rows, sequences = postgresql.save(engine, into)
        manifest = Manifest.model_validate(
            {
                "version": version("binome"),
                "database": engine.dialect.name,
                "head": stands_at,
                "made_at": now,
                "rows": rows,
                "sequences": sequences,
                "members": into.members,
            }
        )
        into.end(manifest)
    return manifest


def _note(engine: Engine, now: datetime) -> None:
    """Write into the log of acts that everything is handed out, before it is: the backup holds its own entry."""
    try:
        with make_sessions(engine)() as session, transaction(session):
            note_backup(session, now)
    except DBAPIError as error:
        raise Refused(
            f"the log of acts cannot be written to ({type(error.orig).__name__}), and no backup is made without an"
            " entry. When the disk is full, make room first."
        ) from error


def head_of(engine: Engine) -> str | None:
    """Return the migration at which a database stands; None for an empty one."""
    with engine.connect() as connection:
        return current(connection)
