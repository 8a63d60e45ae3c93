"""The mails of accounts: written into the outbox, in the session of their cause. Nothing is sent or composed here."""

from dataclasses import dataclass
from typing import cast

from flask_security import MailUtil

from matcher import outbox
from matcher.links import Subject, issue
from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.sealed import seal
from web.extensions import db
from web.runtime import now, runtime


@dataclass(frozen=True, slots=True)
class Kind:
    """Which mail stands for a template of Flask-Security, and where the link in it leads."""

    code: AccountMailCode
    path: str | None = None
    token: str = ""


CONFIRM_PATH = "/confirm-address/{token}"
CHANGE_PATH = "/confirm-new-address/{token}"
RESET_PATH = "/reset/{token}"
KINDS = {
    "security/email/confirmation_instructions": Kind(
        AccountMailCode.CONFIRM_ADDRESS, CONFIRM_PATH, "confirmation_token"
    ),
    "security/email/reset_instructions": Kind(AccountMailCode.RESET_PASSWORD, RESET_PATH, "reset_token"),
    "security/email/reset_notice": Kind(AccountMailCode.PASSWORD_CHANGED),
    "security/email/change_notice": Kind(AccountMailCode.PASSWORD_CHANGED),
    "security/email/change_email_instructions": Kind(AccountMailCode.CHANGE_ADDRESS, CHANGE_PATH, "token"),
}


class OutboxMailUtil(MailUtil):
    """Takes what Flask-Security wants to send: a row of the outbox, written in the transaction of its cause."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **context: object,
    ) -> None:
        """Add the mail to the outbox; the addresses that Flask-Security made from the request are not used."""
        kind = KINDS[template]
        path = kind.path.format(token=context[kind.token]) if kind.path else None
        write_to(cast(Account, context["user"]), kind.code, address=str(recipient), path=path)

    def normalize(self, email: str) -> str:
        """Return an address as we keep it: in lower case."""
        return str(super().normalize(email)).lower()

    def validate(self, email: str) -> str:
        """Return a new address as we keep it; whether it takes mail is tried by writing to it, never by DNS."""
        return self.normalize(email)


def write_to(account: Account, code: AccountMailCode, *, address: str | None = None, path: str | None = None) -> None:
    """Write a mail to an account, or to another address of its owner, into the outbox of the present session."""
    db.session.flush()
    _add(
        outbox.SendAccountMail(
            code=code.value,
            address=address or account.email,
            language=account.language,
            name=account.name,
            account_id=account.id,
            sealed_link=_sealed(path),
        )
    )


def write_link(account: Account, code: AccountMailCode, purpose: LinkPurpose) -> None:
    """Write a mail whose button is a signed link that is good for one thing about the account itself."""
    link = issue(db.session(), now(), purpose, subject=Subject(), recipient_id=account.id)
    write_to(account, code, path=runtime().links.path(link))


def write_about(about: str, code: AccountMailCode, *, address: str, language: str, path: str) -> None:
    """Write a mail about an association to an address that may have no account."""
    _add(
        outbox.SendAccountMail(
            code=code.value, address=address, language=language, about=about, sealed_link=_sealed(path)
        )
    )


def absolute(path: str) -> str:
    """Return the public address of a path; PUBLIC_URL is its only source."""
    return runtime().settings.public_url.rstrip("/") + path


def _sealed(path: str | None) -> str | None:
    return seal(runtime().settings, absolute(path)) if path else None


def _add(message: outbox.SendAccountMail) -> None:
    outbox.add(db.session(), message, now())
