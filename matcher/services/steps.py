"""Taking a step: lock, move, tell, start the clocks. All services change states through these functions.

Whoever locks several rows takes them in this order, and those of a kind by their numbers, so that no two wait for each
other: quarantines or the role of administrators; needs; accounts; profiles; branches; associations; the outbox.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from matcher.access_codes import OnBehalf
from matcher.actors import Actor
from matcher.database import Json
from matcher.errors import NotFound
from matcher.models.audit import AuditEntry
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import ENDED, Door, NeedStep, PairingReason, PairingStatus, PairingStep
from matcher.services import activity, clocks, notices
from matcher.services.changes import log_change


def lock_need(session: Session, need_id: int) -> Need:
    """Load a need under a row lock; raises NotFound."""
    need = session.scalar(
        sa.select(Need)
        .where(Need.id == need_id)
        .with_for_update(of=Need)
        .options(lazyload("*"))
        .execution_options(populate_existing=True)
    )
    if need is None:
        raise NotFound
    return need


def lock_pairing(session: Session, pairing_id: int) -> Pairing:
    """Load a pairing under its need's row lock; raises NotFound."""
    need_id = session.scalar(sa.select(Pairing.need_id).where(Pairing.id == pairing_id))
    if need_id is None:
        raise NotFound
    lock_need(session, need_id)
    pairing = session.get(Pairing, pairing_id, populate_existing=True, options=[lazyload("*")])
    if pairing is None:
        raise NotFound
    return pairing


def find_pairing(session: Session, need_id: int, volunteer_id: int) -> Pairing | None:
    """Return the pairing of a need and a volunteer, if a human has made one."""
    return session.scalar(
        sa.select(Pairing)
        .where(Pairing.need_id == need_id, Pairing.volunteer_id == volunteer_id)
        .execution_options(populate_existing=True)
    )


def trace_of(actor: Actor, now: datetime, reason: str | None = None) -> Trace:
    """Return the trace that an actor leaves."""
    return Trace(now, actor.account_id, actor.door, reason)


def telephone_trace_of(actor: Actor, now: datetime, reason: str | None = None) -> Trace:
    """Return the trace of a coordinator who records what she was told by telephone."""
    return Trace(now, actor.account_id, Door.TELEPHONE, reason)


def take_need_step(
    session: Session, need: Need, step: NeedStep, trace: Trace, *, data: dict[str, Json] | None = None
) -> None:
    """Move a need, write to those whom the step concerns and start the clocks of its new state."""
    need.take(step, trace)
    if need.status in ENDED:
        need.ended_at = trace.at
    session.flush()
    notices.tell(session, trace.at, notices.NEED_NOTICES[step], need, data=data)
    clocks.enter_state(session, need, trace.at)


def take_pairing_step(
    session: Session, pairing: Pairing, step: PairingStep, trace: Trace, *, data: dict[str, Json] | None = None
) -> None:
    """Move a pairing, write to those whom the step concerns and start the clocks of its new state."""
    was_working = pairing.status is PairingStatus.ACTIVE
    pairing.take(step, trace)
    pairing.reason = PairingReason(trace.reason) if trace.reason else pairing.reason
    session.add(pairing)
    session.flush()
    if was_working or pairing.status is PairingStatus.ACTIVE:
        log_change(session, trace.at, pairing.volunteer_id)  # the mission takes hours, or gives them back
    clocks.enter_state(session, pairing, trace.at)
    if trace.account_id is not None:
        clocks.note_activity(session, pairing.need, trace.at)
        if trace.account_id == pairing.volunteer.account_id:
            activity.note(session, trace.at, account_id=trace.account_id)
    notices.tell(session, trace.at, notices.PAIRING_NOTICES[step], pairing.need, pairing=pairing, data=data)


def record(
    session: Session, actor: Actor, now: datetime, *, action: str, subject: tuple[str, int], reason: str | None = None
) -> None:
    """Write one line into the audit log: ids only."""
    kind, subject_id = subject
    session.add(
        AuditEntry(
            at=now,
            account_id=actor.account_id,
            actor=actor.label,
            action=action,
            subject_kind=kind,
            subject_id=subject_id,
            reason=reason,
        )
    )


def record_decision(session: Session, actor: Actor, now: datetime, *, action: str, subject: Need | Pairing) -> None:
    """Write down a decision that more than one side may take; in whose name it was taken is its reason."""
    kind = "pairing" if isinstance(subject, Pairing) else "need"
    side = _side(actor, subject)
    record(session, actor, now, action=action, subject=(kind, subject.id), reason=side.value if side else None)


def _side(actor: Actor, subject: Need | Pairing) -> OnBehalf | None:
    need = subject.need if isinstance(subject, Pairing) else subject
    if actor.account_id is None:
        return None
    if isinstance(subject, Pairing) and subject.volunteer.account_id == actor.account_id:
        return OnBehalf.VOLUNTEER
    return OnBehalf.ASSOCIATION if need.association.has_member(actor.account_id) else OnBehalf.BRANCH
