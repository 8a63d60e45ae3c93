"""The people of a need as its association sees them: by pseudonym, from their yes on."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import wording
from matcher.actors import Actor
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import CONTACTS_OPEN, ENGAGED, PairingStatus
from matcher.policies import visible
from matcher.published import published
from matcher.queries.deadlines import due_at

SHOWN = CONTACTS_OPEN | {PairingStatus.ACCEPTED}


@dataclass(frozen=True, slots=True)
class NeedPerson:
    """Somebody who said yes; `answer_by` is when the association's silence would release her."""

    pairing_id: int
    name: str
    headline: str
    status: PairingStatus
    answer_by: datetime | None
    waits_for_check: bool


def people_of_need(session: Session, actor: Actor, need: Need, *, language: str) -> tuple[NeedPerson, ...]:
    """Return who said yes to a need, those who wait for an answer first."""
    found = session.scalars(
        sa.select(Pairing)
        .where(Pairing.need_id == need.id, Pairing.status.in_(SHOWN), visible(actor, Pairing))
        .order_by(Pairing.since, Pairing.id)
    ).all()
    ordered = sorted(found, key=lambda pairing: pairing.status is not PairingStatus.ACCEPTED)
    return tuple(_person(session, language, pairing) for pairing in ordered)


def _person(session: Session, language: str, pairing: Pairing) -> NeedPerson:
    waits = pairing.status is PairingStatus.ACCEPTED
    return NeedPerson(
        pairing_id=pairing.id,
        name=wording.pseudonym(language, pairing.volunteer, need_id=pairing.need_id),
        headline=published(language, pairing.volunteer.headline),
        status=pairing.status,
        answer_by=due_at(session, pairing, Clock.RELEASE_YES) if waits else None,
        waits_for_check=pairing.status in ENGAGED and pairing.waits_for_check,
    )
