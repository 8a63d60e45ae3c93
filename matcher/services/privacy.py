"""Erasing an account: at once, and for good. What stays carries ids, hours and decisions, never who it was.

Says nothing about backups and retention: the workers clear those.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, System
from matcher.errors import NotFound
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.association import Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.history import Trace
from matcher.models.link import SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import BEFORE_ENGAGEMENT, ENDED, LIVE, PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer
from matcher.services import departures, forgetting, last_ones, notices, sign_ins
from matcher.services.accounts import lock_profile, own_account
from matcher.services.audiences import Audience
from matcher.services.notices import Notice
from matcher.services.seats import settle
from matcher.services.standing_in import hold_mails, pass_on_coordination
from matcher.services.steps import lock_need, lock_pairing, record, take_pairing_step

KNOWN_TO_COORDINATOR = frozenset({PairingStatus.APPLIED, PairingStatus.RESERVE, PairingStatus.ACCEPTED})


def erase_account(session: Session, actor: Actor, now: datetime, *, closing: Collection[int] = ()) -> None:
    """Erase one's own account, and close those associations of which one is the last member that are named.

    Pairings that wait are released, missions end; whoever knew is told. Needs that nobody acts for any more go on hold.
    Raises LastAdministrator: somebody must be left who may appoint others.
    """
    account = own_account(actor)
    if account.is_administrator:
        last_ones.require_another_administrator(session, account.id)
    _erase(session, actor, now, account_id=account.id, closing=closing)


def erase_by_rule(session: Session, actor: System, now: datetime, *, account_id: int) -> None:
    """Erase an account without its owner: because a rule says so, or because she did and a restore undid it."""
    _erase(session, actor, now, account_id=account_id, closing=())


def _erase(session: Session, actor: Actor, now: datetime, *, account_id: int, closing: Collection[int]) -> None:
    account = lock_with_needs(session, account_id)
    if account.is_erased:
        return
    volunteer = lock_profile(session, account.id)
    branches = last_ones.lock_branches(session, account.id)
    departures.lock_associations(session, account.id)
    hold_mails(session, account)
    if volunteer is not None:
        _end_pairings(session, now, volunteer)
        forgetting.forget_profile(session, now, volunteer)
    forgetting.forget_in_texts(session, account)
    departures.leave_all(session, now, account_id=account.id, closing=closing)
    forgetting.forget_mails(session, now, account)
    _resign(session, now, account)
    pass_on_coordination(session, now, account_id=account.id, branches=branches)
    forgetting.forget_account(account, now)
    session.flush()
    last_ones.tell_of_empty(session, now, branches)
    record(session, actor, now, action="erase_account", subject=("account", account.id))
    session.flush()


def lock_with_needs(session: Session, account_id: int) -> Account:
    """Lock every need in which an erasure writes, then the account, in the order of steps.py; raises NotFound."""
    ours = sa.select(Membership.association_id).where(Membership.account_id == account_id)
    paired = sa.select(Pairing.need_id).join(Volunteer).where(Volunteer.account_id == account_id)
    wrote = (Need.author_id == account_id, Need.contact_id == account_id, Need.coordinator_id == account_id)
    written = sa.select(Need.id).where(sa.or_(Need.association_id.in_(ours), Need.id.in_(paired), *wrote))
    for need_id in session.scalars(written.order_by(Need.id)).all():
        lock_need(session, need_id)
    # Not her key: whoever holds a need of hers writes rows that lead to her account, and we wait for that need.
    hers = {"of": Account, "key_share": True}
    account = session.get(Account, account_id, with_for_update=hers, populate_existing=True)
    if account is None:
        raise NotFound
    return account


def touched_needs(session: Session, account_id: int) -> list[int]:
    """Return the needs that her going concerns, those that she follows too, in the order in which they are locked."""
    hers = sa.select(Pairing.need_id).join(Volunteer).where(Volunteer.account_id == account_id)
    ours = sa.select(Membership.association_id).where(Membership.account_id == account_id)
    touched = sa.or_(
        Need.id.in_(hers.where(Pairing.status.in_(LIVE))),
        sa.and_(Need.association_id.in_(ours), Need.status.not_in(ENDED)),
        Need.coordinator_id == account_id,
    )
    return list(session.scalars(sa.select(Need.id).where(touched).order_by(Need.id)))


def _end_pairings(session: Session, now: datetime, volunteer: Volunteer) -> None:
    own = sa.select(Pairing.id).where(Pairing.volunteer_id == volunteer.id)
    for pairing_id in session.scalars(own.where(Pairing.status.in_(LIVE)).order_by(Pairing.need_id)).all():
        pairing = lock_pairing(session, pairing_id)
        if pairing.status in BEFORE_ENGAGEMENT:
            _release(session, now, pairing)
        else:
            take_pairing_step(session, pairing, PairingStep.ABANDON_ERASED, Trace(now))
        settle(session, pairing.need, now)
    session.execute(
        sa.update(Pairing)
        .where(Pairing.volunteer_id == volunteer.id)
        .values(motivation=None, question=None, answer=None)
        .execution_options(synchronize_session="fetch")
    )


def _release(session: Session, now: datetime, pairing: Pairing) -> None:
    told = []
    if pairing.status in KNOWN_TO_COORDINATOR:
        told.append(Notice(MailCode.WITHDRAWN_COORDINATOR, Audience.COORDINATOR))
    if pairing.status is PairingStatus.ACCEPTED:
        told.append(Notice(MailCode.YES_WITHDRAWN, Audience.CONTACT))
    pairing.queued_at = None
    take_pairing_step(session, pairing, PairingStep.RELEASE, Trace(now))
    notices.tell(session, now, tuple(told), pairing.need, pairing=pairing)


def _resign(session: Session, now: datetime, account: Account) -> None:
    """End what she could do: links, sign-ins, branches, the needs that she owned as a coordinator."""
    live = sa.update(SignedLink).where(SignedLink.recipient_id == account.id, SignedLink.revoked_at.is_(None))
    session.execute(live.values(revoked_at=now))
    sign_ins.forget_all(session, account_id=account.id)
    session.execute(sa.delete(BranchCoordinator).where(BranchCoordinator.account_id == account.id))
    session.execute(sa.update(Need).where(Need.coordinator_id == account.id).values(coordinator_id=None))
    account.roles = []
