"""An installation of a benchmark's own: a folder, PostgreSQL, Redis and a mail sink, all gone at the end."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import redis
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions
from tests.journeys.service import Installation, installed
from tests.servers import databases, keeper
from tests.servers.smtp import SmtpSink


@contextlib.contextmanager
def own_installation() -> Iterator[tuple[Installation, Session]]:
    """Make one in which nothing runs yet, with a session of the benchmark beside its programs."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        door, sink = stack.enter_context(keeper.kept()), stack.enter_context(SmtpSink())
        database_url = stack.enter_context(databases.fresh(keeper.ask(door, "postgres")))
        redis_url = keeper.ask(door, "redis") + "/1"
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()
        installation = installed(folder, sink, database_url, redis_url)
        engine = make_engine(database_url)
        stack.callback(engine.dispose)
        yield installation, stack.enter_context(make_sessions(engine)())
