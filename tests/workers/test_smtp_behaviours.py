"""What becomes of a mail, whatever the server does at whatever verb: another attempt, or none, and within its time.

Seconds are given here instead of twenty; tests/faults tries the same with hundreds of mails and real workers.
"""

import threading
import time

import pytest

from matcher.mail.message import Message
from tests.servers.ports import free_port
from tests.servers.smtp import Manner, SmtpSink, Trouble
from workers.smtp import PermanentMailError, Server, TemporaryMailError
from workers.smtp_talk import Found, looked_up

MAIL = Message("<1@binome.example>", "bonjour@binome.example", "marie@example.org", "Essai", "Oui", "<p>Oui</p>")
ENOUGH_S, SHORT_S = 5.0, 0.6
VERBS = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".", "KEPT")


def outcome(sink: SmtpSink, mail: Message = MAIL, *, deadline_s: float = ENOUGH_S) -> str:
    """Hand one mail over and say what became of it."""
    began = time.monotonic()
    try:
        taken = Server("127.0.0.1", sink.port, "none", deadline_s=deadline_s).send(mail, lambda: True)
    except TemporaryMailError as error:
        return f"later: {error.code}"
    except PermanentMailError as error:
        return f"never: {error.code}"
    finally:
        assert time.monotonic() - began < deadline_s + 1.5
    return "taken" if taken else "withdrawn"


def test_a_name_that_nobody_looks_up_is_given_up_at_the_deadline() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def mute(_host: str, _port: int) -> Found:
        asked.set()
        may_answer.wait()
        return []

    with pytest.raises(TimeoutError):
        looked_up("smtp.example.org", 25, SHORT_S, mute)
    assert asked.is_set()
    may_answer.set()


@pytest.mark.parametrize("code", [450, 451, 452, 550, 552, 554])
@pytest.mark.parametrize("verb", ["RCPT", "DATA", "."])
def test_a_reply_about_the_mail_is_taken_at_its_word(smtp_sink: SmtpSink, verb: str, code: int) -> None:
    smtp_sink.at(verb, f"{code} no")

    assert outcome(smtp_sink) == (f"never: {code}" if code >= 500 else f"later: {code}")
    assert smtp_sink.received == []


@pytest.mark.parametrize("reply", ["421 closing", "454 not now", "503 order", "530 sign in", "535 who are you"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_a_reply_about_us_never_ends_a_mail(smtp_sink: SmtpSink, verb: str, reply: str) -> None:
    smtp_sink.at(verb, reply)

    assert outcome(smtp_sink) == f"later: {reply[:3]}"


@pytest.mark.parametrize(
    "reply",
    [
        "554 5.7.1 <marie@example.org>: Relay access denied",
        "550 relay not permitted",
        "550 5.7.1 Service unavailable; client host blocked",
        "550 5.1.8 <bonjour@binome.example>: Sender address rejected: Domain not found",
        "553 5.1.7 bad sender address syntax",
    ],
)
def test_a_recipient_that_is_refused_for_our_own_set_up_is_tried_again(smtp_sink: SmtpSink, reply: str) -> None:
    smtp_sink.at("RCPT", reply)

    assert outcome(smtp_sink) == f"later: {reply[:3]}"


@pytest.mark.parametrize("reply", ["550 5.1.1 unknown", "550 5.1.10 null MX", "554 5.0.0 no", "550 no such user"])
def test_a_recipient_that_is_refused_for_herself_is_not(smtp_sink: SmtpSink, reply: str) -> None:
    smtp_sink.at("RCPT", reply)

    assert outcome(smtp_sink) == f"never: {reply[:3]}"


@pytest.mark.parametrize(("code", "expected"), [(450, "later"), (550, "later"), (554, "later"), (552, "never")])
def test_a_refused_sender_is_our_own_affair_unless_the_mail_is_too_large(
    smtp_sink: SmtpSink, code: int, expected: str
) -> None:
    smtp_sink.at("MAIL", f"{code} no")

    assert outcome(smtp_sink) == f"{expected}: {code}"


@pytest.mark.parametrize("reply", ["421 later", "554 go away", "nonsense"])
def test_a_greeting_that_is_none_is_temporary(smtp_sink: SmtpSink, reply: str) -> None:
    smtp_sink.at("CONNECT", reply)

    assert outcome(smtp_sink).startswith("later")


@pytest.mark.parametrize("verb", [*VERBS, "RSET", "QUIT"])
def test_a_talk_that_is_cut_loses_no_mail(smtp_sink: SmtpSink, verb: str) -> None:
    smtp_sink.at(verb, Trouble.CUT)

    expected = "taken" if verb in {"RSET", "QUIT"} else "later: connection cut"
    assert outcome(smtp_sink) == expected
    assert len(smtp_sink.received) == (verb in {"KEPT", "RSET", "QUIT"})


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_talk_that_is_cut_after_an_answer_loses_no_mail(smtp_sink: SmtpSink, verb: str) -> None:
    smtp_sink.at(verb, Trouble.CUT_AFTER)

    assert outcome(smtp_sink) == "later: connection cut"
    assert smtp_sink.received == []


@pytest.mark.parametrize("verb", VERBS)
def test_a_mute_server_is_left_at_the_deadline(smtp_sink: SmtpSink, verb: str) -> None:
    smtp_sink.at(verb, Trouble.MUTE)

    assert outcome(smtp_sink, deadline_s=SHORT_S) == "later: too slow"


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "RCPT", "DATA", "KEPT"])
def test_a_server_of_one_byte_a_second_is_left_at_the_deadline(smtp_sink: SmtpSink, verb: str) -> None:
    smtp_sink.at(verb, Trouble.DRIP)

    assert outcome(smtp_sink, deadline_s=SHORT_S) == "later: too slow"


