"""What other people typed never becomes a header, in any field that reaches one."""

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.mail.message import Message, header_text

NASTY = {
    "line feed": "Titre\nBcc: victim@example.org",
    "carriage return": "Titre\r\nBcc: victim@example.org",
    "empty line": "Titre\r\n\r\n<script>alert(1)</script>",
    "trailing newline": "Titre\n",
    "bare return": "Titre\rBcc: victim@example.org",
    "vertical tab": "Titre\x0bBcc: victim@example.org",
    "form feed": "Titre\x0cBcc: victim@example.org",
    "file separator": "Titre\x1cBcc: victim@example.org",
    "next line": "Titre\x85Bcc: victim@example.org",
    "line separator": "Titre\u2028Bcc: victim@example.org",
    "paragraph separator": "Titre\u2029Bcc: victim@example.org",
    "nul": "Titre\x00Bcc: victim@example.org",
    "delete": "Titre\x7fBcc: victim@example.org",
    "quoted word": "=?UTF-8?Q?=0A?=Bcc: victim@example.org",
    "base64 word": "=?utf-8?b?CkJjYzogdmljdGltQGV4YW1wbGUub3Jn?=",
    "nested word": "=?utf-8?q?=?utf-8?q?=0ABcc:_victim@example.org?=?=",
    "broken word": "=?utf-8?q?=0D=0ABcc: victim@example.org",
    "word by pieces": "=?utf-8=?utf-8?q?a?=?q?=0ABcc:_victim@example.org?=",
    "language word": "=?utf-8*fr?q?=0ABcc:_victim@example.org?=",
    "backwards": "Titre\u202egro.elpmaxe\u202c",
    "surrogate": "Titre\ud83dBcc: victim@example.org",
    "long": "x" * 5000 + "\nBcc: victim@example.org",
    "many": "\n".join(f"X-{n}: 1" for n in range(50)),
    "tab": "Titre\tBcc: victim@example.org",
    "nothing but breaks": "\r\n\r\n\r\n",
}
PLAIN = Message("<1@example>", "from@example.org", "to@example.org", "Sujet", "texte", "<p>texte</p>", {})
MOST_OF_A_WORD = 75  # RFC 2047, section 2
PLACES: dict[str, Callable[[str], Message]] = {
    "subject": lambda text: replace(PLAIN, subject=text),
    "subject with an accent": lambda text: replace(PLAIN, subject=f"Trésorerie {text}"),
    "subject's end": lambda text: replace(PLAIN, subject=f"Besoin : {text}"),
    "header's value": lambda text: replace(PLAIN, headers={"X-Note": text}),
    "unsubscribe": lambda text: replace(PLAIN, headers={"List-Unsubscribe": f"<https://example.org/{text}>"}),
    "id": lambda text: replace(PLAIN, message_id=f"<{text}@example>"),
}
EXPECTED = {"message-id", "from", "to", "subject", "mime-version", "content-type", "x-note", "list-unsubscribe"}


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nothing_typed_becomes_a_header(place: str, text: str) -> None:
    raw = PLACES[place](text).as_bytes()

    mail = parsed(raw)
    assert {name.lower() for name in mail} <= EXPECTED
    assert mail.get_all("to") == ["to@example.org"]
    assert not any(line.lower().startswith(b"bcc:") for line in raw.splitlines())
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "texte"


@pytest.mark.parametrize("address", ["a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "", "a"])
def test_a_recipient_that_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        replace(PLAIN, recipient=address).as_bytes()


def test_header_text_keeps_what_people_write() -> None:
    title = "Tenir l’atelier « vélo » : 12 h à Lyon 9e, 50 % à distance ?"

    assert header_text(title) == title
    assert parsed(replace(PLAIN, subject=title).as_bytes())["Subject"] == title


@given(st.text(max_size=180))
@example("Réponse à donner : « Comptable » pour l’atelier")
@example("é" * 180)
@example("Привет, мир")
@example("a" * 180)
def test_a_subject_is_read_back_as_it_was_meant_and_its_words_are_as_short_as_the_standard_asks(text: str) -> None:
    raw = replace(PLAIN, subject=text).as_bytes()

    header = raw.split(b"\r\nSubject: ", 1)[1].split(b"\r\nMIME-Version", 1)[0].decode("ascii")
    lines = header.split("\r\n")
    assert all(line.startswith(" ") for line in lines[1:])
    read = str(make_header(decode_header(header.strip()))).replace("\r\n", "").strip()
    assert read == header_text(text)[:180].strip()
    assert all(len(word) <= MOST_OF_A_WORD for word in header.split() if word.startswith("=?utf-8?q?"))


def test_text_is_utf8_and_lines_stay_short() -> None:
    raw = replace(PLAIN, text="é" * 3000 + "\n", html=f"<p>{'é' * 3000}</p>").as_bytes()

    assert max(len(line) for line in raw.splitlines()) < 998
    body = parsed(raw).get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "é" * 3000


def test_the_language_of_a_mail_leaves_with_it_and_a_second_hand_over_is_the_same_to_the_byte() -> None:
    message = replace(PLAIN, headers={"Content-Language": "fr", "X-Note": "a"})

    assert parsed(message.as_bytes())["Content-Language"] == "fr"
    assert message.as_bytes() == message.as_bytes()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Oui : https://binome.example.org/l/abc?x=1\nFin", "Oui : […]\nFin"),
        ("(https://binome.example.org/l/abc) et <https://a.example/b>", "([…] et <[…]>"),
        ("Marie : marie.d+x@example.org, +33 6 39 98 00 01 ou 06.39.98.00.01.", "Marie : […], […] ou […]."),
        ("+33 (0)6 39 98 00 01, marie (at) example.org, www.example.org ou t.me/marie_d", "[…], […], […] ou […]"),
        ("Le 12/05/2026 à 10:30, 3 500 €, dans 30 jours", "Le 12/05/2026 à 10:30, 3 500 €, dans 30 jours"),
        ("demi \ud83d et nul \x00.", "demi ? et nul ."),
        ("x" * 100_000, "x" * 100_000),
    ],
)
def test_what_is_kept_of_a_mail_opens_nothing_and_reaches_nobody(said: str, kept: str) -> None:
    assert replace(PLAIN, text=said, subject="Ça\ndit").kept() == f"Ça dit\n\n{kept}"
