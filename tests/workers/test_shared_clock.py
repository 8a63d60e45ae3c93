"""The clock of the workers: the database's, asked seldom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions
from workers.clock import SharedClock


@pytest.fixture
def postgresql(postgres_url: str) -> Iterator[Session]:
    """A session on PostgreSQL."""
    engine = make_engine(postgres_url)
    with make_sessions(engine)() as session:
        yield session
    engine.dispose()


@contextmanager
def questions(session: Session) -> Iterator[list[str]]:
    """The statements that a session's database is asked meanwhile."""
    asked: list[str] = []

    def notice(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", notice)
    yield asked
    event.remove(engine, "before_cursor_execute", notice)


def database_says(session: Session) -> datetime:
    """PostgreSQL's own word."""
    moment = session.scalar(sa.select(sa.func.clock_timestamp()))
    assert isinstance(moment, datetime)
    return moment


def test_it_asks_the_database_once_and_counts_on(postgresql: Session) -> None:
    clock, early = SharedClock(asks_every_s=3600), database_says(postgresql)
    with questions(postgresql) as asked:
        moments = [clock(postgresql) for _ in range(50)]

    assert len(asked) == 1
    assert early <= moments[0] < moments[-1] <= database_says(postgresql)
    assert moments == sorted(moments)


def test_an_old_answer_is_asked_for_again(postgresql: Session) -> None:
    clock = SharedClock(asks_every_s=0)
    with questions(postgresql) as asked:
        clock(postgresql)
        clock(postgresql)

    assert len(asked) == 2
