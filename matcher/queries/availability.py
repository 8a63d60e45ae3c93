"""What a volunteer said of her time: whether it is so old that she is asked again, and who is to be asked today."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.account import Account
from matcher.models.volunteer import Volunteer

STALE_AFTER = timedelta(days=91)
MOST_AT_ONCE = 200


def is_stale(volunteer: Volunteer, today: date) -> bool:
    """True when what she said of her time is over three months old."""
    return volunteer.confirmed_on is not None and today - volunteer.confirmed_on > STALE_AFTER


def may_be_asked(volunteer: Volunteer, today: date) -> bool:
    """True when « still true? » makes sense: it is old, she takes invitations, and she is neither on pause nor gone."""
    takes = volunteer.invitations_allowed_at is not None and volunteer.account.mail_stopped_at is None
    return takes and is_stale(volunteer, today) and not volunteer.is_paused_on(today)


def to_ask(session: Session, now: datetime) -> list[Volunteer]:
    """Return those to ask whether what they said of their time still holds; nobody twice in three months."""
    since = now - STALE_AFTER
    found = session.scalars(
        sa.select(Volunteer)
        .join(Account, Account.id == Volunteer.account_id)
        .where(
            Account.active,
            Account.confirmed_at.is_not(None),
            Account.mail_stopped_at.is_(None),
            Volunteer.invitations_allowed_at.is_not(None),
            Volunteer.confirmed_on < since.date(),
            sa.or_(Volunteer.still_true_asked_at.is_(None), Volunteer.still_true_asked_at < since),
            sa.or_(Volunteer.is_paused.is_(False), Volunteer.paused_until <= now.date()),
        )
        .order_by(Volunteer.confirmed_on, Volunteer.id)
        .limit(MOST_AT_ONCE)
    )
    return [volunteer for volunteer in found if may_be_asked(volunteer, now.date())]
