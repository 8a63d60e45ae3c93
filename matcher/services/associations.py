"""Associations: found and describe them. Who acts for them stands in memberships.py, verifying in reviews.py."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Hat
from matcher.errors import AssociationIsSuspended, NotFound
from matcher.models.account import Account
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.policies import Action, require
from matcher.services.accounts import own_account
from matcher.services.places import branch_of, known_communes
from matcher.services.steps import lock_need, record

NAME_MAX, REGISTRATION_MAX, DESCRIPTION_MAX = 160, 20, 2000
SAME_FORM = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AssociationContent:
    """What an association says about itself."""

    name: str
    description: str
    registration: str | None = None
    commune: str | None = None
    language: str = "fr"


def found(session: Session, actor: Actor, now: datetime, *, content: AssociationContent) -> Association:
    """Enter an association, not verified yet, with the person as its first member.

    A form that is sent again within a day, with the same name and commune, keeps what it says now and enters no second.
    """
    account = own_account(actor)
    same = _just_founded(session, account, now, content)
    if same is not None:
        _write(session, same, content)
        return same
    association = Association(created_at=now, status=AssociationStatus.UNVERIFIED)
    _write(session, association, content)
    association.memberships.append(Membership(account=account, joined_at=now))
    session.add(association)
    account.hat = Hat.MEMBER.value
    session.flush()
    record(session, actor, now, action="found", subject=("association", association.id))
    return association


def edit(
    session: Session, actor: Actor, now: datetime, *, association_id: int, content: AssociationContent
) -> Association:
    """Change what an association says about itself.

    A verified one that changes who it is (name, number, seat) is looked at anew, with the lines of its open needs:
    nobody is invited under a name that no coordinator has seen. Raises UnknownCommune or AssociationIsSuspended.
    """
    association = locked(session, association_id)
    require(actor, Action.WRITE, association)
    require_not_suspended(association)
    before = _identity(association)
    _write(session, association, content)
    record(session, actor, now, action="edit", subject=("association", association.id))
    if association.is_verified and _identity(association) != before:
        association.ask_again()
        session.flush()
        open_needs = sa.select(Need.id).where(Need.association_id == association.id, Need.status == NeedStatus.OPEN)
        for need_id in session.scalars(open_needs.order_by(Need.id)).all():
            lock_need(session, need_id).line_waits = True
    return association


def others(association: Association, account_id: int) -> list[Account]:
    """Return who else acts for an association, longest standing first; a suspended member does not."""
    return [account for account in association.members if account.id != account_id and account.active]


def locked(session: Session, association_id: int) -> Association:
    """Load an association under a row lock; raises NotFound."""
    association = session.get(Association, association_id, with_for_update={"of": Association}, populate_existing=True)
    if association is None:
        raise NotFound
    return association


def _identity(association: Association) -> tuple[str, str | None, str | None]:
    """What a coordinator has vouched for."""
    return association.name, association.registration, association.commune


def require_not_suspended(association: Association) -> None:
    """Raise AssociationIsSuspended for one that a coordinator has stopped."""
    if association.is_suspended:
        raise AssociationIsSuspended


def _write(session: Session, association: Association, content: AssociationContent) -> None:
    places = known_communes([content.commune] if content.commune else [])
    association.name = content.name.strip()[:NAME_MAX]
    association.description = content.description.strip()[:DESCRIPTION_MAX]
    association.registration = (content.registration or "").strip()[:REGISTRATION_MAX] or None
    association.language = content.language
    association.commune = content.commune
    association.branch_id = branch_of(session, places).id


def _just_founded(session: Session, account: Account, now: datetime, content: AssociationContent) -> Association | None:
    """Return what the person entered a moment ago by the same form; two presses at once come one after the other."""
    session.get(Account, account.id, with_for_update={"of": Account})
    return session.scalar(
        sa.select(Association)
        .join(Association.memberships)
        .where(
            Membership.account_id == account.id,
            Membership.joined_at == Association.created_at,
            Association.name == content.name.strip()[:NAME_MAX],
            Association.commune.is_not_distinct_from(content.commune),
            Association.status == AssociationStatus.UNVERIFIED,
            Association.created_at > now - SAME_FORM,
        )
        .order_by(Association.id)
        .limit(1)
    )
