"""Skills found in one's own text, in a real browser: offered without a reload, added by hand, asked for once."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, expect

from matcher.models.need import Need
from matcher.models.states import NeedStatus
from tests.journeys.conftest import Meet
from tests.journeys.people import Town
from tests.journeys.service import Installation
from tests.journeys.visitor import Visitor

TEXT = {
    "fr": "Il faut établir le bilan et le compte de résultat, puis envoyer une lettre d’information.",
    "en": "Somebody must prepare the balance sheet and the annual accounts, then send a newsletter.",
}
LABELS = {"fr": ("Comptes annuels", "Lettre d’information"), "en": ("Annual accounts", "Newsletter")}


@pytest.fixture
def writer(writer: Visitor) -> Visitor:
    """A member before the form of a new need, into which she has written."""
    writer.type("Title", f"Clore l’exercice ({writer.language})")
    writer.page.locator("#description").fill(TEXT[writer.language])
    writer.page.locator(f"input[name=language][value={writer.language}]").check()
    writer.page.locator("input[name=mode][value=remote]").check()
    return writer


def look(writer: Visitor) -> None:
    """Press the button that finds skills."""
    writer.page.get_by_role("button", name=writer.words("Find skills in my text")).click()


def offers(writer: Visitor) -> Locator:
    """The boxes of what was found."""
    return writer.page.locator("input[name=found]")


def stated(writer: Visitor) -> list[str]:
    """The skills in the rows."""
    return [field.input_value() for field in writer.page.locator("[data-row] input[name$=-word]").all()]


def test_found_skills_are_ticked_and_added_without_a_reload(writer: Visitor) -> None:
    accounts, letter = LABELS[writer.language]
    look(writer)
    expect(writer.page.locator("[data-finder-note]")).to_contain_text(re.compile(r"^\d"))
    assert not any(stated(writer))

    writer.page.get_by_label(accounts).check()
    writer.page.get_by_role("button", name=writer.words("Add what is ticked")).click()

    expect(writer.page.locator("[data-finder-note]")).to_have_text(writer.words("Added: %(skills)s.", skills=accounts))
    assert [each for each in stated(writer) if each] == [accounts]
    assert writer.page.locator("#description").input_value() == TEXT[writer.language]
    expect(writer.page.get_by_label(letter)).to_be_visible()
    expect(writer.page.get_by_label(accounts)).to_have_count(0)

    look(writer)
    expect(writer.page.locator("[data-finder-note]")).to_contain_text(re.compile(r"^\d"))
    expect(writer.page.get_by_label(accounts)).to_have_count(0)


def test_what_was_found_and_the_open_menu_fit_a_telephone(town: Town, embedded: Installation, meet: Meet) -> None:
    reader = meet(embedded, "fr")
    reader.page.set_viewport_size({"width": 360, "height": 740})
    reader.open("/profile/skills")
    reader.sign_in(town.volunteer("Ana").account)
    reader.open("/profile/skills")
    look(reader)
    expect(offers(reader).first).to_be_visible()

    reader.unfold(reader.page.get_by_role("banner"))

    assert reader.page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_need_without_skills_is_asked_about_and_leaves_with_what_is_ticked(writer: Visitor, town: Town) -> None:
    accounts, _letter = LABELS[writer.language]
    writer.press("Send for review")
    writer.sees("Before you send: no skill is named yet")
    expect(writer.page.locator("[data-focus]")).to_be_focused()

    writer.page.get_by_label(accounts).check()
    writer.press("Send with what is ticked")

    writer.sees("Your need has been sent for review.")
    town.world.session.rollback()
    title = f"Clore l’exercice ({writer.language})"
    sent = sa.select(Need).where(Need.title == title, Need.status == NeedStatus.SUBMITTED)
    (need,) = town.world.session.scalars(sent)
    assert [skill.uri for skill in need.skills] == ["binome:skill/accounting/annual-accounts"]