@pytest.mark.parametrize("trouble", [Trouble.HUGE_LINE, Trouble.HUGE_REPLY])
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "RCPT", "DATA", "KEPT"])
def test_an_endless_reply_is_not_read_to_its_end(smtp_sink: SmtpSink, verb: str, trouble: Trouble) -> None:
    smtp_sink.at(verb, trouble)

    assert outcome(smtp_sink) == "later: endless reply"


def test_a_yes_where_the_content_was_to_be_asked_for_is_no_yes(smtp_sink: SmtpSink) -> None:
    smtp_sink.at("DATA", "250 fine")

    assert outcome(smtp_sink) == "later: 250"


def test_a_port_that_nobody_listens_on_is_temporary() -> None:
    with pytest.raises(TemporaryMailError, match="cannot be reached"):
        Server("127.0.0.1", free_port(), "none").send(MAIL, lambda: True)


def test_a_host_without_an_address_is_temporary() -> None:
    with pytest.raises(TemporaryMailError, match="cannot be reached"):
        Server("nowhere.invalid", 25, "none").send(MAIL, lambda: True)


def test_a_mail_larger_than_the_server_takes_is_never_announced() -> None:
    with SmtpSink(Manner(max_bytes=400)) as sink:
        assert outcome(sink) == "never: larger than the server takes"
        assert sink.heard["MAIL"] == 0


def test_an_accented_address_needs_a_server_that_takes_it() -> None:
    accented = Message("<1@b>", "bonjour@binome.example", "zoé@example.org", "s", "t", "h")

    with SmtpSink(Manner(utf8=False)) as plain, SmtpSink() as modern:
        assert outcome(plain, accented) == "never: address needs SMTPUTF8"
        assert outcome(modern, accented) == "taken"
        assert modern.received[0].recipients == ("zoé@example.org",)


def test_an_accented_domain_leaves_as_the_dns_writes_it() -> None:
    abroad = Message("<1@b>", "bonjour@binome.example", "zoe@exämple.org", "s", "t", "h")

    with SmtpSink(Manner(utf8=False)) as plain:
        assert outcome(plain, abroad) == "taken"
        assert plain.received[0].recipients == ("zoe@xn--exmple-cua.org",)
