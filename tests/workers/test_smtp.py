"""The SMTP client against real servers: errors told apart, and one deadline for the whole talk."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from matcher.mail.message import Message
from tests.servers.ports import free_port
from tests.servers.smtp import SmtpSink
from workers.smtp import PermanentMailError, Server, TemporaryMailError

MAIL = Message(
    "<1@binome.example>", "bonjour@binome.example", "marie@example.org", "Essai", "Bonjour", "<p>Bonjour</p>"
)


@contextlib.contextmanager
def drip(line: bytes, *, every_s: float) -> Iterator[int]:
    """A server that sends one byte now and then and never ends its line; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            talk, _ = listener.accept()
            with talk:
                while not is_over.wait(every_s):
                    talk.send(line[:1])

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        is_over.set()
        listener.close()
        thread.join()


def wanted() -> bool:
    """A last check that lets the mail go."""
    return True


def server_at(port: int, *, deadline_s: float = 20) -> Server:
    """A server on this machine, talked to in the open."""
    return Server("127.0.0.1", port, "none", deadline_s=deadline_s)


def test_a_mail_arrives_with_its_envelope(smtp_sink: SmtpSink) -> None:
    server_at(smtp_sink.port).send(MAIL, wanted)

    assert smtp_sink.received[0].recipients == ("marie@example.org",)
    assert smtp_sink.received[0].sender == "bonjour@binome.example"
    assert smtp_sink.messages[0]["Message-ID"] == "<1@binome.example>"
    assert len(smtp_sink.messages[0].get_all("Date")) == 1


def test_a_mail_that_is_not_wanted_any_more_does_not_leave(smtp_sink: SmtpSink) -> None:
    assert not server_at(smtp_sink.port).send(MAIL, lambda: False)

    assert smtp_sink.received == []


def test_what_comes_back_goes_to_the_return_path(smtp_sink: SmtpSink) -> None:
    server_at(smtp_sink.port).send(replace(MAIL, return_path="retour+1@binome.example"), wanted)

    assert smtp_sink.received[0].sender == "retour+1@binome.example"
    assert smtp_sink.messages[0]["From"].addresses[0].addr_spec == "bonjour@binome.example"


@pytest.mark.parametrize("reply", ["550 no such user", "552 too big", "554 refused"])
def test_a_refusal_for_good_is_permanent(smtp_sink: SmtpSink, reply: str) -> None:
    smtp_sink.answer("marie@example.org", reply)

    with pytest.raises(PermanentMailError) as caught:
        server_at(smtp_sink.port).send(MAIL, wanted)

    assert str(caught.value) == reply[:3]


@pytest.mark.parametrize("reply", ["421 closing", "450 busy", "451 later", "452 full", "530 sign in first"])
def test_a_refusal_for_now_is_temporary(smtp_sink: SmtpSink, reply: str) -> None:
    smtp_sink.answer("marie@example.org", reply)

    with pytest.raises(TemporaryMailError):
        server_at(smtp_sink.port).send(MAIL, wanted)


def test_a_server_that_is_away_is_temporary() -> None:
    with pytest.raises(TemporaryMailError):
        server_at(free_port()).send(MAIL, wanted)


def test_a_server_without_encryption_gets_no_mail(smtp_sink: SmtpSink) -> None:
    with pytest.raises(TemporaryMailError):
        Server("127.0.0.1", smtp_sink.port, "starttls").send(MAIL, wanted)

    assert smtp_sink.received == []


def test_a_server_that_speaks_no_tls_gets_no_mail(smtp_sink: SmtpSink) -> None:
    with pytest.raises(TemporaryMailError):
        Server("127.0.0.1", smtp_sink.port, "tls", deadline_s=2).send(MAIL, wanted)


def test_a_slow_server_is_cut_at_the_deadline() -> None:
    with drip(b"2", every_s=0.05) as port:
        began = time.monotonic()
        with pytest.raises(TemporaryMailError):
            server_at(port, deadline_s=0.5).send(MAIL, wanted)

    assert time.monotonic() - began < 2


def test_a_slow_handshake_is_cut_at_the_deadline() -> None:
    with drip(b"\x16", every_s=0.05) as port:
        began = time.monotonic()
        with pytest.raises(TemporaryMailError):
            Server("127.0.0.1", port, "tls", deadline_s=0.5).send(MAIL, wanted)

    assert time.monotonic() - began < 2


def test_a_mail_that_was_withdrawn_tells_the_server_nothing_of_its_content(smtp_sink: SmtpSink) -> None:
    server_at(smtp_sink.port).send(MAIL, lambda: False)

    assert smtp_sink.heard["RCPT"] == 1
    assert smtp_sink.heard["DATA"] == 0


def test_what_the_last_check_raises_is_not_taken_for_the_mail_server_s(smtp_sink: SmtpSink) -> None:
    def away() -> bool:
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        server_at(smtp_sink.port).send(MAIL, away)


def test_an_address_with_a_line_break_reaches_no_server(smtp_sink: SmtpSink) -> None:
    bad = Message("<1@b>", "bonjour@binome.example", "marie@example.org\r\nRCPT TO:<x@example.org>", "s", "t", "h")

    with pytest.raises(PermanentMailError):
        server_at(smtp_sink.port).send(bad, wanted)

    assert smtp_sink.received == []
