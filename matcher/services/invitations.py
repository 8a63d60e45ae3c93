"""Invitations on their way: when one may leave, with which others in one mail, what is recorded once it has left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import System
from matcher.errors import NotFound
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock
from matcher.models.history import Trace
from matcher.models.invitation_mail import InvitationMail
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import Door, PairingStatus, PairingStep
from matcher.services import clocks, holding, notices, sending
from matcher.services.audiences import Audience
from matcher.services.holding import MOST_TOGETHER, Held
from matcher.services.notices import Notice
from matcher.services.sending import ONE_DAY, SendingRules
from matcher.services.steps import lock_pairing, take_pairing_step, trace_of

# To somebody who was set aside while her mail was taken: the step itself wrote nothing, for she knew nothing then.
TOLD_AFTERWARDS = (Notice(MailCode.SET_ASIDE, Audience.VOLUNTEER),)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one mail carries; with nothing in it, when to look again if ever, or that another mail carries it."""

    pairings: tuple[Pairing, ...] = ()
    again_at: datetime | None = None
    went_with_another: bool = False


def invite_by(
    session: Session, rules: SendingRules, pairing: Pairing, now: datetime, *, row_id: int = 0
) -> datetime | None:
    """Tell when a queued invitation may leave with a row of the outbox: now, later, or None when it is not to leave."""
    need = pairing.need
    if pairing.status is not PairingStatus.APPROVED or pairing.queued_at is None or not need.is_open or need.line_waits:
        return None
    hold = holding.hold_of(session, rules, pairing, now, row_id=row_id)
    if hold is not None and (hold.why is not Held.PACE or pairing.carried_by != row_id):
        return None  # what a row carries already keeps the hour that it was given
    if need.free_seats <= 0:
        return None
    return sending.next_opening(pairing.volunteer, now) if rules.window else now


def gather(session: Session, rules: SendingRules, now: datetime, *, pairing_id: int, row_id: int) -> Gathered:
    """Choose what leaves for a volunteer in one mail, her turn of `pairing_id` in front, and bind it to the row.

    What a row carries is chosen once: a later attempt sends the same invitations under the same Message-ID, less those
    that are not to leave any more. Whoever is not to be invited now leaves the queue, and her line moves on.
    Raises NotFound when the pairing was undone.
    """
    lead = session.get(Pairing, pairing_id)
    if lead is None:
        raise NotFound
    bound = _bound(session, row_id)
    pairings = lock_in_order(session, bound or _waiting(session, lead))
    if lead.carried_by not in {None, row_id}:
        return Gathered(went_with_another=True)
    pairings = [each for each in pairings if each.carried_by in {None, row_id}]
    again_at = _too_early(rules, pairings, now)
    if again_at is not None:
        return Gathered(again_at=again_at)
    ready = _ready(session, rules, pairings, now, row_id=row_id)
    if not bound and pairing_id not in {pairing.id for pairing in ready}:
        return Gathered()
    opens_at = sending.next_opening(ready[0].volunteer, now) if ready and rules.window else now
    if opens_at > now:
        return Gathered(again_at=opens_at)
    chosen = sorted(ready, key=lambda p: (p.id != pairing_id, p.queued_at or now, p.id))[:MOST_TOGETHER]
    for pairing in chosen:
        pairing.carried_by = row_id
    session.flush()
    return Gathered(tuple(chosen))


def mark_invited(session: Session, now: datetime, *, pairing_id: int, reply_by: datetime) -> None:
    """Record that an invitation was handed over alone; harmless when she has answered meanwhile."""
    mark_mail(session, now, replies={pairing_id: reply_by})


def mark_mail(session: Session, now: datetime, *, replies: Mapping[int, datetime]) -> None:
    """Record that one mail was handed over with the invitations of these pairings, and by when each is answered."""
    pairings = lock_in_order(session, replies)
    if pairings:
        session.add(InvitationMail(volunteer_id=pairings[0].volunteer_id, at=now, invitations=len(pairings)))
    for pairing in pairings:
        # Also of who was set aside while the mail was taken: she has it, so nothing may be kept from her or undone.
        pairing.is_known_to_her, pairing.invited_at = True, now
        if pairing.status is PairingStatus.APPROVED:
            _mark(session, trace_of(System("line"), now), pairing, replies[pairing.id])
            continue
        outbox.add(session, outbox.AdvanceLine(pairing.need_id), now)
        if pairing.status is PairingStatus.SET_ASIDE:
            notices.tell(session, now, TOLD_AFTERWARDS, pairing.need, pairing=pairing)


def count_answered(session: Session, now: datetime, row: OutboxRow) -> bool:
    """Count a mail of which only an answer tells that it left; False when nothing does.

    Its worker died before the record, and she answered by its link before the second attempt.
    """
    answered = sa.select(Pairing.volunteer_id).join(PairingEvent, PairingEvent.pairing_id == Pairing.id)
    hers = answered.where(
        Pairing.carried_by == row.id,
        PairingEvent.door == Door.LINK,
        PairingEvent.source == PairingStatus.APPROVED,
        PairingEvent.at >= row.created_at,
    )
    volunteer_id = session.scalar(hers.limit(1)) if row.attempts > 1 else None
    if volunteer_id is not None:
        session.add(InvitationMail(volunteer_id=volunteer_id, at=now))
    return volunteer_id is not None


