"""The demo's mail server and its mailbox."""

import signal
import sys
from pathlib import Path

import pytest

from matcher.demo.mailbox import Mailbox
from matcher.errors import NotFound
from matcher.mail.message import Message
from tests.servers.ports import free_port
from tests.servers.processes import wait_until
from tests.workers.conftest import environment
from tests.workers.programs import running
from workers.smtp import Server, TemporaryMailError

MAIL = Message("<1@binome.example>", "bonjour@binome.example", "marie@example.org", "Où ?", "Bonjour", "<p>Bonjour</p>")


def test_a_mail_is_read_as_it_was_kept(tmp_path: Path) -> None:
    mailbox, content = Mailbox(tmp_path / "mail"), MAIL.as_bytes()

    name = mailbox.add(content, ["marie@example.org", "paul@example.org"])

    stored = mailbox.read(name)
    assert stored.recipients == ("marie@example.org", "paul@example.org")
    assert stored.content == content
    assert stored.message["Subject"] == "Où ?"


def test_names_sort_in_the_order_of_arrival(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)

    names = [mailbox.add(b"Subject: x\r\n\r\nx", ["a@example.org"]) for _ in range(12)]

    assert mailbox.list() == tuple(names) == tuple(sorted(names))


def test_two_writers_never_take_the_same_name(tmp_path: Path) -> None:
    first, second = Mailbox(tmp_path), Mailbox(tmp_path)

    names = {first.add(b"x", []), second.add(b"x", []), first.add(b"x", [])}

    assert len(names) == 3


@pytest.mark.parametrize("name", ["../secret.eml", "00000009.eml", "x", ""])
def test_a_name_that_is_none_of_ours_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        Mailbox(tmp_path).read(name)


def test_the_sink_keeps_what_it_is_sent_and_ends_when_told_to(tmp_path: Path) -> None:
    port, folder = free_port(), tmp_path / "mail"
    command = f"{sys.executable} -m workers.sink --port {port} --folder {folder}"

    def is_taken() -> bool:
        try:
            Server("127.0.0.1", port, "none").send(MAIL, lambda: True)
        except TemporaryMailError:
            return False
        return True

    with running(command, environment(ENVIRONMENT="demo"), tmp_path / "log") as process:
        wait_until(is_taken, "the sink takes a mail", timeout_s=30)
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=10)

    stored = Mailbox(folder).read(Mailbox(folder).list()[0])
    assert status == 0
    assert stored.recipients == ("marie@example.org",)
    assert stored.message.get_body(("plain",)).get_content().strip() == "Bonjour"  # type: ignore[union-attr]


def test_the_sink_refuses_to_swallow_mails_outside_of_the_demo(tmp_path: Path) -> None:
    with running(f"{sys.executable} -m workers.sink", environment(), tmp_path / "log") as process:
        status = process.wait(timeout=30)

    assert status == 1
