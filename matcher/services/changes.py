"""Telling the rankers that what they know of a volunteer is no longer so; loads no ranking."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.audit import VolunteerChange


def log_change(session: Session, now: datetime, volunteer_id: int) -> None:
    """Tell the rankers and the open needs that a volunteer has changed, appeared or left."""
    transaction_id = None
    if session.get_bind().dialect.name == "postgresql":
        transaction_id = session.scalar(sa.text("SELECT pg_current_xact_id()::text::bigint"))
    session.add(VolunteerChange(volunteer_id=volunteer_id, at=now, transaction_id=transaction_id))
    outbox.add(session, outbox.RefreshVolunteer(volunteer_id), now)
