"""Opening contacts as a coordinator: who looked stands in the audit log before anything is shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.errors import NotAllowed
from matcher.policies import Action, require
from matcher.queries import contacts
from matcher.queries.contacts import Contact
from matcher.services.steps import lock_pairing, record


@dataclass(frozen=True, slots=True)
class BothContacts:
    """The contacts of the two sides of a mission."""

    volunteer: tuple[Contact, ...]
    association: tuple[Contact, ...]


def open_contacts(session: Session, actor: Actor, now: datetime, *, pairing_id: int) -> BothContacts:
    """Record that the actor looked, and return the contacts of both sides; raises NotFound or NotAllowed."""
    pairing = lock_pairing(session, pairing_id)
    require(actor, Action.SEE_CONTACTS, pairing)
    if not pairing.contacts_are_open:
        raise NotAllowed
    record(session, actor, now, action="open_contacts", subject=("pairing", pairing.id))
    return BothContacts(contacts.of_volunteer(pairing), contacts.of_association(pairing))
