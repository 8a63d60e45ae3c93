"""Encryption and sign-in: asked for, checked, and never done without."""

from pathlib import Path

import pytest

from matcher.mail.message import Message
from tests.servers.certificates import self_signed
from tests.servers.smtp import Manner, SmtpSink
from workers.smtp import Server, TemporaryMailError

MAIL = Message("<1@binome.example>", "bonjour@binome.example", "marie@example.org", "Essai", "Oui", "<p>Oui</p>")


def hand_over(sink: SmtpSink, **facts: object) -> bool:
    """Hand the mail to a sink; STARTTLS unless said otherwise."""
    facts = {"security": "starttls", "deadline_s": 5, **facts}
    return Server("127.0.0.1", sink.port, **facts).send(MAIL, lambda: True)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, security: str) -> None:
    context, _ = self_signed(tmp_path)

    with SmtpSink(Manner(**{security: context})) as sink:
        with pytest.raises(TemporaryMailError, match="no trusted encryption"):
            hand_over(sink, security=security)
        assert sink.received == []
        assert sink.heard["MAIL"] == 0


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_trusted_certificate_lets_the_mail_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    context, certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with SmtpSink(Manner(**{security: context})) as sink:
        assert hand_over(sink, security=security)
        assert len(sink.received) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_host_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    context, certificate = self_signed(tmp_path, host="127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with (
        SmtpSink(Manner(**{security: context})) as sink,
        pytest.raises(TemporaryMailError, match="no trusted encryption"),
    ):
        hand_over(sink, security=security)


def test_a_server_that_refuses_to_encrypt_gets_no_mail(tmp_path: Path) -> None:
    context, _ = self_signed(tmp_path)

    with SmtpSink(Manner(starttls=context)) as sink:
        sink.at("STARTTLS", "454 not now")
        with pytest.raises(TemporaryMailError, match="454"):
            hand_over(sink)
        assert sink.heard["MAIL"] == 0


def test_what_is_said_in_the_open_before_the_encryption_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with SmtpSink(Manner(starttls=context)) as sink:
        sink.at("STARTTLS", "220 go on\r\n250 whatever you like")
        with pytest.raises(TemporaryMailError, match="no trusted encryption"):
            hand_over(sink)


@pytest.mark.parametrize(("password", "expected"), [("right", "taken"), ("wrong", "535")])
def test_who_signs_in_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, expected: str) -> None:
    context, certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with SmtpSink(Manner(starttls=context, login=("binome", "right"))) as sink:
        try:
            outcome = "taken" if hand_over(sink, user="binome", password=password) else "withdrawn"
        except TemporaryMailError as error:
            outcome = str(error)
        assert outcome == expected


def test_a_server_that_asks_nobody_to_sign_in_gets_no_mail_of_who_must(smtp_sink: SmtpSink) -> None:
    smtp_sink.at("EHLO", "250 sink.test")

    with pytest.raises(TemporaryMailError, match="no encryption or no sign-in offered"):
        hand_over(smtp_sink, security="none", user="binome", password="right")