def mark_read(session: Session, trace: Trace, pairing: Pairing) -> None:
    """Take an invitation as handed over because she acts upon it: its mail may be read before the record is written."""
    pairing.is_known_to_her, pairing.invited_at = True, trace.at
    _mark(session, trace, pairing, sending.reply_by(pairing.need, trace.at))


def start_reply_clocks(session: Session, pairing: Pairing, now: datetime, reply_by: datetime) -> None:
    """Start the clocks of an invitation: one reminder at half, then the end."""
    pairing.reply_by = reply_by
    clocks.start(session, pairing, Clock.REMIND_INVITED, _half_way(pairing, now, reply_by))
    clocks.start(session, pairing, Clock.EXPIRE_INVITED, reply_by)
    clocks.pause_when_held(session, pairing, now)


def give_turns_back(session: Session, now: datetime, row: OutboxRow) -> list[Pairing]:
    """Give up the turns of all whose invitation a row carried, for it leaves no more; return their pairings."""
    pairings = lock_carried(session, row)
    for pairing in pairings:
        pairing.carried_by = None
        drop_from_queue(session, now, pairing_id=pairing.id)
    return pairings


def lock_carried(session: Session, row: OutboxRow) -> list[Pairing]:
    """Lock the needs of all whose invitation a row carries; return their pairings."""
    named = Pairing.id == outbox.SendInvitation.read(row.payload).pairing_id
    carried = sa.select(Pairing.id).where(sa.or_(named, Pairing.carried_by == row.id), Pairing.queued_at.is_not(None))
    return lock_in_order(session, session.scalars(carried).all())


def look_again(session: Session, now: datetime, row: OutboxRow) -> None:
    """Let the line of a row that is tried again move: her turn may have been given up while the row was set aside."""
    pairing = session.get(Pairing, outbox.SendInvitation.read(row.payload).pairing_id)
    if pairing is not None:
        outbox.add(session, outbox.AdvanceLine(pairing.need_id), now)


def drop_from_queue(session: Session, now: datetime, *, pairing_id: int) -> None:
    """Give up a queued invitation whose turn is over; the line moves on."""
    pairing = lock_pairing(session, pairing_id)
    pairing.queued_at = None
    outbox.add(session, outbox.AdvanceLine(pairing.need_id), now)


def lock_in_order(session: Session, pairing_ids: Iterable[int]) -> list[Pairing]:
    """Lock the needs of some pairings in the one order in which everybody locks several; return those that exist."""
    rows = sa.select(Pairing.id).where(Pairing.id.in_(list(pairing_ids))).order_by(Pairing.need_id, Pairing.id)
    return [lock_pairing(session, pairing_id) for pairing_id in session.scalars(rows).all()]


def _bound(session: Session, row_id: int) -> list[int]:
    carried = sa.select(Pairing.id).where(Pairing.carried_by == row_id, Pairing.queued_at.is_not(None))
    return list(session.scalars(carried.where(Pairing.status == PairingStatus.APPROVED)))


def _waiting(session: Session, lead: Pairing) -> list[int]:
    queued = sa.select(Pairing.id).where(Pairing.volunteer_id == lead.volunteer_id, Pairing.queued_at.is_not(None))
    return list(session.scalars(queued.where(Pairing.status == PairingStatus.APPROVED, Pairing.carried_by.is_(None))))


def _too_early(rules: SendingRules, pairings: list[Pairing], now: datetime) -> datetime | None:
    """Return when the last of a few approvals may no longer be undone: they leave together."""
    if len(pairings) > MOST_TOGETHER:
        return None
    undone_until = [p.queued_at + rules.undo for p in pairings if p.queued_at is not None and p.carried_by is None]
    return max((until for until in undone_until if until > now), default=None)


def _ready(
    session: Session, rules: SendingRules, pairings: list[Pairing], now: datetime, *, row_id: int
) -> list[Pairing]:
    ready = []
    for pairing in pairings:
        if pairing.queued_at is not None and pairing.carried_by is None and pairing.queued_at + rules.undo > now:
            continue
        if invite_by(session, rules, pairing, now, row_id=row_id) is not None:
            ready.append(pairing)
        elif pairing.status is PairingStatus.APPROVED and pairing.queued_at is not None:
            drop_from_queue(session, now, pairing_id=pairing.id)
    return ready


def _half_way(pairing: Pairing, now: datetime, reply_by: datetime) -> datetime:
    """Return when she is reminded: at half; two days over a weekend are reminded in open hours before their end."""
    half = now + (reply_by - now) / 2
    open_hours = (sending.next_opening(pairing.volunteer, each) for each in (half, now + ONE_DAY))
    choices = (clocks.calendar(pairing).defer(half), *open_hours)
    return next((moment for moment in choices if moment < reply_by), half)


def _mark(session: Session, trace: Trace, pairing: Pairing, reply_by: datetime) -> None:
    pairing.queued_at = None
    take_pairing_step(session, pairing, PairingStep.MARK_INVITED, trace)
    start_reply_clocks(session, pairing, trace.at, reply_by)
