"""kill -9 of workers while mails leave: at random times, at four verbs of SMTP and at four moments of the database."""

import contextlib
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.outbox import OutboxRow
from tests.factories import World
from tests.faults import accounting
from tests.faults.campaign import Family, Findings
from tests.faults.entry import POINTS
from tests.faults.mailing import end_leases, handed_to, in_hand, owe_invitations, owe_mails, settings_for, waiting
from tests.faults.prepared import Life, Prepared, prepared
from tests.faults.stage import Stage, present
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink

ANY_TIME = "any time"
# KEPT: the server has the mail, and nobody was told.
VERBS = ("MAIL", "RCPT", "DATA", "KEPT")
CELERY = "-A tests.faults.entry worker --beat -l WARNING --without-gossip --without-mingle --without-heartbeat"
ARGUMENTS: dict[str, tuple[str, ...]] = {"embedded": (), "prefork": tuple(CELERY.split())}
EACH_POINT = (*VERBS, *POINTS)
# A trap counts the passings of its own process: so many of a pool send side by side.
LANES = {"embedded": 1, "prefork": 3}
MORE = 200
# Only for a machine that does much else: what is waited for comes in a second or two.
PATIENCE_S = 240


def play(stage: Stage, part: str) -> Findings:
    """Owe mails, kill the worker so many times, let the last one finish, and audit."""
    pool = part.split(maxsplit=1)[0]
    stage.seed += int(part.rsplit(maxsplit=1)[-1])
    kind = "sqlite" if pool == "embedded" else "postgresql"
    findings = Findings()
    with stage.world(kind, present()) as (world, url), SmtpSink() as sink, contextlib.ExitStack() as stack:
        facts = {} if pool == "embedded" else {"REDIS_URL": f"{stage.ask('redis')}/{20 + stage.seed % 40}"}
        log = stage.room(pool) / "worker.log"
        program = stack.enter_context(prepared(settings_for(url, sink, **facts), log))
        killing = Killing(stage, world, sink, Program(program, pool, log.with_name("deaths")))
        owe_invitations(world, stage.sizes["invitations"])
        owe_mails(world, stage.sizes["mails"] - stage.sizes["invitations"])
        points = _points(stage)
        for point in points:
            killing.strike(point)
        killing.finish()
        owed = accounting.owed(world.session)
        balance = accounting.audit(owed, handed_to(sink), bound=killing.in_flight, all_leave=True)
        _no_more_copies_than_attempts(world.session, owed, sink, findings)
    struck = killing.struck
    findings.expect(struck == Counter(points), f"struck at {struck}, asked for {Counter(points)}")
    places = len(struck.keys() - {ANY_TIME})
    findings.figures |= {"kills": struck.total(), "points": places, "idle_lives": killing.idle, **balance.figures}
    findings.breaches += balance.breaches
    return findings


