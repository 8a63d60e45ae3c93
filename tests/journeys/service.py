"""Starts the real service for a journey: its processes, database and mail sink; tells when it answers. No people."""

import contextlib
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import yaml

from matcher.database import make_engine
from matcher.migrate import upgrade
from matcher.models.account import Account
from tests.servers.ports import free_port
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment
from tests.workers.programs import ROOT, running

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
EMBEDDED = {"up": "binome up --port {port}"}
PRODUCTION = {name: COMPOSE["services"][name]["command"] for name in ("web", "worker", "beat")}
LAST_LINES = 60


@dataclass(frozen=True)
class Installation:
    """Where one service keeps its things: address, database, mails, logs."""

    port: int
    database_url: str
    redis_url: str
    sink: SmtpSink
    folder: Path

    @property
    def address(self) -> str:
        """The address of its pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Its settings: a real mail server, and invitations that leave at once at any hour."""
        return environment(
            DATABASE_URL=self.database_url,
            REDIS_URL=self.redis_url,
            PUBLIC_URL=self.address,
            PORT=str(self.port),
            SMTP_HOST=self.sink.host,
            SMTP_PORT=str(self.sink.port),
            INVITATION_CAP="false",
            SECOND_FACTOR="false",
            INVITATIONS_PER_SEAT="1",
            UNDO_S="0",
        )

    def logs(self) -> str:
        """The last lines of each process."""
        ends = [(log.name, log.read_text(errors="replace").splitlines()[-LAST_LINES:]) for log in self._logs()]
        return "\n\n".join(f"--- {name}\n" + "\n".join(lines) for name, lines in ends)

    def says(self, words: str) -> bool:
        """True when a process has written these words into its log."""
        return any(words in log.read_text(errors="replace") for log in self._logs())

    def mail_to(self, account: Account, holding: str) -> EmailMessage:
        """Wait for a mail to somebody that holds these words, and return the newest one."""
        found: list[EmailMessage] = []

        def has_come() -> bool:
            found[:] = [mail for mail in self.sink.to(account.email) if holding in words_of(mail)]
            return bool(found)

        wait_until(has_come, f"a mail to {account.email} that holds {holding!r}", timeout_s=60)
        return found[-1]

    def _logs(self) -> list[Path]:
        return sorted(self.folder.glob("*.log"))


def installed(folder: Path, sink: SmtpSink, database_url: str, redis_url: str = "") -> Installation:
    """Bring an empty database to the form that this version needs, and choose a port; nothing runs yet."""
    engine = make_engine(database_url)
    upgrade(engine)
    engine.dispose()
    return Installation(free_port(), database_url, redis_url, sink, folder)


@contextlib.contextmanager
def serving(
    installation: Installation, programs: dict[str, str], others: dict[str, str] | None = None
) -> Iterator[Installation]:
    """Run the programs until the block ends, perhaps with some other settings; begins when the pages answer."""
    with contextlib.ExitStack() as processes:
        for name, command in programs.items():
            words = command.format(port=installation.port)
            log = installation.folder / f"{name}.log"
            processes.enter_context(running(words, {**installation.environment, **(others or {})}, log))
        wait_until(lambda: _answers(installation.address), "the pages answer", timeout_s=180)
        yield installation


def words_of(mail: EmailMessage) -> str:
    """Return subject and text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return f"{mail['Subject']}\n{part.get_content()}"


def all_of(mail: EmailMessage) -> str:
    """Return everything that a mail says: its headers, text and HTML."""
    headers = [f"{name}: {value}" for name, value in mail.items()]
    return "\n".join([*headers, *(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")])


def link_in(mail: EmailMessage, path: str) -> str:
    """Return the address in a mail that begins with a path of ours."""
    found = re.search(rf"http://127\.0\.0\.1:\d+{path}\d+\.[\w-]+", words_of(mail))
    assert found, f"no link to {path} in: {words_of(mail)}"
    return found.group()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/legal", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False
