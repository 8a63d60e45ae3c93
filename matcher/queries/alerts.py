"""Alerts that are open, for administrators and the health check. Reads only."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.models.alert import Alert
from matcher.policies import visible


def open_alerts(session: Session, actor: Actor) -> tuple[Alert, ...]:
    """Return what stands where it must not, the oldest first; one statement."""
    rows = sa.select(Alert).where(Alert.closed_at.is_(None), visible(actor, Alert))
    return tuple(session.scalars(rows.order_by(Alert.opened_at, Alert.id)))
