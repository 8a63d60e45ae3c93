"""The line of a need: approving, ordering, undoing, and inviting the next person when a seat is free."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor, System
from matcher.errors import (
    DecidedMeanwhile,
    IllegalTransition,
    ListChanged,
    NeedIsNotOpen,
    NotFound,
    OnceOnly,
    OwnAssociation,
    TooLate,
)
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Decision, Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus, PairingStep
from matcher.models.suggestion import RankingRun
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.services import clocks, holding, notes, sending
from matcher.services.audiences import paired
from matcher.services.holding import Hold
from matcher.services.invitations import start_reply_clocks
from matcher.services.sending import SendingRules
from matcher.services.steps import find_pairing, lock_need, lock_pairing, record, take_pairing_step, trace_of

RENEWABLE = frozenset(
    {
        PairingStatus.DECLINED,
        PairingStatus.EXPIRED,
        PairingStatus.WITHDRAWN,
        PairingStatus.RELEASED,
        PairingStatus.SET_ASIDE,
    }
)


# How somebody stands for a need before anybody has decided, and before she has applied.
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a coordinator decides about: a need, a person, and the ranking that she was shown.

    `seen` is how the person stood on the page: the value of her status, UNDECIDED, or None to ask nothing.
    """

    need_id: int
    volunteer_id: int
    ranking_id: int | None = None
    seen: str | None = None


def approve(session: Session, actor: Actor, now: datetime, choice: Choice) -> Pairing:
    """Put a person, ranked or put forward by name, at the end of the line; a second click changes nothing.

    Raises NotFound, NotAllowed, ConflictOfInterest, NeedIsNotOpen, OwnAssociation, IllegalTransition, OnceOnly or
    DecidedMeanwhile.
    """
    need = _reviewed_need(session, actor, choice.need_id)
    pairing = find_pairing(session, need.id, choice.volunteer_id)
    if pairing is not None and pairing.status in {PairingStatus.APPROVED, PairingStatus.INVITED}:
        return pairing
    _require_as_seen(choice, pairing)
    if pairing is None:
        pairing = _new_pairing(session, actor, now, need, choice.volunteer_id)
        step = PairingStep.APPROVE
    else:
        _require_active(pairing.volunteer)
        step = PairingStep.RENEW
        _check_renewable(pairing, now)
    require(actor, Action.REVIEW, pairing)
    pairing.position = _last_position(session, need) + 1
    pairing.decided_by_id = actor.account_id
    take_pairing_step(session, pairing, step, trace_of(actor, now))
    record(session, actor, now, action="approve", subject=("pairing", pairing.id))
    _freeze(session, actor, now, pairing=pairing, choice=choice)
    outbox.add(session, outbox.AdvanceLine(need.id), now)
    return pairing


def set_aside(session: Session, actor: Actor, now: datetime, choice: Choice, *, reason: PairingReason) -> Pairing:
    """Set a person aside for this need with a coded reason; a second click changes nothing.

    Raises DecidedMeanwhile besides what `approve` does, but not OnceOnly.
    """
    need = _reviewed_need(session, actor, choice.need_id)
    pairing = find_pairing(session, need.id, choice.volunteer_id)
    if pairing is not None and pairing.status is PairingStatus.SET_ASIDE:
        return pairing
    _require_as_seen(choice, pairing)
    if pairing is None:
        pairing = _new_pairing(session, actor, now, need, choice.volunteer_id)
    require(actor, Action.REVIEW, pairing)
    pairing.queued_at = None
    pairing.decided_by_id = actor.account_id
    came_from = pairing.status.value if pairing.id else None
    take_pairing_step(session, pairing, PairingStep.SET_ASIDE, trace_of(actor, now, reason.value))
    # Not why: that is hers and the coordinators' to read. From which state, for that says whether she is told.
    record(session, actor, now, action="set_aside", subject=("pairing", pairing.id), reason=came_from)
    _freeze(session, actor, now, pairing=pairing, choice=choice)
    outbox.add(session, outbox.AdvanceLine(need.id), now)
    return pairing


