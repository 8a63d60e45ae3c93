"""With a public address by https and a proxy of ours, nothing is served in clear; without one nobody is believed."""

import pytest
from flask import request
from structlog.testing import capture_logs

from matcher.settings import Settings
from tests.settings import make_settings
from web import create_app, gate
from web.security import ONLY_HTTPS_FOR_A_YEAR

PUBLIC = "https://binome.example"
CLEAR = {"X-Forwarded-Proto": "http"}
# What is asked for, with how many proxies, saying what; the status, and where it leads.
CASES: dict[str, tuple[int, str, str, dict[str, str], int, str | None]] = {
    "a page in clear": (1, "GET", "/contact", CLEAR, 308, f"{PUBLIC}/contact"),
    "its head": (1, "HEAD", "/contact", CLEAR, 308, f"{PUBLIC}/contact"),
    "a page with a query": (1, "GET", "/needs?page=2&q=a%20b", CLEAR, 308, f"{PUBLIC}/needs?page=2&q=a%20b"),
    "a page that is nowhere": (1, "GET", "//evil.example/%0d%0aX: y", CLEAR, 308,
                               f"{PUBLIC}//evil.example/%0D%0AX:%20y"),
    "a form in clear": (1, "POST", "/sign-in", CLEAR, 403, None),
    "no word of a proxy": (1, "GET", "/contact", {}, 308, f"{PUBLIC}/contact"),
    "too few proxies": (2, "GET", "/contact", {"X-Forwarded-Proto": "https"}, 308, f"{PUBLIC}/contact"),
    "a lie before the word of the proxy": (1, "GET", "/contact", {"X-Forwarded-Proto": "https, http"}, 308,
                                           f"{PUBLIC}/contact"),
    "a page by https": (1, "GET", "/contact", {"X-Forwarded-Proto": "https"}, 200, None),
    "in capitals": (1, "GET", "/contact", {"X-Forwarded-Proto": "HTTPS"}, 200, None),
    "machines": (1, "GET", "/livez", CLEAR, 200, None),
    "machines that watch": (1, "GET", "/metrics", CLEAR, 404, None),
    "without a proxy nobody is believed": (0, "GET", "/contact", CLEAR, 200, None),
    "without a proxy a form is taken": (0, "POST", "/language", CLEAR, 400, None),
}  # fmt: skip


def https_settings(database_url: str, **changes: object) -> Settings:
    """Settings of a production, fit to start."""
    fit = {"environment": "production", "public_url": PUBLIC, "smtp_security": "starttls"}
    return make_settings(database_url, **{**fit, "mail_from": "bonjour@binome.example", **changes})


def test_production_is_served_by_https_only(sqlite_url: str) -> None:
    apps = {hops: create_app(https_settings(sqlite_url, proxy_hops=hops)) for hops in (0, 1, 2)}

    for name, (hops, method, address, headers, status, leads_to) in CASES.items():
        path, _, query = address.partition("?")
        answer = apps[hops].test_client().open(
            method=method, query_string=query, base_url="http://binome.example", headers=headers,
            environ_overrides={"PATH_INFO": path.replace("%0d%0a", "\r\n")},
        )  # fmt: skip
        assert (answer.status_code, answer.location) == (status, leads_to), name


def test_without_a_proxy_no_forwarded_header_changes_who_or_how(sqlite_url: str) -> None:
    app = create_app(make_settings(sqlite_url))
    lies = {f"X-Forwarded-{name}": "9" for name in ("For", "Proto", "Host", "Port", "Prefix", "By", "Server")}
    seen = {}

    @app.before_request
    def see() -> None:
        seen.update(place=request.remote_addr, address=request.url)

    app.test_client().get("/contact", headers={**lies, "Forwarded": "for=9"})

    assert seen == {"place": "127.0.0.1", "address": "http://localhost/contact"}


@pytest.mark.parametrize(("hops", "place"), [(1, "3.3.3.3"), (2, "2.2.2.2"), (4, "127.0.0.1")])
def test_a_visitor_is_known_by_what_the_last_proxies_say(sqlite_url: str, hops: int, place: str) -> None:
    app = create_app(make_settings(sqlite_url, proxy_hops=hops))
    seen = []

    @app.before_request
    def see() -> None:
        seen.append(request.remote_addr)

    app.test_client().get("/contact", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3"})

    assert seen == [place]


def test_a_host_that_is_not_ours_is_told_https_too_where_it_came_by_it(sqlite_url: str) -> None:
    client = create_app(https_settings(sqlite_url, proxy_hops=1)).test_client()
    by = {
        scheme: client.get("/contact", headers={"Host": "evil.example", "X-Forwarded-Proto": scheme})
        for scheme in ("https", "http")
    }

    assert [each.status_code for each in by.values()] == [400, 400]
    assert [each.headers.get("Strict-Transport-Security") for each in by.values()] == [ONLY_HTTPS_FOR_A_YEAR, None]


@pytest.mark.parametrize(("hops", "warns"), [(0, True), (1, False)])
def test_a_production_without_a_proxy_says_so_at_its_start(sqlite_url: str, hops: int, *, warns: bool) -> None:
    with capture_logs() as written:
        gate.warn(https_settings(sqlite_url, proxy_hops=hops))

    assert bool(written) is warns
