"""Why people in a line are not invited just now, for its coordinator and for the figures: no name. Reads only."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, lazyload

from matcher.actors import Actor
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.volunteer import MailPace, Volunteer
from matcher.policies import visible
from matcher.services.holding import Held, Hold, Mailed, hold_at, next_possible, sent_mails


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Why somebody waits, how many e-mails with invitations she received in 30 days, and from when she may be asked."""

    why: Held
    received: int
    is_weekly: bool
    possible_at: datetime | None
    timezone: str


def waiting_people(session: Session, actor: Actor, need: Need, now: datetime) -> dict[int, HeldBack]:
    """Return who of a line is held back by her own rules, by pairing; two statements."""
    pairings = session.scalars(
        sa.select(Pairing)
        .where(
            Pairing.need_id == need.id,
            Pairing.status == PairingStatus.APPROVED,
            Pairing.queued_at.is_(None),
            visible(actor, Pairing),
        )
        .options(lazyload(Pairing.need))
    ).all()
    sent = sent_mails(session, [pairing.volunteer_id for pairing in pairings], now)
    found = {}
    for pairing in pairings:
        mailed = Mailed(sent[pairing.volunteer_id])
        hold = _hold(need, pairing, mailed, now)
        if hold is not None:
            found[pairing.id] = _waiting(pairing, hold, mailed, now)
    return found


def counted(session: Session, now: datetime) -> dict[str, int]:
    """Count the people in the lines of open needs who are held back, by reason, each of them; two statements."""
    pairings = session.scalars(
        sa.select(Pairing)
        .join(Need, Need.id == Pairing.need_id)
        .join(Volunteer, Volunteer.id == Pairing.volunteer_id)
        .where(
            Pairing.status == PairingStatus.APPROVED,
            Pairing.queued_at.is_(None),
            Need.status == NeedStatus.OPEN,
            Volunteer.wakes_at > now,
        )
        .options(contains_eager(Pairing.need), contains_eager(Pairing.volunteer).joinedload(Volunteer.account))
    ).all()
    sent = sent_mails(session, [pairing.volunteer_id for pairing in pairings], now)
    holds = (_hold(each.need, each, Mailed(sent[each.volunteer_id]), now) for each in pairings)
    found = Counter(hold.why.value for hold in holds if hold is not None)
    return {why.value: found[why.value] for why in Held}


def _hold(need: Need, pairing: Pairing, mailed: Mailed, now: datetime) -> Hold | None:
    if need.is_urgent and not pairing.volunteer.is_short_notice:
        return Hold(Held.SHORT_NOTICE)
    return hold_at(pairing.volunteer, mailed, now)


def _waiting(pairing: Pairing, hold: Hold, mailed: Mailed, now: datetime) -> HeldBack:
    volunteer = pairing.volunteer
    return HeldBack(
        why=hold.why,
        received=len(mailed.sent),
        is_weekly=volunteer.mail_pace is MailPace.WEEKLY,
        possible_at=None if hold.why is Held.SHORT_NOTICE else next_possible(volunteer, mailed, now),
        timezone=volunteer.timezone,
    )
