"""Reads about accounts, for the pages that know nobody yet."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.errors import NotFound
from matcher.models.account import Account


def by_address(session: Session, email: str) -> Account:
    """Return the account of an address; raises NotFound."""
    account = session.scalar(sa.select(Account).where(Account.email == email))
    if account is None:
        raise NotFound
    return account
