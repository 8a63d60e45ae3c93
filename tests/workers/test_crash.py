"""kill -9 between the hand-off and its record: the same mail once more, one effect."""

import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.pairing import PairingEvent
from matcher.models.states import PairingStatus, PairingStep
from tests.factories import World
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment, settings_of
from tests.workers.programs import running
from workers.dispatch import HANDLERS
from workers.runtime import Runtime


def test_a_kill_between_hand_off_and_record_sends_the_same_mail_once_more(
    any_database_url: str, any_session: Session, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    world = World(any_session, datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1))
    facts = {"DATABASE_URL": any_database_url, "SMTP_HOST": smtp_sink.host, "SMTP_PORT": str(smtp_sink.port)}
    survivor = Runtime.of(settings_of(**facts), clock=lambda _session: world.now)
    pairing = world.pairing(PairingStatus.APPROVED)
    HANDLERS["advance_line"].handle(survivor, world.messages("advance_line")[0].id)
    any_session.rollback()
    row = world.messages("send_invitation")[0]

    command = f"{sys.executable} -m tests.workers.dying send_invitation {row.id}"
    with running(command, environment(**facts), tmp_path / "log") as process:
        status = process.wait(timeout=60)
    assert status == -signal.SIGKILL, (tmp_path / "log").read_text()
    any_session.refresh(pairing)
    assert pairing.status is PairingStatus.APPROVED

    world.now = datetime.now(UTC) + outbox.LEASE
    HANDLERS["send_invitation"].handle(survivor, row.id)
    HANDLERS["send_invitation"].handle(survivor, row.id)
    survivor.engine.dispose()

    any_session.rollback()
    any_session.refresh(pairing)
    assert pairing.status is PairingStatus.INVITED
    assert len({mail["Message-ID"] for mail in smtp_sink.messages}) == 1
    assert len(smtp_sink.messages) == 2
    assert _count(any_session, PairingEvent.step == PairingStep.MARK_INVITED) == 1
    assert _count(any_session, SignedLink.purpose == LinkPurpose.ANSWER) == 1


def _count(session: Session, condition: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).where(condition)) or 0
