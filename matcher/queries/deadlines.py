"""When the clocks of a need or a pairing fall due, for those who are told of it. No actor: for mails and jobs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.pairing import Pairing


def due_at(session: Session, subject: Need | Pairing, clock: Clock) -> datetime | None:
    """Return when a clock of the subject falls due, None when it does not run."""
    column = Deadline.need_id if isinstance(subject, Need) else Deadline.pairing_id
    return session.scalar(
        sa.select(Deadline.due_at).where(column == subject.id, Deadline.clock == clock, Deadline.paused_at.is_(None))
    )
