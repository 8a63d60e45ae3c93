"""How the whole flows on PostgreSQL and Redis. `python3 dev.py bench flow [--approved N] [--mails N]`.

The programs of docker-compose.yml against a real mail sink: how long an approved person waits until her invitation is
handed over, the time to undo included, inside the sending window and under the cap; and how many list pages web
answers until all mails have left, beside when none leaves.
"""

import argparse
import statistics
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.volunteer import Volunteer
from matcher.services.sending import next_opening
from tests import ways
from tests.bench.installation import own_installation
from tests.factories import World
from tests.journeys.service import PRODUCTION, Installation, serving
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink

UNDO_S = 10
LISTED = 40
READERS = 2
WARM_UP_S, MEASURED_S, SLICE_S = 3.0, 10.0, 2.0
HALF_AN_HOUR = timedelta(minutes=30)
# Around the world, so that it is day in one of them at any hour.
ZONES = ("Asia/Tokyo", "Asia/Kolkata", "America/New_York", "America/Los_Angeles", "Pacific/Auckland")


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev.py bench flow", description=__doc__)
    parser.add_argument("--approved", type=int, default=20)
    parser.add_argument("--mails", type=int, default=5_000)
    asked = parser.parse_args(arguments)
    with own_installation() as (installation, session):
        others = {
            "UNDO_S": str(UNDO_S),
            "INVITATIONS_PER_SEAT": "1",
            "INVITATION_CAP": "true",
            "SENDING_WINDOW": "true",
        }
        with serving(installation, PRODUCTION, others):
            world = World(session, _now())
            approved_until_handed_over(world, installation.sink, asked.approved)
            pages_while_mails_leave(world, installation, asked.mails)


def approved_until_handed_over(world: World, sink: SmtpSink, count: int) -> None:
    """Approve people a second apart and print how long each waits for her invitation."""
    need = world.need(seats=count)
    people = [world.volunteer() for _ in range(count)]
    live_where_it_is_day(world, people)
    _until_all_left(world.session)
    began: dict[str, float] = {}
    pause = threading.Event()
    for volunteer in people:
        world.now = _now()
        began[volunteer.account.email] = time.monotonic()
        ways.approve(world, need, volunteer)
        pause.wait(1)
    taken: dict[str, float] = {}

    def all_have_come() -> bool:
        for email in began.keys() - taken.keys():
            if sink.to(email):
                taken[email] = time.monotonic() - began[email]
        return len(taken) == len(began)

    wait_until(all_have_come, "each invitation was handed over", timeout_s=120)
    spent = sorted(taken.values())
    p95 = spent[max(0, -(-len(spent) * 95 // 100) - 1)]
    print(f"approved → handed over, {UNDO_S} s to undo included: {count} people a second apart, median "
          f"{statistics.median(spent):.1f} s, p95 {p95:.1f} s (goal: p95 ≤ 60 s)")  # fmt: skip


def live_where_it_is_day(world: World, people: list[Volunteer]) -> None:
    """Give people a zone in which the sending window is open now and for half an hour; their own when it is."""
    now = _now()
    with transaction(world.session):
        for zone in (people[0].timezone, *ZONES):
            for volunteer in people:
                volunteer.timezone = zone
            if all(next_opening(people[0], at) == at for at in (now, now + HALF_AN_HOUR)):
                print(f"the sending window is open in {zone}")
                return
    raise SystemExit("the sending window is open nowhere today: run it on a working day")


def pages_while_mails_leave(world: World, installation: Installation, mails: int) -> None:
    """Print the rate of the list of needs without a mail, and while mails leave."""
    session = world.session
    needs = [world.need(title=f"Tenir les comptes {number}") for number in range(LISTED)]
    _until_all_left(session)
    _rate(installation, WARM_UP_S)
    quiet = _rate(installation, MEASURED_S)
    _add_mails(session, needs, mails)
    began = time.monotonic()
    rates = []
    while _waiting(session):
        rates.append(_rate(installation, SLICE_S))
    spent_s = time.monotonic() - began
    busy = statistics.mean(rates)
    print(f"GET /needs: {quiet:.0f} a second without a mail, {busy:.0f} while {mails} mails leave, "
          f"{mails / spent_s:.0f} a second: {busy / quiet:.2f} of the rate (goal: ≥ 0.5)")  # fmt: skip


def _rate(installation: Installation, seconds: float) -> float:
    """Return how many pages a second readers get who ask for one after the other."""
    until = time.monotonic() + seconds

    def read() -> int:
        pages = 0
        while time.monotonic() < until:
            with urllib.request.urlopen(f"{installation.address}/needs", timeout=30) as page:
                page.read()
            pages += 1
        return pages

    with ThreadPoolExecutor(READERS) as readers:
        return sum(answer.result() for answer in [readers.submit(read) for _ in range(READERS)]) / seconds


def _add_mails(session: Session, needs: list[Need], count: int) -> None:
    with transaction(session):
        for number in range(count):
            need = needs[number % len(needs)]
            mail = outbox.SendMail(MailCode.NEED_OPENED.value, need.contact_id, need_id=need.id)
            outbox.add(session, mail, _now())


def _until_all_left(session: Session) -> None:
    wait_until(lambda: _waiting(session) == 0, "everything that waited is done", timeout_s=120)


def _waiting(session: Session) -> int:
    session.rollback()
    waiting = sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.done_at.is_(None))
    return session.scalar(waiting) or 0


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
