"""Where a family of faults plays: databases with the schema, servers of its own, a folder, a seed. No fault, no bar."""

import contextlib
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import matcher.models
from matcher.database import Base, make_engine, make_sessions
from tests.factories import NOW, World
from tests.servers import databases

assert matcher.models.__all__, "all entities are mapped before a schema is made"
BOTH = ("sqlite", "postgresql")
Sizes = Mapping[str, int]


@dataclass
class Stage:
    """What a family is given; `ask` gives the address of a shared server, started at the first question."""

    folder: Path
    ask: Callable[[str], str]
    seed: int
    sizes: Sizes
    _made: int = 0
    _templates: list[contextlib.ExitStack] = field(default_factory=list)

    @cached_property
    def random(self) -> random.Random:
        """The dice of this run."""
        return random.Random(self.seed)

    def room(self, name: str) -> Path:
        """An empty folder of its own."""
        self._made += 1
        folder = self.folder / f"{self._made:04}-{name}"
        folder.mkdir(parents=True)
        return folder

    @contextlib.contextmanager
    def database(self, kind: str) -> Iterator[str]:
        """The address of a new database with the schema, on SQLite or PostgreSQL."""
        if kind == "sqlite":
            url = f"sqlite:///{self.room('sqlite') / 'binome.db'}"
            create_schema(url)
            yield url
            return
        with databases.fresh(self.ask("postgres"), template=self._template) as url:
            yield url

    @contextlib.contextmanager
    def world(self, kind: str, now: datetime = NOW) -> Iterator[tuple[World, str]]:
        """A world on a new database, and the database's address."""
        with self.database(kind) as url, world_on(url, now) as world:
            yield world, url

    def close(self) -> None:
        """Drop what was made once for all."""
        while self._templates:
            self._templates.pop().close()

    @cached_property
    def _template(self) -> str:
        stack = contextlib.ExitStack()
        url = stack.enter_context(databases.fresh(self.ask("postgres")))
        create_schema(url)
        self._templates.append(stack)
        return url.rsplit("/", 1)[1]


@contextlib.contextmanager
def world_on(url: str, now: datetime = NOW) -> Iterator[World]:
    """A world on an empty database that has the schema."""
    engine = make_engine(url)
    try:
        with make_sessions(engine)() as session:
            yield World(session, now)
    finally:
        engine.dispose()


def create_schema(url: str) -> None:
    """Make all tables."""
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


def present() -> datetime:
    """The host's time, for worlds whose workers are processes that read the host's clock."""
    return datetime.now(UTC).replace(microsecond=0)
