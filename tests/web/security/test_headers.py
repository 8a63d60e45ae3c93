"""The headers of each answer: every page of the URL map for strangers and offices, and every page of errors."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.states import NeedStatus, PairingStatus
from tests.factories import World
from tests.settings import make_settings
from tests.web.linking import answer_path, path_of
from tests.web.visiting import Visitor
from web import create_app
from web.i18n import keep_language
from web.security import CONTENT_SECURITY_POLICY, MOST_BYTES

# The text of a mail as it will look: its styles stand in it, so it is shown without an origin and without scripts.
IN_A_SANDBOX = frozenset({"suggestions.preview_mail"})
# Machines; and a page that signs out whoever has not begun to set up a second factor.
SPEAKING_TO_NOBODY = ("health.", "security.two_factor_token_validation")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=\s*[\"']|javascript:", re.IGNORECASE
)
SHUT = ("default-src", "object-src", "base-uri", "frame-ancestors")
Cause = Callable[[Visitor], TestResponse]


def _too_often(visitor: Visitor) -> TestResponse:
    for _ in range(61):
        answer = visitor.client.get("/answer/1.x")
    return answer


# Each page of errors, and how one comes to it.
CASES: dict[int, Cause] = {
    400: lambda visitor: visitor.client.post("/language"),
    403: lambda visitor: visitor.client.get("/board"),
    404: lambda visitor: visitor.client.get("/nowhere"),
    405: lambda visitor: visitor.client.post("/livez"),
    413: lambda visitor: visitor.client.post("/language", data=b"x" * (MOST_BYTES + 1)),
    429: _too_often,
    500: lambda visitor: visitor.client.get("/broken"),
}


def _fail() -> str:
    raise RuntimeError


@pytest.fixture
def secure(world: World, sqlite_url: str) -> Flask:
    """The application under an address by https, with one page that fails."""
    settings = make_settings(sqlite_url, public_url="https://binome.example", second_factor=False)
    app = create_app(settings, clock=lambda: world.now)
    _fail.guard = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/broken", view_func=_fail)
    return app


def _faults(answer: TestResponse, *, is_personal: bool, endpoint: str = "") -> Iterator[str]:
    """Say what is wrong with the headers of an answer, and with a page that holds code."""
    headers = answer.headers
    yield from (name for name, value in ALWAYS.items() if headers.get(name) != value)
    policy = headers.get("Content-Security-Policy", "")
    if endpoint in IN_A_SANDBOX and answer.status_code == 200:
        shut = all(f"{what} 'none'" in policy for what in ("default-src", "object-src", "base-uri"))
        if "sandbox" not in policy or "script-src" in policy or not shut:
            yield f"policy of a mail: {policy}"
        return
    if policy != CONTENT_SECURITY_POLICY or "unsafe" in policy or not all(f"{what} 'none'" in policy for what in SHUT):
        yield f"policy: {policy}"
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield "referrer"
    if is_personal and headers.get("Cache-Control") != "no-store":
        yield "kept by a cache"
    if {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(headers.keys()):
        yield "tells too much"
    if answer.mimetype == "text/html" and INLINE.search(answer.text):
        yield "code in the page"


def _pages(app: Flask, ids: dict[str, int]) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            values = {argument: ids.get(argument, _any_of(rule, argument)) for argument in rule.arguments}
            yield rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, values)


def _any_of(rule: Rule, argument: str) -> str:
    choices = getattr(rule._converters[argument], "items", None)
    return sorted(choices)[0] if choices else "1"


@pytest.mark.parametrize("who", ["stranger", "administrator", "coordinator"])
def test_each_page_of_the_url_map_has_every_header(
    world: World, secure: Flask, who: str, record_property: Callable[[str, object], None]
) -> None:
    need = world.need(NeedStatus.OPEN, seats=2)
    pairing = world.pairing(PairingStatus.CONFIRMED, need=need)
    ids = {"need_id": need.id, "pairing_id": pairing.id, "volunteer_id": pairing.volunteer_id}
    ids |= {"association_id": need.association_id, "branch_id": need.branch_id}
    people: dict[str, Account | None] = {"stranger": None, "administrator": world.administrator().account}
    people["coordinator"] = world.coordinator(need.branch).account
    opened, asked = 0, 0
    world.session.rollback()

    for endpoint, address in _pages(secure, ids):
        answer = Visitor(secure, people[who]).client.get(address)
        is_personal = who != "stranger" and not endpoint.startswith(SPEAKING_TO_NOBODY)
        faults = list(_faults(answer, is_personal=is_personal, endpoint=endpoint))
        assert faults == [], (endpoint, address, answer.status_code)
        opened, asked = opened + (answer.status_code == 200), asked + 1

    assert opened > 15
    record_property("cases", asked)


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_each_page_of_errors_has_every_header(world: World, secure: Flask, is_signed_in: bool) -> None:
    account = world.volunteer().account if is_signed_in else None
    visitor = Visitor(secure, account)

    for status, cause in CASES.items():
        answer = cause(visitor)
        if status == 403 and account is None:
            continue
        assert answer.status_code == status
        assert list(_faults(answer, is_personal=is_signed_in)) == [], status
        assert "Traceback" not in answer.text


def test_pages_reached_by_a_link_keep_their_address_and_their_words_to_themselves(world: World, secure: Flask) -> None:
    pairing = world.pairing()
    member = world.member(pairing).account
    addresses = [
        answer_path(secure, world, pairing),
        path_of(secure, world, LinkPurpose.UNSUBSCRIBE, pairing.volunteer.account, None),
        path_of(secure, world, LinkPurpose.STILL_NEEDED, member, pairing.need),
        *("/reset/1.x", "/confirm-address/1.x", "/confirm-new-address/1.x", "/answer/1.x", "/unsubscribe/1.x"),
    ]

    for address in addresses:
        answer = Visitor(secure).client.get(address)
        kept = answer.headers.get("Referrer-Policy"), answer.headers.get("Cache-Control")
        assert kept == ("no-referrer", "no-store"), (address, answer.status_code)
        assert list(_faults(answer, is_personal=True)) == [], address


def test_an_address_in_clear_promises_no_encryption(app: Flask) -> None:
    assert "Strict-Transport-Security" not in Visitor(app).client.get("/contact").headers


def test_what_everybody_may_see_may_be_kept(app: Flask) -> None:
    with Visitor(app).client.get("/static/css/tokens.css") as answer:
        assert "no-store" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("is_https", [True, False])
def test_by_https_no_other_host_can_set_a_cookie_of_ours(
    world: World, app: Flask, secure: Flask, *, is_https: bool
) -> None:
    visitor = Visitor(secure if is_https else app)
    visitor.client.delete_cookie("__Host-language" if is_https else "language")
    visitor.post("/language", {"language": "en"}, page="/contact")

    own = {name for name in (cookie.key for cookie in visitor.client._cookies.values()) if "session" in name}
    assert own == {"__Host-session" if is_https else "session"}
    kept = visitor.client.get_cookie("__Host-language" if is_https else "language")
    assert kept is not None
    assert (kept.value, kept.path, kept.secure) == ("en", "/", is_https)
    assert secure.config["SECURITY_TWO_FACTOR_VALIDITY_COOKIE_NAME"] == "__Host-tf_validity"


def test_the_language_is_kept_by_a_secure_cookie_though_the_proxy_is_not_known_to_speak_https(secure: Flask) -> None:
    with secure.test_request_context("/", base_url="http://binome.example"):
        answer = Response()
        keep_language(answer, "en")

    words = answer.headers["Set-Cookie"].split("; ")
    assert {"__Host-language=en", "Secure", "Path=/"} <= set(words)


def test_signing_out_lets_the_browser_forget_what_it_keeps(world: World, secure: Flask) -> None:
    visitor = Visitor(secure, world.account())
    token = visitor._token("/account")

    answer = visitor.client.post("/sign-out", data={"csrf_token": token})

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in visitor.client.get("/contact").headers
