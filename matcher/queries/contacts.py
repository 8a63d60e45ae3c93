"""How the two sides of a mission reach each other. The only place that reads addresses and numbers for a page."""

import re
from dataclasses import dataclass

from matcher.actors import Actor
from matcher.errors import NotAllowed
from matcher.models.account import Account
from matcher.models.pairing import Pairing
from matcher.policies import Action, is_member, is_volunteer_of, may


@dataclass(frozen=True, slots=True)
class Contact:
    """One person's name, address and number; the number is None when she gave none."""

    name: str
    email: str
    phone: str | None


def shown_of(pairing: Pairing) -> tuple[Account, ...]:
    """Return whose contacts the two sides of a mission are, hers first."""
    return (pairing.volunteer.account, *_for_association(pairing))


def of_other_side(actor: Actor, pairing: Pairing) -> tuple[Contact, ...]:
    """Return how a side of the mission reaches the other; raises NotAllowed before and after, and for anybody else."""
    if not pairing.contacts_are_open or not may(actor, Action.SEE_CONTACTS, pairing):
        raise NotAllowed
    if is_volunteer_of(actor, pairing):
        return of_association(pairing)
    if is_member(actor, pairing.need.association):
        return of_volunteer(pairing)
    raise NotAllowed


def of_volunteer(pairing: Pairing) -> tuple[Contact, ...]:
    """Return the volunteer's contact; the caller has checked who asks."""
    return (_contact(pairing.volunteer.account),)


def of_association(pairing: Pairing) -> tuple[Contact, ...]:
    """Return the need's contact, or all members once that person has left; the caller has checked who asks."""
    return tuple(_contact(member) for member in _for_association(pairing))


def _for_association(pairing: Pairing) -> tuple[Account, ...]:
    need = pairing.need
    if need.contact is not None and need.association.has_member(need.contact.id):
        return (need.contact,)
    return tuple(need.association.members)


def _contact(account: Account) -> Contact:
    return Contact(account.name, account.email, _spaced(account.phone) if account.phone else None)


def _spaced(phone: str) -> str:
    """Write a French number kept without spaces as it is read, “+33 6 39 98 10 01”; others stay as they are."""
    found = re.fullmatch(r"\+33([1-9])(\d\d)(\d\d)(\d\d)(\d\d)", phone)
    return f"+33 {' '.join(found.groups())}" if found else phone
