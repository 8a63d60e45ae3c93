"""What the simulated weeks came to: the cap, who waits for whom, and how fairly people were asked. It moves nothing."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.mail.message import Message
from matcher.models.account import Account
from matcher.models.deadline import Deadline
from matcher.models.need import Need, NeedEvent
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import NeedStatus, NeedStep, PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer
from matcher.services import endings, invariants
from tests.faults import accounting
from tests.faults.accounting import Handed
from tests.faults.campaign import KEPT, SUMMED, Findings
from tests.faults.exposure import gini, picture

# The promise: at most two mails with invitations in any thirty days.
MOST, WINDOW = 2, timedelta(days=30)
# Each of these states is ended by a clock that runs, whoever is silent; only a need on hold keeps it still.
NEEDS_A_CLOCK = (
    PairingStatus.APPLIED,
    PairingStatus.INVITED,
    PairingStatus.ACCEPTED,
    PairingStatus.CONFIRMED,
    PairingStatus.ACTIVE,
)
# A need under review waits for its coordinator, whom the mail of 8:00 names it daily.
NEEDS_WITH_A_CLOCK = (NeedStatus.DRAFT, NeedStatus.CHANGES_REQUESTED, NeedStatus.OPEN)
# An application never ends in silence: after ten working days its owners were told, the mail of 8:00 names it daily.
OWNED_AFTER = timedelta(days=14)
UNHAPPY = (
    PairingStatus.DECLINED,
    PairingStatus.EXPIRED,
    PairingStatus.WITHDRAWN,
    PairingStatus.REFUSED,
    PairingStatus.RELEASED,
    PairingStatus.ABANDONED,
)


def look(session: Session, now: datetime, findings: Findings) -> None:
    """Once a week: nothing stands where nobody will ever move it."""
    for each in invariants.broken(session, now):
        findings.breaches.append(f"{now:%d %b}: {each.code} {each.subject} {each.ids[:5]}")
    runs = sa.exists().where(Deadline.pairing_id == Pairing.id, Deadline.paused_at.is_(None))
    is_held = sa.exists().where(Need.id == Pairing.need_id, Need.status == NeedStatus.ON_HOLD)
    kept = sa.and_(is_held, sa.exists().where(Deadline.pairing_id == Pairing.id))
    is_owned = sa.and_(Pairing.status == PairingStatus.APPLIED, Pairing.since <= now - OWNED_AFTER)
    unowned = sa.select(Pairing.id, Pairing.status).where(Pairing.status.in_(NEEDS_A_CLOCK), ~runs, ~kept, ~is_owned)
    for pairing_id, status in session.execute(unowned):
        findings.breaches.append(f"{now:%d %b}: pairing {pairing_id} waits as {status} without a clock")
    clock = sa.exists().where(Deadline.need_id == Need.id, Deadline.paused_at.is_(None))
    is_chosen = sa.and_(Need.hold_reason.in_(endings.CHOSEN), Need.returns_on.is_(None))
    ended = sa.or_(Need.status.in_(NEEDS_WITH_A_CLOCK), sa.and_(Need.status == NeedStatus.ON_HOLD, ~is_chosen))
    for need_id, need_status in session.execute(sa.select(Need.id, Need.status).where(ended, ~clock)):
        findings.breaches.append(f"{now:%d %b}: need {need_id} waits as {need_status} without a clock")
    parked = session.scalars(sa.select(OutboxRow.outcome).where(OutboxRow.parked_at.is_not(None))).all()
    findings.breaches += [f"{now:%d %b}: parked, {outcome}" for outcome in parked]


def look_back(session: Session, now: datetime, findings: Findings, asked: Mapping[str, Sequence[datetime]]) -> None:
    """Count, compare with the promises, draw; `asked`: when each address was sent a mail with invitations."""
    _cap(asked, findings)
    invited = sa.select(Pairing.volunteer_id, sa.func.count(PairingEvent.id)).join(PairingEvent)
    invited = invited.where(PairingEvent.step == PairingStep.MARK_INVITED).group_by(Pairing.volunteer_id)
    times = {row[0]: row[1] for row in session.execute(invited)}
    everybody = session.scalars(sa.select(Volunteer.id)).all()
    shares = [times.get(volunteer_id, 0) for volunteer_id in everybody]
    _needs(session, now, findings)
    ends = Counter(session.scalars(sa.select(PairingEvent.target)))
    never = shares.count(0) / len(shares)
    findings.figures |= {
        "invitations": sum(shares),
        "completed": ends[PairingStatus.COMPLETED],
        "unhappy_ends": sum(ends[status] for status in UNHAPPY),
        "gini_of_exposure": round(gini(shares), 3),
        "never_asked_share": round(never, 3),
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"weeks-{len(shares)}.svg").write_text(picture(shares), encoding="utf-8")


def account(
    session: Session, now: datetime, findings: Findings, taken: Sequence[Message], readers: Mapping[str, int]
) -> None:
    """Every mail that was owed left once, and nothing else; `readers`: whose each address was when all began.

    Addresses of erased people are forgotten, so that readers are compared by account; what is not due yet is not owed.
    The records of the cap are forgotten after thirty days: what they say is compared where nothing lasts that long.
    """
    owed = accounting.owed(session)
    known = {row.email: row.id for row in session.execute(sa.select(Account.email, Account.id))} | dict(readers)
    later = session.scalars(sa.select(OutboxRow.id).where(OutboxRow.done_at.is_(None), OutboxRow.not_before > now))
    due = dataclasses.replace(
        owed,
        mails={name: str(known.get(reader, reader)) for name, reader in owed.mails.items()},
        unfinished=owed.unfinished - set(later),
        contradictions=(),
    )
    log = [
        Handed(accounting.identity(each.message_id), str(known.get(each.recipient, each.recipient))) for each in taken
    ]
    balance = accounting.audit(due, log)
    findings.breaches += balance.breaches
    findings.figures |= {name: balance.figures[name] for name in SUMMED}


def steps(session: Session, findings: Findings, *, every: bool) -> None:
    """How many of the steps of both state machines were taken; in twelve weeks of many people each of them is."""
    taken = {*session.scalars(sa.select(PairingEvent.step)), *session.scalars(sa.select(NeedEvent.step))}
    known = {*PairingStep, *NeedStep}
    findings.figures |= {"steps_taken": len(taken), "of_steps": len(known)}
    findings.expect(not every or taken == known, f"steps that nobody took: {sorted(known - taken)}")


def _cap(invited: Mapping[str, Sequence[datetime]], findings: Findings) -> None:
    """At most two mails with invitations in any 30 days, as the mail server counted them."""
    breaches = sum(
        later - first < WINDOW
        for moments in invited.values()
        for first, later in zip(moments, moments[MOST:], strict=False)
    )
    findings.figures["cap_breaches"] = breaches
    findings.expect(breaches == 0, f"{breaches} times more than {MOST} mails in {WINDOW.days} days")


def _needs(session: Session, now: datetime, findings: Findings) -> None:
    """How many needs were opened, and how many never found anybody to ask."""
    opened = sa.select(sa.func.count(Need.id)).where(Need.opened_at.is_not(None))
    asked = sa.exists().where(PairingEvent.pairing_id == Pairing.id, PairingEvent.step == PairingStep.MARK_INVITED)
    orphans = opened.where(
        Need.opened_at < now - timedelta(days=21), ~sa.exists().where(Pairing.need_id == Need.id, asked)
    )
    findings.figures["needs_opened"] = session.scalar(opened) or 0
    findings.figures["orphan_needs"] = session.scalar(orphans) or 0
