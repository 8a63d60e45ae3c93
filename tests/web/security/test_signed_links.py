"""Sixty signed links that must do nothing: each tells it plainly, changes no row, shows nobody and signs nobody in."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask

from matcher.actors import Person
from matcher.database import transaction
from matcher.link_rights import FOR_ASSOCIATION, LASTS
from matcher.links import PATHS, Links, Subject
from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.services import memberships, privacy
from tests.factories import World
from tests.faults.forms_of_people import closed
from tests.matcher.mail import scenes
from tests.settings import make_settings
from tests.web.linking import PHONE, dump
from tests.web.visiting import Answer, Visitor

P = LinkPurpose
NAME, TITLE, HEADLINE = "Zyxomma Quille", "Vexillologie du mardi", "Campanologue avertie"
OF_HERSELF = (P.UNSUBSCRIBE, P.MAIL_CHOICES, P.STILL_TRUE, P.ADDRESS_WORKS)
# Where the button of a page leads, from the address of its link.
PRESSES: dict[LinkPurpose, str] = {
    P.ANSWER: "/withdraw",
    P.REPLY_TO_YES: "/confirm",
    P.STILL_NEEDED: "",
    P.NOT_WHAT_I_SAID: "",
    P.UNSUBSCRIBE: "/stop",
    P.MAIL_CHOICES: "/ask-again",
    P.STILL_TRUE: "",
    P.ADDRESS_WORKS: "",
}


@dataclass
class Scene:
    """People who wait for answers, and a live link of each purpose, whose button would change something."""

    app: Flask
    world: World
    held: dict[LinkPurpose, SignedLink]
    others: dict[LinkPurpose, SignedLink]

    @property
    def links(self) -> Links:
        """The application's."""
        return self.app.extensions["binome"].links

    def token(self, purpose: LinkPurpose) -> str:
        """The token of the live link."""
        return self.links.token(self.held[purpose])


Broken = Callable[[Scene, LinkPurpose], str]


def _forged(scene: Scene, purpose: LinkPurpose) -> str:
    token = scene.token(purpose)
    return token[:-2] + ("AA" if token[-2:] != "AA" else "BB")


def _foreign_purpose(scene: Scene, purpose: LinkPurpose) -> str:
    each = list(LinkPurpose)
    return scene.token(each[each.index(purpose) - 1])


def _of_another_recipient(scene: Scene, purpose: LinkPurpose) -> str:
    number, signature = (scene.links.token(of[purpose]).split(".") for of in (scene.held, scene.others))
    return f"{number[0]}.{signature[1]}"


def _expired(scene: Scene, purpose: LinkPurpose) -> str:
    lasts = LASTS[purpose] or timedelta(days=30)
    _change(scene, purpose, "expires_at", scene.world.now)
    assert scene.held[purpose].created_at + lasts > scene.world.now
    return scene.token(purpose)


def _revoked(scene: Scene, purpose: LinkPurpose) -> str:
    _change(scene, purpose, "revoked_at", scene.world.now)
    return scene.token(purpose)


def _of_a_closed_account(scene: Scene, purpose: LinkPurpose) -> str:
    scene.world.act(privacy.erase_account, Person(scene.held[purpose].recipient))
    return scene.token(purpose)


def _without_the_right(scene: Scene, purpose: LinkPurpose) -> str:
    link = scene.held[purpose]
    if purpose in FOR_ASSOCIATION:
        need = link.pairing.need if link.pairing else link.need
        scene.world.act(memberships.leave, Person(link.recipient), association_id=need.association_id)
    else:
        with transaction(scene.world.session):
            link.recipient.active = False
    return scene.token(purpose)


def _of_another_installation(scene: Scene, purpose: LinkPurpose) -> str:
    return Links(make_settings("sqlite://", link_key="another-key-".ljust(40, "y"))).token(scene.held[purpose])


def _without_signature(scene: Scene, purpose: LinkPurpose) -> str:
    return scene.token(purpose).partition(".")[0] + "."


def _with_a_number_beyond_all_rows(scene: Scene, purpose: LinkPurpose) -> str:
    return "9" * 30 + "." + scene.token(purpose).partition(".")[2]


def _of_a_row_that_is_gone(scene: Scene, purpose: LinkPurpose) -> str:
    token = scene.token(purpose)
    with transaction(scene.world.session) as session:
        session.delete(scene.held[purpose])
    return token


def _change(scene: Scene, purpose: LinkPurpose, column: str, value: object) -> None:
    with transaction(scene.world.session):
        setattr(scene.held[purpose], column, value)


