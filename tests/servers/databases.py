"""Makes and drops databases on the test PostgreSQL. It knows no table: whoever wants a schema migrates a template."""

import contextlib
import secrets
from collections.abc import Iterator

import psycopg
from psycopg import sql
from sqlalchemy import make_url


def create(server_url: str, *, template: str = "template0") -> str:
    """Make a database, empty or a copy of a template that nobody is connected to, and return its address."""
    name = f"binome_test_{secrets.token_hex(6)}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    _execute(server_url, statement)
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop(database_url: str, server_url: str) -> None:
    """Drop a database together with the connections that a test left open."""
    name = make_url(database_url).database
    assert name
    _execute(server_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def fresh(server_url: str, *, template: str = "template0") -> Iterator[str]:
    """Give the address of a new database and drop it at the end."""
    url = create(server_url, template=template)
    try:
        yield url
    finally:
        drop(url, server_url)


def _execute(server_url: str, statement: sql.Composed) -> None:
    url = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
