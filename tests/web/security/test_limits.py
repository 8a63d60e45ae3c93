"""Limits by place and by account: each door stops after its number, whatever the asker says of where she is."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest
from flask import Flask

from matcher.models.link import LinkPurpose
from tests.factories import World
from tests.settings import make_settings
from tests.web.linking import path_of
from tests.web.visiting import Visitor
from web import create_app
from web.extensions import limiter

HERE = "198.51.100.7"
Told = Callable[[str, object], None]


@dataclass(frozen=True)
class Door:
    """Something that may be asked so many times: from one place, or (`is_by_account`) by one account anywhere."""

    address: str
    allowed: int
    typed: dict[str, str] = field(default_factory=dict)
    page: str | None = None
    is_by_account: bool = False
    enter: Callable[["Stage"], Visitor] | None = None


@dataclass
class Stage:
    """An application whose limits are counted, and who knocks."""

    app: Flask
    world: World

    def visitor(self) -> Visitor:
        return Visitor(self.app)

    def signed_in(self) -> Visitor:
        visitor = Visitor(self.app, self.world.account(password="x"))
        with visitor.client.session_transaction() as cookie:
            cookie["fs_paa"] = time.time()  # the library’s own clock
        return visitor

    def administrator(self) -> Visitor:
        return Visitor(self.app, self.world.administrator().account)

    def at_the_code(self) -> Visitor:
        account = self.world.account(tf_primary_method="authenticator", tf_totp_secret="x")
        visitor = self.visitor()
        with visitor.client.session_transaction() as cookie:
            cookie["tf_user_id"], cookie["tf_state"] = account.fs_uniquifier, "ready"
        return visitor

    def unconfirmed(self) -> Visitor:
        return Visitor(self.app, self.world.account(is_confirmed=False))


def statuses(visitor: Visitor, door: Door, places: Iterable[str], **headers: str) -> list[int]:
    """Knock once from each place."""
    is_form = door.typed or door.page is not None
    token = visitor._token(door.page or door.address) if is_form else ""
    found = []
    for n, place in enumerate(places):
        around, data = {"REMOTE_ADDR": place}, _form(door, token, n) if is_form else None
        answer = visitor.client.open(
            door.address, method="POST" if is_form else "GET", data=data, headers=headers, environ_overrides=around
        )
        found.append(answer.status_code)
    return found


def _form(door: Door, token: str, n: int) -> dict[str, str]:
    return {"csrf_token": token, **{name: value.format(n=n) for name, value in door.typed.items()}}


def anywhere(n: int) -> list[str]:
    """So many places that have nothing to do with each other."""
    return [f"192.0.{2 + i // 250}.{i % 250 + 1}" for i in range(n)]


SIGN_UP = {"name": "", "email": "a@example.org", "password": "short"}
NOBODY = {"email": "nobody-here@example.org"}
DOORS = {
    "wrong passwords from one place": Door("/sign-in", 20, {"email": "p{n}@example.org", "password": ""}),
    "wrong passwords for one address": Door("/sign-in", 15, {**NOBODY, "password": ""}, is_by_account=True),
    "a password asked for again, by account": Door(
        "/account/verify", 15, {"password": ""}, is_by_account=True, enter=Stage.signed_in
    ),
    "the present password before a new one, by account": Door(
        "/account/password",
        15,
        {"password": "wrong", "new_password": "un tout autre secret", "new_password_confirm": "un tout autre secret"},
        is_by_account=True,
        enter=Stage.signed_in,
    ),
    "wrong codes for one account": Door("/sign-in/code", 10, {"code": ""}, is_by_account=True, enter=Stage.at_the_code),
    "wrong recovery codes for one account": Door(
        "/sign-in/recovery", 10, {"code": "x"}, is_by_account=True, enter=Stage.at_the_code
    ),
    "new passwords for one address": Door("/reset", 3, NOBODY, is_by_account=True),
    "confirmations for one address": Door("/confirm", 3, NOBODY, is_by_account=True),
    "one’s own confirmation": Door("/confirm/again", 3, page="/account", is_by_account=True, enter=Stage.unconfirmed),
    "changes to one address": Door("/account/address", 3, NOBODY, is_by_account=True, enter=Stage.signed_in),
    "sign-ups from one place": Door("/register/volunteer", 30, SIGN_UP, "/register?as=volunteer"),
    "associations signed up from one place": Door("/register/association", 30, SIGN_UP, "/register?as=association"),
    "searches for accounts": Door("/admin/people", 60, {"email": "x"}, enter=Stage.administrator),
}


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """One application for all cases of a test."""
    return Stage(app, world)


def test_each_door_stops_after_its_number_and_only_whoever_knocked(stage: Stage, record_property: Told) -> None:
    record_property("cases", len(DOORS))
    wrong = {}
    for name, door in DOORS.items():
        limiter.reset()
        visitor = door.enter(stage) if door.enter else stage.visitor()
        places = anywhere(door.allowed + 1) if door.is_by_account else [HERE] * (door.allowed + 1)
        found = statuses(visitor, door, places)
        stopped = [at for at, status in enumerate(found) if status == 429]
        if stopped != [door.allowed]:
            wrong[name] = found
        others = {**door.typed, **({"email": "other@example.org"} if "email" in door.typed else {})}
        other = Door(door.address, 0, others, door.page)
        elsewhere = door.enter(stage) if door.enter else stage.visitor()
        if statuses(elsewhere, other, ["203.0.113.99"]) == [429]:
            wrong[f"{name}, somebody else"] = [429]
    assert wrong == {}


def test_links_of_mails_are_tried_sixty_times_a_minute_from_one_place(stage: Stage) -> None:
    path = path_of(stage.app, stage.world, LinkPurpose.MAIL_CHOICES, stage.world.volunteer().account, None)
    forged = Door(path[:-3] + "AAA", 60)

    found = statuses(stage.visitor(), forged, [HERE] * 61)

    assert found == [404] * 60 + [429]
    assert statuses(stage.visitor(), Door(path, 60), ["203.0.113.99"]) == [200], "its owner is not stopped"


# How many proxies are ours; what the asker writes into the header as the n-th; how many of 21 knocks are answered.
FORGED = {
    "no proxy, one forged place": (0, "203.0.113.{n}", 20),
    "no proxy, a chain of them": (0, "203.0.113.{n}, 10.0.0.{n}", 20),
    "one proxy that adds the true place": (1, "203.0.113.{n}, 198.51.100.7", 20),
    "one proxy, a long chain before it": (1, "1.1.1.{n}, 2.2.2.{n}, 3.3.3.{n}, 198.51.100.7", 20),
    "one proxy, nonsense before it": (1, "’{n}, <script>, 198.51.100.7", 20),
    "one proxy, true places that differ": (1, "198.51.100.{n}", 21),
    "two proxies that add the true place and the first": (2, "203.0.113.{n}, 198.51.100.7, 10.0.0.1", 20),
    "two proxies, true places that differ": (2, "198.51.100.{n}, 10.0.0.1", 21),
}


def test_a_forged_place_changes_nothing_with_none_one_or_two_proxies(
    world: World, sqlite_url: str, record_property: Told
) -> None:
    record_property("cases", len(FORGED))
    apps = {
        hops: create_app(make_settings(sqlite_url, second_factor=False, proxy_hops=hops), clock=lambda: world.now)
        for hops in (0, 1, 2)
    }
    answered = {}
    for name, (hops, written, _expected) in FORGED.items():
        limiter.reset()
        visitor, door = Visitor(apps[hops]), DOORS["wrong passwords from one place"]
        token = visitor._token(door.address)
        found = []
        for n in range(1, 22):
            headers = {"X-Forwarded-For": written.format(n=n), "Forwarded": f"for=9.9.9.{n}", "X-Real-Ip": f"8.8.8.{n}"}
            form = _form(door, token, n)
            answer = visitor.client.post(
                door.address, data=form, headers=headers, environ_overrides={"REMOTE_ADDR": HERE}
            )
            found.append(answer.status_code)
        answered[name] = found.count(200)
    assert answered == {name: expected for name, (_hops, _written, expected) in FORGED.items()}


# Places, and from how many homes they are.
HOMES = {
    "one network of IPv6": ([f"2001:db8:1:2::{n:x}" for n in range(1, 22)], 20),
    "one network, written at length": ([f"2001:0DB8:0001:0002:{n:04X}:0:0:1" for n in range(1, 22)], 20),
    "as many networks": ([f"2001:db8:1:{n:x}::1" for n in range(1, 22)], 21),
    "one IPv4 address, also as IPv6": (["198.51.100.7", "::ffff:198.51.100.7", "::ffff:c633:6407"] * 7, 20),
    "a link’s own addresses with a zone": ([f"fe80::{n:x}%eth0" for n in range(1, 22)], 20),
    "what is no address at all": (["unix:"] * 21, 20),
}


def test_one_home_has_one_place_however_many_addresses_it_has(stage: Stage, record_property: Told) -> None:
    record_property("cases", len(HOMES))
    answered = {}
    for name, (places, _expected) in HOMES.items():
        limiter.reset()
        answered[name] = statuses(stage.visitor(), DOORS["wrong passwords from one place"], places).count(200)

    assert answered == {name: expected for name, (_places, expected) in HOMES.items()}


SPELLINGS = ("marie@example.org", "MARIE@example.org", " marie@example.org ", "marie@ｅxample.org", "Marie@EXAMPLE.ORG")


def test_other_spellings_of_an_address_count_with_it(stage: Stage, record_property: Told) -> None:
    record_property("cases", len(SPELLINGS))
    for address, allowed in (("/reset", 3), ("/confirm", 3), ("/sign-in", 15)):
        limiter.reset()
        found = []
        for place, n in zip(anywhere(allowed + 1), range(allowed + 1), strict=True):
            typed = {"email": SPELLINGS[n % len(SPELLINGS)], "password": ""}
            found += statuses(stage.visitor(), Door(address, allowed, typed), [place])
        assert found == [200] * allowed + [429], address


@pytest.mark.parametrize("address", ["/sign-in", "/reset", "/confirm"])
def test_a_known_and_an_unknown_address_are_stopped_alike(stage: Stage, address: str) -> None:
    known = stage.world.account(password="x").email
    found = {}
    for email in (known, "nobody-here@example.org"):
        door = Door(address, 15, {"email": email, "password": ""})
        found[email] = statuses(stage.visitor(), door, anywhere(17))

    first, second = found.values()
    assert first == second
    assert 429 in first


def test_who_is_stopped_reads_why_and_keeps_what_was_typed_but_the_password(stage: Stage) -> None:
    secret, address = "a secret of mine", 'a"><script>alert(1)</script>@example.org'
    visitor, door = stage.visitor(), Door("/sign-in", 15, {"email": address, "password": secret, "remember": "y"})
    statuses(visitor, door, [HERE] * 20)

    answer = visitor.post("/sign-in", door.typed)
    while answer.status != 429:
        answer = visitor.post("/sign-in", door.typed)

    assert "Too many attempts in a short time" in answer.text
    kept = {str(field["name"]): str(field["value"]) for field in answer.page.select("main form input")}
    assert (kept["email"], kept["remember"]) == (address, "y")
    assert "password" not in kept
    assert secret not in answer.html
    assert "<script>alert" not in answer.html
    limiter.reset()
    again = visitor.client.post("/sign-in", data=kept)
    assert again.status_code == 200, "the button sends it again; the password is typed anew"
    assert re.search(r'<input[^>]*name="email"', again.text)
