"""Opening the contacts of a mission's two sides: who looked stands in the audit log before anything is shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.access_codes import AccessReason, Opened
from matcher.actors import Actor
from matcher.errors import NotAllowed
from matcher.policies import Action, require
from matcher.policy_rules import is_party
from matcher.queries import contacts
from matcher.queries.contacts import Contact
from matcher.services.accesses import write_down
from matcher.services.steps import lock_pairing


@dataclass(frozen=True, slots=True)
class BothContacts:
    """The contacts of the two sides of a mission."""

    volunteer: tuple[Contact, ...]
    association: tuple[Contact, ...]


def open_contacts(
    session: Session, actor: Actor, now: datetime, *, pairing_id: int, reason: AccessReason | None = None
) -> BothContacts:
    """Record at whom the actor looked, and return the contacts of both sides, of which she is neither.

    Raises NotFound, NotAllowed (a side has the other's on its page) or ReasonIsMissing.
    """
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.SEE_CONTACTS, pairing)
    if not pairing.contacts_are_open or is_party(actor, pairing):
        raise NotAllowed
    subjects = [("pairing", pairing.id), *(("account", each.id) for each in contacts.shown_of(pairing))]
    write_down(session, actor, now, opened=Opened.CONTACTS, subjects=subjects, reason=reason)
    return BothContacts(contacts.of_volunteer(pairing), contacts.of_association(pairing))
