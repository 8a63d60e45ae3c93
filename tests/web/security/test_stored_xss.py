"""What people write never runs in a browser: sixty texts in each place, with and without the policy of contents.

The policy would hide a page that does not escape, so the browser is told not to mind it; a second walk counts what it
refuses. Runs, what is asked of other hosts, and elements that our pages do not have are all looked for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext

from tests.factories import World
from tests.security.form import IS_FULL
from tests.web.linking import served
from tests.web.security.payloads import ONLY_BEHIND_A_FILTER, PAYLOADS
from tests.web.security.planting import TEXTS, Planted, plant, write
from tests.web.visiting import Visitor
from web.auth import public

# How many texts stand in each place at once, without the policy and with it; one by one in the long form.
AT_ONCE = {True: 30, False: 60}
WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
Page = tuple[str, str]


@dataclass
class Watched:
    """A browser that tells what ran in it."""

    context: BrowserContext
    address: str
    at_once: int
    strange: list[str] = field(default_factory=list)

    def open(self, path: str) -> dict[str, list[str]]:
        """Load a page; tell what ran, what the policy refused, and the elements that are none of ours."""
        page = self.context.new_page()
        page.on(
            "request", lambda asked: asked.url.startswith((self.address, "data:")) or self.strange.append(asked.url)
        )
        page.goto(f"{self.address}{path}", wait_until="load")
        told: dict[str, list[str]] = page.evaluate("() => window.watched()")
        page.close()
        return {**told, "asked": list(self.strange)}

    def be(self, app: Flask, planted: Planted, who: str) -> None:
        """Come as somebody."""
        self.context.clear_cookies()
        if planted.people[who] is not None:
            cookie = Visitor(app, planted.people[who]).client.get_cookie("session")
            assert cookie is not None
            self.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.address}])


@pytest.fixture(params=[True, False], ids=["without the policy", "with the policy"])
def watched(request: pytest.FixtureRequest, browser: Browser, app: Flask) -> Iterator[Watched]:
    """A browser that does not mind the policy of contents, and one that does."""
    app.add_url_rule("/unescaped", "unescaped", public(_unescaped))
    context = browser.new_context(bypass_csp=request.param, locale="en")
    context.set_default_timeout(60_000)
    context.add_init_script(WATCH)
    with served(app) as address:
        yield Watched(context, address, 1 if IS_FULL else AT_ONCE[request.param])
        context.close()


def _unescaped() -> str:
    """A page as none of ours may be: what was typed stands in its text and within both kinds of quotation marks."""
    text = request.args["text"]
    inputs = f'<input value="{text}"><input value=\'{text}\'><img alt="{text}">'
    return f"<!doctype html><title>x</title><main>{text}{inputs}</main>"


def texts(payloads: tuple[str, ...]) -> dict[str, str]:
    """In each place all these payloads, each telling which place and which payload it was."""
    return {
        name: f"mark{place} " + " ".join(armed(payload, f"{place}.{number}") for number, payload in enumerate(payloads))
        for place, name in enumerate(TEXTS)
    }


def armed(payload: str, name: str) -> str:
    """The payload with the call that tells its name."""
    return payload.replace("HIT", f"hit({name})")


def showing_all(app: Flask, planted: Planted) -> list[Page]:
    """As few pages as show each text, the fullest first; fails when a text is shown nowhere."""
    shown = {}
    for who in ("coordinator", "volunteer on a mission", "member", "volunteer"):
        visitor = Visitor(app, planted.people[who])
        for path in planted.pages[who]:
            html = visitor.get(path).html
            shown[who, path] = {name for place, name in enumerate(TEXTS) if f"mark{place} " in html}
    left, pages = set(TEXTS), []
    while left:
        best = max(shown, key=lambda page: len(shown[page] & left))
        assert shown[best] & left, f"shown on no page: {left}"
        pages.append(best)
        left -= shown[best]
    return pages


def test_nothing_that_people_write_runs_in_a_browser(
    app: Flask, world: World, watched: Watched, record_property: Callable[[str, object], None]
) -> None:
    planted = plant(world)
    write(world, texts(PAYLOADS[:1]))
    pages = sorted(showing_all(app, planted))

    for first in range(0, len(PAYLOADS), watched.at_once):
        write(world, texts(PAYLOADS[first : first + watched.at_once]))
        for who, path in pages:
            watched.be(app, planted, who)
            told = watched.open(path)
            assert told == {"ran": [], "refused": [], "strange": [], "asked": []}, (who, path, first)
    record_property("cases", len(PAYLOADS) * len(TEXTS))


def test_a_page_that_does_not_escape_is_found(watched: Watched, request: pytest.FixtureRequest) -> None:
    found = {"ran": 0, "refused": 0, "strange": 0, "asked": 0}
    by_themselves = [payload for payload in PAYLOADS if payload not in ONLY_BEHIND_A_FILTER]
    for payload in by_themselves if IS_FULL else by_themselves[::10]:
        watched.strange.clear()
        told = watched.open(f"/unescaped?text={quote(armed(payload, '1.1'))}")
        assert any(told.values()), payload
        for what, names in told.items():
            found[what] += bool(names)

    without = request.node.callspec.id == "without the policy"
    assert (found["ran"] > 0, found["refused"] > 0) == (without, not without)
