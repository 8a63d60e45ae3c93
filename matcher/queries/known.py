"""What each side of a pairing knows of it: the line and other rounds of the search are the coordinators' alone."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, LinkHolder
from matcher.models.deadline import Clock, Deadline
from matcher.models.link import LinkPurpose
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStatus, PairingStep
from matcher.pairing_words import Reader, Told
from matcher.policies import is_member, is_volunteer_of
from matcher.visibility import SEEN_BY_ASSOCIATION

Due = Mapping[Clock, datetime]
IN_SILENCE = frozenset({PairingStep.SET_ASIDE, PairingStep.RELEASE})
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
    return tuple(event for event in pairing.events if KNOWN[reader](event))


def known_status(reader: Reader, pairing: Pairing) -> PairingStatus:
    """Return the last state that the reader was told of."""
    events = known_events(reader, pairing)
    if not events:
        return pairing.status
    last = events[-1]
    if reader is Reader.ASSOCIATION and last.step is PairingStep.CORRECT_TELEPHONE:
        return PairingStatus.WITHDRAWN
    return last.target


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


def _known_to_volunteer(event: PairingEvent) -> bool:
    if event.target is PairingStatus.APPROVED:
        return False
    return not (event.step in IN_SILENCE and event.source in {None, PairingStatus.APPROVED})


def _known_to_association(event: PairingEvent) -> bool:
    return bool({event.source, event.target} & SEEN_BY_ASSOCIATION)


def _known_to_coordinator(_event: PairingEvent) -> bool:
    return True


KNOWN: dict[Reader, Callable[[PairingEvent], bool]] = {
    Reader.VOLUNTEER: _known_to_volunteer,
    Reader.ASSOCIATION: _known_to_association,
    Reader.COORDINATOR: _known_to_coordinator,
}
