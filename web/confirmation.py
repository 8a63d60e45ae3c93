"""What the confirmation of an address sets in motion: the profile may be ranked, who answers a request hears of it."""

from flask import Flask

from matcher.actors import Person
from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account
from matcher.queries import associations
from matcher.services import accounts, links, sign_ins, suppression
from matcher.services.memberships import follow_address
from web.extensions import db
from web.mail_util import write_to
from web.membership_mails import tell_who_answers
from web.runtime import now, runtime


def on_confirmed(_app: Flask, user: Account, **_values: object) -> None:
    """Let a newly confirmed account count, in the transaction of its confirmation."""
    session = db.session()
    session.flush()
    accounts.tell_rankers(session, now(), account_id=user.id)
    prove_address(user)
    suppression.renew_consent(session, runtime().settings, user)
    write_to(user, AccountMailCode.WELCOME)
    for pending in associations.asked(session, Person(user)):
        tell_who_answers(pending.association, user)


def on_address_changed(_app: Flask, user: Account, old_email: str, **_values: object) -> None:
    """Let the new address count as confirmed, and tell the old one, in the transaction of the change."""
    session = db.session()
    session.flush()
    follow_address(session, old=old_email, new=user.email)
    accounts.tell_rankers(session, now(), account_id=user.id)
    suppression.let_go(session, user.id)
    prove_address(user)
    # Whoever reads the old mailbox does no more in her name; the next mails carry fresh links to the new one.
    links.revoke_all(session, Person(user), now())
    sign_ins.change_number(user)
    write_to(user, AccountMailCode.ADDRESS_CHANGED, address=old_email)


def on_password_reset(_app: Flask, user: Account, **_values: object) -> None:
    """Whoever chose a new password has read a mail at this address.

    Somebody else may have opened an account that nobody has confirmed: their second factor locks nobody out.
    """
    prove_address(user)
    if not user.is_confirmed:
        user.drop_second_factor()


def prove_address(user: Account) -> None:
    """Write to an address again that had been closed: a mail has just been read there."""
    suppression.lift_bounces(db.session(), runtime().settings, user.email)
