"""A process that erases an account and is killed between the commit and the ledger. Run by a test."""

import os
import signal
import sys
from datetime import UTC, datetime

from matcher.actors import Person
from matcher.database import make_engine, make_sessions, transaction
from matcher.models.account import Account
from matcher.services import erasures
from matcher.settings import Settings


def main(account_id: int) -> None:
    """Erase, commit, and be killed before anything else is written."""
    settings = Settings()
    with make_sessions(make_engine(settings.database_url))() as session:
        with transaction(session):
            account = session.get_one(Account, account_id)
            erasures.erase(session, Person(account), datetime.now(UTC), settings=settings)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]))
