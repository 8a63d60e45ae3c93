"""What the change of a published need sets in motion: a new ranking, a line that waits, whom it is told."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor
from matcher.mail.codes import MailCode
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.policies import is_member
from matcher.services import clocks, notices, seats
from matcher.services.audiences import Audience, paired
from matcher.services.notices import Notice
from matcher.services.steps import record

CORRECTED_ONCE_IN = timedelta(hours=1)


def follow(session: Session, actor: Actor, now: datetime, need: Need, *, has_moved: bool, asks_check: bool) -> None:
    """Rank anew and tell whom it concerns; where what matters has moved, the line waits and each yes is asked about.

    `asks_check` when the work turns out to mean meeting vulnerable people: who is at work already is told of it too.
    """
    record(session, actor, now, action="edit_open_need", subject=("need", need.id))
    outbox.add(session, outbox.RankNeed(need.id), now)
    if is_member(actor, need.association):
        clocks.take_as_answer(session, need, now)
    else:
        _tell_of_correction(session, now, need)
    if not has_moved:
        return
    need.line_waits = True
    notices.tell(session, now, (Notice(MailCode.NEED_CHANGED, Audience.SAID_YES),), need)
    if asks_check:
        notices.tell(session, now, (Notice(MailCode.NEED_CHANGED, Audience.AT_WORK),), need)
    for pairing in paired(session, need, seats.SAID_YES):
        pairing.still_agrees_asked_at = now
    seats.settle(session, need, now)


def _tell_of_correction(session: Session, now: datetime, need: Need) -> None:
    """Tell the association that somebody else changed its need; once in an hour, however often it is saved."""
    told = sa.exists().where(
        OutboxRow.kind == outbox.SendMail.kind,
        OutboxRow.payload["code"].as_string() == MailCode.NEED_CORRECTED.value,
        OutboxRow.payload["need_id"].as_integer() == need.id,
        OutboxRow.created_at > now - CORRECTED_ONCE_IN,
    )
    if not session.scalar(sa.select(told)):
        notices.tell(session, now, (Notice(MailCode.NEED_CORRECTED, Audience.CONTACT),), need)
