"""Scheduled work once, however often beat asks for it and however many beats there are. Knows no job."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.database import insert_into
from matcher.models.outbox import JobSlot


def take_slot(session: Session, now: datetime, *, job: str, slot: str) -> bool:
    """Take one run of a scheduled job in this transaction; False when it was taken before, by whatever worker."""
    values = insert_into(session, JobSlot).values(job=job, slot=slot, at=now)
    return session.scalar(values.on_conflict_do_nothing().returning(JobSlot.job)) is not None
