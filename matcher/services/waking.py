"""Waking the lines in which somebody waits whose day has come, and asking whether old availability still holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.invitation_mail import InvitationMail
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.queries.availability import STALE_AFTER, may_be_asked
from matcher.services.sending import SendingRules, next_opening

MOST_AT_ONCE, MOST_ASKED = 500, 200
MAILS_KEPT = timedelta(days=60)


def wake(session: Session, now: datetime, volunteer: Volunteer) -> int:
    """Let each line in which she waits without being invited move once more; return how many."""
    return _wake(session, now, [volunteer])


def wake_due(session: Session, now: datetime) -> int:
    """Wake the lines of those whose limit, pause, rest or pace ends; return how many people it was."""
    due = sa.select(Volunteer).where(Volunteer.wakes_at <= now).order_by(Volunteer.wakes_at, Volunteer.id)
    found = session.scalars(due.limit(MOST_AT_ONCE).with_for_update(of=Volunteer)).all()
    _wake(session, now, found)
    return len(found)


def _wake(session: Session, now: datetime, volunteers: Sequence[Volunteer]) -> int:
    """All lines of some people in one order: two who wake the same ones at once never wait for each other."""
    for volunteer in volunteers:
        volunteer.wakes_at = None
    waits = (
        sa.select(Pairing.need_id)
        .join(Need, Need.id == Pairing.need_id)
        .where(
            Pairing.volunteer_id.in_([volunteer.id for volunteer in volunteers]),
            Pairing.status == PairingStatus.APPROVED,
            Pairing.queued_at.is_(None),
            Need.status == NeedStatus.OPEN,
        )
        .distinct()
        .order_by(Pairing.need_id)
    )
    need_ids = session.scalars(waits).all()
    for need_id in need_ids:
        outbox.add(session, outbox.AdvanceLine(need_id), now)
    return len(need_ids)


def ask_still_true(session: Session, rules: SendingRules, now: datetime) -> int:
    """Ask those whose availability is over three months old whether it holds, in their open hours; return how many."""
    found = _to_ask(session, now)
    for volunteer in found:
        volunteer.still_true_asked_at = now
        leaves_at = next_opening(volunteer, now) if rules.window else now
        message = outbox.SendMail(MailCode.STILL_TRUE.value, volunteer.account_id)
        outbox.add(session, message, now, not_before=leaves_at)
    return len(found)


def forget_mails(session: Session, now: datetime) -> None:
    """Forget which mails with invitations left more than 60 days ago: no limit counts them any more."""
    session.execute(sa.delete(InvitationMail).where(InvitationMail.at < now - MAILS_KEPT))


def _to_ask(session: Session, now: datetime) -> list[Volunteer]:
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
        .limit(MOST_ASKED)
    )
    return [volunteer for volunteer in found if may_be_asked(volunteer, now.date())]
