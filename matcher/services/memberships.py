"""Who acts for an association: invite, ask, accept, admit, decline, leave."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, Hat, Person
from matcher.database import delete_few
from matcher.errors import ConflictOfInterest, LastMember, NotAllowed, NotFound, TooManyWaiting
from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account
from matcher.models.association import Association, AssociationStatus, Membership, PendingMembership
from matcher.models.need import Need
from matcher.models.states import ENDED
from matcher.policies import Action, is_member, may, require, require_confirmed
from matcher.services import account_mails
from matcher.services.accounts import own_account, tell_rankers
from matcher.services.associations import locked, others, require_not_suspended
from matcher.services.links import revoke_of_association
from matcher.services.standing_in import pass_on_membership
from matcher.services.steps import lock_need, record

MOST_PENDING, MOST_UNVERIFIED = 10, 3


def invite(session: Session, actor: Actor, now: datetime, *, association_id: int, email: str) -> bool:
    """Keep that an address may join; True when it was not known yet and is to be written to.

    Raises AddressNotConfirmed, AssociationIsSuspended, TooManyWaiting (sooner while nobody has vouched for it).
    """
    association = locked(session, association_id)
    require(actor, Action.WRITE, association)
    require_confirmed(actor)
    require_not_suspended(association)
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
    """Keep that the person asks to join; True when it is new: who answers a confirmed person is then to be told."""
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
    """Make somebody who asked for it a member, and tell her.

    Raises NotFound while her address is not confirmed, ConflictOfInterest for a coordinator who asked herself.
    """
    pending = session.get(PendingMembership, pending_id)
    if pending is None or not pending.is_asked_by_herself:
        raise NotFound
    association = locked(session, pending.association_id)  # who may answer is judged as it stands at this moment
    if not may(actor, Action.ADMIT, association):
        raise NotFound
    if _is_hers(actor, pending):
        raise ConflictOfInterest
    account = session.scalar(sa.select(Account).where(Account.email == pending.email))
    if account is None or not account.is_confirmed:
        raise NotFound
    record(session, actor, now, action="admit_member", subject=("association", association.id))
    account_mails.write(session, now, account, AccountMailCode.MEMBERSHIP_ADMITTED, about=association.name)
    return _join(session, actor, now, pending, account)


def drop(session: Session, actor: Actor, now: datetime, *, pending_id: int) -> None:
    """Withdraw an invitation, turn a request down, or decline for oneself; the second time nothing is left to do.

    Whoever had asked is told that the answer is no.
    """
    pending = session.get(PendingMembership, pending_id)
    if pending is None:
        return
    association, is_hers = pending.association, _is_hers(actor, pending)
    if not is_hers and not _answers(session, actor, pending):
        raise NotFound
    email, was_asked = pending.email, pending.is_asked_by_herself
    if not _take(session, pending):
        return
    record(session, actor, now, action="drop_pending", subject=("association", association.id))
    account = session.scalar(sa.select(Account).where(Account.email == email)) if was_asked and not is_hers else None
    if account is not None and account.is_confirmed:
        account_mails.write(session, now, account, AccountMailCode.MEMBERSHIP_DECLINED, about=association.name)


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


def _answers(session: Session, actor: Actor, pending: PendingMembership) -> bool:
    """Members answer invitations and requests of theirs; whoever stands in for them, requests only."""
    if is_member(actor, pending.association):
        return True
    return pending.is_asked_by_herself and may(actor, Action.ADMIT, locked(session, pending.association_id))


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
        was_left_alone = not association.reachable_members
        association.memberships.append(Membership(account=account, joined_at=now))
        account.hat = Hat.MEMBER.value
        right = f"association:{association.id}"
        record(session, actor, now, action="join_association", subject=("account", account.id), reason=right)
        if was_left_alone:
            _become_contact(session, association, account)
    session.flush()
    tell_rankers(session, now, account_id=account.id)
    return association


def _become_contact(session: Session, association: Association, account: Account) -> None:
    """Let the first who acts for an association again be the contact of what it has not ended."""
    live = sa.select(Need.id).where(Need.association_id == association.id, Need.status.not_in(ENDED))
    for need_id in session.scalars(live.order_by(Need.id)).all():
        lock_need(session, need_id).contact_id = account.id


def _take(session: Session, pending: PendingMembership) -> bool:
    """Delete an invitation or a request that waits; False when somebody else has answered it."""
    its = sa.delete(PendingMembership).where(PendingMembership.id == pending.id).returning(PendingMembership.id)
    return session.scalar(its) is not None
