"""A need that saves itself while it is written, in a real browser: nothing typed is lost, and there is one draft."""

import re

import sqlalchemy as sa
from playwright.sync_api import Dialog, Locator, Route, expect

from matcher.models.need import Need
from matcher.models.states import NeedStatus
from tests.journeys.people import Town
from tests.journeys.visitor import Visitor
from tests.servers.processes import wait_until

AUTOSAVE = "**/draft"
NEXT_SAVED = """new Promise((done) => {
    document.querySelector("form[data-autosave]").addEventListener("autosaved", () => done(true), { once: true });
})"""
EDIT = re.compile(r"/my/needs/\d+/edit$")


def drafts_of(town: Town, title: str) -> list[Need]:
    """The needs of a title as they stand now."""
    town.world.session.rollback()
    return list(town.world.session.scalars(sa.select(Need).where(Need.title == title)))


def note(writer: Visitor) -> Locator:
    """The line that tells of the saving."""
    return writer.page.get_by_role("main").get_by_role("status")


def saved(writer: Visitor) -> re.Pattern[str]:
    """What the line says once a draft was saved."""
    return re.compile(re.escape(writer.words("Draft saved at %(time)s", time="")) + r"\d+")


def test_words_typed_into_a_new_need_are_there_after_a_reload(writer: Visitor, town: Town) -> None:
    title = f"Tenir la buvette ({writer.language})"
    asked: list[Dialog] = []
    writer.page.on("dialog", lambda dialog: (asked.append(dialog), dialog.accept()))
    writer.type("Title", title)
    expect(note(writer)).to_have_text(saved(writer))
    expect(writer.page).to_have_url(EDIT)
    # The line says the same minute as before, so what the page itself waits for is waited for here.
    writer.page.evaluate(f"() => {{ window.kept = {NEXT_SAVED}; }}")
    writer.page.locator("#description").fill("Deux samedis en juin.")
    writer.page.evaluate("() => window.kept")
    expect(note(writer)).to_have_text(saved(writer))

    writer.open(writer.page.url)

    expect(writer.page.locator("#title")).to_have_value(title)
    expect(writer.page.locator("#description")).to_have_value("Deux samedis en juin.")
    assert asked == [], "nothing was unsaved, so nobody is asked whether to leave"
    (need,) = drafts_of(town, title)
    assert need.status is NeedStatus.DRAFT


def test_save_pressed_while_it_saves_itself_waits_and_makes_no_second_draft(writer: Visitor, town: Town) -> None:
    title = f"Repeindre la salle ({writer.language})"
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    writer.page.route(AUTOSAVE, hold)
    with writer.page.expect_request(AUTOSAVE):
        writer.type("Title", title)
    writer.page.locator("#description").fill("Avec deux couches.")
    button = writer.page.get_by_role("button", name=writer.words("Save the draft"))
    button.click(no_wait_after=True)
    button.click(no_wait_after=True)
    assert drafts_of(town, title) == []
    assert len(held) == 1

    with writer.page.expect_navigation():
        held[0].continue_()

    writer.sees("Your need has been saved.")
    (need,) = drafts_of(town, title)
    assert (need.description, len(held)) == ("Avec deux couches.", 1)


def test_a_draft_that_cannot_be_saved_says_so_and_follows_when_the_way_is_free(writer: Visitor, town: Town) -> None:
    title = f"Tenir le standard ({writer.language})"
    writer.page.context.set_offline(True)
    writer.type("Title", title)
    away = "Not saved yet: the connection is missing. What you typed stays on this page, and we try again."
    expect(note(writer)).to_have_text(writer.words(away))
    expect(writer.page.locator("#title")).to_have_value(title)

    writer.page.context.set_offline(False)
    expect(note(writer)).to_have_text(saved(writer))
    with writer.page.expect_response(AUTOSAVE):
        writer.type("How many people", "0")

    expect(note(writer)).to_contain_text(writer.words("How many people"))
    assert [need.seats for need in drafts_of(town, title)] == [1]


def test_leaving_the_page_keeps_what_was_typed_in_the_last_seconds(writer: Visitor, town: Town) -> None:
    title = f"Écrire aux voisins ({writer.language})"
    writer.page.on("dialog", lambda dialog: dialog.accept())
    writer.type("Title", title)

    writer.page.goto(f"{writer.address}/legal")

    wait_until(lambda: len(drafts_of(town, title)) == 1, "the draft of a page that was left", timeout_s=20)
