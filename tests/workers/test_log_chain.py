"""From a request to the mail that it caused: the log lines of real processes, and nobody named in them."""

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions, transaction
from matcher.models.account import Account
from matcher.models.outbox import OutboxRow
from tests.factories import World
from tests.servers.ports import free_port
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment
from tests.workers.programs import running
from tests.workers.test_production import SERVICES

PLANTED = ("Zébulon Quetzal", "Quetzal", "quetzal", "zebulon")
ADDRESS = "zebulon.quetzal@example.org"
Line = dict[str, object]


@contextmanager
def opened(url: str) -> Iterator[World]:
    """A world at the host's own time."""
    engine = make_engine(url)
    with make_sessions(engine)() as session:
        yield World(session, datetime.now(UTC).replace(microsecond=0))
    engine.dispose()


def lines(log: Path) -> list[Line]:
    """The lines of a process that are JSON."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def test_a_request_leads_to_its_task_its_row_and_its_mail(
    postgres_schema_url: str, redis_url: str, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{(port := free_port())}"
    settings = environment(
        DATABASE_URL=postgres_schema_url, REDIS_URL=redis_url, PORT=str(port), PUBLIC_URL=address,
        SMTP_HOST=smtp_sink.host, SMTP_PORT=str(smtp_sink.port), LOG_FORMAT="json",
    )  # fmt: skip
    with opened(postgres_schema_url) as world, ExitStack() as programs:
        account = world.account(name=PLANTED[0])
        with transaction(world.session):
            account.email = ADDRESS
        programs.enter_context(running(SERVICES["web"]["command"], settings, tmp_path / "web.log"))
        wait_until(lambda: answers(f"{address}/livez"), "web answers", timeout_s=150)
        for name in ("worker", "beat"):
            programs.enter_context(running(SERVICES[name]["command"], settings, tmp_path / f"{name}.log"))
        request_id = ask_for_a_new_password(address)
        (mail,) = smtp_sink.wait_for(1, timeout_s=120)
        row = wait_for_row(world.session, account)
        wait_until(lambda: "row done" in (tmp_path / "worker.log").read_text(), "the row is settled", timeout_s=120)

    assert row.cause == request_id
    of_web = [line for line in lines(tmp_path / "web.log") if line.get("request") == request_id]
    assert [(line["event"], line["method"], line["status"]) for line in of_web] == [("request done", "POST", 200)]
    of_worker = [line for line in lines(tmp_path / "worker.log") if line.get("request") == request_id]
    assert {line["row"] for line in of_worker} == {row.id}
    assert len({line["task"] for line in of_worker}) == 1
    assert [line["message"] for line in of_worker if line["event"] == "mail handed over"] == [str(mail["Message-ID"])]
    for log in tmp_path.glob("*.log"):
        assert [word for word in (*PLANTED, ADDRESS, "@example.org") if word in log.read_text(encoding="utf-8")] == []


def ask_for_a_new_password(address: str) -> str:
    """Fill the form of those who forgot theirs; return the id that the answer bears."""
    reader = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    html = reader.open(f"{address}/reset", timeout=30).read().decode()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
    assert token
    typed = urllib.parse.urlencode({"csrf_token": token.group(1), "email": ADDRESS}).encode()
    answer = reader.open(urllib.request.Request(f"{address}/reset", typed), timeout=30)
    return str(answer.headers["X-Request-ID"])


def wait_for_row(session: Session, account: Account) -> OutboxRow:
    """The row of the mail to somebody."""
    found: list[OutboxRow] = []

    def is_there() -> bool:
        session.rollback()
        found[:] = session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_account_mail")).all()
        return bool(found)

    wait_until(is_there, "the row is written", timeout_s=30)
    return found[-1]


def answers(address: str) -> bool:
    """True when there is an answer of success."""
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False
