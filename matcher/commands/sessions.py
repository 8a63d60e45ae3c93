"""The session of a command: one database for as long as the command runs. No command stands here."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions
from matcher.settings import Settings


@contextmanager
def a_session() -> Iterator[Session]:
    """Open a session on the database that the environment names; close all at the end."""
    engine = make_engine(Settings().database_url)
    try:
        with make_sessions(engine)() as session:
            yield session
    finally:
        engine.dispose()
