"""One connection for several mails: when it is used again, and what happens when it has died meanwhile."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from matcher.mail.message import Message
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink, Trouble
from workers.smtp import Courier, PermanentMailError, Server, TemporaryMailError
from workers.smtp_kept import KeptTalks

MAIL = Message("<1@binome.example>", "bonjour@binome.example", "marie@example.org", "Essai", "Oui", "<p>Oui</p>")


@pytest.fixture
def courier(smtp_sink: SmtpSink) -> Iterator[Courier]:
    """A courier to the sink."""
    with contextlib.closing(courier_to(smtp_sink)) as made:
        yield made


def courier_to(sink: SmtpSink) -> Courier:
    """A courier to a sink, with little patience."""
    return Courier(Server("127.0.0.1", sink.port, "none", deadline_s=5))


def carry(courier: Courier, number: int = 1) -> bool:
    """Hand over a mail of this number."""
    return courier.send(replace(MAIL, message_id=f"<{number}@binome.example>"), lambda: True)


def test_mails_one_after_the_other_share_a_connection(smtp_sink: SmtpSink, courier: Courier) -> None:
    for number in range(5):
        carry(courier, number)

    assert smtp_sink.heard["CONNECT"] == 1
    assert smtp_sink.heard["RSET"] == 4
    assert len({mail["Message-ID"] for mail in smtp_sink.messages}) == 5


@pytest.mark.parametrize("verb", ["RSET", "MAIL", "RCPT"])
@pytest.mark.parametrize("what", [Trouble.CUT, Trouble.CUT_AFTER, "421 too long here"])
def test_a_kept_connection_that_has_died_is_replaced(
    smtp_sink: SmtpSink, courier: Courier, verb: str, what: Trouble | str
) -> None:
    carry(courier)
    smtp_sink.at(verb, what, times=1)

    if verb == "RCPT" and what is not Trouble.CUT:
        with contextlib.suppress(TemporaryMailError):
            carry(courier, 2)
    carry(courier, 2)

    assert len({mail["Message-ID"] for mail in smtp_sink.messages}) == 2
    assert smtp_sink.heard["CONNECT"] == 2


def test_a_connection_that_is_cut_once_the_content_may_be_taken_is_not_replaced(
    smtp_sink: SmtpSink, courier: Courier
) -> None:
    carry(courier)
    smtp_sink.at("KEPT", Trouble.CUT, times=1)

    with pytest.raises(TemporaryMailError):
        carry(courier, 2)

    assert len(smtp_sink.received) == 2
    assert smtp_sink.heard["DATA"] == 2


def test_a_replaced_connection_is_not_replaced_again(smtp_sink: SmtpSink, courier: Courier) -> None:
    carry(courier)
    smtp_sink.at("RSET", Trouble.CUT)
    smtp_sink.at("MAIL", Trouble.CUT)

    with pytest.raises(TemporaryMailError):
        carry(courier, 2)

    assert smtp_sink.heard["CONNECT"] == 2


def test_a_refused_recipient_leaves_the_connection_to_the_next_mail(smtp_sink: SmtpSink, courier: Courier) -> None:
    smtp_sink.answer("marie@example.org", "550 nobody", "250 somebody")
    with pytest.raises(PermanentMailError):
        carry(courier)

    carry(courier, 2)

    assert smtp_sink.heard["CONNECT"] == 1
    assert len(smtp_sink.received) == 1


def test_a_refused_recipient_on_a_kept_connection_is_asked_once(smtp_sink: SmtpSink, courier: Courier) -> None:
    carry(courier)
    smtp_sink.at("RCPT", "450 later", times=1)

    with pytest.raises(TemporaryMailError):
        carry(courier, 2)

    assert smtp_sink.heard["RCPT"] == 2


def test_a_withdrawn_mail_leaves_nothing_in_the_connection(smtp_sink: SmtpSink, courier: Courier) -> None:
    courier.send(replace(MAIL, recipient="paul@example.org"), lambda: False)

    carry(courier)

    assert smtp_sink.received[0].recipients == ("marie@example.org",)
    assert smtp_sink.heard["CONNECT"] == 1


def test_what_the_last_check_raises_leaves_nothing_in_the_connection(smtp_sink: SmtpSink, courier: Courier) -> None:
    def away() -> bool:
        raise LookupError

    with pytest.raises(LookupError):
        courier.send(replace(MAIL, recipient="paul@example.org"), away)
    carry(courier)

    assert [each.recipients for each in smtp_sink.received] == [("marie@example.org",)]


def test_two_threads_have_two_connections(smtp_sink: SmtpSink, courier: Courier) -> None:
    meeting = threading.Barrier(2)

    def meet() -> bool:
        meeting.wait(timeout=10)
        return True

    threads = [threading.Thread(target=courier.send, args=(MAIL, meet)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert smtp_sink.heard["CONNECT"] == 2
    assert len(smtp_sink.received) == 2


def test_a_connection_has_its_share_of_mails(smtp_sink: SmtpSink) -> None:
    kept = KeptTalks(mails=2)
    server = Server("127.0.0.1", smtp_sink.port, "none")
    talk = server.begin(deadline=time.monotonic() + 20)

    talk.mails = 1
    kept.keep(talk)
    assert kept.take() is talk
    talk.mails = 2
    kept.keep(talk)

    assert kept.take() is None
    wait_until(lambda: smtp_sink.heard["QUIT"] == 1, "the talk ends in good order", timeout_s=5)


def test_a_connection_that_nobody_takes_up_is_ended(smtp_sink: SmtpSink) -> None:
    kept = KeptTalks(lasts_s=0.2)
    kept.keep(Server("127.0.0.1", smtp_sink.port, "none").begin(deadline=time.monotonic() + 20))

    wait_until(lambda: smtp_sink.heard["QUIT"] == 1, "the talk ends in good order", timeout_s=5)

    assert kept.take() is None
