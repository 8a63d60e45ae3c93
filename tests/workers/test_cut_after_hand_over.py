"""The database's connections are cut while the mail server takes a mail: it has left once, and that is recorded."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions
from matcher.mail.message import Message
from matcher.models.outbox import OutboxRow
from matcher.models.states import PairingStatus
from matcher.services import line
from matcher.services.sending import SendingRules
from tests import ways
from tests.factories import World
from tests.workers.conftest import settings_of
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.smtp import LastCheck

RULES = SendingRules(invitations_per_seat=1, undo=timedelta(), window=False, cap=False)
CUT = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != :own"
)


class CuttingFarEnd:
    """Takes each mail, and cuts every connection of the database but one before it says so."""

    def __init__(self, url: str) -> None:
        """The connection that stays belongs to the cutter."""
        self.taken: list[str] = []
        self.engine = make_engine(url)

    def take(self, message: Message, may_leave: LastCheck) -> bool:
        """Take one mail, if it may leave."""
        if not may_leave():
            return False
        self.taken.append(message.message_id)
        with self.engine.connect() as connection:
            own = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            connection.execute(CUT, {"own": own})
        return True


@pytest.fixture
def session(postgres_schema_url: str) -> Iterator[Session]:
    engine = make_engine(postgres_schema_url)
    with make_sessions(engine)() as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("kind", ["send_mail", "send_invitation"])
def test_a_cut_between_the_last_word_and_its_record_sends_no_copy(
    kind: str, session: Session, postgres_schema_url: str
) -> None:
    world = World(session)
    need = world.need()
    world.forget_mails()
    if kind == "send_invitation":
        ways.approve(world, need, world.volunteer())
        world.run(line.advance, RULES, need_id=need.id)
    else:
        ways.accept(world, world.pairing(PairingStatus.INVITED, need=need))
    ids = [row.id for row in world.messages(kind)][-1:]
    session.commit()
    session.close()
    session.get_bind().dispose()
    far_end, now = CuttingFarEnd(postgres_schema_url), world.now
    settings = settings_of(DATABASE_URL=postgres_schema_url, UNDO_S="0")

    for waited in (timedelta(), timedelta(minutes=5)):
        moment = now + waited
        runtime = Runtime.of(settings, clock=lambda _session, moment=moment: moment, send=far_end.take)
        HANDLERS[kind].handle(runtime, ids[0])
        runtime.engine.dispose()

    far_end.engine.dispose()
    assert len(far_end.taken) == 1
    row = session.get_one(OutboxRow, ids[0])
    assert (row.outcome, row.attempts) == ("sent", 1)
