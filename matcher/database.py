"""The database: base class, types, engine, sessions and `transaction`, the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from time import monotonic

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from matcher.ranking.types import WeeklySlot

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BUSY_TIMEOUT_MS = 15_000
POSTGRESQL_POOL = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
# Workers ask a connection that nobody used for so long whether it still lives; at each use, as pages do, it would cost
# a mail more than its own statements.
RESTED_S = 1.0
# Of the rows that are deleted because of their age: so many a transaction, and another transaction for the next.
FEW = 500

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; raises ValueError for a naive value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back the value aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WeeklySlots(TypeDecorator[tuple[WeeklySlot, ...]]):
    """Weekly slots, stored as [["mon", "18:00", "20:00"], …] like in the file interface."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[WeeklySlot, ...] | None, dialect: Dialect) -> object:
        """Write each slot as three texts."""
        slots = value or ()
        return [[WEEKDAYS[s.weekday], s.starts.strftime("%H:%M"), s.ends.strftime("%H:%M")] for s in slots]

    def process_result_value(self, value: list[list[str]] | None, dialect: Dialect) -> tuple[WeeklySlot, ...]:
        """Read the slots back."""
        return tuple(
            WeeklySlot(WEEKDAYS.index(day), time.fromisoformat(starts), time.fromisoformat(ends))
            for day, starts, ends in value or ()
        )


class DateRanges(TypeDecorator[tuple[tuple[date, date], ...]]):
    """Inclusive date ranges, stored as [["2026-12-20", "2027-01-04"], …]."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[tuple[date, date], ...] | None, dialect: Dialect) -> object:
        """Write each range as two texts."""
        return [[starts.isoformat(), ends.isoformat()] for starts, ends in value or ()]

    def process_result_value(self, value: list[list[str]] | None, dialect: Dialect) -> tuple[tuple[date, date], ...]:
        """Read the ranges back."""
        return tuple((date.fromisoformat(starts), date.fromisoformat(ends)) for starts, ends in value or ())


class Texts(TypeDecorator[tuple[str, ...]]):
    """A short tuple of texts, such as language codes, stored as a JSON list."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> object:
        """Write a list."""
        return list(value or ())

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...]:
        """Read a tuple."""
        return tuple(value or ())


def _codes(enumeration: type[StrEnum]) -> list[str]:
    return [member.value for member in enumeration]


class Base(DeclarativeBase):
    """What all entities share: the naming of constraints and how Python types are stored."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime,
        tuple[WeeklySlot, ...]: WeeklySlots,
        tuple[tuple[date, date], ...]: DateRanges,
        tuple[str, ...]: Texts,
        dict[str, Json]: sa.JSON,
        StrEnum: sa.Enum(StrEnum, native_enum=False, length=40, values_callable=_codes, create_constraint=False),
    }


def database_address(url: str) -> sa.URL:
    """Complete an address: psycopg 3 for PostgreSQL, an absolute path (its folder is made) for SQLite."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return address.set(drivername="postgresql+psycopg")
    if address.database and address.database != ":memory:":
        path = Path(address.database).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        address = address.set(database=str(path))
    return address


def make_engine(url: str) -> Engine:
    """Make an engine for SQLite or PostgreSQL."""
    address = database_address(url)
    if address.get_backend_name() != "sqlite":
        return _ask_the_rested(sa.create_engine(address, **POSTGRESQL_POOL | {"pool_pre_ping": False}))
    return tune(sa.create_engine(address, connect_args={"check_same_thread": False}))


def tune(engine: Engine) -> Engine:
    """Teach an SQLite engine our pragmas and how its transactions begin; others stay as they are."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _ask_the_rested(engine: Engine) -> Engine:
    """Replace connections that died while they rested, as `pool_pre_ping` does at every use."""

    @event.listens_for(engine, "checkin")
    def note(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        """Remember when a connection was used last."""
        record.info["used_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        """Refuse a connection that has died while it rested: the pool then makes another."""
        if monotonic() - record.info.get("used_at", monotonic()) < RESTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as dead:
            raise exc.InvalidatePoolError from dead

    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        # What is deleted or written over leaves no bytes behind: who is erased is not to be read in the file.
        "secure_delete=ON",
        "cache_size=-32000",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("binome_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")


def clear_log(engine: Engine) -> bool:
    """Empty SQLite's log of writes, which still holds rows that were erased; False when somebody reads just now.

    With `secure_delete` no byte of them is left then. PostgreSQL clears its own.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        is_busy, _in_log, _moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not is_busy


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Make a factory of plain sessions; objects stay readable after the end of a transaction."""
    return sessionmaker(engine, expire_on_commit=False)


def begin_write(session: Session) -> None:
    """End any read transaction of the session, forget what it had read and begin one that writes."""
    session.rollback()
    session.expire_all()
    session.connection(execution_options={"binome_writes": True})


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Run a block that writes: all of it is committed, or nothing when it raises."""
    begin_write(session)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def delete_few(session: Session, entity: type[Base], *due: sa.ColumnElement[bool]) -> int:
    """Delete a few of the rows for which all of this holds, and return how many: nobody waits long for their locks."""
    key = sa.inspect(entity).primary_key
    whole = key[0] if len(key) == 1 else sa.tuple_(*key)
    few = sa.select(*key).where(*due).order_by(*key).limit(FEW)
    gone = sa.delete(entity).where(whole.in_(few)).returning(key[0]).execution_options(synchronize_session=False)
    return len(session.execute(gone).all())


def autocommit(session: Session) -> bool:
    """Let each statement of a session be a transaction by itself; False where the database cannot: SQLite.

    PostgreSQL then needs no BEGIN and no COMMIT, which cost as much as a small statement.
    """
    if session.get_bind().dialect.name != "postgresql":
        return False
    session.rollback()
    session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    return True


@contextmanager
def one_statement(session: Session) -> Iterator[Session]:
    """Run a block whose only change is made by one statement, for less than `transaction` takes.

    On PostgreSQL what the statement wrote stays, whatever the block raises after it.
    """
    if not autocommit(session):
        with transaction(session):
            yield session
        return
    yield session
    session.commit()


def insert_into(session: Session, entity: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can be told what to do when such a row is there already, on either database."""
    return postgresql.insert(entity) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(entity)
