"""From a posted need to exchanged contacts and a completed mission, in a real browser, as the people live it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from matcher.catalogue.templates import load_templates
from matcher.database import Base
from matcher.models.account import Account
from matcher.models.heartbeat import Heartbeat
from matcher.models.need import Need
from matcher.models.outbox import JobSlot, OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.ranking.score import Weights
from tests.factories import World
from tests.journeys.conftest import Meet, present, session_on, town_of
from tests.journeys.people import Town
from tests.journeys.service import PRODUCTION, Installation, all_of, link_in, serving, words_of
from tests.journeys.visitor import Visitor, gives_away
from tests.servers.processes import wait_until

TEMPLATE = "put-accounts-in-order"
TITLES = {"fr": "Remettre d’aplomb les comptes du jardin", "en": "Put the garden’s accounts straight"}
HOURS = {"fr": "20,5", "en": "20.5"}


@pytest.fixture
def production_town(production: Installation) -> Iterator[Town]:
    """People on PostgreSQL and Redis, with the processes of the compose file."""
    for session in session_on(production):
        town = town_of(session, production)
        with serving(production, PRODUCTION):
            yield town


@dataclass
class Way:
    """What one journey has in hand: its service, its language, its people."""

    installation: Installation
    town: Town
    language: str
    meet: Meet

    @property
    def title(self) -> str:
        """The need's title."""
        return TITLES[self.language]

    @property
    def world(self) -> World:
        """The service's database."""
        return self.town.world

    def somebody(self) -> Visitor:
        """A browser that nobody has used."""
        return self.meet(self.installation, self.language)

    def need(self) -> Need:
        """The need as it stands now."""
        self.world.session.rollback()
        return self.world.session.scalars(sa.select(Need).where(Need.title == self.title)).one()

    def pairing(self) -> Pairing:
        """The need's one pairing as it stands now."""
        self.world.session.rollback()
        return self.world.session.scalars(sa.select(Pairing).join(Need).where(Need.title == self.title)).one()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_need_goes_its_whole_way_on_the_embedded_default(
    embedded: Installation, town: Town, meet: Meet, language: str
) -> None:
    go_the_whole_way(Way(embedded, town, language, meet))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_need_goes_its_whole_way_on_postgresql_and_redis(
    production: Installation, production_town: Town, meet: Meet, language: str
) -> None:
    go_the_whole_way(Way(production, production_town, language, meet))


def go_the_whole_way(way: Way) -> None:
    """Everybody does her part; contacts are seen by both sides after two yeses, and never before."""
    member = post_a_need(way)
    volunteer = open_and_put_in_line(way)
    hers = say_yes(way, volunteer)
    assert not member.was_told(volunteer)
    assert not hers.was_told(way.town.member(way.language))

    get_to_know_each_other(way, volunteer)

    begin_and_finish(way, member, volunteer, hers)
    assert_no_mail_gave_contacts_away(way, volunteer)


def post_a_need(way: Way) -> Visitor:
    """A member posts a need from a template and sends it for review."""
    member = way.somebody()
    member.open("/")
    member.follow("Sign in")
    member.sign_in(way.town.member(way.language))
    member.follow("Post a need")
    member.page.get_by_label(load_templates()[TEMPLATE].labels[way.language]).check()
    member.press("Continue")
    member.type("Title", way.title)
    member.press("Send for review")
    member.sees("Your need has been sent for review.")
    way.installation.mail_to(way.town.member(way.language), way.title)
    return member


def open_and_put_in_line(way: Way) -> Account:
    """A coordinator opens the need, reads the reasons and puts the first person in the line; returns who is invited."""
    coordinator = way.somebody()
    coordinator.open("/reviews")
    coordinator.sign_in(way.town.coordinators[way.language])
    coordinator.follow(way.title)
    coordinator.press("Open the need")
    coordinator.reload_until("Put in the line")
    first = coordinator.page.locator("ol.people > li").first
    expect(first.locator(".person-why").first).not_to_be_empty()
    coordinator.unfold(first)
    expect(first.locator(".score-words li")).to_have_count(len(Weights.names()))
    coordinator.press("Put in the line", within=first)
    coordinator.sees("Take it back")
    invited = way.pairing().volunteer.account
    assert not coordinator.was_told(invited)
    assert invited.language == way.language
    return invited


