"""Every mail in each of its wordings: a code alone, or with the second reader to whom it says something else.

Gives the moment of each. No expectations here.
"""

from dataclasses import dataclass
from datetime import timedelta

from matcher.mail.codes import MailCode as M
from matcher.models.states import NeedStatus as N
from matcher.models.states import PairingReason
from matcher.models.states import PairingStatus as P
from matcher.services import missions
from tests import ways
from tests.factories import World
from tests.matcher.mail import reader_scenes, scenes
from tests.matcher.mail.scenes import CONTACT, VOLUNTEER, Moment, Pairing, Scene, need_becomes


@dataclass(frozen=True, order=True)
class Told:
    """One wording of a mail; `apart` says what sets it apart from the first."""

    code: M
    apart: str = ""

    @property
    def name(self) -> str:
        """The name under which its copies are kept."""
        return f"{self.code.value}_{self.apart}" if self.apart else self.code.value

    def __str__(self) -> str:
        return self.name


def moment_of(world: World, told: Told) -> Scene:
    """Bring about the moment of a mail."""
    if told in OTHERS:
        return scenes.a_scene(world, told.code, OTHERS[told])
    make = reader_scenes.MOMENTS.get(told.code)
    return make(world) if make else scenes.make(world, told.code)


def end_after_talk(world: World, pairing: Pairing) -> None:
    """The volunteer says « finalement non »."""
    reason = PairingReason.CHANGED_CIRCUMSTANCES
    world.act(missions.withdraw_after_talk, world.volunteer_of(pairing), pairing_id=pairing.id, reason=reason)


def propose_more(world: World, pairing: Pairing) -> None:
    """The volunteer proposes more time."""
    plan = missions.Plan(world.now.date(), world.now.date() + timedelta(days=90), 20.0)
    world.act(missions.propose_prolongation, world.volunteer_of(pairing), pairing_id=pairing.id, plan=plan)


def propose_end(world: World, pairing: Pairing) -> None:
    """The volunteer says that it is finished."""
    world.act(missions.finish, world.volunteer_of(pairing), pairing_id=pairing.id, hours=12.5)


def end_it(world: World, pairing: Pairing) -> None:
    """The association stops the mission."""
    reason = PairingReason.CHANGED_CIRCUMSTANCES
    world.act(missions.abandon, world.member(pairing), pairing_id=pairing.id, reason=reason)


def filled_by_others(world: World, pairing: Pairing) -> None:
    """All seats are taken while she is invited."""
    ways.release(world, pairing)
    need_becomes(N.FILLED)(world, pairing)


OTHERS: dict[Told, Moment] = {
    Told(M.NEED_FILLED, "to_invited"): Moment(P.INVITED, VOLUNTEER, filled_by_others),
    Told(M.NEED_ON_HOLD, "to_engaged"): Moment(P.ACTIVE, VOLUNTEER, need_becomes(N.ON_HOLD)),
    Told(M.NEED_CHANGED, "to_active"): Moment(P.ACTIVE, VOLUNTEER),
    Told(M.NEED_CLOSED, "to_engaged"): Moment(P.ACTIVE, VOLUNTEER, need_becomes(N.CLOSED)),
    Told(M.INTRODUCED, "to_volunteer"): Moment(P.CONFIRMED, VOLUNTEER),
    Told(M.HAVE_YOU_TALKED, "to_contact"): Moment(P.CONFIRMED, CONTACT),
    Told(M.MISSION_SHEET, "to_contact"): Moment(P.ACTIVE, CONTACT),
    Told(M.START_CONTESTED, "to_volunteer"): Moment(P.CONFIRMED, VOLUNTEER),
    Told(M.ENDED_AFTER_TALK, "to_contact"): Moment(P.CONFIRMED, CONTACT, end_after_talk),
    Told(M.NO_NEWS, "to_volunteer"): Moment(P.ABANDONED, VOLUNTEER),
    Told(M.PROLONGATION_PROPOSED, "to_contact"): Moment(P.ACTIVE, CONTACT, propose_more),
    Told(M.PROLONGATION_AGREED, "to_volunteer"): Moment(P.ACTIVE, VOLUNTEER),
    Told(M.FINISH_PROPOSED, "to_contact"): Moment(P.ACTIVE, CONTACT, propose_end),
    Told(M.IS_IT_FINISHED, "to_volunteer"): Moment(P.ACTIVE, VOLUNTEER),
    Told(M.MISSION_COMPLETED, "to_contact"): Moment(P.COMPLETED, CONTACT),
    Told(M.MISSION_ABANDONED, "to_volunteer"): Moment(P.ACTIVE, VOLUNTEER, end_it),
}
EVERY = (*(Told(code) for code in M), *OTHERS)
