"""PostgreSQL restarted as in a crash, and connections cut in the middle of transactions, while people decide and mails
leave: no half-written decision, a page of its own (503) and never a traceback."""

import contextlib
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions, transaction
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Decision, Pairing, PairingEvent
from matcher.models.states import PairingStatus, PairingStep
from matcher.outbox import LEASE
from tests.factories import World
from tests.faults import accounting
from tests.faults.campaign import Family, Findings
from tests.faults.mailing import handed_to, owe_mails, settings_for, waiting
from tests.faults.servers import OwnPostgres, own_postgres
from tests.faults.stage import Stage, create_schema, present, world_on
from tests.servers import databases
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink
from tests.settings import make_settings
from tests.web.visiting import Visitor, carry_sign_in, sign_in
from tests.workers.programs import running
from web import create_app
from web.extensions import db

PROCESSES, PEOPLE_A_FAULT, TRIES = 4, 3, 200
COMMAND = (
    f"{sys.executable} -m celery -A workers.app worker --beat -l ERROR --without-gossip --without-mingle "
    f"--concurrency {PROCESSES}"
)
FAULTS = {"restarted": OwnPostgres.restart, "cut": OwnPostgres.cut}
# Whoever lost its connection keeps its row until the lease ends.
ALL_DONE_WITHIN_S = 240


def play(stage: Stage, part: str) -> Findings:
    """Let one kind of fault happen so many times."""
    findings = Findings()
    faults = stage.sizes[part]
    with own_postgres() as server, SmtpSink() as sink, ExitStack() as stack:
        url = databases.create(server.url)
        create_schema(url)
        with world_on(url, present()) as world:
            deciding = Deciding.on(world, url, faults * PEOPLE_A_FAULT)
            owe_mails(world, stage.sizes["mails"])
        facts = settings_for(url, sink, REDIS_URL=f"{stage.ask('redis')}/19")
        stack.enter_context(running(COMMAND, facts, stage.room("worker") / "worker.log"))
        wait_until(lambda: len(sink.received) > 0, "the worker is there", timeout_s=ALL_DONE_WITHIN_S)
        people = threading.Thread(target=deciding.decide_on_everybody)
        people.start()
        struck_at = datetime.now(UTC)
        for number in range(faults):
            goal = number * PEOPLE_A_FAULT + stage.random.randint(1, PEOPLE_A_FAULT)
            wait_until(lambda goal=goal: deciding.done >= goal, "people decide", timeout_s=ALL_DONE_WITHIN_S)
            struck_at = datetime.now(UTC)
            FAULTS[part](server)
            findings.count("faults")
        people.join()
        if stage.sizes["end_leases"]:
            _end_leases(url, struck_at + LEASE)
        wait_until(lambda: _all_have_left(url), "every mail has left", timeout_s=ALL_DONE_WITHIN_S)
        with _session_on(url) as session:
            owed = accounting.owed(session)
            balance = accounting.audit(owed, handed_to(sink), bound=faults * PROCESSES, all_leave=True)
            _decisions_are_whole(session, len(deciding.volunteers), findings)
    findings.figures |= {f"answers_{status}": number for status, number in sorted(deciding.answers.items())}
    findings.figures |= balance.figures
    findings.breaches += balance.breaches + deciding.breaches
    return findings


@dataclass
class Deciding:
    """A coordinator who puts one person after the other into the line, and presses again after a 503."""

    app: Flask
    coordinator: str
    need_id: int
    volunteers: list[int]
    done: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, world: World, url: str, people: int) -> "Deciding":
        """Make a need on hold, so that nobody is invited meanwhile, and the people to decide about."""
        need = world.need(seats=5)
        volunteers = [world.volunteer().id for _ in range(people)]
        app = create_app(make_settings(url, second_factor=False))
        uniquifier = world.coordinator().account.fs_uniquifier
        sign_in(app, uniquifier)
        return cls(app, uniquifier, need.id, volunteers)

    def decide_on_everybody(self) -> None:
        """Press until each decision is taken."""
        visitor = Visitor(self.app)
        carry_sign_in(visitor.client, self.coordinator)
        token = visitor._token("/legal")
        for volunteer_id in self.volunteers:
            typed = {"csrf_token": token, "volunteer_id": str(volunteer_id)}
            for _ in range(TRIES):
                answer = visitor.client.post(f"/reviews/{self.need_id}/people", data=typed)
                self.answers[answer.status_code] += 1
                self._look(answer.status_code, answer.text)
                if answer.status_code == 303:
                    break
            self.done += 1
        with self.app.app_context():
            db.engine.dispose()

    def _look(self, status: int, text: str) -> None:
        if status not in {303, 503}:
            self.breaches.append(f"a page answered {status}")
        if "Traceback" in text or "psycopg" in text:
            self.breaches.append("a page shows its insides")


def _decisions_are_whole(session: Session, people: int, findings: Findings) -> None:
    """Each person: one pairing, one step, one decision; and the line was told to move."""
    session.rollback()
    decided = session.execute(
        sa.select(
            sa.select(sa.func.count(Pairing.id)).scalar_subquery(),
            sa.select(sa.func.count(Decision.id)).scalar_subquery(),
            sa.select(sa.func.count(PairingEvent.id)).where(PairingEvent.step == PairingStep.APPROVE).scalar_subquery(),
        )
    ).one()
    findings.figures["decisions"] = people
    findings.expect(tuple(decided) == (people,) * 3, f"{people} people: pairings, decisions, steps {tuple(decided)}")
    told = session.scalar(sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.kind == "advance_line")) or 0
    findings.expect(told > 0, "nobody told the line")
    queued = sa.select(sa.func.count(Pairing.id)).where(
        Pairing.status == PairingStatus.APPROVED, Pairing.queued_at.is_not(None)
    )
    waiting_rows = sa.select(sa.func.count(OutboxRow.id)).where(
        OutboxRow.kind == "send_invitation", OutboxRow.done_at.is_(None)
    )
    findings.expect(session.scalar(queued) == session.scalar(waiting_rows), "somebody is queued without a row")


def _end_leases(url: str, until: datetime) -> None:
    """As if the minute had passed that whoever lost its connection keeps its rows, and no row claimed since."""
    with _session_on(url) as session, transaction(session):
        lost = sa.update(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.lease_until <= until)
        session.execute(lost.values(lease_until=None))


def _all_have_left(url: str) -> bool:
    with _session_on(url) as session:
        return waiting(session) == 0


@contextlib.contextmanager
def _session_on(url: str) -> Iterator[Session]:
    engine = make_engine(url)
    try:
        with make_sessions(engine)() as session:
            yield session
    finally:
        engine.dispose()


FAMILY = Family(
    name="postgresql",
    fault="PostgreSQL restarted as in a crash, or connections cut mid-transaction, while people decide and mails leave",
    play=play,
    parts=tuple(FAULTS),
    short={"restarted": 1, "cut": 3, "mails": 20, "end_leases": 1},
    full={"restarted": 20, "cut": 200, "mails": 2_000, "end_leases": 0},
)
