"""The last administrator, and the last coordinator of a branch: who is left when somebody goes, and who is told."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from matcher.errors import LastAdministrator
from matcher.mail.codes import AccountMailCode
from matcher.models.account import ADMINISTRATOR, Account, Role, account_roles
from matcher.models.branch import Branch, BranchCoordinator
from matcher.services import account_mails


def require_another_administrator(session: Session, account_id: int) -> None:
    """Demand an administrator besides this account; the lock lets two who end each other's right come in turn."""
    role = session.scalar(sa.select(Role).where(Role.name == ADMINISTRATOR).with_for_update())
    if role is None:
        return
    of_role = sa.select(Account.id, Account.active).join(account_roles).where(account_roles.c.role_id == role.id)
    able = dict(session.execute(of_role).all())
    if account_id in able and not any(active for holder, active in able.items() if holder != account_id):
        raise LastAdministrator


def lock_branches(session: Session, account_id: int) -> Sequence[Branch]:
    """Return the branches that an account coordinates, locked: of two who leave one at once, the second is the last."""
    own = sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == account_id)
    found = sa.select(Branch).where(Branch.id.in_(own)).order_by(Branch.id).options(lazyload("*"))
    return session.scalars(found.with_for_update(key_share=True)).all()


def tell_of_empty(session: Session, now: datetime, branches: Sequence[Branch]) -> None:
    """Write to every administrator about each of these branches that nobody coordinates any more."""
    ids = [branch.id for branch in branches]
    able = sa.select(BranchCoordinator.branch_id).join(Account, Account.id == BranchCoordinator.account_id)
    looked_after = set(session.scalars(able.where(BranchCoordinator.branch_id.in_(ids), Account.active)))
    empty = [branch for branch in branches if branch.id not in looked_after]
    administrators = sa.select(Account).join(Account.roles).where(Role.name == ADMINISTRATOR, Account.active)
    for account in session.scalars(administrators.order_by(Account.id)).all() if empty else ():
        for branch in empty:
            about = branch.name(account.language)
            account_mails.write(session, now, account, AccountMailCode.BRANCH_LEFT_ALONE, about=about)
