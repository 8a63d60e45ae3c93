"""Alerts that are open, for administrators and the health check, and what they are about. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.models.alert import Alert, AlertCode
from matcher.models.deadline import Deadline
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.policies import visible

OF_NEEDS = frozenset({AlertCode.NEEDS_UNRANKED, AlertCode.NEEDS_FULL})


@dataclass(frozen=True, slots=True)
class Place:
    """Where one thing that an alert is about can be looked at: a need, or a pairing in the line of a need."""

    need_id: int
    pairing_id: int | None = None


def open_alerts(session: Session, actor: Actor) -> tuple[Alert, ...]:
    """Return what stands where it must not, the oldest first; one statement."""
    rows = sa.select(Alert).where(Alert.closed_at.is_(None), visible(actor, Alert))
    return tuple(session.scalars(rows.order_by(Alert.opened_at, Alert.id)))


def ids_of(alert: Alert) -> list[int]:
    """Return the ids of the first things that an alert is about."""
    found = alert.ids.get("list")
    return [each for each in found if isinstance(each, int)] if isinstance(found, list) else []


def is_of_needs(alert: Alert) -> bool:
    """Whether the ids of an alert are those of needs: a state without an end is told by the name of the state."""
    is_state = alert.code is AlertCode.CLOCKS_MISSING and alert.subject not in set(PairingStatus)
    return alert.code in OF_NEEDS or (is_state and alert.subject in set(NeedStatus))


def places_of(session: Session, actor: Actor, alerts: Sequence[Alert]) -> Mapping[tuple[int, int], Place]:
    """Return where the things of some alerts can be looked at, by the alert’s id and theirs; two statements.

    Rows and what is gone have no place.
    """
    of_needs = [alert for alert in alerts if is_of_needs(alert)]
    of_clocks = sa.select(Deadline.id, Need.id, Deadline.pairing_id).outerjoin(
        Pairing, Pairing.id == Deadline.pairing_id
    )
    of_clocks = of_clocks.join(Need, Need.id == sa.func.coalesce(Deadline.need_id, Pairing.need_id))
    of_pairings = sa.select(Pairing.id, Need.id, Pairing.id).join(Pairing.need)
    places = {(alert.id, each): Place(each) for alert in of_needs for each in _shown(alert)}
    for code, rows, key in (
        (AlertCode.CLOCKS_LATE, of_clocks, Deadline.id),
        (AlertCode.CLOCKS_MISSING, of_pairings, Pairing.id),
        (AlertCode.DECIDED_BY_NOBODY, of_pairings, Pairing.id),
    ):
        of_code = [alert for alert in alerts if alert.code is code and alert not in of_needs]
        ids = {each for alert in of_code for each in ids_of(alert)}
        found = rows.where(key.in_(ids), Need.submitted_at.is_not(None), visible(actor, Need))
        at = {subject_id: Place(need_id, pairing_id) for subject_id, need_id, pairing_id in session.execute(found)}
        places |= {(alert.id, each): at[each] for alert in of_code for each in ids_of(alert) if each in at}
    return places


def _shown(alert: Alert) -> list[int]:
    """A draft is nobody's to read but its authors'."""
    return ids_of(alert) if alert.subject != NeedStatus.DRAFT else []
