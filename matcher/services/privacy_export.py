"""A person takes her data with her: what is kept about her, and the line in the log that says so."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.actors import Actor, Person
from matcher.queries import own_data
from matcher.queries.own_data import Section
from matcher.services.accounts import own_account
from matcher.services.steps import record


def export(session: Session, actor: Actor, now: datetime) -> tuple[Section, ...]:
    """Write down that she takes her data, and return it."""
    account = own_account(actor)
    record(session, actor, now, action="export_data", subject=("account", account.id))
    session.flush()
    return own_data.read(session, Person(account))
