"""What a volunteer has asked about her own place, as only she reads it: no administrator, no coordinator."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Person
from matcher.database import Json
from matcher.models.counterfactual import Counterfactual
from matcher.models.need import Need
from matcher.models.suggestion import RankingRun
from matcher.models.volunteer import Volunteer


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """Her question, the answer when it is ready, and what has changed since."""

    asked_at: datetime
    ready_at: datetime | None
    result: dict[str, Json]
    profile_changed: bool
    ranked_since: bool


def own_question(session: Session, actor: Actor, need: Need) -> AskedPlace | None:
    """Return what the actor asked about a need, None when she did not; one statement."""
    account_id = actor.account.id if isinstance(actor, Person) else 0
    ranked_at = sa.select(sa.func.max(RankingRun.at)).where(RankingRun.need_id == need.id).scalar_subquery()
    row = session.execute(
        sa.select(Counterfactual, Volunteer.touched_at, ranked_at.label("ranked_at"))
        .join(Volunteer, Volunteer.id == Counterfactual.volunteer_id)
        .where(Counterfactual.need_id == need.id, Volunteer.account_id == account_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    asked: Counterfactual = row[0]
    ready_at = asked.ready_at
    return AskedPlace(
        asked_at=asked.asked_at,
        ready_at=ready_at,
        result=asked.result or {},
        profile_changed=ready_at is not None and row.touched_at > ready_at,
        ranked_since=ready_at is not None and row.ranked_at is not None and row.ranked_at > ready_at,
    )
