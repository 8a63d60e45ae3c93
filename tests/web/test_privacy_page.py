"""The page on privacy tells what the register of personal data holds, in both languages."""

import pytest
from flask import Flask

from matcher.privacy_register import Purpose, register
from matcher.privacy_words import activities
from tests.factories import World
from tests.settings import make_settings
from tests.web.visiting import Visitor
from web import create_app

PROMISES = {
    "en": (
        "Until you erase your account.",
        "An account whose address is not confirmed is deleted after 20 days, with reminders by e-mail after 5 and 14",
        "The account of somebody who neither signs in nor answers is erased after 400 days, with a warning by e-mail"
        " after 370 days;",
        "An invitation to act for an association, or a wish to, without an answer: 60 days.",
        "A mail: 10 days after it was handed over or set aside;",
        "200 days.",
        "8 days after the question.",
        "A sign-in: 9 days after it ended.",
        "A note between coordinators: 100 days.",
    ),
    "fr": (
        "Jusqu’à ce que vous effaciez votre compte.",
        "Un compte dont l’adresse n’est pas confirmée est supprimé après 20 jours, avec des rappels par e-mail après"
        " 5 et 14 jours.",
        "Le compte d’une personne qui ne se connecte plus et ne répond plus est effacé après 400 jours, avec un"
        " avertissement par e-mail après 370 jours",
        "Une invitation à agir pour une association, ou une demande de le faire, restée sans réponse : 60 jours.",
        "Un e-mail : 10 jours après sa remise ou sa mise de côté",
        "200 jours.",
    ),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_table_on_privacy_is_the_registers(app: Flask, language: str) -> None:
    page = Visitor(app, language=language).get("/privacy").page

    rows = [tuple(cell.get_text() for cell in row.select("th, td")) for row in page.select("main tbody tr")]

    told = activities(language, register())
    assert len(told) == len(Purpose)
    assert rows == [(each.what, each.why, each.how_long, each.seen_by) for each in told]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_promises_the_periods_that_are_in_force_and_tells_who_is_deleted(
    world: World, sqlite_url: str, language: str
) -> None:
    lowered = make_settings(
        sqlite_url,
        unconfirmed_days=20,
        inactive_days=400,
        done_mail_days=10,
        pending_member_days=60,
        audit_log_days=200,
        question_days=8,
        ended_sign_in_days=9,
        note_days=100,
    )

    page = Visitor(create_app(lowered, clock=lambda: world.now), language=language).get("/privacy").page

    cells = [cell.get_text().replace("\u00a0", " ") for cell in page.select("main tbody td")]
    assert [words for words in PROMISES[language] if not any(words in cell for cell in cells)] == []
    assert [cell for cell in cells if "730" in cell] == []
