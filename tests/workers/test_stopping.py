"""SIGTERM while mails leave slowly: nothing new is begun, what is in hand is finished within 30 s, the rest waits."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import make_engine, make_sessions, transaction
from matcher.mail.codes import MailCode
from matcher.models.outbox import OutboxRow
from tests.factories import World
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment
from tests.workers.programs import running
from tests.workers.test_production import SERVICES

MAILS, SLOW_S, LIMIT_S = 12, 3.0, 30
HANDS = 4
EMBEDDED = f"{sys.executable} -m workers.embedded"


@contextmanager
def opened(url: str) -> Iterator[World]:
    """A world at the host's own time."""
    engine = make_engine(url)
    with make_sessions(engine)() as session:
        yield World(session, datetime.now(UTC).replace(microsecond=0))
    engine.dispose()


def ask_for_mails(world: World) -> None:
    """Let mails wait that are all due."""
    need = world.need()
    contact = world.member(need).account
    world.forget_mails()
    with transaction(world.session) as session:
        for _ in range(MAILS):
            outbox.add(session, outbox.SendMail(MailCode.NEED_OPENED.value, contact.id, need_id=need.id), world.now)


@pytest.mark.parametrize("program", ["embedded", "celery"])
def test_what_is_in_hand_is_finished_and_nothing_new_is_begun(
    request: pytest.FixtureRequest, program: str, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    fixture = "sqlite_url" if program == "embedded" else "postgres_schema_url"
    facts = {"DATABASE_URL": str(request.getfixturevalue(fixture))}
    if program == "celery":
        facts["REDIS_URL"] = str(request.getfixturevalue("redis_url"))
    command = EMBEDDED if program == "embedded" else SERVICES["worker"]["command"]
    smtp_sink.at(".", lambda: threading.Event().wait(SLOW_S))
    settings = environment(SMTP_HOST=smtp_sink.host, SMTP_PORT=str(smtp_sink.port), **facts)

    with opened(facts["DATABASE_URL"]) as world:
        ask_for_mails(world)
        with running(command, settings, tmp_path / "log") as process:
            wait_until(lambda: smtp_sink.heard["."] > 0, "a mail is in hand", timeout_s=60)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            status = process.wait(timeout=LIMIT_S + 15)
            took_s = time.monotonic() - began
        rows = look_at(world.session)

    done = [row for row in rows if row.done_at is not None]
    waiting = [row for row in rows if row.done_at is None]
    assert (status, took_s <= LIMIT_S) == (0, True), took_s
    assert 1 <= len(done) <= HANDS
    assert len(smtp_sink.received) == len(done)
    # A mail that found the two places of its domain taken was given back for a moment; nobody holds one of the others.
    assert len(waiting) == MAILS - len(done)
    assert all(row.attempts <= 1 and row.lease_until is None and row.outcome is None for row in waiting)
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_beat_ends_at_once(postgres_schema_url: str, redis_url: str, tmp_path: Path) -> None:
    settings = environment(DATABASE_URL=postgres_schema_url, REDIS_URL=redis_url)

    with (
        redis.Redis.from_url(redis_url) as queue,
        running(SERVICES["beat"]["command"], settings, tmp_path / "log") as process,
    ):
        wait_until(lambda: queue.llen("celery") > 0, "beat sends", timeout_s=60)
        # What another test left to the queue says nothing of this process.
        wait_until(lambda: catches(process.pid, signal.SIGTERM), "beat listens to SIGTERM", timeout_s=60)
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=10)

    assert status == 0


def catches(pid: int, number: signal.Signals) -> bool:
    """Tell whether a process has a handler for a signal, by the mask that the kernel shows."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    mask = next(line for line in lines if line.startswith("SigCgt:")).split()[1]
    return bool(int(mask, 16) >> (number - 1) & 1)


def look_at(session: Session) -> list[OutboxRow]:
    """The mails' rows as they are now."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == outbox.SendMail.kind)))
