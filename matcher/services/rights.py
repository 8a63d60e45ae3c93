"""Who looks after the others: rights given and withdrawn, accounts suspended, a lost second factor forgotten.

Each act is an administrator's or a command's, is written into the audit log as codes, and is told to the person.
"""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.access_codes import AccessReason, Opened
from matcher.actors import Actor
from matcher.errors import IllegalTransition, LastCoordinator, NotFound
from matcher.mail.codes import AccountMailCode
from matcher.models.account import ADMINISTRATOR, Account, Role
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.need import Need
from matcher.models.sign_in import SignInEnd
from matcher.policies import Action, require
from matcher.services import links, sign_ins
from matcher.services.accesses import write_down
from matcher.services.accounts import tell_rankers
from matcher.services.last_ones import require_another_administrator
from matcher.services.privacy import touched_needs
from matcher.services.standing_in import pass_on_coordination
from matcher.services.steps import lock_need, record
from matcher.services.suspensions import stand_aside

NOBODY = 0


class SuspensionReason(StrEnum):
    """Why an account is suspended."""

    STOLEN = "stolen"
    CONDUCT = "conduct"
    UNTRUE = "untrue"
    ASKED = "asked"


def find_account(
    session: Session, actor: Actor, now: datetime, *, email: str, reason: AccessReason | None
) -> Account | None:
    """Return the account of an exact address, if any, once it is written down who looked and why; raises NotFound."""
    require(actor, Action.READ, Account())
    account = session.scalar(sa.select(Account).where(Account.email == email))
    subject = ("account", account.id if account else NOBODY)
    write_down(session, actor, now, opened=Opened.ACCOUNT, subjects=[subject], reason=reason)
    return account


def appoint_coordinator(session: Session, actor: Actor, now: datetime, *, account_id: int, branch_id: int) -> None:
    """Let an account coordinate a branch; raises IllegalTransition while it is shut or not confirmed. Twice is once."""
    account = _locked(session, actor, Action.GIVE_RIGHTS, account_id)
    branch = _branch(session, branch_id)
    if branch.is_coordinated_by(account.id):
        return
    _require_usable(account)
    branch.coordinators.append(BranchCoordinator(branch_id=branch.id, account_id=account.id))
    _record(session, actor, now, "appoint_coordinator", account, reason=f"branch:{branch.id}")
    _tell(session, now, account, AccountMailCode.RIGHT_GIVEN, about=branch.name(account.language))


def withdraw_coordinator(session: Session, actor: Actor, now: datetime, *, account_id: int, branch_id: int) -> None:
    """End somebody's coordination of a branch; raises LastCoordinator when its needs would wait for nobody."""
    _lock_needs(session, actor, Action.GIVE_RIGHTS, account_id)
    account = _locked(session, actor, Action.GIVE_RIGHTS, account_id)
    branch = _branch(session, branch_id)
    if not branch.is_coordinated_by(account.id):
        return
    if not branch.is_coordinated_without(account.id):
        raise LastCoordinator
    branch.coordinators = [link for link in branch.coordinators if link.account_id != account.id]
    owned = sa.update(Need).where(Need.coordinator_id == account.id, Need.branch_id == branch.id)
    session.execute(owned.values(coordinator_id=None))
    session.flush()
    pass_on_coordination(session, now, account_id=account.id, branches=[branch])
    _record(session, actor, now, "withdraw_coordinator", account, reason=f"branch:{branch.id}")
    _shut_out(session, now, account, SignInEnd.RIGHT_WITHDRAWN)
    _tell(session, now, account, AccountMailCode.RIGHT_WITHDRAWN, about=branch.name(account.language))


def appoint_administrator(session: Session, actor: Actor, now: datetime, *, account_id: int) -> None:
    """Let an account administer the service; raises IllegalTransition while it is shut or not confirmed."""
    account = _locked(session, actor, Action.GIVE_RIGHTS, account_id)
    if account.is_administrator:
        return
    _require_usable(account)
    role = session.scalar(sa.select(Role).where(Role.name == ADMINISTRATOR)) or Role(name=ADMINISTRATOR)
    account.roles.append(role)
    _record(session, actor, now, "appoint_administrator", account)
    _tell(session, now, account, AccountMailCode.RIGHT_GIVEN)


def withdraw_administrator(session: Session, actor: Actor, now: datetime, *, account_id: int) -> None:
    """End somebody's administration, one's own too; raises LastAdministrator when nobody else would be left."""
    require_another_administrator(session, account_id)
    account = _locked(session, actor, Action.GIVE_RIGHTS, account_id)
    if not account.is_administrator:
        return
    account.roles = []
    _record(session, actor, now, "withdraw_administrator", account)
    _shut_out(session, now, account, SignInEnd.RIGHT_WITHDRAWN)
    _tell(session, now, account, AccountMailCode.RIGHT_WITHDRAWN)


