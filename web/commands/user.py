"""`binome user`: the accounts of those who look after the others; everybody else signs up."""

import secrets

import click
from flask_security import hash_password
from flask_security.recoverable import generate_reset_password_token

from matcher.actors import System
from matcher.database import transaction
from matcher.i18n import LANGUAGES
from matcher.services import accounts
from matcher.services.accounts import NewAccount
from matcher.settings import Settings
from web import create_app
from web.extensions import db
from web.forms.addresses import kept_address
from web.mail_util import RESET_PATH, absolute
from web.passwords import fault_of
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
    if (role == "coordinator") != (branch is not None):
        raise click.UsageError("a coordinator needs --branch, an administrator has none")
    with create_app(Settings()).test_request_context():
        password = _asked(address, name) if ask_password else secrets.token_urlsafe(32)
        token = _open(NewAccount(address, name, hash_password(password), language), branch)
        click.echo(f"The account of {address} is open.")
        if not ask_password:
            click.echo(f"Choose a password within a day: {absolute(RESET_PATH.format(token=token))}")


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
