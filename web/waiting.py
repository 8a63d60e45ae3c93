"""The number beside a hat's first menu item: what waits for this person."""

from matcher.actors import Hat, Person
from matcher.models.account import Account
from matcher.queries.waiting import count_waiting
from web.extensions import db
from web.runtime import now


def waiting_count(account: Account | None, hat: Hat | None) -> int | None:
    """Return how many things wait for the person under her hat; None when none do or nobody is signed in."""
    if account is None or hat is None:
        return None
    return count_waiting(db.session(), Person(account, hat), now()) or None
