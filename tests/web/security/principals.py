"""The kinds of people who may ask for anything, each with an account that stands so to one subject. Expects nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.association import Association, Membership
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer
from tests.factories import World
from tests.web.visiting import Visitor

ANONYMOUS, LINK = "anonymous", "link"
UNCONFIRMED, SUSPENDED = "unconfirmed", "suspended"
# In the order of the columns of matrix.txt. There are no API tokens: that door does not exist.
PRINCIPALS = (
    ANONYMOUS,
    "volunteer",
    "other volunteer",
    "member",
    "other member",
    "coordinator",
    "other coordinator",
    "administrator",
    UNCONFIRMED,
    SUSPENDED,
    LINK,
)


@dataclass(frozen=True)
class Subject:
    """What an address is about, and who would be right to send its form, when that is known."""

    need: Need | None = None
    pairing: Pairing | None = None
    volunteer: Volunteer | None = None
    association: Association | None = None
    sender: Account | None = None


def subject_of(world: World, values: Mapping[str, object], sender: Account | None) -> Subject:
    """Read what the numbers in an address name."""

    def named(entity: type, argument: str):
        return world.session.get(entity, values[argument]) if argument in values else None

    pairing = named(Pairing, "pairing_id")
    need = pairing.need if pairing else named(Need, "need_id")
    association = need.association if need else named(Association, "association_id")
    volunteer = pairing.volunteer if pairing else named(Volunteer, "volunteer_id")
    return Subject(need, pairing, volunteer, association, sender)


def cast(world: World, subject: Subject) -> dict[str, Account | None]:
    """Return an account of each kind: those without « other » are the ones whom the subject concerns."""
    sender = subject.sender
    hers = subject.volunteer.account if subject.volunteer else (sender if _is_volunteer(world, sender) else None)
    association = subject.association or _association_of(world, sender) or world.association()
    branch = subject.need.branch if subject.need else world.home
    right = sender or hers or association.members[0]
    return {
        ANONYMOUS: None,
        "volunteer": hers or world.volunteer().account,
        "other volunteer": world.volunteer().account,
        "member": association.members[0],
        "other member": world.association().members[0],
        "coordinator": branch.coordinators[0].account,
        "other coordinator": world.branch().coordinators[0].account,
        "administrator": world.administrator().account,
        UNCONFIRMED: right,
        SUSPENDED: right,
        LINK: None,
    }


def visitor(app: Flask, world: World, principal: str, account: Account | None) -> Visitor:
    """Let somebody of a kind come with a browser of her own; changes her account when her kind says so."""
    if account is not None and principal in {UNCONFIRMED, SUSPENDED}:
        with transaction(world.session):
            if principal == SUSPENDED:
                account.active = False
            else:
                account.confirmed_at = None
    return Visitor(app, account)


def _is_volunteer(world: World, account: Account | None) -> bool:
    wanted = sa.select(Volunteer.id).where(Volunteer.account_id == (account.id if account else 0))
    return world.session.scalar(wanted) is not None


def _association_of(world: World, account: Account | None) -> Association | None:
    joined = sa.select(Association).join(Membership).where(Membership.account_id == (account.id if account else 0))
    return world.session.scalars(joined.order_by(Association.id)).first()
