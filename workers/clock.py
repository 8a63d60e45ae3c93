"""The clock of all workers; it knows nothing of what they hold or do."""

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session


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
