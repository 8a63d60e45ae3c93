"""What one worker process holds, made once at first use: settings, sessions, links, rules and the fitted ranker."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from matcher.catalogue.ranked import ranked_skills
from matcher.database import make_engine, make_sessions
from matcher.links import Links
from matcher.ranking.ranker import Ranker
from matcher.services.matching import RankerState
from matcher.services.sending import SendingRules
from matcher.settings import Settings
from workers import smtp
from workers.app import settings

Clock = Callable[[Session], datetime]
Send = Callable[[smtp.Message, smtp.LastCheck], bool]


@dataclass(frozen=True, slots=True)
class Runtime:
    """Passed to whatever works on a row; `sent` holds the attempts for which a task left, and when."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    links: Links
    rules: SendingRules
    clock: Clock
    send: Send
    ranker: RankerState = field(default_factory=lambda: RankerState(Ranker(catalogue=ranked_skills())))
    ranker_lock: threading.Lock = field(default_factory=threading.Lock)
    sent: dict[tuple[int, datetime], datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, *, clock: Clock | None = None, send: Send | None = None) -> "Runtime":
        """Build the runtime of a process from its settings; connects to nothing yet."""
        engine = make_engine(settings.database_url)
        return cls(
            settings=settings,
            engine=engine,
            sessions=make_sessions(engine),
            links=Links(settings),
            rules=SendingRules.of(settings),
            clock=clock or SharedClock(),
            send=send or smtp.Courier(smtp.Server.of(settings)).send,
        )


class SharedClock:
    """The one clock that all workers share: PostgreSQL's; on SQLite all run on this host, so the host's.

    PostgreSQL is asked once a second at most; in between this host counts on from its answer. Shared by threads.
    """

    def __init__(self, *, asks_every_s: float = 1.0) -> None:
        """Ask at first use."""
        self._asks_every_s = asks_every_s
        self._answer: tuple[float, datetime] | None = None

    def __call__(self, session: Session) -> datetime:
        """Return the moment."""
        if session.get_bind().dialect.name != "postgresql":
            return datetime.now(UTC)
        counted, answer = _counted_s(), self._answer  # one answer, whatever another thread writes meanwhile
        if answer is not None and 0 <= counted - answer[0] < self._asks_every_s:
            return answer[1] + timedelta(seconds=counted - answer[0])
        moment = session.scalar(sa.select(sa.func.clock_timestamp()))
        assert isinstance(moment, datetime)
        self._answer = (_counted_s(), moment.astimezone(UTC))
        return moment.astimezone(UTC)


def _counted_s() -> float:
    """Seconds that no setting of a clock changes, and that go on while the host sleeps, where the system has them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@cache
def runtime() -> Runtime:
    """Return this process's runtime; a worker's children each make their own, after the fork."""
    return Runtime.of(settings())
