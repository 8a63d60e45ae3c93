"""What each side of a pairing knows of it: the line and other rounds of the search are the coordinators' alone."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, LinkHolder
from matcher.models.deadline import Clock, Deadline
from matcher.models.link import LinkPurpose
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingReason, PairingStatus, PairingStep
from matcher.pairing_words import Reader, Told
from matcher.policies import Action, is_member, is_volunteer_of, may
from matcher.visibility import SEEN_BY_ASSOCIATION

Due = Mapping[Clock, datetime]
IN_SILENCE = frozenset({PairingStep.SET_ASIDE, PairingStep.RELEASE})
# Steps whose reason is a word about a person, and the states in which they leave a pairing.
JUDGEMENTS = frozenset({PairingStep.SET_ASIDE, PairingStep.REFUSE, PairingStep.REFUSE_AFTER_TALK})
JUDGED = frozenset({PairingStatus.SET_ASIDE, PairingStatus.REFUSED})
OF_VOLUNTEER = frozenset({LinkPurpose.ANSWER, LinkPurpose.NOT_WHAT_I_SAID})


def reader_of(actor: Actor, pairing: Pairing) -> Reader:
    """Return on which side of a pairing that she may see the actor reads; a party is never its coordinator."""
    if isinstance(actor, LinkHolder):
        return Reader.VOLUNTEER if actor.link.purpose in OF_VOLUNTEER else Reader.ASSOCIATION
    if is_volunteer_of(actor, pairing):
        return Reader.VOLUNTEER
    return Reader.ASSOCIATION if is_member(actor, pairing.need.association) else Reader.COORDINATOR


def known_events(reader: Reader, pairing: Pairing) -> tuple[PairingEvent, ...]:
    """Return the steps that the reader was told of, in their order."""
    return tuple(event for event in pairing.events if KNOWN[reader](event, pairing))


def known_status(reader: Reader, pairing: Pairing) -> PairingStatus:
    """Return the last state that the reader was told of."""
    events = known_events(reader, pairing)
    if not events:
        return pairing.status
    last = events[-1]
    if reader is Reader.ASSOCIATION and last.step is PairingStep.CORRECT_TELEPHONE:
        return PairingStatus.WITHDRAWN
    return last.target


def reason_of(actor: Actor, pairing: Pairing, event: PairingEvent) -> PairingReason | None:
    """Return why a step was taken, None when there is no reason or the actor may not read it.

    Why somebody was set aside or refused is read by her, once she was contacted or has applied; by the association,
    of its own refusals; by the coordinators of the branch. Administrators read counts (queries/boards.py).
    """
    reader = reader_of(actor, pairing)
    if event.reason not in set(PairingReason) or not KNOWN[reader](event, pairing):
        return None
    may_read = event.step not in JUDGEMENTS or READS_JUDGEMENT[reader](actor, event, pairing)
    return PairingReason(event.reason) if may_read else None


def last_reason(actor: Actor, pairing: Pairing) -> PairingReason | None:
    """Return why a pairing stands where it stands, as the actor may read it on the line."""
    if pairing.status in JUDGED and not may(actor, Action.READ_REASONS, pairing):
        return None
    return pairing.reason


def due_of(session: Session, pairings: Iterable[Pairing]) -> dict[int, Due]:
    """Return the clocks that run for some pairings, by pairing; one statement."""
    ids = [pairing.id for pairing in pairings]
    found: dict[int, dict[Clock, datetime]] = {pairing_id: {} for pairing_id in ids}
    running = sa.select(Deadline).where(Deadline.pairing_id.in_(ids), Deadline.paused_at.is_(None))
    for deadline in session.scalars(running) if ids else ():
        found[deadline.pairing_id or 0][deadline.clock] = deadline.due_at
    return dict(found)


def told(actor: Actor, pairing: Pairing, due: Due, *, language: str, today: date) -> Told:
    """Return a pairing as the actor is told of it."""
    reader = reader_of(actor, pairing)
    return Told(language, reader, pairing, known_status(reader, pairing), due, today)


def _known_to_volunteer(event: PairingEvent, pairing: Pairing) -> bool:
    """What she was told of; that she was set aside out of a later round, once an earlier one had reached her."""
    if event.step is PairingStep.SET_ASIDE and any(_was_told(each) for each in pairing.events if each.id < event.id):
        return True
    return _was_told(event)


def _was_told(event: PairingEvent) -> bool:
    if event.target is PairingStatus.APPROVED:
        return False
    return not (event.step in IN_SILENCE and event.source in {None, PairingStatus.APPROVED})


def _known_to_association(event: PairingEvent, _pairing: Pairing) -> bool:
    return bool({event.source, event.target} & SEEN_BY_ASSOCIATION)


def _known_to_coordinator(_event: PairingEvent, _pairing: Pairing) -> bool:
    return True


KNOWN: dict[Reader, Callable[[PairingEvent, Pairing], bool]] = {
    Reader.VOLUNTEER: _known_to_volunteer,
    Reader.ASSOCIATION: _known_to_association,
    Reader.COORDINATOR: _known_to_coordinator,
}
READS_JUDGEMENT: dict[Reader, Callable[[Actor, PairingEvent, Pairing], bool]] = {
    Reader.VOLUNTEER: lambda _actor, _event, pairing: pairing.is_known_to_her,
    Reader.ASSOCIATION: lambda _actor, event, _pairing: event.step is not PairingStep.SET_ASIDE,
    Reader.COORDINATOR: lambda actor, _event, pairing: may(actor, Action.READ_REASONS, pairing),
}
