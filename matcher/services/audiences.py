"""Who is told: each audience as a list of accounts, with the pairing that concerns them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.account import ADMINISTRATOR, Account, Role
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import LIVE, PairingStatus


class Audience(StrEnum):
    """The groups that a transition may tell."""

    CONTACT = "contact"
    OTHER_MEMBERS = "other_members"
    MEMBERS = "members"
    COORDINATOR = "coordinator"
    BRANCH = "branch"
    ADMINISTRATORS = "administrators"
    VOLUNTEER = "volunteer"
    VOLUNTEER_IF_SHE_KNEW = "volunteer_if_she_knew"
    LIVE_PAIRINGS = "live_pairings"
    APPLIED_AND_INVITED = "applied_and_invited"
    RESERVE = "reserve"
    SAID_YES = "said_yes"
    AT_WORK = "at_work"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One account to write to, and the pairing that the mail is about."""

    account_id: int
    pairing_id: int | None = None


def recipients(session: Session, audience: Audience, need: Need, pairing: Pairing | None) -> list[Recipient]:
    """Return who belongs to an audience now; nobody twice."""
    found = RESOLVERS[audience](session, need, pairing)
    return list(dict.fromkeys(found))


def coordinators(need: Need) -> list[int]:
    """The owning coordinator, or all of the branch when nobody of it owns the need."""
    if need.coordinator_id is not None and need.branch.is_coordinated_by(need.coordinator_id):
        return [need.coordinator_id]
    return [link.account_id for link in need.branch.coordinators]


def administrators(session: Session) -> list[int]:
    """The ids of all administrators."""
    return list(session.scalars(sa.select(Account.id).join(Account.roles).where(Role.name == ADMINISTRATOR)))


def paired(session: Session, need: Need, statuses: frozenset[PairingStatus]) -> list[Pairing]:
    """The need's pairings in some states, in the order of the line."""
    return list(
        session.scalars(
            sa.select(Pairing)
            .where(Pairing.need_id == need.id, Pairing.status.in_(statuses))
            .order_by(Pairing.position, Pairing.id)
        )
    )


def _accounts(ids: list[int], pairing: Pairing | None) -> list[Recipient]:
    return [Recipient(account_id, pairing.id if pairing else None) for account_id in ids]


def _contact(_session: Session, need: Need, pairing: Pairing | None) -> list[Recipient]:
    if need.contact_id is not None and need.association.has_member(need.contact_id):
        return _accounts([need.contact_id], pairing)
    return _members(_session, need, pairing)


def _members(_session: Session, need: Need, pairing: Pairing | None) -> list[Recipient]:
    return _accounts([account.id for account in need.association.reachable_members], pairing)


def _other_members(_session: Session, need: Need, pairing: Pairing | None) -> list[Recipient]:
    return _accounts([a.id for a in need.association.reachable_members if a.id != need.contact_id], pairing)


def _coordinator(_session: Session, need: Need, pairing: Pairing | None) -> list[Recipient]:
    return _accounts(coordinators(need), pairing)


def _branch(_session: Session, need: Need, pairing: Pairing | None) -> list[Recipient]:
    return _accounts([link.account_id for link in need.branch.coordinators], pairing)


def _administrators(session: Session, _need: Need, pairing: Pairing | None) -> list[Recipient]:
    return _accounts(administrators(session), pairing)


def _volunteer(_session: Session, _need: Need, pairing: Pairing | None) -> list[Recipient]:
    return [Recipient(pairing.volunteer.account_id, pairing.id)] if pairing else []


def _volunteer_if_she_knew(_session: Session, _need: Need, pairing: Pairing | None) -> list[Recipient]:
    if pairing is None or not pairing.is_known_to_her:
        return []
    # Somebody known from an earlier round does not know that she stands in the line again.
    if pairing.events[-1].source is PairingStatus.APPROVED:
        return []
    return [Recipient(pairing.volunteer.account_id, pairing.id)]


def _in_states(*statuses: PairingStatus) -> Callable[[Session, Need, Pairing | None], list[Recipient]]:
    wanted = frozenset(statuses)

    def resolve(session: Session, need: Need, _pairing: Pairing | None) -> list[Recipient]:
        known = [p for p in paired(session, need, wanted - {PairingStatus.APPROVED}) if p.is_known_to_her]
        return [Recipient(p.volunteer.account_id, p.id) for p in known]

    return resolve


RESOLVERS: dict[Audience, Callable[[Session, Need, Pairing | None], list[Recipient]]] = {
    Audience.CONTACT: _contact,
    Audience.OTHER_MEMBERS: _other_members,
    Audience.MEMBERS: _members,
    Audience.COORDINATOR: _coordinator,
    Audience.BRANCH: _branch,
    Audience.ADMINISTRATORS: _administrators,
    Audience.VOLUNTEER: _volunteer,
    Audience.VOLUNTEER_IF_SHE_KNEW: _volunteer_if_she_knew,
    Audience.LIVE_PAIRINGS: _in_states(*LIVE),
    Audience.APPLIED_AND_INVITED: _in_states(PairingStatus.APPLIED, PairingStatus.INVITED),
    Audience.RESERVE: _in_states(PairingStatus.RESERVE),
    Audience.AT_WORK: _in_states(PairingStatus.ACTIVE),
    Audience.SAID_YES: _in_states(PairingStatus.ACCEPTED, PairingStatus.RESERVE, PairingStatus.CONFIRMED),
}