def say_yes(way: Way, volunteer: Account) -> Visitor:
    """The invited person opens the link of her mail in a browser that knows nobody, and presses yes."""
    mail = way.installation.mail_to(volunteer, "/answer/")
    assert way.title in words_of(mail)
    wait_until(lambda: way.pairing().status is PairingStatus.INVITED, "the invitation is recorded", timeout_s=20)
    hers = way.somebody()
    before = kept(way.world)
    hers.open(link_in(mail, "/answer/"))
    assert kept(way.world) == before
    hers.press("Yes, I would like to help")
    hers.sees("Thank you: your yes is recorded")
    assert way.pairing().status is PairingStatus.ACCEPTED
    return hers


def mails_that_wait(way: Way) -> int:
    """How many mails are on their way to the mail server; those of a later hour are not."""
    way.world.session.rollback()
    may_leave = OutboxRow.not_before <= datetime.now(UTC)
    waits = sa.select(sa.func.count(OutboxRow.id)).where(
        OutboxRow.kind == "send_mail", OutboxRow.done_at.is_(None), may_leave
    )
    return way.world.session.scalar(waits) or 0


def get_to_know_each_other(way: Way, volunteer: Account) -> None:
    """The contact answers by the link of her mail; contacts are shown only after she has signed in."""
    contact = way.town.member(way.language)
    mail = way.installation.mail_to(contact, "/yes/")
    # Other mails of the same yes may still be written, each with links of its own.
    wait_until(lambda: mails_that_wait(way) == 0, "all mails of the yes have left", timeout_s=60)
    reader = way.somebody()
    before = kept(way.world)
    reader.open(link_in(mail, "/yes/"))
    assert kept(way.world) == before
    reader.press("Get to know each other")
    reader.sees("Thank you: you can get in touch")
    assert not reader.was_told(volunteer)
    reader.follow("Sign in and see the contacts")
    reader.sign_in(contact)
    reader.sees("How to reach each other")
    assert reader.is_shown(volunteer)
    reader.sees_text(volunteer.name)


def begin_and_finish(way: Way, member: Visitor, volunteer: Account, hers: Visitor) -> None:
    """The two begin, and both say that it is finished: the mission and its need are completed."""
    mission, today = f"/missions/{way.pairing().id}", present().date()
    hers.open(mission)
    hers.sign_in(volunteer)
    hers.sees("How to reach each other")
    assert hers.is_shown(way.town.member(way.language))
    member.open(mission)
    member.follow("We begin")
    member.type("First day", today.isoformat())
    member.type("Last day", (today + timedelta(days=30)).isoformat())
    member.press("We begin")
    assert way.pairing().status is PairingStatus.ACTIVE
    for visitor in (hers, member):
        visitor.open(mission)
        visitor.follow("It is finished")
        visitor.type("Hours done in all", HOURS[way.language])
        visitor.press("It is finished")
    assert way.pairing().status is PairingStatus.COMPLETED
    assert way.need().status is NeedStatus.COMPLETED
    hers.open(mission)
    hers.follow("See the certificate")
    hers.sees_text(HOURS[way.language])
    member.open(f"/my/needs/{way.need().id}")
    member.sees("Completed")


def assert_no_mail_gave_contacts_away(way: Way, volunteer: Account) -> None:
    """No mail tells one side how to reach the other, before or after."""
    contact = way.town.member(way.language)
    way.installation.mail_to(contact, "/missions/")
    for reader, other in ((contact, volunteer), (volunteer, contact)):
        mails = way.installation.sink.to(reader.email)
        assert mails
        assert not any(gives_away(all_of(mail), other) for mail in mails)


def kept(world: World) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but those in which the workers write down their own progress."""
    world.session.rollback()
    own = {OutboxRow.__tablename__, JobSlot.__tablename__, Heartbeat.__tablename__}
    return {
        table.name: [tuple(row) for row in world.session.execute(sa.select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
        if table.name not in own
    }