def undo(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> None:
    """Take back a decision that nobody has been told of; raises TooLate once the invitation has left."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.REVIEW, pairing)
    if pairing.is_known_to_her or pairing.status not in {PairingStatus.APPROVED, PairingStatus.SET_ASIDE}:
        raise TooLate
    if _is_in_hand(session, pairing):
        raise TooLate
    record(session, actor, now, action="undo", subject=("pairing", pairing.id), reason=pairing.status.value)
    # The pairing goes, and its number would tell nobody about whom it was.
    about = f"volunteer:{pairing.volunteer_id}"
    record(session, actor, now, action="undo", subject=("need", pairing.need_id), reason=about)
    clocks.stop(session, pairing)
    notes.leave_pairing(session, pairing.id)
    session.delete(pairing)
    session.flush()
    outbox.add(session, outbox.AdvanceLine(pairing.need_id), now)


def reorder(session: Session, actor: Actor, now: datetime, *, need_id: int, pairing_ids: list[int]) -> None:
    """Put the approved people of a need in an order; raises ListChanged when they are not those shown.

    Whoever stands in the line herself is not shown her own place, and neither gives it up nor gains by it.
    """
    need = lock_need(session, need_id)
    require(actor, Action.REVIEW, need)
    waiting = sorted(paired(session, need, frozenset({PairingStatus.APPROVED})), key=lambda p: (p.position, p.id))
    others = {p.id: p for p in waiting if p.volunteer.account_id != actor.account_id}
    if set(pairing_ids) != set(others) or len(pairing_ids) != len(others):
        raise ListChanged
    in_order = (others[pairing_id] for pairing_id in pairing_ids)
    for position, pairing in enumerate(waiting, start=1):
        chosen = next(in_order) if pairing.id in others else pairing
        chosen.position = position
    record(session, actor, now, action="reorder", subject=("need", need.id))


def release_line(session: Session, actor: Actor, now: datetime, *, need_id: int) -> None:
    """Let a line that waited for the coordinator, after a change of the need, move again."""
    need = lock_need(session, need_id)
    require(actor, Action.REVIEW, need)
    need.line_waits = False
    record(session, actor, now, action="release_line", subject=("need", need.id))
    outbox.add(session, outbox.AdvanceLine(need.id), now)


def advance(session: Session, now: datetime, rules: SendingRules, *, need_id: int) -> int:
    """Offer free seats to the reserve, then queue invitations for the next in line; return how many were queued.

    Who is held back keeps her place and never holds up the line: the next is invited, and she when her day has come.
    """
    need = lock_need(session, need_id)
    if not need.is_open or need.line_waits:
        return 0
    live = paired(session, need, frozenset({PairingStatus.INVITED, PairingStatus.APPROVED}))
    asked = sum(p.status is PairingStatus.INVITED or p.queued_at is not None for p in live)
    room = rules.invitations_per_seat * need.free_seats - asked
    room -= _offer_seats(session, need, now, room=min(room, need.free_seats))
    if paired(session, need, frozenset({PairingStatus.RESERVE})):
        return 0
    waiting = [p for p in live if p.status is PairingStatus.APPROVED and p.queued_at is None]
    queued = 0
    for pairing in waiting:
        if queued >= room:
            break
        hold = holding.hold_of(session, rules, pairing, now)
        if hold is None:
            _queue(session, rules, pairing, now)
            queued += 1
        else:
            _note_hold(pairing.volunteer, hold)
    return queued


def _is_in_hand(session: Session, pairing: Pairing) -> bool:
    """Tell whether her mail is being handed over, or has been: also when she was set aside or dropped meanwhile."""
    if pairing.carried_by is None:
        return False
    waits = sa.exists().where(OutboxRow.id == pairing.carried_by, OutboxRow.done_at.is_(None))
    return pairing.queued_at is not None or bool(session.scalar(sa.select(waits)))


def _note_hold(volunteer: Volunteer, hold: Hold) -> None:
    """Remember when the lines in which she waits are to be looked at again."""
    if hold.until is not None:
        volunteer.wakes_at = min(volunteer.wakes_at or hold.until, hold.until)


def _reviewed_need(session: Session, actor: Actor, need_id: int) -> Need:
    need = lock_need(session, need_id)
    require(actor, Action.REVIEW, need)
    if need.status not in {NeedStatus.OPEN, NeedStatus.ON_HOLD, NeedStatus.FILLED}:
        raise NeedIsNotOpen(status=need.status.value)
    return need


def _new_pairing(session: Session, actor: Actor, now: datetime, need: Need, volunteer_id: int) -> Pairing:
    """Whom she may not read she cannot put into a line either: the line would open her."""
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None:
        raise NotFound
    require(actor, Action.READ, volunteer)
    _require_active(volunteer)
    if need.association.has_member(volunteer.account_id):
        raise OwnAssociation
    pairing = Pairing(need=need, volunteer=volunteer, need_id=need.id, volunteer_id=volunteer.id, since=now, position=0)
    pairing.is_known_to_her = False
    return pairing


def _require_as_seen(choice: Choice, pairing: Pairing | None) -> None:
    """Of two coordinators who decide at once the first counts; the second is told, and may decide anew."""
    stands = UNDECIDED if pairing is None else pairing.status.value
    if choice.seen is not None and choice.seen != stands:
        raise DecidedMeanwhile(status=None if pairing is None else pairing.status.value)


def _require_active(volunteer: Volunteer) -> None:
    if not volunteer.account.active:
        raise NotFound


def _check_renewable(pairing: Pairing, now: datetime) -> None:
    if pairing.status not in RENEWABLE:
        raise IllegalTransition(status=pairing.status.value, step=PairingStep.RENEW.value)
    if pairing.was_renewed or pairing.reason is PairingReason.NEVER_AGAIN:
        raise OnceOnly
    if pairing.status is PairingStatus.DECLINED and (pairing.ask_again_on is None or pairing.ask_again_on > now.date()):
        raise OnceOnly
    pairing.was_renewed = True


def _last_position(session: Session, need: Need) -> int:
    return session.scalar(sa.select(sa.func.max(Pairing.position)).where(Pairing.need_id == need.id)) or 0


def _freeze(session: Session, actor: Actor, now: datetime, *, pairing: Pairing, choice: Choice) -> None:
    run = session.get(RankingRun, choice.ranking_id) if choice.ranking_id is not None else None
    if run is not None and run.need_id != choice.need_id:
        run = None
    event = pairing.events[-1]
    session.add(
        Decision(
            pairing_id=pairing.id,
            account_id=actor.account_id,
            at=now,
            step=event.step,
            reason=PairingReason(event.reason) if event.reason else None,
            ranking_id=run.id if run else None,
            shown=run.shown if run else {"list": []},
        )
    )


def _offer_seats(session: Session, need: Need, now: datetime, *, room: int) -> int:
    offered = 0
    for pairing in paired(session, need, frozenset({PairingStatus.RESERVE})):
        if offered >= room:
            break
        take_pairing_step(session, pairing, PairingStep.OFFER_SEAT, trace_of(System("line"), now))
        start_reply_clocks(session, pairing, now, need.branch.calendar.add_working_days(now, 3))
        offered += 1
    return offered


def _queue(session: Session, rules: SendingRules, pairing: Pairing, now: datetime) -> None:
    pairing.queued_at, pairing.carried_by = now, None
    leaves_at = now + rules.undo
    if rules.window:
        leaves_at = sending.next_opening(pairing.volunteer, leaves_at)
    outbox.add(session, outbox.SendInvitation(pairing.id), now, not_before=leaves_at)
