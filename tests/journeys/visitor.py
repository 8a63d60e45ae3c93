"""Somebody with a browser of her own: reads pages, presses buttons. Each page is looked at by axe; nothing is told."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Request, expect

from matcher.i18n import translate
from matcher.models.account import Account
from tests.journeys.people import PASSWORD
from tests.servers.processes import wait_until

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
AXE = Axe()


class Visitor:
    """A reader in one language; fails on a page with an error in the console or a foreign request."""

    def __init__(self, browser: Browser, address: str, language: str) -> None:
        """Open a browser that nobody has used."""
        self.address, self.language = address, language
        self.read: list[str] = []
        self._faults: list[str] = []
        self._context = browser.new_context(locale=LOCALES[language], timezone_id="Europe/Paris")
        self._context.set_default_timeout(20_000)
        self.page: Page = self._context.new_page()
        self.page.on("console", lambda said: self._faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._faults.append(str(error)))
        self.page.on("request", self._watch)

    def close(self) -> None:
        """Close the browser."""
        self._context.close()

    def words(self, sentence: str, **data: object) -> str:
        """A sentence of ours in the reader's language."""
        return translate(self.language, sentence, data)

    # going

    def open(self, address: str) -> None:
        """Go to a page of the service."""
        self.page.goto(address if "://" in address else self.address + address)
        self._look()

    def sign_in(self, account: Account) -> None:
        """Sign in on the page that asks for it, or on the page for it."""
        if urlsplit(self.page.url).path != "/sign-in":
            self.open("/sign-in")
        self.page.locator("input[name=email]").fill(account.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.press("Sign in", within=self.page.get_by_role("main"))

    def press(self, sentence: str, *, within: Locator | None = None) -> None:
        """Press the button that says so."""
        self._click((within or self.page.get_by_role("main")).get_by_role("button", name=self.words(sentence)))

    def follow(self, sentence: str) -> None:
        """Follow the first link that says so, of the page or of its header."""
        self._click(self.page.get_by_role("link", name=self.words(sentence)).first)

    def unfold(self, within: Locator) -> None:
        """Open what is folded in a part of the page, for axe too, which reads nothing that is hidden."""
        folded = within.locator("details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        self._look()

    def type(self, label: str, text: str) -> None:
        """Write into the field of this label."""
        self.page.get_by_label(self.words(label)).fill(text)

    def choose(self, label: str) -> None:
        """Tick the choice of this label."""
        self.page.get_by_label(self.words(label)).check()

    def reload_until(self, sentence: str) -> None:
        """Load the page again until it says so."""
        wait_until(lambda: self._says(sentence), f"{self.page.url} says {sentence!r}", timeout_s=60)
        self._look()

    # seeing

    def sees(self, sentence: str, **data: object) -> None:
        """Wait until the main part of the page says so."""
        self.sees_text(self.words(sentence, **data))

    def sees_text(self, text: str) -> None:
        """Wait until the main part of the page holds a text that is no sentence of ours."""
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def was_told(self, account: Account) -> bool:
        """True when a page that was read gave away how to reach somebody."""
        return any(gives_away(html, account) for html in self.read)

    def is_shown(self, account: Account) -> bool:
        """True when the present page shows how to reach somebody."""
        return gives_away(self.page.content(), account)

    def _says(self, sentence: str) -> bool:
        self.page.reload()
        return self.words(sentence) in self.page.get_by_role("main").inner_text()

    def _click(self, target: Locator) -> None:
        with self.page.expect_navigation():
            target.click()
        self._look()

    def _look(self) -> None:
        """Keep the page, let axe look at it, and fail on whatever was wrong since the page before."""
        self.page.wait_for_load_state()
        self.read.append(self.page.content())
        assert self.page.locator("html").get_attribute("lang") == self.language
        report = AXE.run(self.page)
        assert report.violations_count == 0, f"{self.page.url}\n{report.generate_report()}"
        assert self._faults == [], f"{self.page.url}: {self._faults}"

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address + "/", "data:")):
            self._faults.append(f"asked another host: {request.url}")


def gives_away(text: str, account: Account) -> bool:
    """True when a text holds somebody's e-mail address or telephone number, however it is written."""
    numbers = re.sub(r"(?<=\d)[\s.\u00a0\u202f-]+(?=\d)", "", text)
    return account.email in text or bool(account.phone and account.phone[-9:] in numbers)
