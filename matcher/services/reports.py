"""What a message to a return path brings about: an address closed, a pause, no more invitations, a line that moves on.

How the message is read stands in mail/reports.py. The same message counts once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import System
from matcher.database import delete_few, insert_into
from matcher.mail.reports import Report
from matcher.mail.return_path import Purpose, Returned
from matcher.models.account import Account
from matcher.models.history import Trace
from matcher.models.pairing import Pairing
from matcher.models.states import PairingReason, PairingStatus, PairingStep
from matcher.models.suppression import MailReport, ReportOutcome, SuppressionReason
from matcher.models.volunteer import Volunteer
from matcher.services import suppression, volunteers
from matcher.services.steps import lock_pairing, take_pairing_step
from matcher.settings import Settings

SOFT_COUNT = 3
SOFT_WITHIN = timedelta(days=14)
SOFT_PAUSE = timedelta(days=7)
ASKED = frozenset({PairingStatus.APPROVED, PairingStatus.INVITED})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a return path leads to today; the account only while it still has the address that was written to."""

    hashed: str
    account: Account | None
    pairing: Pairing | None


def take_in(session: Session, settings: Settings, now: datetime, report: Report) -> bool:
    """Record a message and let it have its effect; False when it was recorded before."""
    hashed = report.returned.address_hash if report.returned else None
    values = insert_into(session, MailReport).values(
        digest=report.digest, at=now, outcome=report.outcome, address_hash=hashed
    )
    if session.scalar(values.on_conflict_do_nothing().returning(MailReport.id)) is None:
        return False
    effect = EFFECTS.get(report.outcome)
    if report.returned is not None and effect is not None:
        effect(session, now, _subject(session, settings, report.returned))
    return True


def release_unreachable(session: Session, now: datetime, *, pairing_id: int) -> None:
    """Let an invitation that cannot arrive leave the line: its coordinator is told, the next is asked."""
    pairing = lock_pairing(session, pairing_id)
    if pairing.status not in ASKED:
        return
    pairing.queued_at = None
    take_pairing_step(
        session, pairing, PairingStep.RELEASE_UNREACHABLE, Trace(now, reason=PairingReason.UNREACHABLE.value)
    )
    outbox.add(session, outbox.AdvanceLine(pairing.need_id), now)


def forget_reports(session: Session, before: datetime) -> int:
    """Delete some of what came back before a moment, and of the pauses that ended before it; return how many."""
    return delete_few(session, MailReport, MailReport.at < before) + suppression.forget_ended(session, before)


def _subject(session: Session, settings: Settings, returned: Returned) -> Subject:
    pairing = account = None
    if returned.purpose is Purpose.INVITATION:
        pairing = session.get(Pairing, returned.subject_id)
        account = pairing.volunteer.account if pairing is not None else None
    else:
        account = session.get(Account, returned.subject_id)
    if account is None or suppression.address_hash(settings, account.email) != returned.address_hash:
        return Subject(returned.address_hash, None, None)
    return Subject(returned.address_hash, account, pairing)


def _hard(session: Session, now: datetime, subject: Subject) -> None:
    _close(session, now, subject, SuppressionReason.HARD, None)
    if subject.account is None:
        return
    hers = sa.select(Volunteer.id).where(Volunteer.account_id == subject.account.id).scalar_subquery()
    # A bounce may be quicker than the record of the hand-over: an invitation that is about to leave counts too.
    is_asked = sa.or_(Pairing.status == PairingStatus.INVITED, Pairing.queued_at.is_not(None))
    _release_all(session, now, sa.and_(Pairing.volunteer_id == hers, is_asked))


def _soft(session: Session, now: datetime, subject: Subject) -> None:
    counted = sa.select(sa.func.count(MailReport.id)).where(
        MailReport.address_hash == subject.hashed,
        MailReport.outcome == ReportOutcome.SOFT,
        MailReport.at > now - SOFT_WITHIN,
    )
    if (session.scalar(counted) or 0) >= SOFT_COUNT:
        _close(session, now, subject, SuppressionReason.SOFT, now + SOFT_PAUSE)
    if subject.pairing is None:
        return
    # One mail may have carried several invitations, and come back before it was recorded: they bear its row's number.
    left = sa.or_(Pairing.status == PairingStatus.INVITED, Pairing.queued_at.is_not(None))
    together = sa.and_(
        Pairing.volunteer_id == subject.pairing.volunteer_id, Pairing.carried_by == subject.pairing.carried_by, left
    )
    is_carried = together if subject.pairing.carried_by is not None else sa.false()
    _release_all(session, now, sa.or_(Pairing.id == subject.pairing.id, is_carried))


def _release_all(session: Session, now: datetime, which: sa.ColumnElement[bool]) -> None:
    found = sa.select(Pairing.id).where(which, Pairing.status.in_(ASKED)).order_by(Pairing.need_id)
    for pairing_id in session.scalars(found).all():
        release_unreachable(session, now, pairing_id=pairing_id)


def _complaint(session: Session, now: datetime, subject: Subject) -> None:
    _close(session, now, subject, SuppressionReason.COMPLAINT, None)
    if subject.account is not None and subject.account.mail_stopped_at is None:
        volunteers.stop_mail_of(session, System("complaint"), now, account=subject.account)


def _close(
    session: Session, now: datetime, subject: Subject, reason: SuppressionReason, until: datetime | None
) -> None:
    account_id = subject.account.id if subject.account is not None else None
    suppression.suppress_hash(session, subject.hashed, now, reason=reason, until=until, account_id=account_id)


EFFECTS: dict[ReportOutcome, Callable[[Session, datetime, Subject], None]] = {
    ReportOutcome.HARD: _hard,
    ReportOutcome.SOFT: _soft,
    ReportOutcome.COMPLAINT: _complaint,
}