@dataclass(frozen=True)
class Case:
    """A purpose, what is wrong with its link, and the status that says so."""

    purpose: LinkPurpose
    wrong: Broken
    status: int


OF_EACH: dict[Broken, int] = {
    _forged: 404,
    _foreign_purpose: 404,
    _of_another_recipient: 404,
    _expired: 410,
    _revoked: 410,
    _of_a_closed_account: 410,
    _without_the_right: 410,
}
OTHERS = (_of_another_installation, _without_signature, _with_a_number_beyond_all_rows, _of_a_row_that_is_gone)
# Saying « no more » has no end: its page still opens, also when withdrawn, and opening it changes nothing.
STILL_OPENS = {(P.UNSUBSCRIBE, _expired), (P.UNSUBSCRIBE, _revoked)}
CASES: tuple[Case, ...] = (
    *(
        Case(purpose, wrong, 200 if (purpose, wrong) in STILL_OPENS else status)
        for wrong, status in OF_EACH.items()
        for purpose in LinkPurpose
    ),
    *(Case(P.REPLY_TO_YES, wrong, 404) for wrong in OTHERS),
)


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    """The live links; those whose contacts must not be shown have plain words for a name, a title, a headline."""
    need = world.need(association=world.association(members=4), title=TITLE, seats=4)
    asked, agreed = [_asked(world, need, PairingStatus.ACCEPTED) for _ in range(2)]
    told = _asked(world, need, PairingStatus.INVITED)
    scenes.say_yes_by_telephone(world, told)
    one, two, other = (world.member(need, position).account for position in (0, 1, 3))
    herself = _resting(world, closed(world, app))
    about: dict[LinkPurpose, tuple[Account, Subject]] = {
        P.ANSWER: (asked.volunteer.account, Subject(pairing_id=asked.id)),
        P.NOT_WHAT_I_SAID: (told.volunteer.account, Subject(pairing_id=told.id)),
        P.REPLY_TO_YES: (one, Subject(pairing_id=agreed.id)),
        P.STILL_NEEDED: (two, Subject(need_id=need.id)),
        **dict.fromkeys(OF_HERSELF, (herself, Subject())),
    }
    held = {purpose: world.holder(purpose, whose, what).link for purpose, (whose, what) in about.items()}
    others = {purpose: world.holder(purpose, other, what).link for purpose, (_whose, what) in about.items()}
    world.session.rollback()
    return Scene(app, world, held, others)


def _asked(world: World, need: Need, status: PairingStatus) -> Pairing:
    volunteer = world.volunteer(account=world.account(name=NAME, phone=PHONE), headline=HEADLINE)
    return world.pairing(status, need=need, volunteer=volunteer)


def _resting(world: World, account: Account) -> Account:
    with transaction(world.session) as session:
        her = session.scalars(sa.select(Volunteer).where(Volunteer.account_id == account.id)).one()
        her.rests_until = world.now + timedelta(days=10)
        her.confirmed_on = world.now.date() - timedelta(days=200)
        account.name, account.phone = NAME, PHONE
    return account


def test_each_live_link_would_change_something(scene: Scene) -> None:
    for purpose in scene.held:
        before = dump(scene.world)
        answer = Visitor(scene.app).post(_address(purpose, scene.token(purpose), press=True), page="/sign-in")
        assert answer.status == 303, (purpose, answer.text)
        assert dump(scene.world) != before, purpose


def test_there_are_sixty_cases() -> None:
    assert len(set(CASES)) == len(CASES) == 60


@pytest.mark.parametrize("wrong", [*OF_EACH, *OTHERS], ids=lambda wrong: wrong.__name__.strip("_"))
def test_a_link_that_must_do_nothing_does_nothing(
    scene: Scene, wrong: Broken, caplog: pytest.LogCaptureFixture, record_property: Callable[[str, object], None]
) -> None:
    cases = [case for case in CASES if case.wrong is wrong]
    record_property("cases", len(cases))
    # All are broken first: one erasure touches what the next link is about.
    tokens = {case: wrong(scene, case.purpose) for case in cases}
    before = dump(scene.world)

    with _written(caplog) as lines:
        for case, token in tokens.items():
            _press_and_look(scene, case, token)

    assert dump(scene.world) == before
    said = repr([lines, caplog.messages])
    assert "request done" in said
    signatures = {token.partition(".")[2] for token in tokens.values()} - {""}
    assert not [signature for signature in signatures if signature in said]


