"""Behind the scenes of a running demo: what its world does not show by itself is made for a picture, and taken back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import Base, make_engine, make_sessions, transaction
from matcher.links import Links, Subject, issue
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.volunteer import Volunteer
from matcher.settings import Settings
from web.commands.demo import demo_environment


class Backstage:
    """The database and the keys of a demo; each change is committed at once, and undone at the end of its block."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session = session
        self.settings = settings
        self.now = datetime.now(UTC)

    def account(self, email: str) -> Account:
        """The account of an address."""
        return self.session.scalars(sa.select(Account).where(Account.email == email)).one()

    def volunteer(self, email: str) -> Volunteer:
        """The volunteer of an address."""
        account = self.account(email)
        return self.session.scalars(sa.select(Volunteer).where(Volunteer.account_id == account.id)).one()

    def path(self, purpose: LinkPurpose, account: Account, pairing_id: int | None = None) -> str:
        """The path of a signed link, as a mail would bear it."""
        with transaction(self.session):
            subject = Subject(pairing_id=pairing_id)
            link = issue(self.session, self.now, purpose, subject=subject, recipient_id=account.id)
            return Links(self.settings).path(link)

    @contextmanager
    def added(self, rows: Sequence[Base]) -> Iterator[None]:
        """Rows that are there for a while."""
        with transaction(self.session):
            self.session.add_all(rows)
        try:
            yield
        finally:
            with transaction(self.session):
                for row in rows:
                    self.session.delete(row)

    @contextmanager
    def changed(self, row: Base, **values: object) -> Iterator[None]:
        """A row that says something else for a while; what was done on the page meanwhile is undone with it."""
        before = {name: getattr(row, name) for name in values}
        self._set(row, values)
        try:
            yield
        finally:
            self._set(row, before)

    def _set(self, row: Base, values: dict[str, object]) -> None:
        with transaction(self.session):
            self.session.refresh(row)
            for name, value in values.items():
                setattr(row, name, value)


@contextmanager
def backstage(instance: Path, address: str) -> Iterator[Backstage]:
    """Give what stands behind the demo of a folder."""
    environment = demo_environment(instance, address=address, mail_port=1)
    settings = Settings.model_validate({name.lower(): value for name, value in environment.items()})
    engine = make_engine(settings.database_url)
    with make_sessions(engine)() as session:
        yield Backstage(session, settings)
    engine.dispose()
