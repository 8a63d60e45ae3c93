"""Mails that wait for somebody who acts for others no more go to whoever acts in her place."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.services.audiences import Audience, recipients
from matcher.services.wanted import Unwanted


def pass_on(
    session: Session, now: datetime, *, account_id: int, needs: sa.ColumnElement[bool], audience: Audience
) -> None:
    """Give what waits for an account about some needs to the first of those who are told now; drop what they have.

    A row in hand is taken from its worker, who finds that it is not his any more. What she is told as a volunteer
    stays hers.
    """
    about = OutboxRow.payload["need_id"].as_integer().in_(sa.select(Need.id).where(needs))
    hers = OutboxRow.payload["recipient_id"].as_integer() == account_id
    waits = sa.select(OutboxRow).where(OutboxRow.kind == outbox.SendMail.kind, OutboxRow.done_at.is_(None), hers, about)
    for row in session.scalars(waits.order_by(OutboxRow.id).with_for_update()).all():
        mail = outbox.SendMail.read(row.payload)
        pairing = session.get(Pairing, mail.pairing_id) if mail.pairing_id is not None else None
        if pairing is not None and pairing.volunteer.account_id == account_id:
            continue
        told = recipients(session, audience, session.get_one(Need, mail.need_id), pairing)
        heir = next((each.account_id for each in told if each.account_id != account_id), None)
        if heir is None or _has_it(session, row, heir):
            outbox.complete(row, now, outcome=Unwanted.NOBODY)
        else:
            row.payload, row.lease_until = {**row.payload, "recipient_id": heir}, None


def _has_it(session: Session, row: OutboxRow, heir: int) -> bool:
    """Whether the same was written to her already."""
    said = [
        OutboxRow.payload["recipient_id"].as_integer() == heir,
        OutboxRow.payload["code"].as_string() == str(row.payload["code"]),
        OutboxRow.payload["need_id"].as_integer() == row.payload["need_id"],
        OutboxRow.payload["pairing_id"].as_integer().is_not_distinct_from(row.payload["pairing_id"]),
        OutboxRow.created_at == row.created_at,
    ]
    return session.scalar(sa.select(sa.exists().where(OutboxRow.kind == row.kind, *said))) is True
