"""When somebody says no, nothing, or no after all: the service goes on by itself, as the people see it.

What waits for a clock stands last, so that the clock runs meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from matcher.database import transaction
from matcher.i18n import translate
from matcher.links import Links, Subject, issue
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from tests import ways
from tests.factories import World
from tests.journeys.conftest import Meet, present, session_on, town_of
from tests.journeys.people import Town
from tests.journeys.service import EMBEDDED, Installation, link_in, serving
from tests.servers.processes import wait_until
from tests.workers.conftest import settings_of

LONG_AGO = timedelta(days=20)
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", ["fr", "en"])


@dataclass(frozen=True)
class Stories:
    """The town, and two pairings whose time ran out while nothing was running."""

    town: Town
    unanswered: Pairing
    unheard: Pairing

    @property
    def world(self) -> World:
        """The service's database."""
        return self.town.world

    def need(self, title: str, language: str = "fr") -> Need:
        """An open need of the association that speaks this language."""
        return self.world.need(association=self.town.associations[language], title=f"{title} ({language})")

    def reread(self, subject: Need | Pairing) -> Need | Pairing:
        """The same as it stands now."""
        self.world.session.rollback()
        self.world.session.refresh(subject)
        return subject

    def wait_for(self, subject: Need | Pairing, status: NeedStatus | PairingStatus) -> None:
        """Wait until a process has brought it to a state."""
        wait_until(lambda: self.reread(subject).status is status, f"the state {status.value}", timeout_s=60)


@pytest.fixture(scope="module")
def stories(embedded: Installation) -> Iterator[Stories]:
    """The embedded default, which starts after a long stop."""
    for session in session_on(embedded):
        town = town_of(session, embedded, began=LONG_AGO)
        stories = _that_wait(town)
        with serving(embedded, EMBEDDED):
            yield stories


def _that_wait(town: Town) -> Stories:
    world, association = town.world, town.associations["fr"]
    soon = (world.now + timedelta(days=4)).date()
    pressing = world.need(association=association, title="Affiche de la fête", answer_by=soon)
    unanswered = world.pairing(PairingStatus.INVITED, need=pressing, volunteer=town.volunteer("Nadia Brun"))
    quiet = world.need(association=association, title="Relire notre bail")
    unheard = world.pairing(PairingStatus.ACCEPTED, need=quiet, volunteer=town.volunteer("Hugo Lang", "en"))
    world.forget_mails()
    world.now = present()
    return Stories(town, unanswered, unheard)


@IN_EACH_LANGUAGE
def test_after_a_no_the_next_in_line_is_invited(
    stories: Stories, embedded: Installation, meet: Meet, language: str
) -> None:
    need = stories.need("Tenir la caisse du vide-grenier", language)
    first, second = (stories.town.volunteer(name, language) for name in ("Marie Lemoine", "Paul Rey"))
    one = ways.approve(stories.world, need, first)
    other = ways.approve(stories.world, need, second)

    marie = meet(embedded, language)
    marie.open(link_in(embedded.mail_to(first.account, "/answer/"), "/answer/"))
    assert embedded.sink.to(second.account.email) == []
    marie.page.get_by_text(marie.words("No, thank you")).click()
    marie.choose("It is not my field")
    marie.press("I say no")

    marie.sees("Thank you for your answer")
    assert stories.reread(one).status is PairingStatus.DECLINED
    embedded.mail_to(second.account, need.title)
    stories.wait_for(other, PairingStatus.INVITED)


