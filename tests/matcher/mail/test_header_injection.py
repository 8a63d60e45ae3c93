"""Texts drawn by lot become no header, in every field of a mail that reaches one. Whole mails: test_hostile_mails."""

import random
from collections.abc import Callable
from email.errors import HeaderParseError

import pytest

from tests.matcher.mail.test_message import EXPECTED, NASTY, PLACES, parsed
from tests.security.form import IS_FULL, SEED

DRAWN = 10_000 if IS_FULL else 300
# Pieces of which headers, encoded words and breaks of lines are made, whole and broken.
PIECES = (
    *(
        "\r",
        "\n",
        "\r\n",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x85",
        "\u2028",
        "\u2029",
        "\x00",
        "\x7f",
        "\t",
        " ",
    ),
    *(
        "Bcc: victim@example.org",
        "bcc:victim@example.org",
        "To: victim@example.org",
        "Content-Type: text/html",
        ":",
        "X-A",
    ),
    *("=?UTF-8?Q?", "=?utf-8?b?", "=?iso-8859-1*fr?q?", "?=", "=0A", "=0D=0A", "=?", "=", "Cg==", "DQpCY2M6IHg=", "_"),
    *("Titre", "é", "œ", "€", "\U0001f600", "\ud83d", "\u202e", "\ufeff", "<", ">", '"', ",", ";", "@", "x" * 80),
)


def drawn(dice: random.Random) -> str:
    """One text: pieces in any order, or a known bad text that was cut and mended with others."""
    pieces = dice.choices(PIECES, k=dice.randint(1, 12))
    if dice.random() < 0.3:
        known = dice.choice(list(NASTY.values()))[:200]
        pieces.insert(dice.randrange(len(pieces)), known[dice.randrange(len(known)) :])
    return "".join(pieces)


def test_nothing_drawn_by_lot_becomes_a_header(record_property: Callable[[str, object], None]) -> None:
    dice = random.Random(SEED)
    places = list(PLACES.items())

    refused = 0
    for number in range(DRAWN):
        place, put = places[number % len(places)]
        text = drawn(dice)
        try:
            raw = put(text).as_bytes()
        except (IndexError, ValueError, HeaderParseError):
            assert place == "id", ("only the number of a mail, which nobody types, may be refused", place, text)
            refused += 1
            continue
        head, _, body = raw.partition(b"\r\n\r\n")
        mail = parsed(raw)
        told = (number, place, text)
        assert {name.lower() for name in mail} <= EXPECTED, told
        assert mail.get_all("to") == ["to@example.org"], told
        assert not any(line.lower().startswith((b"bcc:", b"x-a:")) for line in raw.splitlines()), told
        assert not set(b"\r\n\x00") & set(head.replace(b"\r\n", b"")), told
        assert head.isascii(), told
        assert body.strip(), told
    assert refused < DRAWN // len(places)
    record_property("cases", DRAWN)


@pytest.mark.parametrize("text", ["Titre\nBcc: a@example.org", "=?utf-8?q?=0ABcc:_a@example.org?="])
def test_a_mail_that_did_not_look_at_its_subject_would_be_found(text: str) -> None:
    raw = PLACES["subject"]("Sujet").as_bytes().replace(b"Sujet", text.encode())

    assert "bcc" in {name.lower() for name in parsed(raw)} or "\n" in str(parsed(raw)["subject"])
