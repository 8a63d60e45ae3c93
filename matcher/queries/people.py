"""The account of one person as an administrator may read it: her rights; who she is only where that was just opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.access_codes import Opened
from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.models.account import ADMINISTRATOR, Account, Role, account_roles
from matcher.models.audit import AuditEntry
from matcher.models.branch import Branch, BranchCoordinator
from matcher.policies import Action, require

# So long after its address was typed the page of an account still says whose it is.
OPENED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AccountRights:
    """What an account may do. `name` and `email` are None unless this administrator has just typed the address."""

    account_id: int
    name: str | None
    email: str | None
    is_self: bool
    is_confirmed: bool
    suspended_at: datetime | None
    is_administrator: bool
    has_second_factor: bool
    branches: tuple[Branch, ...]
    alone_in: tuple[Branch, ...]
    is_last_administrator: bool


def rights_of(session: Session, actor: Actor, now: datetime, *, account_id: int) -> AccountRights:
    """Return the rights of an account, in five statements; raises NotFound, for an erased one too."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    require(actor, Action.READ, account)
    if not account.active and not account.is_suspended:
        raise NotFound
    own = sa.select(Branch).join(BranchCoordinator).where(BranchCoordinator.account_id == account_id)
    branches = tuple(session.scalars(own.options(sa.orm.selectinload(Branch.coordinators)).order_by(Branch.name_fr)))
    is_open = _is_open(session, actor, now, account_id)
    return AccountRights(
        account_id=account.id,
        name=account.name if is_open else None,
        email=account.email if is_open else None,
        is_self=account.id == actor.account_id,
        is_confirmed=account.is_confirmed,
        suspended_at=account.suspended_at,
        is_administrator=account.is_administrator,
        has_second_factor=account.tf_primary_method is not None,
        branches=branches,
        alone_in=tuple(branch for branch in branches if not branch.is_coordinated_without(account.id)),
        is_last_administrator=account.is_administrator and not _is_administered_without(session, account.id),
    )


def _is_administered_without(session: Session, account_id: int) -> bool:
    others = (
        sa.select(Account.id)
        .join(account_roles, account_roles.c.account_id == Account.id)
        .join(Role, Role.id == account_roles.c.role_id)
        .where(Role.name == ADMINISTRATOR, Account.active, Account.id != account_id)
    )
    return session.scalar(others.limit(1)) is not None


def all_branches(session: Session, actor: Actor) -> list[Branch]:
    """Return every branch; they are public, whoever asks."""
    del actor
    return list(session.scalars(sa.select(Branch).order_by(Branch.is_national.desc(), Branch.name_fr)))


def _is_open(session: Session, actor: Actor, now: datetime, account_id: int) -> bool:
    by_her = sa.and_(AuditEntry.account_id == actor.account_id, AuditEntry.action == Opened.ACCOUNT.value)
    about = sa.and_(AuditEntry.subject_kind == "account", AuditEntry.subject_id == account_id)
    found = sa.select(AuditEntry.id).where(by_her, about, AuditEntry.at > now - OPENED_FOR).limit(1)
    return session.scalar(found) is not None
