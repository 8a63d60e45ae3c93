"""Codes of second factors that are good once. Knows no page and no limit."""

import sqlalchemy as sa
from flask_security import Totp, UserMixin
from passlib.exc import TokenError  # type: ignore[import-untyped]

from matcher.models.account import Account
from web.extensions import db
from web.runtime import now


class OnceTotp(Totp):
    """Takes each code of an account once: its step in time is kept, and none before it is taken any more."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Check a code and use it up; of two presses at once only one is right."""
        try:
            found = self._totp.verify(token, totp_secret, time=now(), window=window)
        except TokenError:
            return False
        return _use_up(user.id, int(found.counter))


def _use_up(account_id: int, counter: int) -> bool:
    unused = sa.or_(Account.tf_last_counter.is_(None), Account.tf_last_counter < counter)
    taken = sa.update(Account).where(Account.id == account_id, unused).values(tf_last_counter=counter)
    return db.session.execute(taken.returning(Account.id)).one_or_none() is not None
