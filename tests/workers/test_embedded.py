"""The embedded worker as a process of its own on SQLite: rows in, suggestions and mails out, a clean end."""

import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.states import PairingStatus
from matcher.models.suggestion import Suggestion
from tests.factories import World
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment
from tests.workers.programs import running, wait_until_done

COMMAND = f"{sys.executable} -m workers.embedded"


@pytest.fixture
def world(session: Session) -> World:
    """A world at the host's own time, because the worker is a process that reads the host's clock."""
    return World(session, datetime.now(UTC).replace(microsecond=0))


def test_a_need_is_ranked_and_a_mail_leaves(world: World, sqlite_url: str, smtp_sink: SmtpSink, tmp_path: Path) -> None:
    need, volunteer = world.need(), world.volunteer()
    contact = world.member(need).account
    world.forget_mails()
    with transaction(world.session):
        outbox.add(world.session, outbox.RankNeed(need.id), world.now)
        outbox.add(world.session, outbox.SendMail(MailCode.NEED_OPENED.value, contact.id, need_id=need.id), world.now)
    settings = environment(DATABASE_URL=sqlite_url, SMTP_HOST=smtp_sink.host, SMTP_PORT=str(smtp_sink.port))

    with running(COMMAND, settings, tmp_path / "log"):
        ranked = wait_until_done(world.session, world.messages("rank_need")[0])
        wait_until_done(world.session, world.messages("send_mail")[0])

    assert ranked.outcome == "ranked"
    assert list(world.session.scalars(sa.select(Suggestion.volunteer_id))) == [volunteer.id]
    assert len(smtp_sink.to(contact.email)) == 1


def test_an_approved_volunteer_is_invited_without_further_help(
    world: World, sqlite_url: str, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    settings = environment(DATABASE_URL=sqlite_url, SMTP_HOST=smtp_sink.host, SMTP_PORT=str(smtp_sink.port), UNDO_S="0")
    need, volunteer = world.need(), world.volunteer()
    world.forget_mails()

    with running(COMMAND, settings, tmp_path / "log"):
        from_line = world.pairing(need=need, volunteer=volunteer, status=PairingStatus.APPROVED)
        smtp_sink.wait_for(1, timeout_s=60)
        wait_until_done(world.session, world.messages("send_invitation")[0])

    world.session.refresh(from_line)
    assert from_line.status is PairingStatus.INVITED


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_ten_seconds_when_told_to(
    world: World, sqlite_url: str, tmp_path: Path, signum: signal.Signals
) -> None:
    with transaction(world.session):
        outbox.add(world.session, outbox.RankNeed(999), world.now)

    with running(COMMAND, environment(DATABASE_URL=sqlite_url), tmp_path / "log") as process:
        wait_until_done(world.session, world.messages("rank_need")[0])
        began = time.monotonic()
        process.send_signal(signum)
        status = process.wait(timeout=15)

    assert status == 0
    assert time.monotonic() - began < 10
    assert "Traceback" not in (tmp_path / "log").read_text()
