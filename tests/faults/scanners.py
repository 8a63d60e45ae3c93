"""Mail scanners on every link of every mail: GET, HEAD, redirects followed, Chromium with scripts and without a click.

No row of any table changes by it.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import event
from sqlalchemy.engine import Engine

from matcher.links import PATHS, Links
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.compose import AccountMail, compose_account_mail
from matcher.mail.message import Message
from matcher.settings import Settings
from tests.factories import World
from tests.faults.campaign import Family, Findings
from tests.faults.forms_of_people import PEOPLE
from tests.faults.stage import Stage
from tests.faults.twice import differing, rows_of
from tests.matcher.mail.conftest import write
from tests.matcher.mail.told import EVERY, Told, moment_of
from tests.servers import chromium
from tests.settings import make_settings
from tests.web.linking import served
from web import create_app
from web.extensions import db

# The short form takes one link of each kind; these mails hold all kinds that a mail with a signed link has.
SOME = (
    MailCode.INVITATION,
    MailCode.TELEPHONE_RECEIPT,
    MailCode.STILL_NEEDED,
    MailCode.STILL_TRUE,
    MailCode.YES_TO_CONTACT,
    MailCode.COORDINATOR_DIGEST,
)
# Links that the pages make for mails of accounts.
OF_ACCOUNTS = (
    "accounts.confirm_address_now",
    "accounts.confirm_new_address_now",
    "security.reset_password",
    "address_works.confirm",
)
ADDRESS = re.compile(r"https?://[^\s<>\"')]+")
WRITES = ("INSERT", "UPDATE", "DELETE")


def play(stage: Stage, part: str) -> Findings:
    """Let scanners loose on the links of each mail, in the short form on one of each kind."""
    findings = Findings()
    with stage.world("sqlite") as (world, url):
        settings = make_settings(url, second_factor=False)
        app = create_app(settings, clock=lambda: world.now)
        links = dict(_links(world, app, stage.sizes["all_mails"], findings))
        world.session.rollback()
        kinds = {_kind(app, path): path for path in reversed(links)}
        unseen = {_kind(app, path.format(token="1.a")) for path in PATHS.values()} - kinds.keys()
        findings.expect(not unseen, f"no mail with a link to {', '.join(sorted(unseen))}")
        if not stage.sizes["all_mails"]:
            links = {path: links[path] for path in kinds.values()}
        findings.figures |= {"links": len(links), "kinds": len(kinds)}
        written, before = _writes(app, world), rows_of(url)
        scan = _scan_by_requests if part == "requests" else _scan_by_chromium
        scan(app, links, stage.sizes["times"], findings)
        changed = differing(before, rows_of(url))
        findings.figures["rows_changed"] = len(written)
        findings.expect(not changed, f"tables that changed: {', '.join(changed)}")
        findings.breaches += [f"a scanner wrote: {statement[:120]}" for statement in written]
    return findings


def _links(world: World, app: Flask, all_mails: int, findings: Findings) -> Iterator[tuple[str, tuple[str, str]]]:
    """The path of every link of every mail, with the mail that holds it."""
    settings = app.extensions["binome"].settings
    every: tuple[Told | AccountMailCode, ...] = (*EVERY, *AccountMailCode)
    for number, mail in enumerate(every if all_mails else [Told(code) for code in SOME]):
        message = _mail(world, settings, mail, number)
        findings.count("mails")
        if message is None:
            findings.breaches.append(f"{mail}: no mail was composed")
            continue
        for address in ADDRESS.findall("\n".join([message.text, *message.headers.values()])):
            if address.startswith(settings.public_url):
                parts = urlsplit(address)
                yield parts.path + (f"?{parts.query}" if parts.query else ""), (str(mail), address)
    for name in OF_ACCOUNTS:
        path = PEOPLE[name](world, app).address
        yield path, (name, path)


def _kind(app: Flask, path: str) -> str:
    """The page that a link leads to."""
    return str(app.url_map.bind("binome.example").match(path.split("?", maxsplit=1)[0], method="GET")[0])


def _mail(world: World, settings: Settings, mail: Told | AccountMailCode, number: int) -> Message | None:
    links = Links(settings)
    if isinstance(mail, AccountMailCode):
        facts = AccountMail("somebody@example.org", "fr", "Marie", number, "Les Amis")
        return compose_account_mail(settings, links, facts, mail, link=links.page("sign_in"))
    return write(world, settings, moment_of(world, mail), mail.code)


def _writes(app: Flask, world: World) -> list[str]:
    """Collect whatever the pages write from now on."""
    written: list[str] = []

    def notice(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            written.append(statement)

    with app.app_context():
        engine: Engine = db.engine
    event.listen(engine, "before_cursor_execute", notice)
    assert world.session.scalar(sa.text("SELECT 1")) == 1
    world.session.rollback()
    return written


def _scan_by_requests(app: Flask, links: dict[str, tuple[str, str]], times: int, findings: Findings) -> None:
    for path, (code, _address) in links.items():
        for _ in range(times):
            for method in ("GET", "HEAD"):
                client = app.test_client()
                answer = client.open(path, method=method, follow_redirects=True)
                findings.count("requests")
                findings.expect(answer.status_code < 500, f"{code}: {method} answered {answer.status_code}")
                findings.expect("Traceback" not in answer.text, f"{code}: a traceback")


def _scan_by_chromium(app: Flask, links: dict[str, tuple[str, str]], times: int, findings: Findings) -> None:
    with served(app) as address, sync_playwright() as playwright:
        program = chromium.program()
        surroundings = dict(chromium.environment(program))
        browser = playwright.chromium.launch(executable_path=program, args=list(chromium.FLAGS), env=surroundings)
        for path, (code, _address) in links.items():
            _visit(browser, address + path, code, times, findings)
        browser.close()


def _visit(browser: Browser, address: str, code: str, times: int, findings: Findings) -> None:
    """As somebody new, open a page with its scripts, let it settle, look at all of it, press nothing; then again."""
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    for _ in range(times):
        answer = page.goto(address, wait_until="networkidle")
        page.mouse.wheel(0, 5000)
        findings.count("visits")
        findings.expect(answer is not None and answer.status < 500, f"{code}: answered {answer and answer.status}")
    context.close()


FAMILY = Family(
    name="scanners",
    fault="mail scanners on every link of every mail, by requests and with Chromium, without a click",
    play=play,
    parts=("requests", "chromium"),
    short={"all_mails": 0, "times": 1},
    full={"all_mails": 1, "times": 5},
)
