"""Volunteers who apply of their own accord, and what the coordinator makes of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.actors import Actor, Person
from matcher.errors import (
    AlreadyAnswered,
    NeedIsFilled,
    NeedIsNotOpen,
    OnceOnly,
    OnlyByInvitation,
    OwnAssociation,
    ProfileIsMissing,
)
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedAudience, NeedStatus, PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require, require_confirmed
from matcher.services.accounts import lock_profile, require_there
from matcher.services.answers import SAID_YES, accept
from matcher.services.seats import settle
from matcher.services.steps import find_pairing, lock_need, lock_pairing, record, take_pairing_step, trace_of

MOTIVATION_MAX = 600
MAY_APPLY_AGAIN = frozenset(
    {PairingStatus.DECLINED, PairingStatus.EXPIRED, PairingStatus.WITHDRAWN, PairingStatus.RELEASED}
)


def apply(session: Session, actor: Actor, now: datetime, *, need_id: int, motivation: str) -> Pairing:
    """Apply for an open need; who is already in the line or invited says yes by it. A second click changes nothing.

    Raises AddressNotConfirmed, ProfileIsMissing, OwnAssociation, NeedIsFilled, NeedIsNotOpen, OnceOnly,
    OnlyByInvitation.
    """
    require_confirmed(actor)
    need = lock_need(session, need_id)
    require(actor, Action.READ, need)
    volunteer = _own_profile(session, actor)
    if volunteer is None:
        raise ProfileIsMissing
    if need.association.has_member(volunteer.account_id):
        raise OwnAssociation
    pairing = find_pairing(session, need.id, volunteer.id)
    if pairing is not None and pairing.status in SAID_YES | {PairingStatus.APPLIED}:
        return pairing
    _check_takes_applications(need, pairing)
    if pairing is not None and pairing.status in {PairingStatus.APPROVED, PairingStatus.INVITED}:
        pairing.is_known_to_her = True
        return accept(session, actor, now, pairing_id=pairing.id)
    pairing = _prepared(pairing, need, volunteer, now)
    pairing.motivation = motivation.strip()[:MOTIVATION_MAX]
    pairing.is_known_to_her = True
    take_pairing_step(session, pairing, PairingStep.APPLY, trace_of(actor, now))
    return pairing


def take_up(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> Pairing:
    """Accept an application: she has already said yes, so the seat is held, or she joins the reserve."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.REVIEW, pairing)
    if pairing.status in SAID_YES:
        return pairing
    pairing.decided_by_id = actor.account_id
    free = pairing.need.free_seats > 0
    step = PairingStep.ACCEPT_APPLICATION if free else PairingStep.RESERVE_APPLICATION
    take_pairing_step(session, pairing, step, trace_of(actor, now))
    record(session, actor, now, action="take_up", subject=("pairing", pairing.id))
    settle(session, pairing.need, now)
    return pairing


def _own_profile(session: Session, actor: Actor) -> Volunteer | None:
    """Her profile, locked after the need, as an erasure does; of an account that was erased meanwhile none writes."""
    if not isinstance(actor, Person):
        return None
    volunteer = lock_profile(session, actor.account.id)
    require_there(session, actor.account.id)
    return volunteer


def _check_takes_applications(need: Need, pairing: Pairing | None) -> None:
    was_asked = pairing is not None and pairing.is_known_to_her
    if need.audience is NeedAudience.INVITATION and not was_asked:
        raise OnlyByInvitation
    if need.status is NeedStatus.FILLED:
        raise NeedIsFilled
    if not need.is_open:
        raise NeedIsNotOpen(status=need.status.value)


def _prepared(pairing: Pairing | None, need: Need, volunteer: Volunteer, now: datetime) -> Pairing:
    if pairing is None:
        return Pairing(
            need=need, volunteer=volunteer, need_id=need.id, volunteer_id=volunteer.id, since=now, position=0
        )
    if pairing.has_reapplied:
        raise OnceOnly
    set_aside_unknown = pairing.status is PairingStatus.SET_ASIDE and not pairing.is_known_to_her
    if pairing.status not in MAY_APPLY_AGAIN and not set_aside_unknown:
        raise AlreadyAnswered(status=pairing.status.value)
    pairing.has_reapplied = True
    return pairing
