"""Which volunteers may be asked and have been left alone: no invitation and no pairing for two months."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.account import Account
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import LIVE, PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer

SILENCE = timedelta(days=60)
ASKED = frozenset({PairingStep.MARK_INVITED, PairingStep.REINVITE, PairingStep.OFFER_SEAT})


def volunteer_of(session: Session, subject: Account) -> Volunteer | None:
    """Return the profile of an account."""
    return session.scalar(sa.select(Volunteer).where(Volunteer.account_id == subject.id))


def is_silent(session: Session, subject: Volunteer, now: datetime) -> bool:
    """Tell whether nobody has asked a volunteer for two months, though she may be asked."""
    return session.scalar(left_alone(now).where(Volunteer.id == subject.id)) is not None


def left_alone(now: datetime) -> sa.Select[int]:
    """The ids of those who may be asked and have been left alone; who chose a pause until lately is not among them."""
    since = now - SILENCE
    rests = sa.or_(Volunteer.paused_until.is_(None), Volunteer.paused_until > since.date())
    return (
        sa.select(Volunteer.id)
        .join(Account, Account.id == Volunteer.account_id)
        .where(
            Account.active,
            Account.confirmed_at.is_not(None),
            Account.mail_stopped_at.is_(None),
            Volunteer.invitations_allowed_at <= since,
            ~sa.and_(Volunteer.is_paused, rests),
            ~_was_asked(since),
            ~_has_a_pairing(since),
        )
    )


def _was_asked(since: datetime) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        PairingEvent.pairing_id == Pairing.id,
        Pairing.volunteer_id == Volunteer.id,
        PairingEvent.step.in_(ASKED),
        PairingEvent.at > since,
    )


def _has_a_pairing(since: datetime) -> sa.ColumnElement[bool]:
    """One that lives, or ended lately; what a coordinator set aside without her knowledge was never a proposal."""
    was_told = sa.or_(Pairing.status != PairingStatus.SET_ASIDE, Pairing.is_known_to_her)
    lately = sa.and_(Pairing.since > since, was_told)
    return sa.exists().where(Pairing.volunteer_id == Volunteer.id, sa.or_(Pairing.status.in_(LIVE), lately))
