"""What a person does with her own account: open it, wear a hat, say how to reach her. Passwords are the edge's."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.actors import Actor, Hat, Person
from matcher.errors import AddressTaken, NotAllowed, NotFound
from matcher.models.account import ADMINISTRATOR, Account, Role
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.volunteer import Volunteer
from matcher.services.changes import log_change
from matcher.services.places import national_branch
from matcher.services.steps import record
from matcher.services.waking import wake

NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to open an account; the password comes hashed. Nobody else declares that its owner is of age."""

    email: str
    name: str
    password_hash: str
    language: str
    has_declared_age: bool


def open_account(session: Session, actor: Actor, now: datetime, *, new: NewAccount) -> Account:
    """Open an account whose address is not confirmed yet; raises AddressTaken."""
    account = _new_account(now, new)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise AddressTaken from error
    record(session, actor, now, action="open_account", subject=("account", account.id))
    return account


def appoint(session: Session, actor: Actor, now: datetime, *, new: NewAccount, branch_slug: str | None) -> Account:
    """Open the account of a branch's coordinator, or without a branch of an administrator; raises AddressTaken."""
    account = open_account(session, actor, now, new=new)
    account.confirmed_at = now
    if branch_slug is None:
        role = session.scalar(sa.select(Role).where(Role.name == ADMINISTRATOR)) or Role(name=ADMINISTRATOR)
        account.roles.append(role)
        record(session, actor, now, action="appoint_administrator", subject=("account", account.id))
        return account
    branch = session.scalar(sa.select(Branch).where(Branch.slug == branch_slug))
    if branch is None:
        raise NotFound
    session.add(BranchCoordinator(branch_id=branch.id, account_id=account.id))
    right = f"branch:{branch.id}"
    record(session, actor, now, action="appoint_coordinator", subject=("account", account.id), reason=right)
    return account


def make_volunteer(session: Session, actor: Actor, now: datetime, *, takes_invitations: bool) -> Volunteer:
    """Give the person a volunteer's profile, with or without the will to be invited; the second time it is kept."""
    account = own_account(actor)
    known = session.scalar(sa.select(Volunteer).where(Volunteer.account_id == account.id))
    if known is not None:
        return known
    volunteer = Volunteer(
        account_id=account.id,
        branch_id=national_branch(session).id,
        language=account.language,
        invitations_allowed_at=now if takes_invitations else None,
        created_at=now,
        touched_at=now,
    )
    session.add(volunteer)
    account.hat = Hat.VOLUNTEER.value
    session.flush()
    if account.is_confirmed:
        log_change(session, now, volunteer.id)
    return volunteer


def tell_rankers(session: Session, now: datetime, *, account_id: int) -> None:
    """Tell the rankers that an account's profile, if it has one, may be suggested differently from now on.

    The lines in which she waits move too: her address may have been what held her back.
    """
    volunteer = session.scalar(sa.select(Volunteer).where(Volunteer.account_id == account_id))
    if volunteer is not None:
        log_change(session, now, volunteer.id)
        wake(session, now, volunteer)


def set_details(session: Session, actor: Actor, now: datetime, *, name: str, phone: str | None, language: str) -> None:
    """Keep how the person is called, her telephone number (E.164) and the language in which she is written to."""
    account = own_account(actor)
    account.name = name.strip()[:NAME_MAX]
    account.phone = phone
    account.language = language
    account.update_datetime = now
    session.flush()


def declare_age(session: Session, actor: Actor, now: datetime) -> None:
    """Keep when the person declared that she is of age; once is enough."""
    account = own_account(actor)
    account.adult_declared_at = account.adult_declared_at or now
    session.flush()


def change_hat(session: Session, actor: Actor, _now: datetime, *, hat: Hat, owned: list[Hat]) -> None:
    """Remember the hat that the person wears from now on; raises NotAllowed for one that she does not own."""
    if hat not in owned:
        raise NotAllowed
    own_account(actor).hat = hat.value
    session.flush()


def own_account(actor: Actor) -> Account:
    """Return the account of the person who acts; raises NotAllowed for anybody else."""
    if not isinstance(actor, Person):
        raise NotAllowed
    return actor.account


def _new_account(now: datetime, new: NewAccount) -> Account:
    return Account(
        email=new.email,
        name=new.name.strip()[:NAME_MAX],
        password=new.password_hash,
        language=new.language,
        fs_uniquifier=uuid.uuid4().hex,
        create_datetime=now,
        update_datetime=now,
        adult_declared_at=now if new.has_declared_age else None,
        active=True,
    )


def lock(session: Session, uniquifier: str) -> bool:
    """Lock an account and read it anew: of two presses at once the second one sees what the first one did.

    False when the account is gone, or its password was changed since: a uniquifier holds as long as a password.
    """
    mine = sa.select(Account).where(Account.fs_uniquifier == uniquifier).with_for_update(of=Account)
    return session.scalars(mine.execution_options(populate_existing=True)).unique().one_or_none() is not None


def lock_profile(session: Session, account_id: int) -> Volunteer | None:
    """Lock the profile of an account, if it has one: who writes into it and who erases it come one after the other."""
    hers = sa.select(Volunteer).where(Volunteer.account_id == account_id).with_for_update(of=Volunteer, key_share=True)
    return session.scalar(hers.execution_options(populate_existing=True))


def require_there(session: Session, account_id: int) -> None:
    """Raise NotAllowed for an account that was erased or suspended: asked under a lock, when it is known what was
    done while we waited."""
    if not session.scalar(sa.select(Account.active).where(Account.id == account_id)):
        raise NotAllowed


def owner_of(session: Session, email: str) -> Account:
    """Return the account of an address, to write to it; raises NotFound."""
    account = session.scalar(sa.select(Account).where(Account.email == email))
    if account is None:
        raise NotFound
    return account
