"""The pages that no journey passes, each looked at by axe in a real browser, in both languages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from matcher import outbox
from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.alert import AlertCode
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.outbox import ParkReason
from matcher.models.quarantine import Quarantine
from matcher.models.states import NeedAudience, NeedStatus, PairingStatus
from matcher.models.suppression import Suppression, SuppressionReason
from matcher.models.volunteer import Volunteer
from matcher.services import alerts, names, needs, notes
from matcher.services.invariants import Broken
from tests.factories import World
from tests.web.linking import path_of, served
from tests.web.visiting import Visitor

AXE = Axe()


@pytest.fixture(params=["fr", "en"])
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser tab of somebody who reads this language."""
    context = browser.new_context(locale=request.param)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def her(world: World) -> Volunteer:
    """A volunteer whose mails come back, who said no lately, and whose availability is old."""
    volunteer = world.volunteer(
        confirmed_on=(world.now - timedelta(days=120)).date(), rests_until=world.now + timedelta(days=9)
    )
    with transaction(world.session) as session:
        closed = {"reason": SuppressionReason.HARD, "since": world.now, "account_id": volunteer.account_id}
        session.add(Suppression(address_hash="x" * 32, **closed))
    return volunteer


def come_in(app: Flask, tab: Page, address: str, account: Account) -> None:
    """Sign somebody in."""
    cookie = Visitor(app, account).client.get_cookie("session")
    assert cookie is not None
    tab.context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])


def look_at(app: Flask, tab: Page, paths: list[str], account: Account | None = None) -> None:
    """Open each page, signed in when an account is given, and let axe look at it."""
    with served(app) as address:
        if account is not None:
            come_in(app, tab, address, account)
        for path in paths:
            answer = tab.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            report = AXE.run(tab)
            assert report.violations_count == 0, f"{path}\n{report.generate_report()}"


def test_the_pages_of_administrators(app: Flask, tab: Page, world: World, her: Volunteer) -> None:
    reader, pairing = world.administrator().account, world.pairing(PairingStatus.INVITED)
    look_at(app, tab, ["/admin/quarantine", "/admin/outbox"], reader)
    with transaction(world.session) as session:
        outbox.add(session, outbox.RankNeed(pairing.need_id), world.now)
        row = world.messages("rank_need")[-1]
        outbox.claim(session, row.id, world.now)
        outbox.park(row, world.now, reason=ParkReason.ERROR, outcome="ValueError")
        alerts.note(session, world.now, [Broken(AlertCode.CLOCKS_MISSING, "invited", (pairing.id,), 3)])
        session.add(Quarantine(since=world.now, data_of=world.now - timedelta(days=1), reason="restored"))

    paths = ["/admin/outbox", f"/admin/outbox/{row.id}/discard", "/admin/addresses", "/admin/quarantine"]
    people = ["/admin/people", f"/admin/people/{reader.id}", f"/admin/people/{her.account_id}/suspend"]
    look_at(app, tab, [*paths, *people, "/admin/quarantine/discard", "/admin/accesses", "/board"], reader)


def test_the_pages_of_a_volunteer(app: Flask, tab: Page, world: World, her: Volunteer) -> None:
    coordinator = world.coordinator()
    with transaction(world.session) as session:
        names.open_name(session, coordinator, world.now, volunteer_id=her.id)
    paths = ["/account/data", "/account", "/account/accesses"]
    look_at(app, tab, ["/profile", "/profile/mail", *paths], her.account)


def test_the_page_that_asks_for_the_age(app: Flask, tab: Page, world: World, her: Volunteer) -> None:
    with transaction(world.session):
        her.account.adult_declared_at = None
    look_at(app, tab, ["/account/age"], her.account)


def test_the_page_of_ones_own_data(app: Flask, tab: Page, her: Volunteer) -> None:
    with served(app) as address:
        come_in(app, tab, address, her.account)
        tab.goto(f"{address}/account/data")
        tab.locator('form[action="/account/data/page"] button').click()
        tab.wait_for_url(f"{address}/account/data/page")
        report = AXE.run(tab)
        assert report.violations_count == 0, report.generate_report()


def test_the_pages_behind_the_links_of_mails(app: Flask, tab: Page, world: World, her: Volunteer) -> None:
    purposes = (
        LinkPurpose.MAIL_CHOICES,
        LinkPurpose.STILL_TRUE,
        LinkPurpose.ADDRESS_WORKS,
        LinkPurpose.UNSUBSCRIBE,
    )
    look_at(app, tab, [path_of(app, world, purpose, her.account, None) for purpose in purposes])


def test_what_a_coordinator_is_told_of(app: Flask, tab: Page, world: World) -> None:
    world.pairing(PairingStatus.APPLIED)
    world.fire(world.need(), Clock.NOBODY_YET)
    world.suggest(world.need(), [])
    gone = world.need(NeedStatus.SUBMITTED)
    world.act(needs.give_up, world.member(gone), need_id=gone.id)

    find = f"/reviews/{world.need().id}/people"
    look_at(app, tab, ["/reviews", find, "/board/accesses"], world.coordinator().account)


def test_the_pages_of_notes_checks_and_needs_for_some_readers(world: World, app: Flask, tab: Page) -> None:
    unnamed = world.need(audience=NeedAudience.UNNAMED, meets_vulnerable=True)
    met = world.pairing(PairingStatus.CONFIRMED, need=unnamed)
    desk = world.coordinator()
    about = {"need_id": unnamed.id, "volunteer_id": met.volunteer_id}
    world.act(notes.write, desk, **about, text="Préfère être appelée le soir.")

    look_at(app, tab, [f"/needs/{unnamed.id}"])
    look_at(app, tab, [f"/reviews/{unnamed.id}/people/{met.volunteer_id}/notes"], desk.account)
    member = world.member(unnamed).account
    look_at(app, tab, [f"/missions/{met.id}/check", f"/my/needs/{unnamed.id}/edit"], member)
