"""Mails that wait for somebody who acts for others no more go to whoever acts in her place, hat by hat."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.services.audiences import Audience, recipients
from matcher.services.coordinator_mails import AT_ONCE
from matcher.services.wanted import Unwanted

TO_ADMINISTRATORS = frozenset({MailCode.REVIEW_LATE_ADMINISTRATORS, MailCode.APPLICATION_WAITS_ADMINISTRATORS})
# Who else may act where the first of them cannot.
ALL_OF = {Audience.CONTACT: Audience.MEMBERS, Audience.COORDINATOR: Audience.BRANCH}


def pass_on_membership(session: Session, now: datetime, *, account_id: int, association_id: int) -> None:
    """Give what waits for a member of an association, as one, to whoever is its contact now."""
    ours = Need.association_id == association_id
    _pass_on(session, now, account_id=account_id, needs=ours, hat=Audience.CONTACT)


def pass_on_coordination(session: Session, now: datetime, *, account_id: int, branches: Collection[Branch]) -> None:
    """Give what waits for a coordinator of some branches, as one, to whoever follows each need now."""
    for branch in branches:
        session.expire(branch, ["coordinators"])
    theirs = Need.branch_id.in_([branch.id for branch in branches])
    _pass_on(session, now, account_id=account_id, needs=theirs, hat=Audience.COORDINATOR)


def hold_mails(session: Session, account: Account) -> None:
    """Lock all mails to an account by their numbers, before some of them are passed on and others are emptied."""
    address = sa.func.lower(OutboxRow.payload["address"].as_string()) == account.email.lower()
    hers = [OutboxRow.payload[key].as_integer() == account.id for key in ("recipient_id", "account_id")]
    kinds = (outbox.SendMail.kind, outbox.SendAccountMail.kind)
    mails = sa.select(OutboxRow.id).where(OutboxRow.kind.in_(kinds), sa.or_(address, *hers))
    session.execute(mails.order_by(OutboxRow.id).with_for_update()).all()


def _pass_on(session: Session, now: datetime, *, account_id: int, needs: sa.ColumnElement[bool], hat: Audience) -> None:
    """Give each mail of one hat about some needs to the first who is told now and may be; drop what they have.

    A row in hand is taken from its worker, who finds that it is not his any more. What she is told under another hat
    stays hers.
    """
    about = OutboxRow.payload["need_id"].as_integer().in_(sa.select(Need.id).where(needs))
    hers = OutboxRow.payload["recipient_id"].as_integer() == account_id
    waits = sa.select(OutboxRow).where(OutboxRow.kind == outbox.SendMail.kind, OutboxRow.done_at.is_(None), hers, about)
    for row in session.scalars(waits.order_by(OutboxRow.id).with_for_update()).all():
        mail = outbox.SendMail.read(row.payload)
        pairing = session.get(Pairing, mail.pairing_id) if mail.pairing_id is not None else None
        if _hat(mail, pairing) is not hat:
            continue
        heir = _heir(session, account_id, session.get_one(Need, mail.need_id), pairing, hat=hat)
        if heir is None or _has_it(session, row, heir):
            outbox.complete(row, now, outcome=Unwanted.NOBODY)
        else:
            row.payload, row.lease_until = {**row.payload, "recipient_id": heir}, None


def _hat(mail: outbox.SendMail, pairing: Pairing | None) -> Audience:
    """Tell as what somebody is written to: the code says it of offices; both sides of a mission share theirs."""
    code = MailCode(mail.code)
    if code in AT_ONCE:
        return Audience.COORDINATOR
    if code in TO_ADMINISTRATORS:
        return Audience.ADMINISTRATORS
    is_volunteer = pairing is not None and pairing.volunteer.account_id == mail.recipient_id
    return Audience.VOLUNTEER if is_volunteer else Audience.CONTACT


def _heir(session: Session, account_id: int, need: Need, pairing: Pairing | None, *, hat: Audience) -> int | None:
    found = [*recipients(session, hat, need, pairing), *recipients(session, ALL_OF[hat], need, pairing)]
    told = [each.account_id for each in found if each.account_id != account_id]
    able = set(session.scalars(sa.select(Account.id).where(Account.id.in_(told), Account.active)))
    return next((each for each in told if each in able), None)


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
