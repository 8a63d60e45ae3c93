"""Ways to the address of a page in a running demo: fixed, behind a link, behind the link of a mail."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

Way = Callable[[Page, str], str]
INBOX_PAGES = 30


def at(path: str) -> Way:
    """The page at a fixed path."""
    return lambda _page, _address: path


def first_link(before: str | Way, beginning: str, text: str = "", *, ending: str = "") -> Way:
    """The first link on a page whose path begins and ends so, and which holds a text."""
    way = at(before) if isinstance(before, str) else before

    def find(page: Page, address: str) -> str:
        page.goto(address + way(page, address))
        for link in page.locator(f'main a[href^="{beginning}"]').filter(has_text=text).all():
            path = str(link.get_attribute("href"))
            if path.partition("?")[0].endswith(ending):
                return path
        raise LookupError(f"no link {beginning}…{ending} “{text}” on {page.url}")

    return find


def mail_page(subject: str) -> Way:
    """The page of the newest mail whose subject matches a pattern."""

    def find(page: Page, address: str) -> str:
        for number in range(1, INBOX_PAGES):
            page.goto(f"{address}/demo/inbox?page={number}")
            mails = page.locator("main li h2 a").filter(has_text=re.compile(subject))
            if mails.count():
                return str(mails.first.get_attribute("href"))
        raise LookupError(f"no mail like {subject}")

    return find


def mail_link(subject: str, beginning: str, ending: str = "") -> Way:
    """The link that begins so in the newest mail whose subject matches a pattern, with a piece added at its end."""
    way = mail_page(subject)

    def find(page: Page, address: str) -> str:
        page.goto(address + way(page, address))
        link = page.locator(f'pre a[href*="{beginning}"]').first.get_attribute("href")
        return str(link).removeprefix(address) + ending

    return find