def test_no_after_the_first_talk_closes_the_contacts_and_opens_the_need_again(
    stories: Stories, embedded: Installation, meet: Meet
) -> None:
    need, volunteer = stories.need("Traduire la plaquette"), stories.town.volunteer("Inès Caron", "en")
    pairing = stories.world.pairing(PairingStatus.CONFIRMED, need=need, volunteer=volunteer)
    contact, mission = stories.town.member("fr"), f"/missions/{pairing.id}"
    assert stories.reread(need).status is NeedStatus.FILLED

    ines = meet(embedded, "en")
    ines.open(mission)
    ines.sign_in(volunteer.account)
    assert ines.is_shown(contact)
    ines.follow("In the end, no")
    ines.page.locator(f"input[value={PairingReason.CHANGED_CIRCUMSTANCES.value}]").check()
    ines.press("In the end, no")

    assert stories.reread(pairing).status is PairingStatus.WITHDRAWN
    assert not ines.is_shown(contact)
    odile = meet(embedded, "fr")
    odile.open(mission)
    odile.sign_in(contact)
    assert not odile.is_shown(volunteer.account)
    odile.open(f"/my/needs/{need.id}")
    odile.sees("Open")
    assert stories.reread(need).status is NeedStatus.OPEN
    embedded.mail_to(contact, translate("fr", "In the end, no: %(need)s", {"need": ""}).strip())


@IN_EACH_LANGUAGE
def test_a_need_that_changed_after_a_yes_asks_whether_she_still_agrees(
    stories: Stories, embedded: Installation, meet: Meet, language: str
) -> None:
    need = stories.need("Former à la paie", language)
    volunteer = stories.town.volunteer("Samir Benali", language)
    pairing = stories.world.pairing(PairingStatus.ACCEPTED, need=need, volunteer=volunteer)

    odile = meet(embedded, language)
    odile.open(f"/my/needs/{need.id}/edit")
    odile.sign_in(stories.town.member(language))
    odile.type("Hours in all", "30")
    odile.press("Save the changes")

    asked = translate(language, "This need has changed: %(need)s", {"need": ""}).strip()
    samir = meet(embedded, language)
    samir.open(link_in(embedded.mail_to(volunteer.account, asked), "/answer/"))
    samir.sees("The need has changed: do you still agree?")
    assert stories.reread(pairing).still_agrees_asked_at is not None
    samir.press("I still agree")
    assert stories.reread(pairing).still_agrees_asked_at is None
    assert samir.words("I still agree") not in samir.page.content()


def test_whoever_did_not_answer_gets_a_fresh_link_by_one_button(
    stories: Stories, embedded: Installation, meet: Meet
) -> None:
    pairing = stories.unanswered
    stories.wait_for(pairing, PairingStatus.EXPIRED)

    nadia = meet(embedded, "fr")
    nadia.open(_answer_link(stories.world, embedded, pairing))
    nadia.sees("The time to answer is over, but the need is still open")
    assert stories.reread(pairing).status is PairingStatus.EXPIRED
    nadia.press("Send me a fresh link")

    fresh = embedded.mail_to(pairing.volunteer.account, translate("fr", "Your new link: %(need)s", {"need": ""}))
    nadia.open(link_in(fresh, "/answer/"))
    nadia.press("Yes, I would like to help")
    assert stories.reread(pairing).status is PairingStatus.ACCEPTED


def test_a_silent_association_frees_the_volunteer_and_its_need_rests(
    stories: Stories, embedded: Installation, meet: Meet
) -> None:
    pairing = stories.unheard
    stories.wait_for(pairing, PairingStatus.RELEASED)
    assert stories.reread(pairing.need).status is NeedStatus.ON_HOLD

    hugo = meet(embedded, "en")
    hugo.open(f"/missions/{pairing.id}")
    hugo.sign_in(pairing.volunteer.account)
    hugo.sees("You are free again")
    embedded.mail_to(pairing.volunteer.account, pairing.need.title)
    odile = meet(embedded, "fr")
    odile.open(f"/my/needs/{pairing.need_id}")
    odile.sign_in(stories.town.member("fr"))
    odile.sees("On hold")
    for member in stories.town.associations["fr"].members:
        embedded.mail_to(member, pairing.need.title)


def _answer_link(world: World, installation: Installation, pairing: Pairing) -> str:
    """The address that stood in the invitation, which went out while the world was made."""
    with transaction(world.session):
        link = issue(
            world.session,
            pairing.invited_at or world.now,
            LinkPurpose.ANSWER,
            subject=Subject(pairing_id=pairing.id),
            recipient_id=pairing.volunteer.account_id,
        )
    return Links(settings_of(**installation.environment)).address(link)
