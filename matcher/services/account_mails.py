"""Mails to an account that stands open, written into the outbox by a service. Composes and sends none."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account


def write(session: Session, now: datetime, account: Account, code: AccountMailCode, *, about: str = "") -> None:
    """Write to an account; `about` is the name of an association or a branch. It leaves only while the account may."""
    message = outbox.SendAccountMail(
        code=code.value,
        address=account.email,
        language=account.language,
        name=account.name,
        account_id=account.id,
        about=about,
    )
    outbox.add(session, message, now)
