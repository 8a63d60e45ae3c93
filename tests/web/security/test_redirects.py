"""No redirect leaves this site, whatever a form or an address asks for."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from matcher.models.account import Account
from tests.factories import World
from tests.web import mailed
from tests.web.test_accounts import MARIE, PASSWORD, account, sign_up
from tests.web.visiting import Visitor

Property = Callable[[str, object], None]

# What the choice of a language is asked to lead back to.
CASES = (
    *(
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
    ),
    *(
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nX: y",
        "/\x00/evil.example",
        "/\x0b/evil.example",
        " //evil.example",
    ),
    *("\t//evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example", "HTTPS://evil.example"),
    *("https://localhost@evil.example", "https://localhost.evil.example", "https://evil.example:443/", "evil.example"),
    *("javascript:alert(1)", "data:text/html,x", "／／evil.example", "https://evil．example", ";//evil.example", ""),
)


# What the other pages that lead somewhere are asked for; each of them is one case for each of these.
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "\t//evil.example")


@pytest.fixture
def marie(world: World, app: Flask) -> Account:
    """Somebody who has signed up and confirmed her address; the mail for it is still there."""
    sign_up(app)
    Visitor(app).post(mailed.link(app, world, "confirm_address"), {"password": PASSWORD})
    return account(world)


def stays(location: str | None) -> bool:
    """Whether a browser that is led there stays: it takes a backslash for a slash, and leaves out what is no letter."""
    read = "".join(letter for letter in (location or "/") if letter > " ").replace("\\", "/")
    return urlsplit(urljoin("http://localhost/sign-in", read)).netloc == "localhost"


def _signs_in(app: Flask, _world: World, target: str) -> str | None:
    typed = {"email": str(MARIE["email"]), "password": PASSWORD, "next": target}
    return Visitor(app).post("/sign-in", typed).location


def _signs_in_at(app: Flask, _world: World, target: str) -> str | None:
    visitor = Visitor(app)
    token = visitor._token("/sign-in")
    typed = {"email": str(MARIE["email"]), "password": PASSWORD, "csrf_token": token}
    return visitor.client.post("/sign-in", query_string={"next": target}, data=typed).location


def _is_signed_in_already(app: Flask, world: World, target: str) -> str | None:
    visitor = Visitor(app, account(world))
    return visitor.client.get("/sign-in", query_string={"next": target}).location


def _confirms(app: Flask, world: World, target: str) -> str | None:
    visitor, page = Visitor(app), mailed.link(app, world, "confirm_address")
    token = visitor._token(page)
    return visitor.client.post(page, query_string={"next": target}, data={"csrf_token": token, "next": target}).location


def _gives_the_password_again(app: Flask, world: World, target: str) -> str | None:
    visitor = Visitor(app, account(world))
    token = visitor._token("/account/verify")
    typed = {"password": PASSWORD, "csrf_token": token, "next": target}
    return visitor.client.post("/account/verify", query_string={"next": target}, data=typed).location


def _is_asked_for_it(app: Flask, world: World, target: str) -> str | None:
    visitor = Visitor(app, account(world))
    token = visitor._token("/account")
    headers = {"Referer": target}
    return visitor.client.post(
        "/account/sign-ins/end-others", data={"csrf_token": token, "next": target}, headers=headers
    ).location


def _changes_hats(app: Flask, world: World, target: str) -> str | None:
    visitor = Visitor(app, account(world))
    token = visitor._token("/account")
    return visitor.client.post(
        "/hat", query_string={"next": target}, data={"csrf_token": token, "hat": "volunteer", "next": target}
    ).location


def _signs_out(app: Flask, world: World, target: str) -> str | None:
    visitor = Visitor(app, world.account())
    token = visitor._token("/account")
    return visitor.client.post("/sign-out", query_string={"next": target}, data={"csrf_token": token}).location


LEADING = {
    "signing in, in the form": _signs_in,
    "signing in, in the address": _signs_in_at,
    "signing in twice": _is_signed_in_already,
    "confirming an address": _confirms,
    "giving the password again": _gives_the_password_again,
    "being asked for it": _is_asked_for_it,
    "changing hats": _changes_hats,
    "signing out": _signs_out,
}


@pytest.mark.parametrize("way", LEADING)
def test_no_page_that_leads_somewhere_leads_to_another_site(
    app: Flask, world: World, marie: Account, way: str, record_property: Property
) -> None:
    record_property("cases", len(ELSEWHERE))
    for target in ELSEWHERE:
        location = LEADING[way](app, world, target)
        assert stays(location), (target, location)
    assert LEADING[way](app, world, "/needs"), "so asked, it does lead somewhere"


@pytest.mark.parametrize("location", ["//evil.example", "/\\evil.example", "https:evil.example//", " \t//evil.example"])
def test_an_address_elsewhere_is_known_as_such(location: str) -> None:
    assert not stays(location)


def test_choosing_a_language_never_leads_to_another_site(app: Flask, record_property: Property) -> None:
    record_property("cases", len(CASES))
    visitor = Visitor(app)
    token = visitor._token("/contact")

    for asked in CASES:
        answer = visitor.client.post("/language", data={"csrf_token": token, "language": "fr", "next": asked})
        assert (answer.status_code, answer.location) == (302, "/"), asked


def test_choosing_a_language_leads_back_to_a_page_of_ours(app: Flask) -> None:
    visitor = Visitor(app)
    token = visitor._token("/contact")

    for asked in ("/", "/needs?q=a%20b&page=2", "/needs?next=https://evil.example", "/a/%2f%2fevil.example"):
        answer = visitor.client.post("/language", data={"csrf_token": token, "language": "fr", "next": asked})
        assert (answer.status_code, answer.location) == (302, asked)
