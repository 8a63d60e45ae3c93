"""A volunteer asks what would bring her among the first, in a real browser: a worker answers, the page shows it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Response, Route, expect

from matcher.database import begin_write
from matcher.models.need import Need
from matcher.models.suggestion import RankingRun
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import NeededSkill, OfferedSkill
from tests.journeys.conftest import Meet, session_on, town_of
from tests.journeys.people import Town
from tests.journeys.service import EMBEDDED, Installation, serving
from tests.servers.processes import wait_until

ASKING = {"fr": "Marie Lemoine", "en": "Grace Lemon"}
PATIENT = "Karim Belkacem"
BUTTON = "What would bring me among the first?"
ACCOUNTS = NeededSkill("Comptabilité associative", uri="binome:skill/accounting/association-accounting")


@pytest.fixture(scope="module")
def town(embedded: Installation) -> Iterator[Town]:
    """People on the embedded default, which runs: six who can keep accounts, three more who have not said so."""
    for session in session_on(embedded):
        town = town_of(session, embedded)
        for number in range(6):
            town.world.volunteer(skills=[OfferedSkill(ACCOUNTS.label, None, ACCOUNTS.uri)], hours=2 - number / 10)
        for language, name in (*ASKING.items(), ("fr", PATIENT)):
            town.volunteer(name, language)
        with serving(embedded, EMBEDDED):
            yield town


@pytest.fixture(scope="module")
def need(town: Town) -> Need:
    """A need that was ranked."""
    need = town.world.need(title="Tenir nos comptes", skills=(ACCOUNTS,), total_hours=200.0)
    ranked = sa.select(RankingRun.id).where(RankingRun.need_id == need.id)

    def is_ranked() -> bool:
        town.world.session.rollback()
        return town.world.session.scalar(ranked) is not None

    wait_until(is_ranked, "the ranking of the need", timeout_s=60)
    return need


def volunteer_of(town: Town, name: str) -> Volunteer:
    """One of the town's volunteers."""
    found = [each for each in town.world.session.scalars(sa.select(Volunteer)) if each.account.name == name]
    return found[0]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_answer_appears_by_itself_and_leads_to_the_profile(
    town: Town, need: Need, embedded: Installation, meet: Meet, language: str
) -> None:
    reader = meet(embedded, language)
    reader.open("/sign-in")
    reader.sign_in(volunteer_of(town, ASKING[language]).account)
    reader.open(f"/needs/{need.id}")

    reader.press(BUTTON)

    part = reader.page.locator("#my-place")
    expect(part).to_contain_text(reader.words("Calculated on %(moment)s.", moment="").rstrip(". "), timeout=30_000)
    expect(part).to_contain_text(reader.words("A coordinator decides, not this calculation. Please state nothing that"
                                              " is not true: people will rely on it."))  # fmt: skip
    link = part.get_by_role("listitem").get_by_role("link").first
    with reader.page.expect_navigation():
        link.click()
    assert urlsplit(reader.page.url).path.startswith("/profile/")


def test_a_page_that_cannot_look_again_gives_up_kindly(
    town: Town, need: Need, embedded: Installation, meet: Meet
) -> None:
    reader = meet(embedded, "fr")
    reader.open("/sign-in")
    reader.sign_in(volunteer_of(town, PATIENT).account)
    reader.open(f"/needs/{need.id}")
    looked: list[Route] = []

    def refuse(route: Route) -> None:
        if route.request.resource_type != "fetch":
            route.fallback()
            return
        looked.append(route)
        route.fulfill(status=503, body="")

    def keep_the_answer_back(response: Response) -> None:
        if response.request.method == "POST":
            begin_write(town.world.session)  # SQLite has one writer: the worker waits for this one

    reader.page.route(f"**/needs/{need.id}", refuse)
    reader.page.on("response", keep_the_answer_back)
    reader.page.clock.install()
    reader.press(BUTTON)
    gives_up = "This takes longer than usual. You can come back later: the answer stays here."
    for _ in range(600):
        if reader.page.get_by_text(reader.words(gives_up)).count():
            break
        reader.page.clock.run_for(1500)

    reader.sees(gives_up)
    assert 0 < len(looked) <= 30
    town.world.session.rollback()
