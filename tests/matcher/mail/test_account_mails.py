"""The mails of accounts: every one in both languages, the same in both parts, its own link and no other secret."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from matcher.links import PATHS, Links
from matcher.mail.codes import AccountMailCode as A
from matcher.mail.compose import AccountMail, compose_account_mail
from matcher.mail.message import Message
from matcher.settings import Settings
from tests.matcher.mail.parts import links, missing_in_html, missing_in_text

TRUST = (Path(__file__).parents[3] / "docs" / "trust.md").read_text(encoding="utf-8")
# Where a signed link of any purpose leads.
SIGNED = {path.split("{")[0] for path in PATHS.values()}
LINK = "https://binome.example/confirm-address/abc.def"
WITH_LINK = {
    A.CONFIRM_ADDRESS, A.RESET_PASSWORD, A.CHANGE_ADDRESS, A.MEMBER_INVITED, A.MEMBERSHIP_ASKED, A.ADDRESS_WORKS,
    A.MEMBERSHIP_ASKED_COORDINATOR,
}  # fmt: skip


def written(settings: Settings, code: A, language: str, name: str = "Marie") -> Message:
    mail = AccountMail("marie@example.org", language, name, 5, about="Les Jardins, 06 12 34 56 78")
    return compose_account_mail(settings, Links(settings), mail, code, link=LINK if code in WITH_LINK else None)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", A)
def test_an_account_mail_is_complete(settings: Settings, code: A, language: str) -> None:
    message = written(settings, code, language)

    in_html, in_text = links(message)
    assert in_html == in_text
    assert (LINK in in_html) is (code in WITH_LINK)
    assert not missing_in_text(message)
    assert not missing_in_html(message)
    assert message.text.startswith("Bonjour Marie," if language == "fr" else "Hello Marie,")
    assert "12 34" not in message.text
    mail = message_from_bytes(message.as_bytes(), policy=default)
    assert (mail["To"], mail["Auto-Submitted"]) == ("marie@example.org", "auto-generated")
    assert mail["Message-ID"] == "<account.5@binome.example>"


@pytest.mark.parametrize("code", A)
def test_an_account_mail_opens_its_own_link_and_no_choices(settings: Settings, code: A) -> None:
    addresses = links(written(settings, code, "fr"))[0] - {LINK}

    assert not {address for address in addresses if any(path in address for path in SIGNED)}
    assert "List-Unsubscribe" not in written(settings, code, "fr").headers
    assert f"`{code.value}`" in TRUST.split("**Mails without the link to the choices of mails.**")[1].split("\n\n")[0]


@pytest.mark.parametrize("code", A)
def test_an_account_mail_is_translated(settings: Settings, code: A) -> None:
    french, english = (written(settings, code, language) for language in ("fr", "en"))

    assert french.subject != english.subject
    same = set(french.text.splitlines()) & set(english.text.splitlines())
    assert not {line for line in same if line.strip(" -") and not line.startswith("https://")}


def test_a_person_without_a_name_is_greeted_too(settings: Settings) -> None:
    assert written(settings, A.WELCOME, "fr", name="").text.startswith("Bonjour,\n")


def test_a_language_that_we_do_not_speak_is_answered_in_french(settings: Settings) -> None:
    assert written(settings, A.WELCOME, "de").subject == "Votre compte est prêt"
