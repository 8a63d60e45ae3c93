"""An erasure and what the same person does at that moment, each on a connection of its own, on both databases.

Each waits for the other at the very place where one of them holds what the other needs; the test waits for that fact.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Person
from matcher.database import transaction
from matcher.errors import DomainError
from matcher.models.account import Account
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.services import answers, applications, privacy, volunteers
from matcher.services.profile_content import ProfileText
from matcher.services.steps import lock_need
from tests.database import Sessions
from tests.factories import NOW, World

Act = Callable[[Session, Person], object]
WAITING = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"
)
WORDS = "Written while she was being erased"


@dataclass(frozen=True)
class Meeting:
    """Two acts of one person: the first has begun, the second has come to wait for it."""

    sessions: Sessions
    account_id: int

    @contextmanager
    def second(self, first: Session, act: Act) -> Iterator[Future[str]]:
        """Let another connection act until it waits for `first`; give what it will have met."""
        begun = threading.Event()

        def run() -> str:
            with self.sessions() as session:
                person = Person(session.get_one(Account, self.account_id))
                begun.set()
                try:
                    with transaction(session):
                        act(session, person)
                except DomainError as refused:
                    return refused.code
            return "done"

        with ThreadPoolExecutor(1) as pool:
            met = pool.submit(run)
            assert begun.wait(60)
            if first.get_bind().dialect.name == "postgresql":
                self._wait_until_it_waits(met)
            yield met

    def _wait_until_it_waits(self, met: "Future[str]") -> None:
        until = monotonic() + 60
        with self.sessions() as looking:
            while not looking.scalar(WAITING):
                looking.rollback()
                assert monotonic() < until, "it did not come to wait"
                assert not met.done(), met.result()


def _erases(session: Session, person: Person) -> None:
    privacy.erase_account(session, person, NOW)


def test_a_yes_and_an_erasure_at_once_both_take_place(any_world: World, any_sessions: Sessions) -> None:
    """The yes holds the need and will write who gave it; the erasure holds the account and waits for the need."""
    pairing = any_world.pairing(PairingStatus.INVITED)
    meeting = Meeting(any_sessions, pairing.volunteer.account_id)
    pairing_id, need_id = pairing.id, pairing.need_id
    any_world.session.rollback()

    with any_sessions() as session:
        with transaction(session):
            lock_need(session, need_id)
            with meeting.second(session, _erases) as erasure:
                person = Person(session.get_one(Account, meeting.account_id))
                answers.accept(session, person, NOW, pairing_id=pairing_id)
                session.commit()
        assert erasure.result() == "done"

    any_world.session.expire_all()
    assert any_world.session.get_one(Account, meeting.account_id).is_erased
    assert any_world.session.get_one(Pairing, pairing_id).status is PairingStatus.RELEASED


@pytest.mark.parametrize("does", ["writes her profile", "applies"])
def test_what_waited_for_an_erasure_writes_nothing_after_it(
    any_world: World, any_sessions: Sessions, does: str
) -> None:
    volunteer, need = any_world.volunteer(headline=""), any_world.need()
    meeting = Meeting(any_sessions, volunteer.account_id)
    volunteer_id, need_id = volunteer.id, need.id
    any_world.session.rollback()

    def writes(session: Session, person: Person) -> None:
        text = ProfileText(WORDS, WORDS)
        volunteers.save_text(session, person, NOW, volunteer_id=volunteer_id, text=text)

    def applies(session: Session, person: Person) -> None:
        applications.apply(session, person, NOW, need_id=need_id, motivation=WORDS)

    with any_sessions() as session:
        with transaction(session):
            _erases(session, Person(session.get_one(Account, meeting.account_id)))
            with meeting.second(session, writes if does == "writes her profile" else applies) as later:
                session.commit()
        assert later.result() in {"not_allowed", "address_not_confirmed"}

    any_world.session.expire_all()
    assert any_world.session.get_one(Volunteer, volunteer_id).headline == ""
    assert any_world.session.scalars(sa.select(Pairing.id).where(Pairing.volunteer_id == volunteer_id)).all() == []


def test_an_erasure_that_waited_for_a_text_empties_it_too(any_world: World, any_sessions: Sessions) -> None:
    """Empty before, empty after: what was written between must not be taken for what stood there before."""
    volunteer = any_world.volunteer(headline="")
    meeting = Meeting(any_sessions, volunteer.account_id)
    volunteer_id = volunteer.id
    any_world.session.rollback()

    with any_sessions() as session:
        with transaction(session):
            person = Person(session.get_one(Account, meeting.account_id))
            text = ProfileText(WORDS, WORDS)
            volunteers.save_text(session, person, NOW, volunteer_id=volunteer_id, text=text)
            with meeting.second(session, _erases) as erasure:
                session.commit()
        assert erasure.result() == "done"

    any_world.session.expire_all()
    assert any_world.session.get_one(Volunteer, volunteer_id).headline == ""
