"""Who acts in the simulation, when, and what may befall anybody at any time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.actors import Actor, Person, System
from matcher.errors import NotFound
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.services import privacy, rights
from matcher.services.rights import SuspensionReason
from matcher.settings import Settings

ActOnPairing = Callable[[Session, "Moment", Pairing], object]


@dataclass(frozen=True)
class Moment:
    """When something is done, and under which settings."""

    now: datetime
    settings: Settings

    def day(self, days: int) -> date:
        """A day from here."""
        return (self.now + timedelta(days=days)).date()


@dataclass(frozen=True)
class Next:
    """What somebody does about it afterwards: earliest and latest day."""

    act: ActOnPairing
    first: int
    last: int


def volunteer_of(pairing: Pairing) -> Actor:
    """The volunteer."""
    return Person(pairing.volunteer.account)


def member_of(need: Need) -> Actor:
    """The first member of the association; raises NotFound when they have all gone."""
    if not need.association.members:
        raise NotFound
    return Person(need.association.members[0])


def coordinator_of(session: Session, need: Need) -> Actor:
    """A coordinator of the branch."""
    return Person(session.get_one(Account, need.branch.coordinators[0].account_id))


def erase(session: Session, at: Moment, pairing: Pairing) -> object:
    """The volunteer has her account erased."""
    return privacy.erase_account(session, volunteer_of(pairing), at.now)


def suspend(session: Session, at: Moment, pairing: Pairing) -> object:
    """The volunteer's account is suspended."""
    who, why = pairing.volunteer.account_id, next(iter(SuspensionReason))
    return rights.suspend(session, System("simulated"), at.now, account_id=who, reason=why)


def nothing(_session: Session, _at: Moment, _subject: object) -> object:
    """Silence: the clocks have to do it."""
    return None
