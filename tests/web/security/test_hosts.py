"""No host, port, prefix or line that a stranger sends ends in a mail or a page: PUBLIC_URL is the only source."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask

from matcher.models.account import Account
from matcher.sealed import unseal
from tests.factories import World
from tests.settings import make_settings
from tests.web.security.test_https import https_settings
from tests.web.visiting import Visitor
from web import create_app
from web.gate import NOT_SERVED

PUBLIC = "https://binome.example"
EVIL = "evil.example"


@dataclass(frozen=True)
class Spoof:
    """What a request says besides its form, and whether it is served."""

    headers: tuple[tuple[str, str], ...] = ()
    environ: dict[str, str] = field(default_factory=dict)
    is_served: bool = True
    hops: int = 0


def _host(value: str, *, is_served: bool = False) -> Spoof:
    return Spoof((("Host", value),), is_served=is_served)


def _by_proxy(*headers: tuple[str, str], is_served: bool = True) -> Spoof:
    return Spoof((("X-Forwarded-Proto", "https"), *headers), is_served=is_served, hops=1)


CASES = {
    "another host": _host(EVIL),
    "another host with our port": _host(f"{EVIL}:443"),
    "ours as the beginning of another": _host(f"binome.example.{EVIL}"),
    "ours as the end of another": _host("notbinome.example"),
    "ours as the user of another": _host(f"binome.example@{EVIL}"),
    "ours before a comma, as a server joins two lines": _host(f"binome.example, {EVIL}"),
    "ours after a blank": _host(f"{EVIL} binome.example"),
    "ours before a path": _host(f"binome.example/{EVIL}"),
    "ours with a dot at its end": _host("binome.example."),
    "ours in fullwidth letters": _host("ｂｉｎｏｍｅ.example".encode().decode("latin-1")),
    "none": _host(""),
    "this machine": _host("localhost"),
    "this machine by number": _host("[::1]:8000"),
    "ours in capitals": _host("BINOME.EXAMPLE", is_served=True),
    "ours with another port": _host("binome.example:1234", is_served=True),
    "forwarded host": Spoof((("X-Forwarded-Host", EVIL),)),
    "forwarded scheme": Spoof((("X-Forwarded-Proto", "javascript"),)),
    "forwarded port": Spoof((("X-Forwarded-Port", "1234"),)),
    "forwarded prefix": Spoof((("X-Forwarded-Prefix", f"//{EVIL}"),)),
    "forwarded in one header": Spoof((("Forwarded", f"for=1.2.3.4;host={EVIL};proto=http"),)),
    "headers of other programs": Spoof(
        tuple((name, EVIL) for name in ("X-Host", "X-Original-Host", "X-HTTP-Host-Override"))
    ),
    "absolute request line": Spoof(environ={"REQUEST_URI": f"http://{EVIL}/", "RAW_URI": f"http://{EVIL}/"}),
    "script name": Spoof(environ={"SCRIPT_NAME": f"//{EVIL}"}),
    "behind a proxy, its own host": _by_proxy(("X-Forwarded-Host", EVIL), is_served=False),
    "behind a proxy, put after ours": _by_proxy(("X-Forwarded-Host", f"binome.example, {EVIL}"), is_served=False),
    "behind a proxy, put before ours": _by_proxy(("X-Forwarded-Host", f"{EVIL}, binome.example")),
    "behind a proxy, port and prefix": _by_proxy(
        ("X-Forwarded-Port", "1234"), ("X-Forwarded-Prefix", f"//{EVIL}"), ("Host", "binome.example")
    ),
}


@pytest.fixture(params=[0, 1])
def hops(request: pytest.FixtureRequest) -> int:
    """How many proxies are ours."""
    return int(request.param)


@pytest.fixture
def served(world: World, sqlite_url: str, hops: int) -> Flask:
    """The application in production, behind so many proxies."""
    return create_app(https_settings(sqlite_url, proxy_hops=hops), clock=lambda: world.now)


def _send(app: Flask, address: str, typed: dict[str, str], spoof: Spoof, sender: Account | None, number: int) -> str:
    """Post a form that is right in all but what is spoofed; return the words that came back."""
    browser = app.test_client()
    honest = {"base_url": PUBLIC, "headers": {"X-Forwarded-Proto": "https"} if spoof.hops else {}}
    if sender is not None:
        signed_in = Visitor(app, sender).client.get_cookie("__Host-session")
        assert signed_in is not None
        browser.set_cookie("__Host-session", signed_in.value, domain="binome.example")
    page = browser.get("/contact", **honest).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    kept = browser.get_cookie("__Host-session", domain="binome.example")
    assert kept is not None
    answer = app.test_client(use_cookies=False).post(
        address,
        base_url=PUBLIC,
        data={"csrf_token": token, **typed},
        headers=[("Cookie", f"__Host-session={kept.value}"), *spoof.headers],
        environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}", **spoof.environ},
    )
    assert (answer.status_code == 400) is (not spoof.is_served), (answer.status_code, answer.text)
    assert spoof.is_served or answer.text == NOT_SERVED
    return f"{answer.headers}{answer.text}"


def _mails(world: World, app: Flask) -> list[tuple[str, str]]:
    """Each mail that was asked for: its kind, and its link as it will be read."""
    world.session.rollback()
    settings = app.extensions["binome"].settings
    rows = world.messages("send_account_mail")
    return [(str(row.payload["code"]), unseal(settings, str(row.payload["sealed_link"]))) for row in rows]


def test_links_of_mails_keep_the_public_address_whatever_a_request_says(
    world: World, served: Flask, hops: int, record_property: Callable[[str, object], None]
) -> None:
    spoofs = {name: spoof for name, spoof in CASES.items() if spoof.hops == hops}
    record_property("cases", len(spoofs))

    for number, (name, spoof) in enumerate(spoofs.items()):
        association = world.association()
        sign_up = {"name": "Marie", "email": f"marie{number}@example.org", "is_adult": "y"}
        forms: tuple[tuple[str, dict[str, str], Account | None], ...] = (
            ("/reset", {"email": world.account().email}, None),
            ("/confirm/again", {}, world.account(is_confirmed=False)),
            (
                f"/associations/{association.id}/invite",
                {"email": f"guest{number}@example.org"},
                world.member(association).account,
            ),
            ("/register/volunteer", sign_up | {"password": "tour bleue sous la pluie"}, None),
        )
        before = len(_mails(world, served))
        for address, typed, sender in forms:
            told = _send(served, address, typed, spoof, sender, number)
            assert EVIL not in told, (name, address)
        mails = _mails(world, served)[before:]
        assert len(mails) == (len(forms) if spoof.is_served else 0), (name, mails)
        assert all(link.startswith(f"{PUBLIC}/") for _code, link in mails), (name, mails)


def test_no_page_repeats_what_a_request_says_of_its_host(served: Flask, hops: int) -> None:
    for name, spoof in CASES.items():
        if spoof.hops != hops:
            continue
        for address in ("/", "/sign-in", "/needs?page=2", "/nowhere", "/a//b", "/my/needs"):
            answer = served.test_client().get(
                address, base_url=PUBLIC, headers=list(spoof.headers), environ_overrides=spoof.environ
            )
            told = f"{answer.headers}{answer.text}"
            assert (answer.text == NOT_SERVED) is (not spoof.is_served), (name, address)
            assert EVIL not in told, (name, address)
            assert ":1234" not in told, (name, address)
            assert "://" not in (answer.location or f"{PUBLIC}/").removeprefix(PUBLIC), (name, answer.location)


def test_machines_are_answered_whatever_host_they_ask_for(served: Flask) -> None:
    for host in ("10.1.2.3:8000", "web", EVIL, "", "<>"):
        answer = served.test_client().get("/livez", headers={"Host": host})
        assert (answer.status_code, answer.json) == (200, {"status": "alive"}), host


def test_further_hosts_are_those_of_the_settings(sqlite_url: str) -> None:
    app = create_app(https_settings(sqlite_url, trusted_hosts="autre.example, web"))

    asked = {host: app.test_client().get("/contact", headers={"Host": host}).status_code
             for host in ("autre.example:8000", "web", "sub.autre.example", EVIL)}  # fmt: skip

    assert asked == {"autre.example:8000": 200, "web": 200, "sub.autre.example": 400, EVIL: 400}


@pytest.mark.parametrize(
    ("public_url", "host", "status"),
    [
        ("http://127.0.0.1:8000", "localhost:8001", 200),
        ("http://127.0.0.1:8000", EVIL, 400),
        ("http://0.0.0.0:8000", "192.168.1.7:8000", 200),
    ],
)
def test_outside_production_this_machine_is_served_too(
    sqlite_url: str, public_url: str, host: str, status: int
) -> None:
    app = create_app(make_settings(sqlite_url, public_url=public_url))

    assert app.test_client().get("/contact", headers={"Host": host}).status_code == status
