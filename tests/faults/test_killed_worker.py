"""kill -9 of the embedded worker while it ranks and mails: everything is done in the end, nothing twice but a mail."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStatus, PairingStep
from matcher.models.suggestion import Suggestion
from tests import ways
from tests.factories import World
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment
from tests.workers.programs import running

COMMAND = f"{sys.executable} -m workers.embedded"
RANKING, MAILING = ("rank_need",), ("send_invitation", "send_mail")
# Each one begins anew with a start of the worker, which is most of what this test costs; mails have kills.py too.
KILLED_WHILE = (RANKING, MAILING, RANKING)
NEEDS, SEATS = 4, 10


@pytest.fixture
def world(session: Session) -> World:
    """A world at the host's own time, because the worker is a process that reads the host's clock."""
    return World(session, datetime.now(UTC).replace(microsecond=0))


def test_kills_while_it_ranks_and_mails_lose_nothing(
    world: World, sqlite_url: str, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    needs = [world.need(seats=SEATS) for _ in range(NEEDS)]
    settings = environment(
        DATABASE_URL=sqlite_url,
        SMTP_HOST=smtp_sink.host,
        SMTP_PORT=str(smtp_sink.port),
        INVITATION_CAP="false",
        UNDO_S="0",
    )

    for kinds in KILLED_WHILE:
        ask_for_work(world, needs)
        with running(COMMAND, settings, tmp_path / "log") as process:
            wait_until(lambda kinds=kinds: is_at_work(world.session, kinds), f"it is at {kinds}", timeout_s=60)
            process.kill()
            process.wait()
        let_the_leases_end(world.session)
    with running(COMMAND, settings, tmp_path / "log"):
        wait_until(lambda: unfinished(world.session) == 0, "every row is done", timeout_s=60)

    assert parked(world.session) == 0
    assert everybody_was_invited_once(world.session)
    assert every_mail_has_one_identity(world.session, smtp_sink)
    assert every_need_has_one_ranking(world.session)


def ask_for_work(world: World, needs: list[Need]) -> None:
    """One more person in each line, and each need to be ranked again."""
    for need in needs:
        ways.approve(world, need, world.volunteer())
        with transaction(world.session):
            outbox.add(world.session, outbox.RankNeed(need.id), world.now)


def is_at_work(session: Session, kinds: tuple[str, ...]) -> bool:
    """True while the worker holds a row of such a kind."""
    session.rollback()
    held = sa.select(OutboxRow.id).where(
        OutboxRow.kind.in_(kinds), OutboxRow.done_at.is_(None), OutboxRow.lease_until.is_not(None)
    )
    return session.scalars(held).first() is not None


def let_the_leases_end(session: Session) -> None:
    """As if the minute of the leases had passed: whoever died keeps no row."""
    with transaction(session):
        session.execute(sa.update(OutboxRow).values(lease_until=None))


def unfinished(session: Session) -> int:
    """Count the rows that wait."""
    session.rollback()
    return session.scalar(sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.done_at.is_(None))) or 0


def parked(session: Session) -> int:
    """Count the rows that were given up."""
    return session.scalar(sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.parked_at.is_not(None))) or 0


def everybody_was_invited_once(session: Session) -> bool:
    """True when each pairing is invited, and was marked so exactly once."""
    session.expire_all()
    pairings = session.scalars(sa.select(Pairing)).all()
    steps = session.scalars(sa.select(PairingEvent.pairing_id).where(PairingEvent.step == PairingStep.MARK_INVITED))
    states = {pairing.status for pairing in pairings}
    return states == {PairingStatus.INVITED} and sorted(steps) == sorted(pairing.id for pairing in pairings)


def every_mail_has_one_identity(session: Session, sink: SmtpSink) -> bool:
    """True when copies share their Message-ID and reader, and no mail is missing."""
    sent = session.scalars(sa.select(OutboxRow).where(OutboxRow.kind.in_(MAILING), OutboxRow.outcome == "sent")).all()
    readers = {(str(each.message["Message-ID"]), each.recipients) for each in sink.received}
    return len(readers) == len({identity for identity, _ in readers}) == len(sent) > 0


def every_need_has_one_ranking(session: Session) -> bool:
    """True when the suggestions of each need come from one ranking, ranks without gap or double."""
    rows = session.execute(sa.select(Suggestion.need_id, Suggestion.ranking_id, Suggestion.rank)).all()
    for need_id in {row.need_id for row in rows}:
        own = [row for row in rows if row.need_id == need_id]
        if len({row.ranking_id for row in own}) > 1 or sorted(row.rank for row in own) != [*range(1, len(own) + 1)]:
            return False
    return len({row.need_id for row in rows}) == NEEDS
