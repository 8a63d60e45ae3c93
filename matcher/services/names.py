"""A volunteer's name, opened or looked for: shown to nobody before it is written who looked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.access_codes import AccessReason, Opened
from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.queries import lines
from matcher.queries.lines import FoundPerson
from matcher.queries.reviews import desk_need
from matcher.services.accesses import write_down


@dataclass(frozen=True, slots=True)
class OpenedName:
    """Who a volunteer is and how to reach her."""

    volunteer_id: int
    name: str
    email: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that is looked for, and the language of who looks."""

    name: str
    language: str


def open_name(
    session: Session, actor: Actor, now: datetime, *, volunteer_id: int, reason: AccessReason | None = None
) -> OpenedName:
    """Return a volunteer's name and contacts and write down who opened them; raises NotFound, ReasonIsMissing."""
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None:
        raise NotFound
    require(actor, Action.OPEN_NAME, volunteer)
    subject = ("volunteer", volunteer.id)
    write_down(session, actor, now, opened=Opened.NAME, subjects=[subject], reason=reason)
    account = volunteer.account
    return OpenedName(volunteer.id, account.name, account.email, account.phone)


def find_by_name(
    session: Session, actor: Actor, now: datetime, wanted: Wanted, *, need_id: int, reason: AccessReason | None = None
) -> tuple[FoundPerson, ...]:
    """Return who is called so, to put her forward, and write down that she was looked for; a search in vain too.

    Only for who decides about the need; raises NotFound, NotAllowed, ConflictOfInterest, ReasonIsMissing.
    """
    require(actor, Action.REVIEW, desk_need(session, actor, need_id))
    found = lines.find_named(session, actor, wanted.name, need_id=need_id, language=wanted.language)
    subjects = [("volunteer", one.volunteer_id) for one in found] or [("need", need_id)]
    write_down(session, actor, now, opened=Opened.FOUND, subjects=subjects, reason=reason)
    return found
