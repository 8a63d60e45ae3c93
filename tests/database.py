"""Database fixtures: an SQLite file for each test, PostgreSQL where rules and races are tried. They make no data."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import matcher.models
from matcher.database import Base, make_engine, make_sessions
from tests.factories import World
from tests.servers import databases

assert matcher.models.__all__, "all entities are mapped before a schema is made"
Sessions = sessionmaker[Session]


def _create_schema(url: str) -> None:
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that holds the schema and no data; made once, copied by each test."""
    path = tmp_path_factory.mktemp("schema") / "template.db"
    _create_schema(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of an SQLite file of this test's own, with the schema."""
    shutil.copyfile(sqlite_template, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server_url: str) -> Iterator[str]:
    """Name of a PostgreSQL database that holds the schema and no data; made once, copied by each test."""
    with databases.fresh(postgres_server_url) as url:
        _create_schema(url)
        yield url.rsplit("/", 1)[1]


@pytest.fixture
def postgres_schema_url(postgres_server_url: str, postgres_template: str) -> Iterator[str]:
    """Address of a PostgreSQL database of this test's own, with the schema."""
    with databases.fresh(postgres_server_url, template=postgres_template) as url:
        yield url


def _sessions(url: str) -> Iterator[Sessions]:
    engine = make_engine(url)
    yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def sessions(sqlite_url: str) -> Iterator[Sessions]:
    """Makes sessions on this test's SQLite file, each with a connection of its own."""
    yield from _sessions(sqlite_url)


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    """A session on SQLite."""
    with sessions() as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    """An empty world on SQLite, with the national branch."""
    return World(session)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request: pytest.FixtureRequest) -> str:
    """Address of a database with the schema: the test runs once on SQLite and once on PostgreSQL."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_schema_url"
    return str(request.getfixturevalue(fixture))


@pytest.fixture
def any_sessions(any_database_url: str) -> Iterator[Sessions]:
    """Makes sessions on each of the two databases in turn."""
    yield from _sessions(any_database_url)


@pytest.fixture
def any_session(any_sessions: Sessions) -> Iterator[Session]:
    """A session on each of the two databases in turn."""
    with any_sessions() as session:
        yield session


@pytest.fixture
def any_world(any_session: Session) -> World:
    """An empty world on each of the two databases in turn."""
    return World(any_session)
