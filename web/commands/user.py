"""`binome user`: the accounts of those who look after the others; everybody else signs up."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask_security import hash_password
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy.orm import Session

from matcher.actors import System
from matcher.database import transaction
from matcher.errors import DomainError, IllegalTransition, LastAdministrator, LastCoordinator, NotFound
from matcher.i18n import LANGUAGES
from matcher.models.branch import Branch
from matcher.services import accounts, rights
from matcher.services.accounts import NewAccount
from matcher.services.rights import SuspensionReason
from matcher.settings import Settings
from web import create_app
from web.extensions import db
from web.forms.addresses import kept_address
from web.mail_util import RESET_PATH, absolute
from web.passwords import fault_of, kept
from web.runtime import now


@click.group()
def user() -> None:
    """Look after the accounts of coordinators and administrators."""


@user.command("create")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", required=True, type=click.Choice(["administrator", "coordinator"]))
@click.option("--branch", help="The slug of the branch, for a coordinator.")
@click.option("--language", type=click.Choice(LANGUAGES), default="fr", show_default=True)
@click.option("--ask-password", is_flag=True, help="Ask for a password instead of printing a link to choose one.")
def create(email: str, name: str, role: str, branch: str | None, language: str, *, ask_password: bool) -> None:
    """Open the account of a coordinator or an administrator; prints a link, good once, to choose a password."""
    address = kept_address(email)
    if address is None:
        raise click.BadParameter("this is not an e-mail address", param_hint="--email")
    _require_branch(role, branch)
    with create_app(Settings()).test_request_context():
        password = _asked(address, name) if ask_password else secrets.token_urlsafe(32)
        new = NewAccount(address, name, hash_password(kept(password)), language, has_declared_age=False)
        token = _open(new, branch)
        click.echo(f"The account of {address} is open.")
        if not ask_password:
            click.echo(f"Choose a password within a day: {absolute(RESET_PATH.format(token=token))}")


ROLES = click.Choice(["administrator", "coordinator"])
EMAIL = click.option("--email", required=True, help="The address of the account.")
ROLE = click.option("--role", required=True, type=ROLES)
BRANCH = click.option("--branch", help="The slug of the branch, for a coordinator.")
WHY: dict[type[DomainError], str] = {
    NotFound: "there is no such account or branch",
    IllegalTransition: "the account is suspended, erased, or its address is not confirmed",
    LastAdministrator: "nobody else administers the service: appoint somebody else first",
    LastCoordinator: "nobody else coordinates this branch: appoint somebody else first",
}


@user.command("appoint")
@EMAIL
@ROLE
@BRANCH
def appoint(email: str, role: str, branch: str | None) -> None:
    """Give an account that is here already the role of a coordinator or an administrator."""
    _require_branch(role, branch)
    with _deciding("user-appoint", email) as (session, actor, account_id):
        if branch is None:
            rights.appoint_administrator(session, actor, now(), account_id=account_id)
        else:
            branch_id = _branch_id(session, branch)
            rights.appoint_coordinator(session, actor, now(), account_id=account_id, branch_id=branch_id)


@user.command("withdraw")
@EMAIL
@ROLE
@BRANCH
def withdraw(email: str, role: str, branch: str | None) -> None:
    """End the role of a coordinator or an administrator; the account stays and is signed out everywhere."""
    _require_branch(role, branch)
    with _deciding("user-withdraw", email) as (session, actor, account_id):
        if branch is None:
            rights.withdraw_administrator(session, actor, now(), account_id=account_id)
        else:
            branch_id = _branch_id(session, branch)
            rights.withdraw_coordinator(session, actor, now(), account_id=account_id, branch_id=branch_id)


@user.command("suspend")
@EMAIL
@click.option("--reason", required=True, type=click.Choice([each.value for each in SuspensionReason]))
def suspend(email: str, reason: str) -> None:
    """Shut an account until it is opened again; its owner is told why."""
    with _deciding("user-suspend", email) as (session, actor, account_id):
        rights.suspend(session, actor, now(), account_id=account_id, reason=SuspensionReason(reason))


@user.command("lift")
@EMAIL
def lift(email: str) -> None:
    """Open a suspended account again."""
    with _deciding("user-lift", email) as (session, actor, account_id):
        rights.lift_suspension(session, actor, now(), account_id=account_id)


@user.command("forget-second-factor")
@EMAIL
def forget_second_factor(email: str) -> None:
    """Take away a lost second factor: for the only administrator, whom no other one can help."""
    with _deciding("user-forget-second-factor", email) as (session, actor, account_id):
        rights.forget_second_factor(session, actor, now(), account_id=account_id)


@contextmanager
def _deciding(job: str, email: str) -> Iterator[tuple[Session, System, int]]:
    """Find the account and decide about it in one transaction; a refusal is told in one line."""
    with create_app(Settings()).test_request_context():
        try:
            with transaction(db.session()) as session:
                yield session, System(job), accounts.owner_of(session, kept_address(email) or "").id
        except tuple(WHY) as error:
            raise click.ClickException(WHY[type(error)]) from error
    click.echo("Done.")


def _branch_id(session: Session, slug: str) -> int:
    branch_id = session.scalar(sa.select(Branch.id).where(Branch.slug == slug))
    if branch_id is None:
        raise NotFound
    return branch_id


def _require_branch(role: str, branch: str | None) -> None:
    if (role == "coordinator") != (branch is not None):
        raise click.UsageError("a coordinator needs --branch, an administrator has none")


def _open(new: NewAccount, branch: str | None) -> str:
    with transaction(db.session()) as session:
        account = accounts.appoint(session, System("user-create"), now(), new=new, branch_slug=branch)
        session.flush()
        return str(generate_reset_password_token(account))  # type: ignore[no-untyped-call]


def _asked(address: str, name: str) -> str:
    password = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    fault = fault_of(password, [address, name])
    if fault:
        raise click.UsageError(fault)
    return password
