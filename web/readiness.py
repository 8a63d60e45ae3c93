"""Whether this process can serve: the database answers in a short time and has the form that the code expects."""

from dataclasses import dataclass
from functools import cache

import redis
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from matcher.database import database_address
from matcher.migrate import current, head
from matcher.settings import Settings

PATIENCE_S = 2


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found: the database "ok", "away" or "not at head"; Redis "ok", "away" or "not used"."""

    database: str
    redis: str

    @property
    def is_ready(self) -> bool:
        """True when pages can be served; without Redis they can."""
        return self.database == "ok"

    @property
    def status(self) -> str:
        """One word for all."""
        if not self.is_ready:
            return "not ready"
        return "degraded" if self.redis == "away" else "ready"


def examine(settings: Settings) -> Readiness:
    """Look at both, through connections of their own: a pool in which all wait says nothing about the server."""
    return Readiness(_database(settings.database_url), _redis(settings.redis_url))


def _database(url: str) -> str:
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return "ok" if current(connection) == _head() else "not at head"
    except SQLAlchemyError:
        return "away"


@cache
def _engine(url: str) -> sa.Engine:
    address = database_address(url)
    if address.get_backend_name() == "sqlite":
        return sa.create_engine(address, poolclass=NullPool, connect_args={"timeout": PATIENCE_S})
    patience = {"connect_timeout": PATIENCE_S, "options": f"-c statement_timeout={PATIENCE_S * 1000}"}
    return sa.create_engine(address, poolclass=NullPool, connect_args=patience)


@cache
def _head() -> str | None:
    """The code's own; it does not change while the process lives."""
    return head()


def _redis(url: str | None) -> str:
    if url is None:
        return "not used"
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S) as client:
            client.ping()
    except redis.RedisError:
        return "away"
    return "ok"
