"""What people of the simulation do from a first talk to a mission's end, each with a chance and after some days."""

from datetime import date

from sqlalchemy.orm import Session

from matcher.models.pairing import Pairing
from matcher.models.states import CheckWaiver, PairingReason, PairingStatus
from matcher.services import checks, missions
from tests.faults.acting import ActOnPairing, Moment, coordinator_of, erase, member_of, nothing, volunteer_of

S = PairingStatus


def _begin(session: Session, at: Moment, pairing: Pairing) -> object:
    return _begin_until(session, at, pairing, at.day(21))


def _begin_briefly(session: Session, at: Moment, pairing: Pairing) -> object:
    """One day, of which nobody ever says that it is over."""
    return _begin_until(session, at, pairing, at.day(1))


def _begin_until(session: Session, at: Moment, pairing: Pairing, ends_on: date) -> object:
    member = member_of(pairing.need)
    if pairing.waits_for_check:
        checks.declare(session, member, at.now, pairing_id=pairing.id, check=CheckWaiver.ACCOMPANIED)
    plan = missions.Plan(at.day(1), ends_on, 12.0)
    return missions.begin(session, member, at.now, pairing_id=pairing.id, plan=plan)


def _not_us_in_the_end(session: Session, at: Moment, pairing: Pairing) -> object:
    """After a first talk the association says no."""
    reason = PairingReason.NO_AGREEMENT
    return missions.refuse(session, member_of(pairing.need), at.now, pairing_id=pairing.id, reason=reason)


def _end_early(session: Session, at: Moment, pairing: Pairing) -> object:
    coordinator, reason = coordinator_of(session, pairing.need), PairingReason.CHANGED_CIRCUMSTANCES
    return missions.abandon(session, coordinator, at.now, pairing_id=pairing.id, reason=reason)


def _not_in_the_end(session: Session, at: Moment, pairing: Pairing) -> object:
    reason = PairingReason.NO_AGREEMENT
    return missions.withdraw_after_talk(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, reason=reason)


def _is_brief(pairing: Pairing) -> bool:
    return pairing.starts_on == pairing.ends_on


def _finish(session: Session, at: Moment, pairing: Pairing) -> object:
    if _is_brief(pairing):
        return None
    missions.finish(session, member_of(pairing.need), at.now, pairing_id=pairing.id, hours=12.0)
    return missions.finish(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, hours=12.0)


def _finish_alone(session: Session, at: Moment, pairing: Pairing) -> object:
    if _is_brief(pairing):
        return None
    return missions.finish(session, member_of(pairing.need), at.now, pairing_id=pairing.id, hours=12.0)


def _finish_too_soon(session: Session, at: Moment, pairing: Pairing) -> object:
    """The other side says that it is not finished."""
    _finish_alone(session, at, pairing)
    return missions.object_to_finish(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _object(session: Session, at: Moment, pairing: Pairing) -> object:
    return missions.object_to_start(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _prolong(session: Session, at: Moment, pairing: Pairing) -> object:
    plan = missions.Plan(pairing.starts_on or at.day(0), at.day(30), 20.0)
    missions.propose_prolongation(session, member_of(pairing.need), at.now, pairing_id=pairing.id, plan=plan)
    return missions.agree_to_prolongation(session, volunteer_of(pairing), at.now, pairing_id=pairing.id)


def _prolong_unanswered(session: Session, at: Moment, pairing: Pairing) -> object:
    plan = missions.Plan(pairing.starts_on or at.day(0), at.day(30), 20.0)
    return missions.propose_prolongation(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, plan=plan)


def _stop(session: Session, at: Moment, pairing: Pairing) -> object:
    reason = PairingReason.CHANGED_CIRCUMSTANCES
    return missions.abandon(session, volunteer_of(pairing), at.now, pairing_id=pairing.id, reason=reason)


# After a step into a state: chance in hundred, earliest and latest day, what is done.
ON_MISSION: dict[PairingStatus, tuple[tuple[int, int, int, ActOnPairing], ...]] = {
    S.CONFIRMED: (
        (57, 2, 9, _begin),
        (10, 2, 6, _begin_briefly),
        (10, 1, 6, _not_in_the_end),
        (5, 1, 6, _not_us_in_the_end),
        (4, 3, 20, _end_early),
        (3, 1, 9, erase),
        (11, 0, 0, nothing),
    ),
    S.ACTIVE: (
        (53, 18, 30, _finish),
        (4, 12, 17, _prolong),
        (4, 12, 17, _prolong_unanswered),
        (11, 18, 30, _finish_alone),
        (2, 10, 15, _finish_too_soon),
        (4, 1, 2, _object),
        (1, 4, 15, erase),
        (6, 4, 15, _stop),
        (15, 0, 0, nothing),
    ),
}