def _points(stage: Stage) -> list[str]:
    """Where each kill strikes: every point equally often, as far as the number of kills allows, and any time."""
    kills, each = stage.sizes["kills"], list(EACH_POINT)
    stage.random.shuffle(each)
    at_points = max(kills // 2, min(kills - 1, len(each)))
    chosen = (each * (at_points // len(each) + 1))[:at_points] + [ANY_TIME] * (kills - at_points)
    stage.random.shuffle(chosen)
    return chosen


@dataclass(frozen=True)
class Program:
    """The workers' program of one pool, and the file in which a trap notes a death."""

    prepared: Prepared
    pool: str
    deaths: Path

    def begin(self, point: str, nth: int) -> Life:
        """Begin a worker, with a trap when the point is one of the database."""
        self.deaths.unlink(missing_ok=True)
        nth = max(1, nth // LANES[self.pool])
        trap = {"FAULT_POINT": point, "FAULT_NTH": str(nth), "FAULT_LOG": str(self.deaths)} if point in POINTS else {}
        return self.prepared.begin(ARGUMENTS[self.pool], trap)


class Killing:
    """One worker after the other, each killed; counts what was in hand at each kill."""

    def __init__(self, stage: Stage, world: World, sink: SmtpSink, program: Program) -> None:
        """Nothing runs yet."""
        self.stage, self.world, self.sink, self.program = stage, world, sink, program
        self.in_flight = self.idle = 0
        self.struck: Counter[str] = Counter()
        self._owed = stage.sizes["mails"]
        self._known: set[tuple[int, int]] = set()

    def strike(self, point: str) -> None:
        """Kill a worker at a point; when nothing was left that could bring it there, owe more mails and try again."""
        while not self._one_life(point):
            self.idle += 1
            self.world.now = present()
            owe_mails(self.world, MORE, first=self._owed)
            self._owed += MORE
        self.struck[point] += 1

    def _one_life(self, point: str) -> bool:
        """Start a worker, let it be killed at a point, note what it had in hand; False when it was idle."""
        nth = self.stage.random.randint(1, self.stage.sizes["mails_a_life"])
        worker = self.program.begin(point, nth)
        if point in VERBS:
            is_struck = self._kill_at_verb(worker, point, nth)
        elif point in POINTS:
            wait_until(lambda: self._has_died() or self._is_idle(), f"{point}, {nth}", timeout_s=PATIENCE_S)
            is_struck = self._has_died()
        else:
            goal = len(self.sink.received) + nth
            wait_until(lambda: len(self.sink.received) >= goal or self._is_idle(), "it sends", timeout_s=PATIENCE_S)
            is_struck = len(self.sink.received) >= goal
        worker.kill_all()
        fresh = in_hand(self.world.session) - self._known
        self._known |= fresh
        self.in_flight += len(fresh)
        if self.stage.sizes["end_leases"]:
            end_leases(self.world.session)
            self._known.clear()
        return is_struck

    def finish(self) -> None:
        """Let one more worker send the rest."""
        worker = self.program.begin(ANY_TIME, 1)
        rest = self._owed / 5 + PATIENCE_S
        wait_until(lambda: waiting(self.world.session) == 0, "all mails have left", timeout_s=rest)
        worker.end()

    def _kill_at_verb(self, worker: Life, verb: str, nth: int) -> bool:
        done, left = threading.Event(), [nth]

        def strike() -> None:
            left[0] -= 1
            if left[0] == 0:
                worker.kill_all()
                done.set()

        self.sink.at(verb, strike)
        wait_until(lambda: done.is_set() or self._is_idle(), f"it comes to {verb}", timeout_s=PATIENCE_S)
        self.sink.mend()
        return done.is_set()

    def _has_died(self) -> bool:
        return self.program.deaths.exists()

    def _is_idle(self) -> bool:
        """Nothing is left that could bring it to the point: all that waits is held under a lease."""
        return waiting(self.world.session) <= len(in_hand(self.world.session))


def _no_more_copies_than_attempts(session: Session, owed: accounting.Owed, sink: SmtpSink, findings: Findings) -> None:
    """A mail leaves once, and once more for each fault that hit it: never twice more for one."""
    session.rollback()
    attempts = {row.id: row.attempts for row in session.execute(sa.select(OutboxRow.id, OutboxRow.attempts))}
    for name, number in Counter(each.identity for each in handed_to(sink)).items():
        most = attempts.get(owed.rows.get(name, 0), 0)
        findings.expect(number <= most, f"{name} left {number} times in {most} attempts")


FAMILY = Family(
    name="kills",
    fault="kill -9 of workers at random times and at eight points, while mails leave",
    play=play,
    parts=("embedded 1", "prefork 2", "prefork 3"),
    short_parts=("embedded 1", "prefork 2"),
    short={"mails": 60, "invitations": 14, "kills": 2, "mails_a_life": 8, "end_leases": 1},
    full={"mails": 12_000, "invitations": 300, "kills": 200, "mails_a_life": 110, "end_leases": 0},
)
