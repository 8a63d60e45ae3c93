"""Scheduled work once, however often beat asks for it and however many beats there are. Knows no job."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import insert_into
from matcher.models.outbox import JobSlot


def take_slot(session: Session, now: datetime, *, job: str, slot: str) -> bool:
    """Take one run of a scheduled job in this transaction; False when it was taken before, by whatever worker."""
    values = insert_into(session, JobSlot).values(job=job, slot=slot, at=now)
    return session.scalar(values.on_conflict_do_nothing().returning(JobSlot.job)) is not None


def take_turn(session: Session, now: datetime, *, job: str, slot: str, every: timedelta) -> bool:
    """Like `take_slot`, for work that does no harm when it is done once more.

    After a clock went back, the turns of a time that has not come are given back: nobody waits until it comes again.
    """
    ahead = sa.delete(JobSlot).where(JobSlot.job == job, JobSlot.at > now + every).returning(JobSlot.slot)
    if session.scalars(ahead).all():
        session.execute(sa.delete(JobSlot).where(JobSlot.job == job, JobSlot.slot == slot))
    return take_slot(session, now, job=job, slot=slot)
