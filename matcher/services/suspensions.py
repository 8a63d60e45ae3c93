"""What waits for somebody who is shut out: nothing stays with her that only she could end. Decides about nobody."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import ENGAGED, LIVE, NeedStatus, PairingStatus, PairingStep
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer
from matcher.services import notices
from matcher.services.accounts import tell_rankers
from matcher.services.audiences import Audience
from matcher.services.departures import lock_associations, step_aside
from matcher.services.last_ones import lock_branches
from matcher.services.notices import Notice
from matcher.services.privacy import touched_needs
from matcher.services.seats import settle
from matcher.services.standing_in import hold_mails, pass_on_coordination
from matcher.services.steps import lock_need, lock_pairing, take_pairing_step

COORDINATOR = Notice(MailCode.SUSPENDED_COORDINATOR, Audience.COORDINATOR)
# Whom each state concerns besides herself. Who is invited is known to nobody else; who is approved stays in the line,
# asleep as in a pause.
TOLD: dict[PairingStatus, tuple[Notice, ...]] = {
    PairingStatus.INVITED: (),
    PairingStatus.APPLIED: (COORDINATOR,),
    PairingStatus.RESERVE: (COORDINATOR,),
    PairingStatus.ACCEPTED: (COORDINATOR, Notice(MailCode.YES_WITHDRAWN, Audience.CONTACT)),
    **dict.fromkeys(ENGAGED, (COORDINATOR,)),
}


def stand_aside(session: Session, now: datetime, account: Account) -> None:
    """Give back what waits for her answer and tell who follows her missions, which go on; others act in her place."""
    for need_id in touched_needs(session, account.id):
        lock_need(session, need_id)
    branches = lock_branches(session, account.id)
    lock_associations(session, account.id)
    hold_mails(session, account)
    volunteer = session.scalar(sa.select(Volunteer).where(Volunteer.account_id == account.id))
    if volunteer is not None:
        _rest(session, now, volunteer)
    step_aside(session, now, account_id=account.id)
    session.execute(sa.update(Need).where(Need.coordinator_id == account.id).values(coordinator_id=None))
    pass_on_coordination(session, now, account_id=account.id, branches=branches)


def _rest(session: Session, now: datetime, volunteer: Volunteer) -> None:
    own = sa.select(Pairing.id).where(Pairing.volunteer_id == volunteer.id, Pairing.status.in_(LIVE))
    for pairing_id in session.scalars(own.order_by(Pairing.need_id)).all():
        pairing = lock_pairing(session, pairing_id)
        told = TOLD.get(pairing.status)
        if told is not None and pairing.status not in ENGAGED:
            pairing.queued_at = None
            take_pairing_step(session, pairing, PairingStep.RELEASE, Trace(now))
        notices.tell(session, now, told or (), pairing.need, pairing=pairing)
        settle(session, pairing.need, now)
    suggested = sa.select(Suggestion.need_id).join(Need).where(Suggestion.volunteer_id == volunteer.id)
    ranked = suggested.where(Need.status.in_({NeedStatus.OPEN, NeedStatus.ON_HOLD})).order_by(Suggestion.need_id)
    for need_id in session.scalars(ranked).all():
        outbox.add(session, outbox.RankNeed(need_id), now)
    tell_rankers(session, now, account_id=volunteer.account_id)
