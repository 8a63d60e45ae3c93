"""What holds for every mail in both languages: complete, the same in both parts, translated, without contacts."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from bs4 import BeautifulSoup

from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.compose import ACCOUNT_LETTERS, NEED_LETTERS, PAIRING_LETTERS, READER_LETTERS
from matcher.mail.message import Message
from matcher.mail.sense import ABOUT_NO_NEED
from tests.matcher.mail import reader_scenes, scenes
from tests.matcher.mail.conftest import PUBLIC_URL, Composed

ADDRESS = re.compile(r"https?://[^\s<>\"]+")
EACH = [pytest.param(code, language, id=f"{code}-{language}") for code in MailCode for language in ("fr", "en")]
every_mail = pytest.mark.parametrize(("code", "language"), EACH)
SIGNED = ("/answer/", "/yes/", "/still-needed/", "/correct/", "/unsubscribe/", "/mail/", "/still-true/")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"^[>*] ", "", text, flags=re.MULTILINE)).strip()


def visible(message: Message) -> BeautifulSoup:
    soup = BeautifulSoup(message.html, "html.parser")
    for hidden in soup.select("style, title, .hidden, .brand"):
        hidden.decompose()
    return soup


def test_every_code_has_a_composer_and_none_is_extra() -> None:
    tables = (NEED_LETTERS, PAIRING_LETTERS, READER_LETTERS)
    assert sorted(code for table in tables for code in table) == sorted(MailCode)
    assert set(ACCOUNT_LETTERS) == set(AccountMailCode)
    assert set(scenes.NEED_MOMENTS) == set(NEED_LETTERS)
    assert set(scenes.PAIRING_MOMENTS) == set(PAIRING_LETTERS)
    assert set(reader_scenes.MOMENTS) == set(READER_LETTERS) == ABOUT_NO_NEED


@every_mail
def test_text_and_html_hold_the_same_words(composed: dict[MailCode, Composed], code: MailCode, language: str) -> None:
    message = composed[code].by_language[language]
    soup = visible(message)

    blocks = {plain(block.get_text()) for block in soup.select("p, h2, th, td.value, a")} - {""}
    words = plain(message.text)
    missing_in_text = {block for block in blocks if not all(part in words for part in block.split(" · "))}
    shown = plain(soup.get_text(" "))
    lines = {plain(ADDRESS.sub("", line)) for line in message.text.splitlines()} - {"", "--"}
    missing_in_html = {line for line in lines if not all(part.strip() in shown for part in _sides(line))}
    assert not missing_in_text
    assert not missing_in_html


def _sides(line: str) -> tuple[str, ...]:
    """A line as the text has it: a sentence, or a label and its value."""
    label, colon, value = line.partition(":")
    return (label, value) if colon else (line,)


@every_mail
def test_text_and_html_hold_the_same_links(composed: dict[MailCode, Composed], code: MailCode, language: str) -> None:
    message = composed[code].by_language[language]

    links = {str(link["href"]) for link in visible(message).select("a")}
    assert links == set(ADDRESS.findall(message.text))
    assert links
    assert all(link.startswith(f"{PUBLIC_URL}/") for link in links)


@every_mail
def test_no_sentence_stays_in_the_other_language(
    composed: dict[MailCode, Composed], code: MailCode, language: str
) -> None:
    other = "en" if language == "fr" else "fr"
    sentences = {line for line in composed[code].by_language[language].text.splitlines() if len(line.split()) > 2}
    others = set(composed[code].by_language[other].text.splitlines())

    assert composed[code].by_language[language].subject != composed[code].by_language[other].subject
    written_by_people = ("> ", "* “", "* «", "https://", "“", "«")
    assert not {line for line in sentences & others if not line.startswith(written_by_people)}


@every_mail
def test_a_subject_says_its_news_within_what_a_telephone_shows(
    composed: dict[MailCode, Composed], code: MailCode, language: str
) -> None:
    subject = composed[code].by_language[language].subject

    assert len(re.split(r" (?:pour|for) Association", subject)[0]) <= 60


@every_mail
def test_french_follows_its_typography(composed: dict[MailCode, Composed], code: MailCode, language: str) -> None:
    message = composed[code].by_language[language]
    said = f"{message.subject}\n{ADDRESS.sub('', message.text)}"

    assert "'" not in said
    assert "%(" not in said
    if language == "fr":
        assert not re.search(r"[ \w][;!?»]|« | :|\w:(?:\s|$)|\b1 (?:janvier|octobre|novembre)", said)


@every_mail
def test_no_contact_of_anybody_stands_in_a_mail(
    composed: dict[MailCode, Composed], code: MailCode, language: str
) -> None:
    message = composed[code].by_language[language]

    for part in (message.subject, message.text, message.html):
        assert "@example.org" not in part
        assert not re.search(r"12.?34.?56.?78", part)


@every_mail
def test_the_volunteer_is_not_named_to_others(
    composed: dict[MailCode, Composed], code: MailCode, language: str
) -> None:
    scene, message = composed[code].scene, composed[code].by_language[language]

    hers = scene.pairing is not None and scene.pairing.volunteer.account_id == scene.recipient.id
    assert ("Marie Confidentielle" in message.text) is hers
    assert "Confidentielle" not in message.subject


@every_mail
def test_a_mail_is_well_formed(composed: dict[MailCode, Composed], code: MailCode, language: str) -> None:
    message = composed[code].by_language[language]

    mail = message_from_bytes(message.as_bytes(), policy=default)
    assert not mail.defects
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Subject"] == message.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == composed[code].scene.mailbox
    assert mail["To"] == composed[code].scene.recipient.email


@every_mail
def test_a_link_in_a_mail_belongs_to_its_reader_alone(
    composed: dict[MailCode, Composed], code: MailCode, language: str
) -> None:
    text = composed[code].by_language[language].text

    elsewhere = {
        link
        for other, mail in composed.items()
        if mail.scene.recipient.id != composed[code].scene.recipient.id
        for link in ADDRESS.findall(mail.by_language[language].text)
        if any(path in link for path in SIGNED)
    }
    assert not elsewhere & set(ADDRESS.findall(text))
