"""Plays the workers while the demo world is written: ranks, invites and puts each mail into the demo's mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.demo.mailbox import Mailbox
from matcher.links import Links
from matcher.mail.codes import MailCode
from matcher.mail.compose import compose
from matcher.mail.context import MailContext
from matcher.models.account import Account
from matcher.models.deadline import Deadline
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.services import clock_actions, invitations, line, matching, sending
from matcher.services.matching import RankerState
from matcher.services.sending import SendingRules
from matcher.settings import Settings

SOON = timedelta(minutes=5)
IMMEDIATE = SendingRules(undo=timedelta(seconds=10), window=False, cap=False)


@dataclass(frozen=True, slots=True)
class Office:
    """What the courier needs beside the session."""

    settings: Settings
    links: Links
    mailbox: Mailbox
    ranker: RankerState


def carry_out(session: Session, office: Office, now: datetime) -> None:
    """Do all that waits in the outbox up to five minutes from now, in its order."""
    until = now + SOON
    while True:
        session.flush()
        waiting = sa.select(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.not_before <= until)
        row = session.scalars(waiting.order_by(OutboxRow.not_before, OutboxRow.id).limit(1)).first()
        if row is None:
            return
        row.attempts = 1
        moment = max(row.not_before, now)
        outbox.complete(row, moment, outcome=_do(session, office, row, moment))


def pass_time(session: Session, office: Office, need: Need, until: datetime) -> None:
    """Let the clocks of a need and its pairings fall due, each at its own moment, up to a later one."""
    while True:
        session.flush()
        of_pairings = sa.select(Pairing.id).where(Pairing.need_id == need.id)
        due = sa.select(Deadline).where(
            sa.or_(Deadline.need_id == need.id, Deadline.pairing_id.in_(of_pairings)),
            Deadline.paused_at.is_(None),
            Deadline.due_at <= until,
        )
        deadline = session.scalars(due.order_by(Deadline.due_at, Deadline.id).limit(1)).first()
        if deadline is None:
            return
        moment = deadline.due_at
        clock_actions.fire(session, moment, deadline_id=deadline.id)
        carry_out(session, office, moment)


def _do(session: Session, office: Office, row: OutboxRow, now: datetime) -> str | None:
    message = outbox.MESSAGES[row.kind].read(row.payload)
    if isinstance(message, outbox.RankNeed):
        ranking = matching.rank(session, office.ranker, need_id=message.need_id, today=now.date())
        if ranking is not None:
            matching.store(session, now, ranking)
    elif isinstance(message, outbox.AdvanceLine):
        line.advance(session, now, IMMEDIATE, need_id=message.need_id)
    elif isinstance(message, outbox.SendInvitation):
        _invite(session, office, row, session.get_one(Pairing, message.pairing_id), now)
    elif isinstance(message, outbox.SendMail):
        _mail(session, office, row, message, now)
    return None


def _invite(session: Session, office: Office, row: OutboxRow, pairing: Pairing, now: datetime) -> None:
    if invitations.invite_by(session, IMMEDIATE, pairing, now) is None:
        invitations.drop_from_queue(session, now, pairing_id=pairing.id)
        return
    reply_by = sending.reply_by(pairing.need, now)
    context = MailContext(
        session=session,
        links=office.links,
        settings=office.settings,
        now=now,
        recipient=pairing.volunteer.account,
        outbox_id=row.id,
        need=pairing.need,
        pairing=pairing,
        data={"reply_by": reply_by.isoformat()},
    )
    _deliver(office, context, MailCode.INVITATION)
    invitations.mark_invited(session, now, pairing_id=pairing.id, reply_by=reply_by)


def _mail(session: Session, office: Office, row: OutboxRow, message: outbox.SendMail, now: datetime) -> None:
    context = MailContext(
        session=session,
        links=office.links,
        settings=office.settings,
        now=now,
        recipient=session.get_one(Account, message.recipient_id),
        outbox_id=row.id,
        need=session.get(Need, message.need_id) if message.need_id else None,
        pairing=session.get(Pairing, message.pairing_id) if message.pairing_id else None,
        data=message.data,
    )
    _deliver(office, context, MailCode(message.code))


def _deliver(office: Office, context: MailContext, code: MailCode) -> None:
    message = compose(context, code)
    if message is not None:
        dated = f"Date: {format_datetime(context.now)}\r\n".encode() + message.as_bytes()
        office.mailbox.add(dated, [message.recipient])
