"""Web and worker as two real processes on one SQLite file under load: no page fails, no lock is met."""

import http.cookiejar
import re
import threading
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import make_engine, make_sessions, transaction
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from tests.factories import World
from tests.journeys.people import PASSWORD, Town, settle
from tests.journeys.service import EMBEDDED, Installation, installed, serving
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink

DRAFTS, READINGS, RANKINGS = 12, 25, 20
PAGES = ("/", "/needs", "/needs?q=comptes", "/how-it-ranks")


def test_readers_writers_and_the_worker_never_meet_a_lock(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    installation = installed(tmp_path, smtp_sink, f"sqlite:///{tmp_path / 'binome.db'}")
    engine = make_engine(installation.database_url)
    with make_sessions(engine)() as session:
        town = settle(World(session, datetime.now(UTC).replace(microsecond=0)), installation.database_url)
        needs = [town.world.need(title=f"Comptes {number}") for number in range(5)]
        with serving(installation, EMBEDDED):
            keep_everybody_busy(installation, town, needs)
            wait_until(lambda: _waiting(session) == 0, "the worker has done all rows", timeout_s=60)

        written = session.scalar(sa.select(sa.func.count(Need.id)).where(Need.title.startswith("Brouillon")))
    engine.dispose()
    assert written == 4 * DRAFTS
    assert not installation.says("locked")
    assert not installation.says("Traceback")


def keep_everybody_busy(installation: Installation, town: Town, needs: list[Need]) -> None:
    """Four members write drafts, two strangers read, and the worker has rankings and mails to make all the while."""
    members = [town.member(language, position) for language in ("fr", "en") for position in (0, 1)]
    with ThreadPoolExecutor(6) as people:
        tasks = [people.submit(_write, installation.address, member.email) for member in members]
        tasks += [people.submit(_read, installation.address) for _ in range(2)]
        _ask_for_rankings(town.world.session, needs)
        for task in tasks:
            task.result()


def _ask_for_rankings(session: Session, needs: list[Need]) -> None:
    pause = threading.Event()
    for _ in range(RANKINGS):
        with transaction(session):
            for need in needs:
                outbox.add(session, outbox.RankNeed(need.id), datetime.now(UTC))
        pause.wait(0.3)


def _write(address: str, email: str) -> None:
    """Sign in and keep one draft after the other."""
    reader = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    _post(reader, address + "/sign-in", {"email": email, "password": PASSWORD})
    for number in range(DRAFTS):
        typed = {"title": f"Brouillon {number} de {email}", "action": "save", "seats": "1", "times": "preferred"}
        _post(reader, address + "/my/needs/write", {**typed, "language": "fr"})


def _read(address: str) -> None:
    for number in range(READINGS):
        with urllib.request.urlopen(address + PAGES[number % len(PAGES)], timeout=30) as page:
            assert page.status == 200


def _post(reader: urllib.request.OpenerDirector, address: str, typed: dict[str, str]) -> None:
    """Send the form of a page as a browser would: with its token and the choices that stand in it."""
    html = reader.open(address, timeout=30).read().decode()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
    contact = re.search(r'<option selected value="(\d+)"', html)
    assert token, f"no form on {address}"
    form = {**typed, "csrf_token": token.group(1), "contact_id": contact.group(1) if contact else ""}
    request = urllib.request.Request(address, urllib.parse.urlencode(form).encode(), {"Referer": address})
    with reader.open(request, timeout=30) as answer:
        assert answer.url != address, f"{address} was not accepted"


def _waiting(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.done_at.is_(None))) or 0
