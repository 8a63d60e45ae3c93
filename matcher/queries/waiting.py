"""How many things wait for a person under the hat that she wears."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Hat, Person
from matcher.models.association import Membership
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.queries.checks import waits_for_check
from matcher.queries.tasks import tasks_of


def count_waiting(session: Session, actor: Actor, now: datetime) -> int:
    """Count what waits for a coordinator, or the answers that others expect; one statement."""
    if not isinstance(actor, Person) or actor.hat is None:
        return 0
    counter = COUNTERS.get(actor.hat)
    return session.scalar(counter(actor, now)) or 0 if counter else 0


def _for_coordinator(actor: Person, now: datetime) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(tasks_of(actor, now).subquery())


def _for_member(actor: Person, _now: datetime) -> sa.Select[int]:
    ours = sa.select(Membership.association_id).where(Membership.account_id == actor.account.id)
    return (
        sa.select(sa.func.count(Pairing.id))
        .join(Need, Need.id == Pairing.need_id)
        .where(Need.association_id.in_(ours), sa.or_(Pairing.status == PairingStatus.ACCEPTED, waits_for_check()))
    )


def _for_volunteer(actor: Person, _now: datetime) -> sa.Select[int]:
    return (
        sa.select(sa.func.count(Pairing.id))
        .join(Volunteer, Volunteer.id == Pairing.volunteer_id)
        .where(Volunteer.account_id == actor.account.id, Pairing.status == PairingStatus.INVITED)
    )


COUNTERS: dict[Hat, Callable[[Person, datetime], sa.Select[int]]] = {
    Hat.COORDINATOR: _for_coordinator,
    Hat.MEMBER: _for_member,
    Hat.VOLUNTEER: _for_volunteer,
}
