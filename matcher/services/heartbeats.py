"""Signs of life of processes that nobody asks anything. Written seldom, read by the health checks."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import insert_into
from matcher.models.heartbeat import Heartbeat

SELDOM = timedelta(seconds=10)


def is_wanted(session: Session, now: datetime, *, name: str) -> bool:
    """Tell whether the last sign is old enough for a new one, or of a clock that went back since; reads only."""
    at = session.scalar(sa.select(Heartbeat.at).where(Heartbeat.name == name))
    return at is None or abs(now - at) >= SELDOM


def beat(session: Session, now: datetime, *, name: str) -> None:
    """Write a sign of life; not an older one over a newer, unless that one lies in a future that was taken back."""
    values = insert_into(session, Heartbeat).values(name=name, at=now)
    may_replace = sa.or_(Heartbeat.at < now, Heartbeat.at >= now + SELDOM)
    session.execute(
        values.on_conflict_do_update(index_elements=["name"], set_={"at": values.excluded.at}, where=may_replace)
    )
