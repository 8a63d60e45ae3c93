"""Erasing an account: at once, and for good. What stays carries ids, hours and decisions, never who it was.

Says nothing about backups and retention: the workers clear those.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.association import Membership, PendingMembership
from matcher.models.branch import BranchCoordinator
from matcher.models.history import Trace
from matcher.models.invitation_mail import InvitationMail
from matcher.models.link import SignedLink
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.silence import SilenceTold
from matcher.models.states import BEFORE_ENGAGEMENT, ENDED, LIVE, NeedStatus, PairingStatus, PairingStep
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import TUESDAY, USUAL_INVITATIONS, MailPace, Volunteer
from matcher.services import counterfactuals, notices, sign_ins, suppression
from matcher.services.accounts import own_account
from matcher.services.audiences import Audience
from matcher.services.changes import log_change
from matcher.services.departures import leave_all
from matcher.services.notices import Notice
from matcher.services.places import national_branch
from matcher.services.profile_content import HOME, HOME_ZONE
from matcher.services.seats import settle
from matcher.services.steps import lock_need, lock_pairing, record, take_pairing_step
from matcher.services.wanted import Unwanted

KNOWN_TO_COORDINATOR = frozenset({PairingStatus.APPLIED, PairingStatus.RESERVE, PairingStatus.ACCEPTED})


def erase_account(session: Session, actor: Actor, now: datetime, *, closing: Collection[int] = ()) -> None:
    """Erase one's own account, and close those associations of which one is the last member that are named.

    Pairings that wait are released, missions end; whoever knew is told. Needs that nobody acts for any more go on hold.
    """
    account = _locked(session, own_account(actor).id)
    if not account.active:
        return
    # Needs are locked in one order by everybody who locks several.
    for need_id in _touched_needs(session, account):
        lock_need(session, need_id)
    volunteer = session.scalar(sa.select(Volunteer).where(Volunteer.account_id == account.id))
    if volunteer is not None:
        _end_pairings(session, now, volunteer)
        _blank_profile(session, now, volunteer)
    leave_all(session, now, account_id=account.id, closing=closing)
    _forget_mails(session, now, account)
    _resign(session, now, account)
    _blank_account(account, now)
    record(session, actor, now, action="erase_account", subject=("account", account.id))
    session.flush()


def _locked(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id, with_for_update={"of": Account}, populate_existing=True)
    if account is None:
        raise NotFound
    return account


def _touched_needs(session: Session, account: Account) -> list[int]:
    hers = sa.select(Pairing.need_id).join(Volunteer).where(Volunteer.account_id == account.id)
    ours = sa.select(Membership.association_id).where(Membership.account_id == account.id)
    touched = sa.or_(
        Need.id.in_(hers.where(Pairing.status.in_(LIVE))),
        sa.and_(Need.association_id.in_(ours), Need.status.not_in(ENDED)),
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


def _blank_profile(session: Session, now: datetime, volunteer: Volunteer) -> None:
    suggested = sa.select(Suggestion.need_id).join(Need).where(Suggestion.volunteer_id == volunteer.id)
    for need_id in session.scalars(suggested.where(Need.status.in_({NeedStatus.OPEN, NeedStatus.ON_HOLD}))).all():
        outbox.add(session, outbox.RankNeed(need_id), now)
    session.execute(sa.delete(Suggestion).where(Suggestion.volunteer_id == volunteer.id))
    counterfactuals.forget_all_of(session, volunteer.id)
    session.execute(sa.delete(SilenceTold).where(SilenceTold.volunteer_id == volunteer.id))
    volunteer.headline = volunteer.description = ""
    volunteer.skills, volunteer.locations, volunteer.experiences = [], [], []
    volunteer.languages = volunteer.weekly = volunteer.unavailable = ()
    volunteer.remote = volunteer.on_site = volunteer.radius_km = volunteer.commitment = None
    volunteer.hours = volunteer.hours_per = volunteer.available_from = volunteer.available_until = None
    volunteer.confirmed_on = volunteer.paused_until = volunteer.invitations_allowed_at = None
    volunteer.mail_pace, volunteer.mail_weekday, volunteer.most_invitations = (
        MailPace.IMMEDIATE,
        TUESDAY,
        USUAL_INVITATIONS,
    )
    volunteer.rests_until = volunteer.wakes_at = volunteer.still_true_asked_at = None
    session.execute(sa.delete(InvitationMail).where(InvitationMail.volunteer_id == volunteer.id))
    volunteer.country, volunteer.timezone, volunteer.is_paused = HOME, HOME_ZONE, True
    volunteer.branch_id = national_branch(session).id
    volunteer.touched_at = now
    log_change(session, now, volunteer.id)


def _forget_mails(session: Session, now: datetime, account: Account) -> None:
    """Mails that carry an address of hers leave no more; those named by her id are dropped when their turn comes.

    Their rows stay, empty: SQLite would give the number of the last one again, and with it the Message-ID.
    """
    is_hers = sa.or_(
        OutboxRow.payload["address"].as_string() == account.email,
        OutboxRow.payload["account_id"].as_integer() == account.id,
    )
    mails = sa.select(OutboxRow).where(OutboxRow.kind == outbox.SendAccountMail.kind, is_hers)
    for row in session.scalars(mails.with_for_update()):
        row.payload = {**row.payload, **dict.fromkeys(("address", "name", "about"), ""), "account_id": None}
        if row.done_at is None or row.payload.get("sealed_link"):
            outbox.complete(row, row.done_at or now, outcome=row.outcome if row.done_at else Unwanted.NOBODY)
    # That an address is closed stays known by its hash, and no longer whose it was.
    suppression.let_go(session, account.id)
    session.execute(sa.delete(PendingMembership).where(PendingMembership.email == account.email))


def _resign(session: Session, now: datetime, account: Account) -> None:
    """End what she could do: links, sign-ins, branches, the needs that she owned as a coordinator."""
    live = sa.update(SignedLink).where(SignedLink.recipient_id == account.id, SignedLink.revoked_at.is_(None))
    session.execute(live.values(revoked_at=now))
    sign_ins.forget_all(session, account_id=account.id)
    session.execute(sa.delete(BranchCoordinator).where(BranchCoordinator.account_id == account.id))
    session.execute(sa.update(Need).where(Need.coordinator_id == account.id).values(coordinator_id=None))
    account.roles = []


def _blank_account(account: Account, now: datetime) -> None:
    account.email = f"erased-{account.id}@erased.invalid"
    account.name, account.phone, account.password, account.hat = "", None, None, None
    account.tf_primary_method = account.tf_totp_secret = account.mf_recovery_codes = None
    account.tf_last_counter = None
    account.confirmed_at = account.adult_declared_at = None
    account.fs_uniquifier = uuid.uuid4().hex
    account.active = False
    account.mail_stopped_at = account.update_datetime = now
