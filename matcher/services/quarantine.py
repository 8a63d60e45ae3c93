"""Quarantine after a restore: no mail leaves and no clock fires until an administrator lifts it. Sends nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor
from matcher.errors import LedgerNotReplayed
from matcher.models.account import Account
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.states import NeedStatus, PairingStatus
from matcher.policies import Action, require
from matcher.services import clocks, invitations, retention
from matcher.services.steps import lock_need, record

DISCARDED = "discarded: written before a restore"
SUBJECT = "quarantine"
IN_LINE = frozenset({PairingStatus.APPROVED, PairingStatus.RESERVE})


class OldMails(StrEnum):
    """What becomes of the mails that were written before the restore."""

    SEND = "send"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Lifted:
    """What lifting a quarantine did."""

    discarded: int
    clocks: int


def active(session: Session) -> bool:
    """Tell whether a quarantine is in force."""
    return present(session) is not None


def present(session: Session) -> Quarantine | None:
    """Return the quarantine in force, the oldest when there are several; None when there is none."""
    return session.scalar(sa.select(Quarantine).where(Quarantine.lifted_at.is_(None)).order_by(Quarantine.id).limit(1))


def lift(session: Session, actor: Actor, now: datetime, *, old_mails: OldMails) -> Lifted | None:
    """Let mails leave and clocks run again; None when no quarantine is in force. Pressed twice it is done once.
    Raises LedgerNotReplayed while erasures since the backup are undone.

    The clocks fall due later by the time that they stood still, and whoever was warned is warned anew. Discarded
    invitations go back into their line; each line that was restored with somebody in it then waits for its coordinator.
    """
    quarantines = _locked(session)
    if not quarantines:
        return None
    for quarantine in quarantines:
        require(actor, Action.LIFT, quarantine)
        if quarantine.awaits_ledger:
            raise LedgerNotReplayed
        quarantine.lift(now, actor.account_id)
        record(session, actor, now, action="lift_quarantine", subject=(SUBJECT, quarantine.id), reason=old_mails.value)
    _hold_all(session)
    since, newest = quarantines[0].since, quarantines[-1].since
    discarded = retention.warn_anew(session, now)
    discarded += _discard(session, now, written_before=newest) if old_mails is OldMails.DISCARD else 0
    return Lifted(discarded, _run_on(session, now - since))


def _locked(session: Session) -> list[Quarantine]:
    found = sa.select(Quarantine).where(Quarantine.lifted_at.is_(None)).order_by(Quarantine.id)
    return list(session.scalars(found.with_for_update()))


def _hold_all(session: Session) -> None:
    """Lock all that is written here in the order of steps.py: clocks and lines of every need, those warned, mails."""
    session.execute(sa.select(Need.id).order_by(Need.id).with_for_update()).all()
    warned = sa.select(Account.id).where(Account.warnings > 0).order_by(Account.id)
    session.execute(warned.with_for_update(key_share=True)).all()
    session.execute(sa.select(OutboxRow.id).where(_waits()).order_by(OutboxRow.id).with_for_update()).all()


def _waits() -> sa.ColumnElement[bool]:
    return sa.and_(OutboxRow.kind.in_(outbox.MAIL_KINDS), OutboxRow.done_at.is_(None))


def _discard(session: Session, now: datetime, *, written_before: datetime) -> int:
    found = sa.select(OutboxRow).where(_waits(), OutboxRow.created_at < written_before).with_for_update()
    rows = session.scalars(found).all()
    for row in rows:
        outbox.complete(row, now, outcome=DISCARDED)
        if row.kind == outbox.SendInvitation.kind:
            invitations.give_turns_back(session, now, row)
    _let_lines_wait(session, standing_since=written_before)
    return len(rows)


def _let_lines_wait(session: Session, *, standing_since: datetime) -> None:
    """Who was restored into a line may have been asked in the days that are lost: her coordinator decides."""
    restored = sa.select(Pairing.need_id).where(Pairing.status.in_(IN_LINE), Pairing.since < standing_since)
    open_ones = sa.select(Need.id).where(Need.status == NeedStatus.OPEN, Need.id.in_(restored)).order_by(Need.id)
    for need_id in session.scalars(open_ones).all():
        lock_need(session, need_id).line_waits = True


def _run_on(session: Session, stood: timedelta) -> int:
    """Let the clocks that run fall due later; those that stood still before the quarantine do so still."""
    of_needs = sa.select(Deadline, Need).join(Need, Need.id == Deadline.need_id)
    of_pairings = sa.select(Deadline, Pairing).join(Pairing, Pairing.id == Deadline.pairing_id)
    needs = session.execute(of_needs.where(Deadline.paused_at.is_(None))).unique().all()
    pairings = session.execute(of_pairings.where(Deadline.paused_at.is_(None))).unique().all()
    for deadline, need in needs:
        deadline.due_at = clocks.calendar(need).defer(deadline.due_at + stood)
    for deadline, pairing in pairings:
        deadline.due_at = clocks.calendar(pairing).defer(deadline.due_at + stood)
        if deadline.clock is Clock.EXPIRE_INVITED:
            pairing.reply_by = deadline.due_at
    return len(needs) + len(pairings)
