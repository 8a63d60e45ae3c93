"""Pictures of the reviewed mails as a mail program shows them. `python3 dev.py look --mails [--only NAME …]`.

Each is its HTML part at 360 and 1280 pixels; then the inbox that they make. These mails are those of
tests/matcher/mail/snapshots: nothing is sent, nothing is composed here. The sheet that the documentation shows is of
mails of the demo, whose people have names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from matcher.demo.mailbox import Mailbox
from tests.look.greys import take_in_greys

SNAPSHOTS = Path(__file__).parents[1] / "matcher" / "mail" / "snapshots"
LANGUAGES = ("fr", "en")
WIDTHS = (360, 1280)
HEIGHT = 760
# What the sheet shows, by language and subject: asked, a yes, both in touch, the work begins.
SHOWN = (("fr", r"\d\sh pour "), ("en", "^Good news"), ("fr", "^Faites connaissance"), ("en", "^You begin"))
TILE_WIDTH, TILE_HEIGHT, GAP = 360, 760, 20


@dataclass(frozen=True, slots=True)
class Mail:
    """One reviewed mail: its name with its language, what an inbox shows of it, and its HTML part."""

    name: str
    sender: str
    subject: str
    first_line: str
    html: str

    @classmethod
    def read(cls, name: str, message: EmailMessage) -> "Mail":
        """Read a message."""
        html = _html(message)
        hidden = BeautifulSoup(html, "html.parser").select_one(".hidden")
        first = hidden.get_text() if hidden else ""
        return cls(name, str(message["From"]).partition(" <")[0], str(message["Subject"]), first, html)


def _html(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    return str(body.get_content()) if body is not None else ""


def mails(language: str, only: Iterable[str] = ()) -> Iterator[Mail]:
    """Read the reviewed mails of a language, all or the named ones."""
    wanted = set(only)
    for path in sorted(SNAPSHOTS.glob(f"*.{language}.eml")):
        if not wanted or path.stem.partition(".")[0] in wanted:
            yield Mail.read(path.stem, message_from_bytes(path.read_bytes(), policy=default))


def take_mails(browser: Browser, folder: Path, only: Iterable[str]) -> list[str]:
    """Take each mail at both widths in both languages, and an inbox of each language; return what is too wide."""
    folder.mkdir(parents=True, exist_ok=True)
    page, too_wide = browser.new_page(), []
    for language in LANGUAGES:
        found = list(mails(language, only))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for mail in found:
                page.set_content(mail.html)
                page.screenshot(path=folder / f"{mail.name}-{width}.png", full_page=True)
                too_wide += _overflow(page, mail.name, width)
            page.set_content(_inbox(language, found))
            take_in_greys(page, folder / f"inbox.{language}-{width}.png")
            too_wide += _overflow(page, f"inbox.{language}", width)
    page.close()
    return too_wide


def _overflow(page: Page, name: str, width: int) -> list[str]:
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    return [f"{name} at {width}: {wide} pixels wide"] if wide > width else []


INBOX = """
body { margin: 0; background: #fff; color: #1d2330; font: 15px/1.4 system-ui, sans-serif; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 10px 14px; border-bottom: 1px solid #d9d3c5; white-space: nowrap; overflow: hidden; }
li > * { display: block; overflow: hidden; text-overflow: ellipsis; }
strong { font-size: 13px; color: #5b6270; }
small { font-size: 14px; color: #5b6270; }
@media (min-width: 700px) {
  li { display: flex; gap: 12px; padding: 8px 14px; }
  strong { flex: 0 0 70px; font-size: 15px; }
  b { flex: 0 0 auto; max-width: 620px; }
  small { flex: 1 1 auto; font-size: 15px; }
}
"""


def _inbox(language: str, found: Iterable[Mail]) -> str:
    rows = "".join(
        f"<li><strong>{escape(each.sender)}</strong><b>{escape(each.subject)}</b>"
        f"<small>{escape(each.first_line)}</small></li>"
        for each in found
    )
    return f"<!DOCTYPE html><html lang={language}><meta charset=utf-8><style>{INBOX}</style><ul>{rows}</ul></html>"


SHEET = f"""
body {{ margin: 0; padding: {GAP}px; background: #d9d3c5; color: #1d2330; font: 15px/1.4 system-ui, sans-serif; }}
div {{ display: flex; gap: {GAP}px; }}
figure {{ margin: 0; width: {TILE_WIDTH}px; background: #fff; border-radius: 10px; overflow: hidden; }}
figcaption {{ padding: 10px 16px; border-bottom: 1px solid #d9d3c5; }}
b {{ display: block; min-height: 42px; }}
iframe {{ display: block; border: 0; width: 100%; height: {TILE_HEIGHT}px; }}
"""


def take_sheet(browser: Browser, mailbox: Mailbox, path: Path) -> None:
    """Take one picture of the beginnings of some mails of the demo, side by side at the width of a telephone."""
    tiles = "".join(_tile(_newest(mailbox, language, subject)) for language, subject in SHOWN)
    width = len(SHOWN) * (TILE_WIDTH + GAP) + GAP
    page = browser.new_page(viewport={"width": width, "height": TILE_HEIGHT})
    page.set_content(f"<!DOCTYPE html><meta charset=utf-8><style>{SHEET}</style><div>{tiles}</div>")
    page.screenshot(path=path, full_page=True)
    page.close()


def _tile(mail: Mail) -> str:
    heading = f"<figcaption>{escape(mail.sender)}<b>{escape(mail.subject)}</b></figcaption>"
    return f'<figure>{heading}<iframe srcdoc="{escape(mail.html)}"></iframe></figure>'


def _newest(mailbox: Mailbox, language: str, subject: str) -> Mail:
    for name in reversed(mailbox.list()):
        message = mailbox.read(name).message
        if message["Content-Language"] == language and re.search(subject, str(message["Subject"])):
            return Mail.read(name, message)
    raise LookupError(f"no mail in {language} like {subject}")
