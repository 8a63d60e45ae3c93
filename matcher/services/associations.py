"""Associations and who acts for them: found, describe, invite, ask, admit, leave. Verifying stands in reviews.py."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Hat, Person
from matcher.database import delete_few
from matcher.errors import AssociationIsSuspended, LastMember, NotAllowed, NotFound, TooManyWaiting
from matcher.models.account import Account
from matcher.models.association import Association, AssociationStatus, Membership, PendingMembership
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.policies import Action, is_member, require, require_confirmed
from matcher.services.accounts import own_account, tell_rankers
from matcher.services.links import revoke_of_association
from matcher.services.places import branch_of, known_communes
from matcher.services.standing_in import pass_on_membership
from matcher.services.steps import lock_need, record

NAME_MAX, REGISTRATION_MAX, DESCRIPTION_MAX = 160, 20, 2000
MOST_PENDING, MOST_UNVERIFIED = 10, 3
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
    _require_not_suspended(association)
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


def invite(session: Session, actor: Actor, now: datetime, *, association_id: int, email: str) -> bool:
    """Keep that an address may join; True when it was not known yet and is to be written to.

    Raises AddressNotConfirmed, AssociationIsSuspended, TooManyWaiting (sooner while nobody has vouched for it).
    """
    association = locked(session, association_id)
    require(actor, Action.WRITE, association)
    require_confirmed(actor)
    _require_not_suspended(association)
    if email in {account.email for account in association.members} or _pending(session, association_id, email):
        return False
    waiting = sa.select(sa.func.count(PendingMembership.id)).where(PendingMembership.association_id == association_id)
    most = MOST_PENDING if association.is_verified else MOST_UNVERIFIED
    if (session.scalar(waiting) or 0) >= most:
        raise TooManyWaiting(most=most)
    session.add(
        PendingMembership(association_id=association_id, email=email, invited_by_id=actor.account_id, created_at=now)
    )
    session.flush()
    record(session, actor, now, action="invite_member", subject=("association", association_id))
    return True


def ask_to_join(session: Session, actor: Actor, now: datetime, *, association_id: int) -> bool:
    """Keep that the person asks to join; True when it is new and the members of a confirmed person are to be told."""
    account = own_account(actor)
    association = locked(session, association_id)
    if association.status is AssociationStatus.CLOSED:
        raise NotFound
    if association.has_member(account.id) or _pending(session, association_id, account.email):
        return False
    session.add(
        PendingMembership(association_id=association_id, email=account.email, is_asked_by_herself=True, created_at=now)
    )
    session.flush()
    return True


def accept_invitation(session: Session, actor: Actor, now: datetime, *, pending_id: int) -> Association:
    """Join an association that has invited one's confirmed address; twice is once."""
    account = own_account(actor)
    require_confirmed(actor)
    pending = session.get(PendingMembership, pending_id)
    if pending is None or pending.email != account.email or pending.is_asked_by_herself:
        raise NotFound
    return _join(session, actor, now, pending, account)


def admit(session: Session, actor: Actor, now: datetime, *, pending_id: int) -> Association:
    """Make somebody who asked for it a member; raises NotFound while her address is not confirmed."""
    pending = _pending_of_member(session, actor, pending_id)
    account = session.scalar(sa.select(Account).where(Account.email == pending.email))
    if account is None or not account.is_confirmed or not pending.is_asked_by_herself:
        raise NotFound
    record(session, actor, now, action="admit_member", subject=("association", pending.association_id))
    return _join(session, actor, now, pending, account)


def drop(session: Session, actor: Actor, now: datetime, *, pending_id: int) -> None:
    """Withdraw an invitation, turn a request down, or decline for oneself; the second time nothing is left to do."""
    pending = session.get(PendingMembership, pending_id)
    if pending is None:
        return
    if not _is_hers(actor, pending) and not is_member(actor, pending.association):
        raise NotFound
    association_id = pending.association_id
    if _take(session, pending):
        record(session, actor, now, action="drop_pending", subject=("association", association_id))


def forget_pending(session: Session, before: datetime) -> int:
    """Delete a few invitations and requests from before a moment that nobody answered; return how many.

    Some hold a stranger's address.
    """
    return delete_few(session, PendingMembership, PendingMembership.created_at < before)


def leave(session: Session, actor: Actor, now: datetime, *, association_id: int) -> None:
    """End one's own membership; raises LastMember. Who has left already stays away."""
    association = locked(session, association_id)
    account = own_account(actor)
    if not association.has_member(account.id):
        return
    if not others(association, account.id):
        raise LastMember
    association.memberships = [link for link in association.memberships if link.account_id != account.id]
    session.flush()
    pass_on_membership(session, now, account_id=account.id, association_id=association_id)
    revoke_of_association(session, now, account_id=account.id, association_id=association_id)
    record(session, actor, now, action="leave", subject=("association", association_id))
    tell_rankers(session, now, account_id=account.id)


def follow_address(session: Session, *, old: str, new: str) -> None:
    """Let the requests of a person follow her to a new address; invitations stay with the address written to."""
    known = sa.select(PendingMembership.association_id).where(PendingMembership.email == new)
    session.execute(
        sa.update(PendingMembership)
        .where(
            PendingMembership.email == old,
            PendingMembership.is_asked_by_herself,
            PendingMembership.association_id.not_in(known),
        )
        .values(email=new)
    )


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


def _require_not_suspended(association: Association) -> None:
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


def _pending(session: Session, association_id: int, email: str) -> PendingMembership | None:
    return session.scalar(
        sa.select(PendingMembership).where(
            PendingMembership.association_id == association_id, PendingMembership.email == email
        )
    )


def _is_hers(actor: Actor, pending: PendingMembership) -> bool:
    """What she asked for is hers at once; what came to an address, once she has confirmed that it is hers."""
    if not isinstance(actor, Person) or actor.account.email != pending.email:
        return False
    return pending.is_asked_by_herself or actor.account.is_confirmed


def _pending_of_member(session: Session, actor: Actor, pending_id: int) -> PendingMembership:
    pending = session.get(PendingMembership, pending_id)
    if pending is None or not is_member(actor, pending.association):
        raise NotFound
    return pending


def _join(session: Session, actor: Actor, now: datetime, pending: PendingMembership, account: Account) -> Association:
    association = locked(session, pending.association_id)
    if association.status is AssociationStatus.CLOSED:
        raise NotAllowed
    is_member_now = association.has_member(account.id)
    if not _take(session, pending):  # a second press, or it was withdrawn meanwhile: that opens no door
        if is_member_now:
            return association
        raise NotFound
    if not is_member_now:
        association.memberships.append(Membership(account=account, joined_at=now))
        account.hat = Hat.MEMBER.value
        right = f"association:{association.id}"
        record(session, actor, now, action="join_association", subject=("account", account.id), reason=right)
    session.flush()
    tell_rankers(session, now, account_id=account.id)
    return association


def _take(session: Session, pending: PendingMembership) -> bool:
    """Delete an invitation or a request that waits; False when somebody else has answered it."""
    its = sa.delete(PendingMembership).where(PendingMembership.id == pending.id).returning(PendingMembership.id)
    return session.scalar(its) is not None
