"""What becomes of associations when somebody who acts for them leaves for good: a new contact, a pause or an end."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import System
from matcher.mail.codes import MailCode
from matcher.models.association import Association, AssociationStatus, Membership, PendingMembership
from matcher.models.deadline import Clock
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.states import ENDED, UNPUBLISHED, EndReason, HoldReason, NeedStatus, NeedStep
from matcher.services import clocks, notices, seats
from matcher.services.associations import locked, others
from matcher.services.audiences import Audience
from matcher.services.forgetting import forget_draft
from matcher.services.needs import put_on_hold
from matcher.services.notices import Notice
from matcher.services.standing_in import pass_on_membership
from matcher.services.steps import lock_need

ERASURE = System("erasure")
LEFT_ALONE = (Notice(MailCode.NEED_WITHOUT_MEMBER_COORDINATOR, Audience.COORDINATOR),)


def lock_associations(session: Session, account_id: int) -> None:
    """Lock the associations that an account acts for, in their order, before anything of theirs is written."""
    own = sa.select(Membership.association_id).where(Membership.account_id == account_id)
    for association_id in session.scalars(own.order_by(Membership.association_id)).all():
        locked(session, association_id)


def leave_all(session: Session, now: datetime, *, account_id: int, closing: Collection[int]) -> None:
    """End every membership of an account; of those associations left without anybody, close the named ones."""
    own = sa.select(Membership.association_id).where(Membership.account_id == account_id)
    for association_id in session.scalars(own.order_by(Membership.association_id)).all():
        association = locked(session, association_id)
        needs = _live_needs(session, association)
        is_last = not others(association, account_id)
        if is_last and association_id in closing:
            _close(session, now, association, needs)
        association.memberships = [link for link in association.memberships if link.account_id != account_id]
        session.flush()
        if is_last and association_id not in closing:
            _wait_for_somebody(session, now, needs)
        _hand_over(needs, association, account_id)
        pass_on_membership(session, now, account_id=account_id, association_id=association_id)


def step_aside(session: Session, now: datetime, *, account_id: int) -> None:
    """Let others act in the place of a suspended member; where there is nobody else, published needs go on hold."""
    own = sa.select(Membership.association_id).where(Membership.account_id == account_id)
    for association_id in session.scalars(own.order_by(Membership.association_id)).all():
        association = locked(session, association_id)
        needs = _live_needs(session, association)
        if others(association, account_id):
            _hand_over(needs, association, account_id)
        else:
            _wait_for_somebody(session, now, [need for need in needs if need.status not in UNPUBLISHED])
        pass_on_membership(session, now, account_id=account_id, association_id=association_id)


def _live_needs(session: Session, association: Association) -> list[Need]:
    live = sa.select(Need.id).where(Need.association_id == association.id, Need.status.not_in(ENDED))
    return [lock_need(session, need_id) for need_id in session.scalars(live.order_by(Need.id)).all()]


def _close(session: Session, now: datetime, association: Association, needs: list[Need]) -> None:
    for need in needs:
        _vanish(session, now, need)
    # Nobody can join any more: addresses of guests are of no use.
    session.execute(sa.delete(PendingMembership).where(PendingMembership.association_id == association.id))
    if association.status is not AssociationStatus.CLOSED:
        association.close()


def _wait_for_somebody(session: Session, now: datetime, needs: list[Need]) -> None:
    """Nobody answers for the needs: what was not published ends, what was waits for the branch to find somebody."""
    for need in needs:
        if need.status in UNPUBLISHED:
            _vanish(session, now, need)
            continue
        if need.status is NeedStatus.ON_HOLD:
            need.hold_reason = HoldReason.ASSOCIATION_WITHOUT_MEMBER
            _let_hold_end(session, now, need)
        else:
            put_on_hold(session, ERASURE, now, need, reason=HoldReason.ASSOCIATION_WITHOUT_MEMBER)
        notices.tell(session, now, LEFT_ALONE, need)


def _let_hold_end(session: Session, now: datetime, need: Need) -> None:
    if clocks.due_at(session, need, Clock.EXPIRE_HOLD) is None:
        clocks.start_all(session, need, clocks.HOLD_ENDS, now)


def _vanish(session: Session, now: datetime, need: Need) -> None:
    if need.status is NeedStatus.DRAFT:
        forget_draft(need)
    trace = Trace(now, reason=EndReason.ASSOCIATION_GONE.value)
    seats.end(session, need, NeedStep.VANISH, trace, reason=EndReason.ASSOCIATION_GONE)


def _hand_over(needs: list[Need], association: Association, account_id: int) -> None:
    """Let the member of longest standing be the contact in her place, if there is one."""
    members = others(association, account_id)
    for need in needs:
        if need.contact_id == account_id:
            need.contact_id = members[0].id if members else None
