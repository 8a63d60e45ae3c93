"""Signing up, as one transaction: the account, its hat, its mail. An address that is known is told so by mail only."""

from datetime import timedelta

from flask_babel import gettext
from flask_security import hash_password
from flask_security.confirmable import send_confirmation_instructions
from sqlalchemy.orm import Session

from matcher.actors import Anonymous, Person
from matcher.database import transaction
from matcher.errors import AddressTaken
from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account
from matcher.queries import associations as known
from matcher.services import accounts, associations, memberships
from matcher.services.accounts import NewAccount
from web.extensions import db
from web.forms.accounts import AssociationSignUpForm, PersonForm, VolunteerSignUpForm
from web.mail_limits import may_sign_up_write
from web.mail_util import write_to
from web.passwords import kept
from web.runtime import now

SAME_FORM = timedelta(minutes=10)


def sign_up_volunteer(form: VolunteerSignUpForm, language: str) -> None:
    """Open an account with a volunteer's profile."""
    new, may_write = _new_account(form, language), may_sign_up_write()
    with transaction(db.session()) as session:
        account = _open(session, new, may_write)
        if account is not None:
            takes = bool(form.takes_invitations.data)
            accounts.make_volunteer(session, Person(account), now(), takes_invitations=takes)


def sign_up_association(form: AssociationSignUpForm, language: str, *, known_id: int | None) -> None:
    """Open an account that acts for a new association, or asks to join a known one."""
    new, may_write = _new_account(form, language), may_sign_up_write()
    with transaction(db.session()) as session:
        account = _open(session, new, may_write)
        if account is None:
            return
        if known_id is None:
            associations.found(session, Person(account), now(), content=form.content(language))
        else:
            memberships.ask_to_join(session, Person(account), now(), association_id=known_id)


def known_association(session: Session, form: AssociationSignUpForm) -> int | None:
    """Return the id of the association that was named, None for a new one; an unknown name is noted on its field."""
    if form.is_new:
        return None
    found = known.find(session, Anonymous(), form.known.data)
    if found is None:
        form.known.errors = [gettext("We know no verified association of this name. Is it perhaps new here?")]
        return None
    return found.id


def _new_account(form: PersonForm, language: str) -> NewAccount:
    """Hash before the transaction begins, whether or not the address is known: both take as long."""
    password = hash_password(kept(form.password.data))
    return NewAccount(form.email.data, form.name.data, password, language, has_declared_age=bool(form.is_adult.data))


def _open(session: Session, new: NewAccount, may_write: bool) -> Account | None:
    try:
        account = accounts.open_account(session, Anonymous(), now(), new=new)
    except AddressTaken:
        owner = accounts.owner_of(session, new.email)
        if may_write and not _has_just_signed_up(owner, new):
            write_to(owner, AccountMailCode.ALREADY_REGISTERED)
        return None
    send_confirmation_instructions(account)  # type: ignore[no-untyped-call]
    return account


def _has_just_signed_up(owner: Account, new: NewAccount) -> bool:
    """Tell whether this is the same form once more: its mail is on its way, and a second one would only puzzle."""
    return owner.name == new.name and not owner.is_confirmed and owner.create_datetime > now() - SAME_FORM