def _press_and_look(scene: Scene, case: Case, token: str) -> None:
    nobody = Visitor(scene.app)
    for press in (False, True):
        if press and case.status == 200:
            continue
        address = _address(case.purpose, token, press=press)
        answer = nobody.post(address, page="/sign-in") if press else nobody.get(address)
        assert answer.status == case.status, (case, press, answer.text)
        _is_plain(scene, answer)
    said = nobody.client.get(_address(case.purpose, token))
    assert (said.headers["Referrer-Policy"], said.headers["Cache-Control"]) == ("no-referrer", "no-store")
    with nobody.client.session_transaction() as cookie:
        assert not {"_user_id", "sign_in"} & set(cookie), case
    assert urlsplit(nobody.get("/account").location or "").path == "/sign-in"


def _is_plain(scene: Scene, answer: Answer) -> None:
    assert len(answer.text.split()) > 15, "it says why, and what helps"
    for secret in (*NAME.split(), TITLE, HEADLINE, PHONE, *_addresses(scene)):
        assert secret not in answer.html, secret


def _addresses(scene: Scene) -> list[str]:
    return [link.recipient.email for link in (*scene.held.values(), *scene.others.values())]


@contextmanager
def _written(caplog: pytest.LogCaptureFixture) -> Iterator[list[object]]:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        yield lines


def _address(purpose: LinkPurpose, token: str, *, press: bool = False) -> str:
    return PATHS[purpose].format(token=token) + (PRESSES[purpose] if press else "")


def test_a_mail_program_stops_the_invitations_of_a_mail_of_long_ago(scene: Scene) -> None:
    _expired(scene, P.UNSUBSCRIBE)
    scene.world.now += timedelta(days=3650)

    address = _address(P.UNSUBSCRIBE, scene.token(P.UNSUBSCRIBE))
    assert scene.app.test_client().post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200

    scene.world.session.rollback()
    account = scene.held[P.UNSUBSCRIBE].recipient
    scene.world.session.refresh(account)
    assert account.mail_stopped_at is not None


def test_whoever_has_left_reads_why_and_whom_to_ask(scene: Scene) -> None:
    token = _without_the_right(scene, P.REPLY_TO_YES)
    association = scene.held[P.REPLY_TO_YES].pairing.need.association

    page = Visitor(scene.app).get(_address(P.REPLY_TO_YES, token))

    assert f"You do not act for {association.name} any more" in page.text
    assert association.branch.mailbox in page.text


def test_a_link_that_is_over_says_where_the_same_is_done(scene: Scene) -> None:
    for purpose, leads_to in {P.REPLY_TO_YES: "/my/needs", P.MAIL_CHOICES: "/profile/mail"}.items():
        page = Visitor(scene.app).get(_address(purpose, _expired(scene, purpose)))
        assert "The time of this link is over" in page.text
        assert page.page.find("main").find("a", {"href": leads_to}) is not None


@pytest.mark.parametrize("path", ["/reset", "/confirm-address", "/confirm-new-address"])
@pytest.mark.parametrize("press", [False, True])
def test_the_links_of_an_account_keep_their_address_to_themselves(app: Flask, path: str, *, press: bool) -> None:
    client = app.test_client()
    answer = client.post(f"{path}/x.y.z") if press else client.get(f"{path}/x.y.z")

    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")


def test_a_person_makes_all_links_in_her_mails_worthless(scene: Scene) -> None:
    account, world = scene.held[P.MAIL_CHOICES].recipient, scene.world
    signed_in = Visitor(scene.app, account)
    signed_in.get("/account/mail-links")
    assert Visitor(scene.app).get(_address(P.MAIL_CHOICES, scene.token(P.MAIL_CHOICES))).status == 200

    assert signed_in.post("/account/mail-links").location == "/account"

    for purpose in OF_HERSELF:
        status = 200 if purpose is P.UNSUBSCRIBE else 410
        assert Visitor(scene.app).get(_address(purpose, scene.token(purpose))).status == status
    assert Visitor(scene.app).get(_address(P.REPLY_TO_YES, scene.token(P.REPLY_TO_YES))).status == 200, "another’s"
    world.session.rollback()
    world.session.expire_all()
    fresh = world.holder(P.MAIL_CHOICES, account, Subject()).link
    assert Visitor(scene.app).get(_address(P.MAIL_CHOICES, scene.links.token(fresh))).status == 200
    assert signed_in.post("/account/mail-links").location == "/account", "nothing is left but the fresh one"
    actions = world.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.account_id == account.id)).all()
    assert actions.count("revoke_links") == 2
