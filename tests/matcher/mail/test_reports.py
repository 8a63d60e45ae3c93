"""What comes back is read rightly: bounces, complaints, out-of-office, forgeries, and whatever a stranger invents."""

import random
import time

import pytest

from matcher.mail.reports import READ_BYTES, read_report
from matcher.mail.return_path import Purpose, return_path
from matcher.models.suppression import ReportOutcome as O
from matcher.settings import Settings
from tests.matcher.mail.coming_back import complaint, delivery, plain, receipt
from tests.settings import make_settings

SETTINGS = make_settings("sqlite://", bounce_domain="bounces.binome.example")
TO = str(return_path(SETTINGS, Purpose.MAIL, 7, recipient="marie@example.org"))


@pytest.fixture
def settings() -> Settings:
    """An installation that takes what comes back."""
    return SETTINGS


DELIVERIES = [
    ("5.1.1", "smtp; 550 5.1.1 user unknown", O.HARD),
    ("5.0.0", "smtp; 550 no such user", O.HARD),
    ("5.2.1", "smtp; 550 mailbox disabled", O.HARD),
    ("5.4.4", "dns; host not found", O.HARD),
    ("5.2.2", "smtp; 552 5.2.2 mailbox full", O.SOFT),
    ("5.0.0", "smtp; 552 over quota", O.SOFT),
    ("5.1.1", "smtp; 550 the mailbox is full", O.SOFT),
    ("4.2.2", "smtp; 452 4.2.2 over quota", O.SOFT),
    ("4.4.1", "smtp; no answer in five days", O.SOFT),
    ("5.7.1", "smtp; 550 5.7.1 refused by policy", O.SOFT),
    ("5.1.8", "smtp; 550 5.1.8 sender address rejected: domain not found", O.SOFT),
    ("5.1.7", "smtp; 553 5.1.7 bad sender address syntax", O.SOFT),
    ("", "smtp; 550 5.1.1 user unknown", O.HARD),
    ("", "smtp; 550 user unknown", O.HARD),
    ("", "smtp; 451 later", O.SOFT),
    ("", "nothing to be read", O.SOFT),
    ("2.1.5", "smtp; 250 delivered", O.IGNORED),
]


@pytest.mark.parametrize(("status", "diagnostic", "outcome"), DELIVERIES)
def test_a_delivery_report_is_told_by_its_status(settings: Settings, status: str, diagnostic: str, outcome: O) -> None:
    assert read_report(settings, delivery(TO, status, diagnostic=diagnostic)).outcome is outcome


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_a_report_of_anything_but_a_failure_is_no_bounce(settings: Settings, action: str) -> None:
    assert read_report(settings, delivery(TO, "4.4.1", action=action)).outcome is O.IGNORED


@pytest.mark.parametrize(("kind", "outcome"), [("abuse", O.COMPLAINT), ("fraud", O.COMPLAINT), ("not-spam", O.IGNORED),
                                               ("auth-failure", O.IGNORED), ("", O.IGNORED)])  # fmt: skip
def test_a_complaint_is_known_by_the_mail_that_it_returns(settings: Settings, kind: str, outcome: O) -> None:
    report = read_report(settings, complaint(TO, kind))

    assert report.outcome is outcome
    assert report.returned is not None


AUTOMATIC: list[dict[str, str]] = [
    {"Auto_Submitted": "auto-replied"},
    {"X_Autoreply": "yes"},
    {"X_Autorespond": "I am away"},
    {"Precedence": "auto_reply"},
    {"Precedence": "bulk"},
]


@pytest.mark.parametrize("headers", AUTOMATIC)
@pytest.mark.parametrize("sender", ["marie@example.org", "MAILER-DAEMON@mx.example"])
def test_an_out_of_office_is_neither_a_bounce_nor_an_answer(
    settings: Settings, headers: dict[str, str], sender: str
) -> None:
    raw = plain(TO, "I am away until 5.1.1, my colleague answers.", sender=sender, Return_Path="<>", **headers)

    assert read_report(settings, raw).outcome is O.IGNORED


def test_a_receipt_and_a_person_s_own_words_are_ignored(settings: Settings) -> None:
    assert read_report(settings, receipt(TO)).outcome is O.IGNORED
    words = plain(TO, "550 5.1.1 : voici mon avis", sender="marie@example.org", Return_Path="<marie@example.org>")
    assert read_report(settings, words).outcome is O.IGNORED


