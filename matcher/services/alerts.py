"""Keeping the alerts: one open for each invariant and subject; it is closed when the invariant holds again."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.alert import Alert
from matcher.services.invariants import Broken


def note(session: Session, now: datetime, found: Iterable[Broken]) -> list[Broken]:
    """Open an alert for what is newly broken, renew the others, close those that are over; return the new ones."""
    rows = session.scalars(sa.select(Alert).where(Alert.closed_at.is_(None)).with_for_update())
    open_now = {(alert.code, alert.subject): alert for alert in rows}
    new = []
    for each in found:
        alert = open_now.pop((each.code, each.subject), None)
        if alert is None:
            alert = Alert(code=each.code, subject=each.subject, opened_at=now)
            session.add(alert)
            new.append(each)
        alert.count, alert.ids, alert.seen_at = each.count, {"list": list(each.ids)}, now
    for over in open_now.values():
        over.closed_at = now
    return new
