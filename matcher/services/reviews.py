"""What a coordinator decides about a submitted need, and the verification of associations."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor, System
from matcher.errors import AssociationNotVerified, NotFound
from matcher.models.association import Association
from matcher.models.need import Need
from matcher.models.states import EndReason, HoldReason, NeedStatus, NeedStep
from matcher.policies import Action, require
from matcher.services.needs import put_on_hold
from matcher.services.steps import lock_need, record, take_need_step, trace_of

POINTS_MAX = 2000


def open_need(session: Session, actor: Actor, now: datetime, *, need_id: int, is_urgent: bool) -> Need:
    """Open a submitted need: it is public and ranking starts. Raises AssociationNotVerified, ConflictOfInterest."""
    need = lock_need(session, need_id)
    require(actor, Action.REVIEW, need)
    if need.status is NeedStatus.OPEN:
        return need
    if not need.association.is_verified:
        raise AssociationNotVerified
    need.coordinator_id = actor.account_id
    need.is_urgent = is_urgent
    need.opened_at = now
    take_need_step(session, need, NeedStep.OPEN, trace_of(actor, now))
    record(session, actor, now, action="open_need", subject=("need", need.id))
    outbox.add(session, outbox.RankNeed(need.id), now)
    return need


def request_changes(session: Session, actor: Actor, now: datetime, *, need_id: int, points: str) -> Need:
    """Ask the association for changes, point by point."""
    need = lock_need(session, need_id)
    require(actor, Action.REVIEW, need)
    need.coordinator_id = actor.account_id
    need.review_points = points.strip()[:POINTS_MAX]
    take_need_step(session, need, NeedStep.REQUEST_CHANGES, trace_of(actor, now))
    record(session, actor, now, action="request_changes", subject=("need", need.id))
    return need


def refuse_need(session: Session, actor: Actor, now: datetime, *, need_id: int, points: str) -> Need:
    """Refuse a submitted need, with the reason and where else to go."""
    need = lock_need(session, need_id)
    require(actor, Action.REVIEW, need)
    need.coordinator_id = actor.account_id
    need.review_points = points.strip()[:POINTS_MAX]
    need.end_reason = EndReason.REFUSED
    take_need_step(session, need, NeedStep.REFUSE, trace_of(actor, now))
    record(session, actor, now, action="refuse_need", subject=("need", need.id))
    return need


def verify_association(session: Session, actor: Actor, now: datetime, *, association_id: int) -> Association:
    """Vouch for an association; its submitted needs can be opened from now on."""
    association = _locked_association(session, association_id)
    require(actor, Action.VERIFY, association)
    if not association.is_verified:
        association.verify(now=now)
        record(session, actor, now, action="verify", subject=("association", association.id))
    return association


def suspend_association(session: Session, actor: Actor, now: datetime, *, association_id: int) -> Association:
    """Suspend an association: its open needs go on hold, running missions go on."""
    found = session.get(Association, association_id)
    if found is None:
        raise NotFound
    require(actor, Action.VERIFY, found)
    live = sa.select(Need.id).where(
        Need.association_id == association_id, Need.status.in_({NeedStatus.OPEN, NeedStatus.FILLED})
    )
    for need_id in session.scalars(live.order_by(Need.id)).all():
        lock_need(session, need_id)
    association = _locked_association(session, association_id)
    association.suspend()
    record(session, actor, now, action="suspend", subject=("association", association.id))
    session.flush()
    for need_id in session.scalars(live.order_by(Need.id)).all():
        need = lock_need(session, need_id)
        put_on_hold(session, System("suspension"), now, need, reason=HoldReason.ASSOCIATION_SUSPENDED)
    return association


def _locked_association(session: Session, association_id: int) -> Association:
    association = session.get(Association, association_id, with_for_update={"of": Association}, populate_existing=True)
    if association is None:
        raise NotFound
    return association
