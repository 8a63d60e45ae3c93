"""What one worker process holds, made once at first use: settings, sessions, links, rules and the fitted ranker."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

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
from workers.clock import SharedClock

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


@cache
def runtime() -> Runtime:
    """Return this process's runtime; a worker's children each make their own, after the fork."""
    return Runtime.of(settings())
