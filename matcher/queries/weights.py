"""The weights of the ranking: those in force, and what has been proposed and decided. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.database import Json
from matcher.errors import NotFound
from matcher.models.weights import RankingWeights
from matcher.policies import visible
from matcher.ranking.score import WEIGHTS, Weights

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class InForce:
    """The weights by which needs are ranked now; the rest is None while they are those of origin."""

    weights: Weights
    weights_id: int | None = None
    since: datetime | None = None
    decisions: int | None = None


def weights_of(values: Mapping[str, Json]) -> Weights | None:
    """Return the weights that were stored; None when they were made for other parts than today's formula has."""
    numbers = {name: float(value) for name, value in values.items() if isinstance(value, int | float)}
    if set(numbers) != set(Weights.names()):
        return None
    return Weights(**numbers)


def in_force(session: Session, actor: Actor) -> InForce:
    """Return the adopted weights, those of origin when there are none or the formula has changed; one statement."""
    newest = sa.select(RankingWeights).where(RankingWeights.is_live.is_(True), visible(actor, RankingWeights))
    row = session.scalar(newest.execution_options(populate_existing=True))
    weights = weights_of(row.weights) if row is not None else None
    if row is None or weights is None:
        return InForce(WEIGHTS)
    return InForce(weights, row.id, row.adopted_at, row.decisions)


def list_weights(session: Session, actor: Actor) -> tuple[RankingWeights, ...]:
    """Return the newest sets of weights that the actor may see, the newest first; one statement."""
    rows = sa.select(RankingWeights).where(visible(actor, RankingWeights))
    return tuple(session.scalars(rows.order_by(RankingWeights.id.desc()).limit(PER_PAGE)))


def find_weights(session: Session, actor: Actor, weights_id: int) -> RankingWeights:
    """Return one set of weights; raises NotFound when the actor may not see it."""
    found = session.scalar(
        sa.select(RankingWeights).where(RankingWeights.id == weights_id, visible(actor, RankingWeights))
    )
    if found is None:
        raise NotFound
    return found
