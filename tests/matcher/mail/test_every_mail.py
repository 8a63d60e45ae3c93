"""What holds for every mail in both languages: complete, the same in both parts, translated, without contacts."""

import re
from email import message_from_bytes
from email.policy import default

import pytest

from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.compose import ACCOUNT_LETTERS, NEED_LETTERS, PAIRING_LETTERS, READER_LETTERS
from matcher.mail.sense import ABOUT_NO_NEED
from tests.matcher.mail import reader_scenes, scenes
from tests.matcher.mail.conftest import PUBLIC_URL, Composed
from tests.matcher.mail.parts import ADDRESS, links, missing_in_html, missing_in_text
from tests.matcher.mail.told import EVERY, Told

EACH = [pytest.param(told, language, id=f"{told.name}-{language}") for told in EVERY for language in ("fr", "en")]
every_mail = pytest.mark.parametrize(("told", "language"), EACH)
SIGNED = ("/answer/", "/yes/", "/still-needed/", "/correct/", "/unsubscribe/", "/mail/", "/still-true/")


def test_every_code_has_a_composer_and_none_is_extra() -> None:
    tables = (NEED_LETTERS, PAIRING_LETTERS, READER_LETTERS)
    assert sorted(code for table in tables for code in table) == sorted(MailCode)
    assert set(ACCOUNT_LETTERS) == set(AccountMailCode)
    assert set(scenes.NEED_MOMENTS) == set(NEED_LETTERS)
    assert set(scenes.PAIRING_MOMENTS) == set(PAIRING_LETTERS)
    assert set(reader_scenes.MOMENTS) == set(READER_LETTERS) == ABOUT_NO_NEED


@every_mail
def test_text_and_html_hold_the_same_words(composed: dict[Told, Composed], told: Told, language: str) -> None:
    message = composed[told].by_language[language]

    assert not missing_in_text(message)
    assert not missing_in_html(message)


@every_mail
def test_text_and_html_hold_the_same_links(composed: dict[Told, Composed], told: Told, language: str) -> None:
    message = composed[told].by_language[language]

    in_html, in_text = links(message)
    assert in_html == in_text != set()
    assert all(link.startswith(f"{PUBLIC_URL}/") for link in in_html)


@every_mail
def test_no_sentence_stays_in_the_other_language(composed: dict[Told, Composed], told: Told, language: str) -> None:
    other = "en" if language == "fr" else "fr"
    sentences = {line for line in composed[told].by_language[language].text.splitlines() if len(line.split()) > 2}
    others = set(composed[told].by_language[other].text.splitlines())

    assert composed[told].by_language[language].subject != composed[told].by_language[other].subject
    written_by_people = ("> ", "* “", "* «", "https://", "“", "«")
    assert not {line for line in sentences & others if not line.startswith(written_by_people)}


@every_mail
def test_a_subject_says_its_news_within_what_a_telephone_shows(
    composed: dict[Told, Composed], told: Told, language: str
) -> None:
    subject = composed[told].by_language[language].subject

    assert len(re.split(r" (?:pour|for) Association", subject)[0]) <= 60


@every_mail
def test_french_follows_its_typography(composed: dict[Told, Composed], told: Told, language: str) -> None:
    message = composed[told].by_language[language]
    said = f"{message.subject}\n{ADDRESS.sub('', message.text)}"

    assert "'" not in said
    assert "%(" not in said
    if language == "fr":
        assert not re.search(r"[ \w][;!?»]|« | :|\w:(?:\s|$)|\b1 (?:janvier|octobre|novembre)", said)


@every_mail
def test_no_contact_of_anybody_stands_in_a_mail(composed: dict[Told, Composed], told: Told, language: str) -> None:
    message = composed[told].by_language[language]

    for part in (message.subject, message.text, message.html):
        assert "@example.org" not in part
        assert not re.search(r"12.?34.?56.?78", part)


@every_mail
def test_the_volunteer_is_not_named_to_others(composed: dict[Told, Composed], told: Told, language: str) -> None:
    scene, message = composed[told].scene, composed[told].by_language[language]

    hers = scene.pairing is not None and scene.pairing.volunteer.account_id == scene.recipient.id
    assert ("Marie Confidentielle" in message.text) is hers
    assert "Confidentielle" not in message.subject


@every_mail
def test_each_mail_to_a_volunteer_and_no_other_leads_to_her_choices(
    composed: dict[Told, Composed], told: Told, language: str
) -> None:
    scene, message = composed[told].scene, composed[told].by_language[language]

    of_pairing = scene.pairing is not None and scene.pairing.volunteer.account_id == scene.recipient.id
    to_volunteer = of_pairing or told.code in ABOUT_NO_NEED - {MailCode.COORDINATOR_DIGEST}
    assert (f"{PUBLIC_URL}/mail/" in message.text) is to_volunteer


@every_mail
def test_a_mail_is_well_formed(composed: dict[Told, Composed], told: Told, language: str) -> None:
    message = composed[told].by_language[language]

    mail = message_from_bytes(message.as_bytes(), policy=default)
    assert not mail.defects
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Subject"] == message.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == composed[told].scene.mailbox
    assert mail["To"] == composed[told].scene.recipient.email


@every_mail
def test_a_link_in_a_mail_belongs_to_its_reader_alone(
    composed: dict[Told, Composed], told: Told, language: str
) -> None:
    text = composed[told].by_language[language].text

    elsewhere = {
        link
        for other, mail in composed.items()
        if mail.scene.recipient.id != composed[told].scene.recipient.id
        for link in ADDRESS.findall(mail.by_language[language].text)
        if any(path in link for path in SIGNED)
    }
    assert not elsewhere & set(ADDRESS.findall(text))
