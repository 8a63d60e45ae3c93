"""Takes pictures of the pages of a running demo. `python3 dev.py look [--only NAME …] [--mails] [--readme]`.

Without an address it starts a demo of its own. With one (`--address URL`), its folder (`--instance FOLDER`) is needed
too for the pages in states that a demo does not show by itself. Pictures go to build/look: each page at 360 and 1280
pixels, in French and English; with `--mails` the reviewed mails instead, exit status 1 when one is wider than its
window. `--readme` also renews those of them that the README and the documentation show.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from matcher.demo.mailbox import Mailbox
from matcher.demo.tour import PASSWORD
from tests.look.backstage import Backstage, backstage
from tests.look.looked import Looked
from tests.look.mails import take_mails, take_sheet
from tests.look.pages import DOCUMENTED, INBOXES, PAGES
from tests.servers import chromium
from web.commands.demo import MAIL_FOLDER

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "look"
WIDTHS = (360, 1280)
LANGUAGES = ("fr", "en")
PATIENCE_S = 180


@dataclass(frozen=True, slots=True)
class Looking:
    """The demo that is looked at; nothing is arranged in one whose folder is not known."""

    address: str
    stage: Backstage | None


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address")
    parser.add_argument("--instance", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--mails", action="store_true", help="the mails instead of the pages")
    asked = parser.parse_args()
    (SHOTS / "top").mkdir(parents=True, exist_ok=True)
    if asked.mails:
        too_wide = look_at_mails(asked.only)
        if asked.readme and not asked.only:
            keep(INBOXES)
        print("\n".join(too_wide) or "no mail is wider than its window")
        sys.exit(1 if too_wide else 0)
    with demo(asked.address, asked.instance) as (address, instance):
        take(address, instance, asked.only)
    if asked.readme:
        renew(asked.only)


def look_at_mails(only: list[str]) -> list[str]:
    """Take the reviewed mails; return what is too wide."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        too_wide = take_mails(browser, SHOTS / "mails", only)
        browser.close()
        return too_wide


def launched(playwright: Playwright) -> Browser:
    """Start the Chromium that is found or fetched."""
    program = chromium.program()
    return playwright.chromium.launch(
        executable_path=program, args=list(chromium.FLAGS), env=dict(chromium.environment(program))
    )


@contextmanager
def demo(address: str | None, instance: Path | None) -> Iterator[tuple[str, Path | None]]:
    """Give the address and the folder of a running demo, started and stopped here when none is given."""
    if address is not None:
        yield address.rstrip("/"), instance
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-c",
            "from matcher.cli import main; main()",
            "demo",
            "--port",
            "8400",
            "--instance",
            folder,
        ]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            yield _announced(process), Path(folder)
        finally:
            process.terminate()
            process.wait()


def _announced(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            _wait_for(found.group())
            return found.group()
    raise SystemExit("the demo did not start")


def _wait_for(address: str) -> None:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        try:
            urllib.request.urlopen(address + "/legal", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return


def take(address: str, instance: Path | None, only: list[str]) -> None:
    """Take each page in both languages and widths."""
    with ExitStack() as stack:
        stage = stack.enter_context(backstage(instance, address)) if instance else None
        playwright = stack.enter_context(sync_playwright())
        browser = launched(playwright)
        looking = Looking(address, stage)
        for who in dict.fromkeys(page.who for page in PAGES):
            pages = [page for page in PAGES if page.who == who and (not only or page.name in only)]
            for language in LANGUAGES if pages else ():
                visit(browser, looking, who, language, pages)
        if instance and (not only or "mails" in only):
            take_sheet(browser, Mailbox(instance / MAIL_FOLDER), SHOTS / "mails.png")
        browser.close()


def visit(browser: Browser, looking: Looking, who: str, language: str, pages: list[Looked]) -> None:
    """Take what one person sees in one language."""
    context = browser.new_context(locale="fr-FR" if language == "fr" else "en-GB")
    context.add_cookies([{"name": "language", "value": language, "url": looking.address}])
    context.set_default_timeout(PATIENCE_S * 1000)
    page = context.new_page()
    if who:
        sign_in(page, looking.address, who)
    for one in pages:
        shoot(page, looking, one, language)
    context.close()


def sign_in(page: Page, address: str, email: str) -> None:
    """Sign in with the demo's password."""
    page.goto(address + "/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def renew(only: list[str]) -> None:
    """Put the pictures of pages that were taken into the documentation."""
    keep(
        {
            name: taken
            for name, taken in DOCUMENTED.items()
            if not only or any(Path(taken).stem == each or Path(taken).name.startswith(f"{each}-") for each in only)
        }
    )


def keep(pictures: dict[str, str]) -> None:
    """Copy pictures under the names by which the documentation shows them."""
    for name, taken in pictures.items():
        shutil.copy(SHOTS / taken, ROOT / "docs" / "pictures" / name)


def shoot(page: Page, looking: Looking, one: Looked, language: str) -> None:
    """Take one page at both widths, in the state that is arranged for it."""
    if one.arranged and looking.stage is None:
        print(f"{one.name} ({language}): NOT TAKEN, the demo's folder is not known", flush=True)
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        with one.arranged(looking.stage) if one.arranged and looking.stage else nullcontext("") as arranged:
            try:
                path = one.path(page, looking.address) if one.path else arranged
                shoot_at(page, looking.address + path, one, f"{one.name}-{language}-{width}.png")
            except LookupError as missing:
                print(f"{one.name} ({language}): NOT FOUND, {missing}", flush=True)
                return
    print(f"{one.name} ({language}): {path}", flush=True)


def shoot_at(page: Page, address: str, one: Looked, name: str) -> None:
    """Take one picture, and the part of it that is seen without scrolling."""
    page.goto(address)
    if one.act:
        one.act(page)
        page.wait_for_load_state()
    if one.person:
        shoot_person(page, one, name)
        return
    page.screenshot(path=SHOTS / name, full_page=True)
    page.screenshot(path=SHOTS / "top" / name)


def shoot_person(page: Page, one: Looked, name: str) -> None:
    """Take the first suggested person who says certain words, the parts of her score unfolded."""
    found = page.locator("li.person").filter(has_text=re.compile(one.person))
    if not found.count():
        print(f"{name}: NOBODY says {one.person}", flush=True)
        return
    found.first.locator("summary").click()
    found.first.screenshot(path=SHOTS / name)


if __name__ == "__main__":
    main()
