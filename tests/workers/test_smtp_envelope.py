"""What no mail server is shown: addresses and texts by which somebody would say more than he may."""

import email
from dataclasses import replace

import pytest

from matcher.mail.message import Message
from tests.servers.smtp import SmtpSink
from workers.smtp import PermanentMailError, Server
from workers.smtp_envelope import MAX_BYTES, Envelope

MAIL = Message("<1@binome.example>", "bonjour@binome.example", "marie@example.org", "Essai", "Oui", "<p>Oui</p>")
HOSTILE = (
    "marie\r\nBcc: eve@example.org",
    "=?UTF-8?Q?=0A?=Bcc: eve@example.org",
    "=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLm9yZw==?=",
    "marie\u2028Bcc: eve@example.org",
    "marie\x0bBcc: eve@example.org\x85Bcc: eve@example.org",
    "\r\n\r\n.\r\nMAIL FROM:<eve@example.org>\r\n",
    "x\r.\r\nRCPT TO:<eve@example.org>",
    "x\n.\nQUIT\n",
)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "marie",
        "@example.org",
        "marie@",
        "marie@example.org\r\nRCPT TO:<eve@example.org>",
        "marie@example.org\n",
        "marie@example.org> SIZE=1",
        "<marie@example.org>",
        "marie@example.org,eve@example.org",
        "marie eve@example.org",
        '"marie"@example.org',
        "marie@eve@example.org",
        "marie\x00@example.org",
        "marie\u2028@example.org",
        f"{'m' * 65}@example.org",
        f"marie@{'e' * 250}.org",
        f"marie@{'.'.join(['e' * 61] * 4)}.org",
    ],
)
def test_a_bad_address_reaches_no_server(smtp_sink: SmtpSink, address: str) -> None:
    server = Server("127.0.0.1", smtp_sink.port, "none")

    for bad in (
        replace(MAIL, recipient=address),
        replace(MAIL, sender=address),
        replace(MAIL, return_path=address or " "),
    ):
        with pytest.raises(PermanentMailError, match="bad address"):
            server.send(bad, lambda: True)

    assert smtp_sink.heard["CONNECT"] == 0


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_typed_text_becomes_a_header_a_command_or_another_mail(smtp_sink: SmtpSink, typed: str) -> None:
    hostile = Message(
        message_id="<1@binome.example>",
        sender="bonjour@binome.example",
        recipient="marie@example.org",
        subject=typed,
        text=typed,
        html=f"<p>{typed}</p>",
        headers={"List-Unsubscribe": typed, "X-Typed": typed},
    )

    Server("127.0.0.1", smtp_sink.port, "none").send(hostile, lambda: True)

    assert [each.recipients for each in smtp_sink.received] == [("marie@example.org",)]
    mail = smtp_sink.messages[0]
    known = {"Date", "Message-ID", "From", "To", "Subject", "List-Unsubscribe", "X-Typed"}
    assert set(mail.keys()) == known | {"MIME-Version", "Content-Type"}
    assert smtp_sink.heard["MAIL"] == smtp_sink.heard["RCPT"] == 1


@pytest.mark.parametrize("typed", [*HOSTILE, "Antenne de Lyon", "lyon@example.org, eve@example.org", "é@example.org"])
def test_answers_go_to_the_sender_when_the_address_for_them_is_none(typed: str) -> None:
    content = Envelope.of(replace(MAIL, headers={"Reply-To": typed})).content

    assert "Reply-To" not in email.message_from_bytes(content)


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_line_of_a_mail_ends_but_by_both_its_signs(typed: str) -> None:
    content = Envelope.of(replace(MAIL, text=typed, html=typed, subject=typed)).content

    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")


def test_a_line_that_is_a_dot_stays_in_the_mail(smtp_sink: SmtpSink) -> None:
    Server("127.0.0.1", smtp_sink.port, "none").send(replace(MAIL, text="un\n.\n..\ndeux\n"), lambda: True)

    body = smtp_sink.messages[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["un", ".", "..", "deux"]


def test_a_mail_as_large_as_none_of_ours_does_not_leave() -> None:
    with pytest.raises(PermanentMailError, match="too large"):
        Envelope.of(replace(MAIL, text="x" * MAX_BYTES))


def test_a_header_longer_than_a_line_may_be_does_not_leave() -> None:
    with pytest.raises(PermanentMailError, match="a line too long"):
        Envelope.of(replace(MAIL, headers={"List-Unsubscribe": f"<https://binome.example/{'x' * 1000}>"}))
