"""Proposing weights of the ranking, adopting them, setting them aside, going back to those of origin."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor, System
from matcher.database import Json
from matcher.errors import ListChanged, NotFound
from matcher.models.weights import RankingWeights, WeightsStatus
from matcher.policies import Action, require
from matcher.queries.weights import weights_of
from matcher.services.steps import record

SUBJECT = "ranking_weights"


def propose(
    session: Session,
    system: System,
    now: datetime,
    *,
    weights: dict[str, Json],
    decisions: int,
    measures: dict[str, Json],
) -> RankingWeights:
    """Store weights that were learnt as a proposal; it takes the place of the one that waits. The ranking stays."""
    for row in _locked(session):
        if row.status is WeightsStatus.PROPOSED:
            row.retire(now)
    made = RankingWeights(weights=weights, made_at=now, made_by=system.label, decisions=decisions, measures=measures)
    session.add(made)
    session.flush()
    record(session, system, now, action="propose_weights", subject=(SUBJECT, made.id))
    return made


def adopt(session: Session, actor: Actor, now: datetime, *, weights_id: int, instead_of: int | None) -> None:
    """Put a proposal in force; all needs that are ranked are ranked anew, some at a time. Twice is once.

    Raises ListChanged when other weights are in force than those that the page showed (`instead_of`, None for those of
    origin), or when the formula has changed since; IllegalTransition when it is no proposal any more.
    """
    rows = _locked(session)
    chosen, live = _chosen(rows, weights_id), _live(rows)
    require(actor, Action.ADOPT, chosen)
    if chosen.is_live:
        return
    if _counting(live) != instead_of or weights_of(chosen.weights) is None:
        raise ListChanged
    if live is not None:
        live.retire(now)
        session.flush()
    chosen.adopt(now, actor.account_id)
    record(session, actor, now, action="adopt_weights", subject=(SUBJECT, chosen.id))
    outbox.add(session, outbox.RankOpenNeeds(), now)


def set_aside(session: Session, actor: Actor, now: datetime, *, weights_id: int) -> None:
    """Set a proposal aside; twice is once. Raises ListChanged when it has been adopted meanwhile."""
    chosen = _chosen(_locked(session), weights_id)
    require(actor, Action.ADOPT, chosen)
    if chosen.is_live:
        raise ListChanged
    if chosen.retired_at is None:
        chosen.retire(now)
        record(session, actor, now, action="set_weights_aside", subject=(SUBJECT, chosen.id))


def restore_origin(session: Session, actor: Actor, now: datetime, *, weights_id: int) -> None:
    """Take the weights in force out of it: those of origin count again. Twice is once.

    Raises ListChanged when others are in force by now.
    """
    rows = _locked(session)
    chosen, live = _chosen(rows, weights_id), _live(rows)
    require(actor, Action.ADOPT, chosen)
    if live is not None and live is not chosen:
        raise ListChanged
    if live is None:
        return
    live.retire(now)
    record(session, actor, now, action="restore_weights", subject=(SUBJECT, live.id))
    outbox.add(session, outbox.RankOpenNeeds(), now)


def forget_set_aside(session: Session, before: datetime) -> int:
    """Delete the proposals that were set aside before a moment; those once adopted stay, since rankings name them."""
    gone = sa.delete(RankingWeights).where(RankingWeights.adopted_at.is_(None), RankingWeights.retired_at < before)
    return len(session.scalars(gone.returning(RankingWeights.id)).all())


def _locked(session: Session) -> list[RankingWeights]:
    """All rows, locked in one order: whoever decides at the same time waits, then sees what was decided."""
    rows = sa.select(RankingWeights).order_by(RankingWeights.id).with_for_update()
    return list(session.scalars(rows.execution_options(populate_existing=True)))


def _chosen(rows: list[RankingWeights], weights_id: int) -> RankingWeights:
    found = next((row for row in rows if row.id == weights_id), None)
    if found is None:
        raise NotFound
    return found


def _live(rows: list[RankingWeights]) -> RankingWeights | None:
    return next((row for row in rows if row.is_live), None)


def _counting(live: RankingWeights | None) -> int | None:
    """Return the id that the page shows as in force: none for weights made for other parts than today's formula."""
    return live.id if live is not None and weights_of(live.weights) is not None else None
