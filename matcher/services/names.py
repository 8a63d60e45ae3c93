"""Opening a volunteer's name: shown to nobody before it is written who looked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.services.steps import record


@dataclass(frozen=True, slots=True)
class OpenedName:
    """Who a volunteer is and how to reach her."""

    volunteer_id: int
    name: str
    email: str
    phone: str | None


def open_name(session: Session, actor: Actor, now: datetime, *, volunteer_id: int) -> OpenedName:
    """Return a volunteer's name and contacts and write into the audit log who opened them; raises NotFound."""
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None:
        raise NotFound
    require(actor, Action.OPEN_NAME, volunteer)
    record(session, actor, now, action="open_name", subject=("volunteer", volunteer.id))
    account = volunteer.account
    return OpenedName(volunteer.id, account.name, account.email, account.phone)
