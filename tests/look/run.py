"""Takes pictures of the pages of a running demo. `python3 dev.py look [--address URL] [--only NAME …] [--readme]`.

Without an address it starts a demo of its own. Pictures go to build/look: each page at 360 and 1280 pixels, in French
and English. `--readme` also renews those of them that the README and the documentation show.
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
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from matcher.demo.tour import PASSWORD
from tests.look.pages import DOCUMENTED, PAGES, Looked
from tests.servers import chromium

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "look"
WIDTHS = (360, 1280)
LANGUAGES = ("fr", "en")
PATIENCE_S = 180


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--readme", action="store_true")
    asked = parser.parse_args()
    (SHOTS / "top").mkdir(parents=True, exist_ok=True)
    with demo(asked.address) as address:
        take(address, asked.only)
    if asked.readme:
        renew(asked.only)


@contextmanager
def demo(address: str | None) -> Iterator[str]:
    """Give the address of a running demo, started and stopped here when none is given."""
    if address is not None:
        yield address.rstrip("/")
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
            yield _announced(process)
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


def take(address: str, only: list[str]) -> None:
    """Take each page in both languages and widths."""
    program = chromium.program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(chromium.FLAGS), env=dict(chromium.environment(program))
        )
        for who in dict.fromkeys(page.who for page in PAGES):
            for language in LANGUAGES:
                context = browser.new_context(locale="fr-FR" if language == "fr" else "en-GB")
                context.add_cookies([{"name": "language", "value": language, "url": address}])
                page = context.new_page()
                if who:
                    sign_in(page, address, who)
                for one in PAGES:
                    if one.who == who and (not only or one.name in only):
                        shoot(page, address, one, language)
                context.close()
        browser.close()


def sign_in(page: Page, address: str, email: str) -> None:
    """Sign in with the demo's password."""
    page.goto(address + "/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def renew(only: list[str]) -> None:
    """Put the pictures that were taken into the documentation."""
    for name, taken in DOCUMENTED.items():
        if not only or any(Path(taken).name.startswith(f"{each}-") for each in only):
            shutil.copy(SHOTS / taken, ROOT / "docs" / "pictures" / name)


def shoot(page: Page, address: str, one: Looked, language: str) -> None:
    """Take one page at both widths."""
    try:
        path = one.path(page, address)
    except LookupError as missing:
        print(f"{one.name} ({language}): NOT FOUND, {missing}", flush=True)
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address + path)
        if one.press:
            page.locator(one.press).first.click()
        if one.person:
            shoot_person(page, one, f"{one.name}-{language}-{width}.png")
            continue
        page.screenshot(path=SHOTS / f"{one.name}-{language}-{width}.png", full_page=True)
        page.screenshot(path=SHOTS / "top" / f"{one.name}-{language}-{width}.png")
    print(f"{one.name} ({language}): {path}", flush=True)


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