def suspend(session: Session, actor: Actor, now: datetime, *, account_id: int, reason: SuspensionReason) -> None:
    """Shut somebody else's account until it is lifted; raises LastAdministrator. Twice is once."""
    require_another_administrator(session, account_id)
    _lock_needs(session, actor, Action.SHUT_OUT, account_id)
    account = _locked(session, actor, Action.SHUT_OUT, account_id)
    if not account.active:
        return
    account.active, account.suspended_at = False, now
    _record(session, actor, now, "suspend_account", account, reason=reason.value)
    _shut_out(session, now, account, SignInEnd.SUSPENDED)
    stand_aside(session, now, account)
    _tell(session, now, account, AccountMailCode.ACCOUNT_SUSPENDED, about=reason.value)


def lift_suspension(session: Session, actor: Actor, now: datetime, *, account_id: int) -> None:
    """Open a suspended account again, with the rights that it had; raises IllegalTransition for an erased one."""
    account = _locked(session, actor, Action.SHUT_OUT, account_id)
    if account.active:
        return
    if not account.is_suspended:
        raise IllegalTransition
    account.active, account.suspended_at = True, None
    _record(session, actor, now, "lift_suspension", account)
    session.flush()
    tell_rankers(session, now, account_id=account.id)
    _tell(session, now, account, AccountMailCode.SUSPENSION_LIFTED)


def sign_out(session: Session, actor: Actor, now: datetime, *, account_id: int) -> None:
    """End every sign-in of somebody else's account, which stays open: a lost telephone, a stranger. Twice is once."""
    account = _locked(session, actor, Action.SHUT_OUT, account_id)
    if not account.active or not sign_ins.holds_any(session, account_id=account.id):
        return
    _record(session, actor, now, "sign_out_account", account)
    _shut_out(session, now, account, SignInEnd.ENDED_FOR_HER)
    _tell(session, now, account, AccountMailCode.SIGNED_OUT)


def forget_second_factor(session: Session, actor: Actor, now: datetime, *, account_id: int) -> None:
    """Take away the second factor that somebody else has lost, with its codes and the devices that it remembered."""
    account = _locked(session, actor, Action.SHUT_OUT, account_id)
    if account.tf_primary_method is None and account.tf_totp_secret is None:
        return
    account.drop_second_factor()
    _record(session, actor, now, "forget_second_factor", account)
    _shut_out(session, now, account, SignInEnd.SECOND_FACTOR_LOST)
    _tell(session, now, account, AccountMailCode.SECOND_FACTOR_FORGOTTEN)


def _lock_needs(session: Session, actor: Actor, action: Action, account_id: int) -> None:
    """Lock what her going concerns before her account is locked: whoever answers locks the need first, then her."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    require(actor, action, account)
    for need_id in touched_needs(session, account_id):
        lock_need(session, need_id)


def _locked(session: Session, actor: Actor, action: Action, account_id: int) -> Account:
    hers = {"of": Account, "key_share": True}
    account = session.get(Account, account_id, with_for_update=hers, populate_existing=True)
    if account is None:
        raise NotFound
    require(actor, action, account)
    return account


def _branch(session: Session, branch_id: int) -> Branch:
    branch = session.get(Branch, branch_id, with_for_update={"of": Branch}, populate_existing=True)
    if branch is None:
        raise NotFound
    return branch


def _require_usable(account: Account) -> None:
    if not account.active or not account.is_confirmed:
        raise IllegalTransition


def _shut_out(session: Session, now: datetime, account: Account, why: SignInEnd) -> None:
    """End her sign-ins and links, and what her password or a remembered device would open half-way."""
    sign_ins.end_all(session, now, account_id=account.id, why=why)
    links.revoke_of(session, now, account_id=account.id)
    account.fs_uniquifier = uuid.uuid4().hex


def _record(
    session: Session, actor: Actor, now: datetime, action: str, account: Account, reason: str | None = None
) -> None:
    record(session, actor, now, action=action, subject=("account", account.id), reason=reason)


def _tell(session: Session, now: datetime, account: Account, code: AccountMailCode, about: str = "") -> None:
    """Write to her, also where the account is shut: without its number the mail leaves all the same."""
    session.flush()
    told = outbox.SendAccountMail(
        code=code.value, address=account.email, language=account.language, name=account.name, about=about
    )
    outbox.add(session, told, now)