def test_a_bounce_that_follows_no_standard_is_known_by_the_return_path_alone(settings: Settings) -> None:
    qmail = "Hi. This is the qmail-send program.\n<marie@example.org>:\nSorry, no mailbox here by that name. (#{})\n"

    assert read_report(settings, plain(TO, qmail.format("5.1.1"))).outcome is O.HARD
    assert read_report(settings, plain(TO, qmail.format("4.3.0"))).outcome is O.SOFT
    assert read_report(settings, plain(TO, "We could not deliver it. 10.5.1.1 said no.")).outcome is O.SOFT
    exim = plain(TO, "no such user", Auto_Submitted="auto-replied", X_Failed_Recipients="marie@example.org")
    assert read_report(settings, exim).outcome is O.SOFT


def test_the_envelope_alone_names_the_return_path(settings: Settings) -> None:
    raw = delivery("undisclosed-recipients:;", "5.1.1")

    assert read_report(settings, raw).outcome is O.FORGED
    assert read_report(settings, raw, envelope_to=TO).outcome is O.HARD


FORGERIES = [
    delivery(TO[1:], "5.1.1"),
    delivery(TO.replace("m7.", "m8."), "5.1.1"),
    complaint("a@bounces.binome.example"),
    plain("bonjour@binome.example", "5.1.1"),
]


@pytest.mark.parametrize("raw", FORGERIES)
def test_a_forged_report_has_no_effect(settings: Settings, raw: bytes) -> None:
    report = read_report(settings, raw)

    assert (report.outcome, report.returned) == (O.FORGED, None)


def test_the_report_of_a_huge_message_is_read_and_the_rest_is_not(settings: Settings) -> None:
    raw = delivery(TO, "5.1.1") + b"x" * (20 * READ_BYTES)

    assert read_report(settings, raw).outcome is O.HARD


def nest(kind: bytes, depth: int) -> bytes:
    """Parts within parts, then empty lines up to the limit."""
    parts = b"".join(kind.replace(b"%d", str(n).encode()) for n in range(depth))
    return (b"To: " + TO.encode() + b"\n" + parts).ljust(READ_BYTES, b"\n")


@pytest.mark.parametrize("depth", [15, 200, 20_000])
@pytest.mark.parametrize("kind", [b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n",
                                  b"Content-Type: message/rfc822\n\n",
                                  b"Content-Type: message/delivery-status\n\n"])  # fmt: skip
def test_parts_within_parts_cost_no_more_than_seconds(settings: Settings, kind: bytes, depth: int) -> None:
    began = time.process_time()

    assert read_report(settings, nest(kind, depth)).outcome in {O.IGNORED, O.UNREADABLE}
    assert time.process_time() - began < 5


NASTY = (
    b"\x00", b"\xff\xfe", b"--b1\n", b"--b1--\n", b"\r", b"\n\n", b"Content-Type: ", b"boundary=", b"=?utf-8?q?=0A?=",
    b"Content-Transfer-Encoding: base64\n\n", b"charset=\xe9\x00", b"message/rfc822", b"Action: failed\n", b";" * 50,
    b"Status: 5.999.999999\n", b"\xe2\x80\xa8", b"multipart/report", b'"' * 9, b"(" * 99, b"To: " + b"a" * 9_000,
    b"Content-Type: text/plain; charset=unknown-8bit; name*0*=x''%FF\n", b"text/plain; charset=idna\n", b":" * 30,
)  # fmt: skip
SEEDS = [delivery(TO, "5.1.1"), complaint(TO), receipt(TO), plain(TO, "no such user (#5.1.1)")]


def mutated(chance: random.Random) -> bytes:
    """One of the messages, cut, doubled, spoilt or sprinkled at a few places."""
    raw = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(5):
            case 0:
                raw[at : at + chance.randrange(40)] = b""
            case 1:
                raw[at:at] = chance.choice(NASTY)
            case 2:
                raw[at : at + 1] = chance.randbytes(chance.randint(1, 6))
            case 3:
                raw[at:at] = raw[: chance.randrange(len(raw) + 1)][-300:]
            case _:
                raw = raw[:at] or raw
    return bytes(raw)


def test_no_mutated_message_crashes_nor_is_believed_without_a_signature(settings: Settings) -> None:
    chance = random.Random(20260907)
    seen = set()

    for _ in range(1_500):
        raw = mutated(chance)
        report = read_report(settings, raw, envelope_to=chance.choice(["", TO, "x" * 5_000, "\ud800"]))
        seen.add(report.outcome)
        assert report.outcome in {O.FORGED, O.UNREADABLE} or report.returned is not None
    assert {O.HARD, O.COMPLAINT, O.IGNORED, O.FORGED} <= seen
