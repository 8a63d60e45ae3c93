"""PostgreSQL: all tables as one moment shows them, while others write; and back, in one transaction."""

import zipfile
from typing import cast

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import Connection, Engine

from matcher.backups.archive import CHUNK, Manifest, Refused, Writing
from matcher.database import Base

LOCK_TIMEOUT_MS = 10_000


def save(engine: Engine, into: Writing) -> tuple[dict[str, int], dict[str, int]]:
    """Write each table as a member; return the rows of each table and the last number of each sequence."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        rows = {table.name: _save(_driver(connection), table, into) for table in Base.metadata.sorted_tables}
        return rows, {name: last_number(connection, name) for name in _numbered()}


def lock(connection: Connection) -> None:
    """Let nobody read or write any table until the connection's transaction ends; raises OperationalError when busy."""
    connection.execute(sa.text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    names = [table.name for table in Base.metadata.sorted_tables]
    _driver(connection).execute(
        sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(map(sql.Identifier, names)))
    )


def load(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Put the rows of a backup in the place of all that is there, in the transaction in which all was locked."""
    driver = _driver(connection)
    names = [table.name for table in Base.metadata.sorted_tables]
    # The log of acts refuses to be emptied by anybody but its owner, who says so first.
    driver.execute("ALTER TABLE audit_log DISABLE TRIGGER audit_log_not_emptied")
    driver.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, names))))
    driver.execute("ALTER TABLE audit_log ENABLE TRIGGER audit_log_not_emptied")
    for table in Base.metadata.sorted_tables:
        _load(driver, table, archive, expected=manifest.rows[table.name])
    for name in _numbered():
        number_on(connection, name, manifest.sequences[name])


def _driver(connection: Connection) -> psycopg.Connection:
    return cast(psycopg.Connection, connection.connection.driver_connection)


def member_of(table: str) -> str:
    """Return the name of a table's member."""
    return f"tables/{table}.copy"


def _save(driver: psycopg.Connection, table: sa.Table, into: Writing) -> int:
    lines = 0
    with (
        into.member(member_of(table.name)) as member,
        driver.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} ({}) TO STDOUT").format(*_named(table))) as copy,
    ):
        for block in copy:
            member.write(bytes(block))
            lines += bytes(block).count(b"\n")
    return lines


def _load(driver: psycopg.Connection, table: sa.Table, archive: zipfile.ZipFile, *, expected: int) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(*_named(table))
    with driver.cursor() as cursor:
        with archive.open(member_of(table.name)) as member, cursor.copy(statement) as copy:
            while data := member.read(CHUNK):
                copy.write(data)
        if cursor.rowcount != expected:
            raise Refused(f"{cursor.rowcount} rows of {table.name} came in, not {expected}. All was taken back.")


def _named(table: sa.Table) -> tuple[sql.Composable, sql.Composable]:
    return sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)


def _numbered() -> list[str]:
    """The tables whose ids come from a sequence."""
    return [table.name for table in Base.metadata.sorted_tables if table.autoincrement_column is not None]


def last_number(connection: Connection, table: str) -> int:
    """Return the last number that a table gave, to a row that is gone too: it is never given again."""
    sequence = sa.func.pg_get_serial_sequence(table, "id")
    name = connection.scalar(sa.select(sequence))
    driver = _driver(connection)
    schema, _, plain = str(name).partition(".")
    found = driver.execute(
        sql.SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}").format(
            sql.Identifier(schema, plain.strip('"'))
        )
    ).fetchone()
    return int(found[0]) if found else 0


def number_on(connection: Connection, table: str, last: int) -> None:
    """Let a table give higher numbers than one, and than any it has given: no rollback takes a sequence back."""
    highest = max(last, last_number(connection, table))
    if highest > 0:
        connection.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table, "id"), highest)))
