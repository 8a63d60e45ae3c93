"""Where one is signed in. Reads only one's own."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.models.sign_in import SignIn
from matcher.models.volunteer import Volunteer

MOST = 20


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """One sign-in as its owner is shown it."""

    id: int
    device: str
    began_at: datetime
    seen_at: datetime


def own(session: Session, actor: Actor, now: datetime, *, idle_h: int, is_trusted: bool) -> list[OwnSignIn]:
    """Return one's own sign-ins that still hold, the one seen last first, 20 at most."""
    held = sa.select(SignIn).where(SignIn.account_id == actor.account_id, SignIn.ended_at.is_(None))
    found = []
    for row in session.scalars(held.order_by(SignIn.seen_at.desc(), SignIn.id.desc())):
        lasts = row.limits(idle_h=idle_h, is_trusted=is_trusted)
        if now - row.seen_at <= lasts.idle and now - row.began_at <= lasts.longest:
            found.append(OwnSignIn(row.id, row.device, row.began_at, row.seen_at))
    return found[:MOST]


def zone_of(session: Session, actor: Actor) -> str | None:
    """Return the zone in which one lives, as far as a profile says so."""
    return session.scalar(sa.select(Volunteer.timezone).where(Volunteer.account_id == actor.account_id))
