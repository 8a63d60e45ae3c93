"""Where the reader of a need stands towards it: whether she may propose her help, and what she has done already."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Person
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedAudience, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.queries.deadlines import due_at

MAY_ASK_AGAIN = frozenset(
    {PairingStatus.DECLINED, PairingStatus.EXPIRED, PairingStatus.WITHDRAWN, PairingStatus.RELEASED}
)


class Stand(StrEnum):
    """The situations in which a page offers or explains something else."""

    ANONYMOUS = "anonymous"
    OWN = "own"
    UNCONFIRMED = "unconfirmed"
    NO_PROFILE = "no_profile"
    ANSWERED = "answered"
    UNINVITED = "uninvited"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Standing:
    """The reader's situation; the rest is filled when she and the need are a pairing already."""

    stand: Stand
    pairing_id: int | None = None
    status: PairingStatus | None = None
    promised_at: datetime | None = None


def standing(session: Session, actor: Actor, need: Need) -> Standing:
    """Return where the actor stands towards a need that she may see."""
    if not isinstance(actor, Person):
        return Standing(Stand.ANONYMOUS)
    if need.association.has_member(actor.account.id):
        return Standing(Stand.OWN)
    pairing = _own_pairing(session, actor, need)
    if pairing is not None and not _may_apply(pairing):
        promised_at = due_at(session, pairing, Clock.APPLICATION_WAITS)
        return Standing(Stand.ANSWERED, pairing.id, pairing.status, promised_at)
    if pairing is None and need.audience is NeedAudience.INVITATION:
        return Standing(Stand.UNINVITED)
    if not actor.account.is_confirmed:
        return Standing(Stand.UNCONFIRMED)
    has_profile = session.scalar(sa.select(sa.exists().where(Volunteer.account_id == actor.account.id)))
    return Standing(Stand.FREE if has_profile else Stand.NO_PROFILE)


def _own_pairing(session: Session, actor: Person, need: Need) -> Pairing | None:
    return session.scalar(
        sa.select(Pairing)
        .join(Volunteer, Volunteer.id == Pairing.volunteer_id)
        .where(Pairing.need_id == need.id, Volunteer.account_id == actor.account.id, Pairing.is_known_to_her)
    )


def _may_apply(pairing: Pairing) -> bool:
    return pairing.status in MAY_ASK_AGAIN and not pairing.has_reapplied
