"""What a changed pairing means for its need: filled, open again, completed; and whom the end of a need releases."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.states import (
    BEFORE_ENGAGEMENT,
    ENGAGED,
    EndReason,
    NeedStatus,
    NeedStep,
    PairingStatus,
    PairingStep,
)
from matcher.services.audiences import paired
from matcher.services.steps import take_need_step, take_pairing_step

__all__ = ["BEFORE_ENGAGEMENT", "ENGAGED", "end", "fill", "paired", "release", "settle"]
ASKED = frozenset({PairingStatus.APPLIED, PairingStatus.INVITED})
SAID_YES = frozenset({PairingStatus.ACCEPTED, PairingStatus.RESERVE, PairingStatus.CONFIRMED})
WORKING = frozenset({PairingStatus.ACTIVE, PairingStatus.COMPLETED})


def settle(session: Session, need: Need, now: datetime) -> None:
    """Bring the need's state in line with its seats, and let the line move; the caller holds the need's lock."""
    session.flush()
    trace = Trace(now)
    if need.status is NeedStatus.OPEN and need.taken == need.seats:
        fill(session, need, NeedStep.FILL, trace)
    elif need.status is NeedStatus.FILLED and need.taken < need.seats:
        take_need_step(session, need, NeedStep.REOPEN, trace)
    if need.status in {NeedStatus.FILLED, NeedStatus.ON_HOLD} and need.taken == need.seats:
        _complete_or_release_reserve(session, need, trace)
    if need.status is NeedStatus.OPEN:
        outbox.add(session, outbox.AdvanceLine(need.id), now)


def fill(session: Session, need: Need, step: NeedStep, trace: Trace) -> None:
    """Mark the need filled; those who applied or were invited are released, the reserve waits, the line sleeps."""
    take_need_step(session, need, step, trace)
    release(session, need, ASKED, trace)


def end(session: Session, need: Need, step: NeedStep, trace: Trace, *, reason: EndReason) -> None:
    """End the need and release all who are not yet engaged; running missions go on."""
    need.end_reason = reason
    take_need_step(session, need, step, trace, data={"reason": reason.value})
    release(session, need, BEFORE_ENGAGEMENT, trace)


def release(session: Session, need: Need, statuses: frozenset[PairingStatus], trace: Trace) -> None:
    """Release the need's pairings in some states: nobody's fault, told by the mail of the need's own step."""
    # The reason is the need's, not the pairing's.
    plain = replace(trace, reason=None)
    for pairing in paired(session, need, statuses):
        pairing.queued_at = None
        take_pairing_step(session, pairing, PairingStep.RELEASE, plain)


def _complete_or_release_reserve(session: Session, need: Need, trace: Trace) -> None:
    taken = paired(session, need, WORKING)
    if len(taken) < need.taken:
        return
    if all(pairing.status is PairingStatus.COMPLETED for pairing in taken):
        take_need_step(session, need, NeedStep.COMPLETE, trace)
        release(session, need, BEFORE_ENGAGEMENT, trace)
        return
    _release_reserve(session, need, trace)


def _release_reserve(session: Session, need: Need, trace: Trace) -> None:
    for pairing in paired(session, need, frozenset({PairingStatus.RESERVE})):
        take_pairing_step(session, pairing, PairingStep.RELEASE, trace, data={})
        outbox.add(session, released_mail(need.id, pairing.id, pairing.volunteer.account_id), trace.at)


def released_mail(need_id: int, pairing_id: int, account_id: int) -> outbox.SendMail:
    """The mail that tells one person that she is no longer expected."""
    return outbox.SendMail(code="released", recipient_id=account_id, need_id=need_id, pairing_id=pairing_id)
