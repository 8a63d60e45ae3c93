"""What the tests of backups share: two databases of one kind, one to save and an empty one to restore into."""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from matcher.commands.backup import backup, restore
from matcher.database import make_engine, make_sessions
from matcher.migrate import upgrade
from tests.factories import World
from tests.servers import databases
from tests.workers.conftest import environment


@dataclass(frozen=True)
class Place:
    """A database and the commands on it."""

    url: str

    def backup(self, file: Path) -> Result:
        """Run `binome backup`."""
        return CliRunner().invoke(backup, [str(file)], env=environment(DATABASE_URL=self.url))

    def restore(self, file: Path, *options: str, typed: str | None = None) -> Result:
        """Run `binome restore`."""
        arguments = [str(file), *options]
        return CliRunner().invoke(restore, arguments, env=environment(DATABASE_URL=self.url), input=typed)

    @property
    def name(self) -> str:
        """The name that she must type."""
        return Path(sa.make_url(self.url).database or "").name


@dataclass(frozen=True)
class Places:
    """Makes databases of one kind."""

    kind: str
    folder: Path
    server_url: str
    made: list[str]

    def empty(self) -> Place:
        """A database without any table."""
        if self.kind == "sqlite":
            return Place(f"sqlite:///{self.folder / secrets.token_hex(4)}.db")
        self.made.append(databases.create(self.server_url))
        return Place(self.made[-1])

    def upgraded(self) -> Place:
        """A database with its tables, and nothing in them."""
        place = self.empty()
        engine = make_engine(place.url)
        upgrade(engine)
        engine.dispose()
        return place


@pytest.fixture(scope="session")
def sqlite_upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once."""
    path = tmp_path_factory.mktemp("upgraded") / "upgraded.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Databases on SQLite, and once more on PostgreSQL."""
    kind = str(request.param)
    server_url = "" if kind == "sqlite" else str(request.getfixturevalue("postgres_server_url"))
    places = Places(kind, tmp_path, server_url, [])
    yield places
    for url in places.made:
        databases.drop(url, server_url)


@pytest.fixture
def place(places: Places, sqlite_upgraded: Path) -> Place:
    """The database that is saved: it stands where this version expects it."""
    if places.kind == "sqlite":
        shutil.copyfile(sqlite_upgraded, places.folder / "source.db")
        return Place(f"sqlite:///{places.folder / 'source.db'}")
    return places.upgraded()


@pytest.fixture
def saved_world(place: Place) -> Iterator[World]:
    """A world in it."""
    engine = make_engine(place.url)
    with make_sessions(engine)() as session:
        yield World(session)
    engine.dispose()
