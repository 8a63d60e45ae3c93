"""Alerts that are open, for administrators and the health check, and what they are about. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.models.alert import Alert, AlertCode
from matcher.models.deadline import Deadline
from matcher.models.need import Need
from matcher.models.pairing import Pairing
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


def places_of(session: Session, actor: Actor, alerts: Sequence[Alert]) -> Mapping[tuple[AlertCode, int], Place]:
    """Return where the things of some alerts can be looked at; rows and what is gone have no place. Two statements."""
    of_clocks = sa.select(Deadline.id, Need.id, Deadline.pairing_id).outerjoin(
        Pairing, Pairing.id == Deadline.pairing_id
    )
    of_clocks = of_clocks.join(Need, Need.id == sa.func.coalesce(Deadline.need_id, Pairing.need_id))
    of_pairings = sa.select(Pairing.id, Need.id, Pairing.id).join(Pairing.need)
    places = {(alert.code, each): Place(each) for alert in alerts if alert.code in OF_NEEDS for each in ids_of(alert)}
    for code, rows, key in (
        (AlertCode.CLOCKS_LATE, of_clocks, Deadline.id),
        (AlertCode.CLOCKS_MISSING, of_pairings, Pairing.id),
    ):
        found = rows.where(key.in_(_ids(alerts, code)), Need.submitted_at.is_not(None), visible(actor, Need))
        for subject_id, need_id, pairing_id in session.execute(found):
            places[code, subject_id] = Place(need_id, pairing_id)
    return places


def _ids(alerts: Iterable[Alert], code: AlertCode) -> set[int]:
    return {each for alert in alerts if alert.code is code for each in ids_of(alert)}
