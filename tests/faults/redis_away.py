"""Redis restarted, flushed, frozen and away while mails leave: nothing is lost, pages answer, the flow resumes."""

import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.factories import World
from tests.faults import accounting
from tests.faults.campaign import Family, Findings
from tests.faults.mailing import handed_to, in_hand, owe_mails, waiting
from tests.faults.servers import OwnRedis, own_redis
from tests.faults.stage import Stage, present, world_on
from tests.journeys.service import PRODUCTION, Installation, serving
from tests.servers.ports import free_port
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink

RESUMES_WITHIN_S, ANSWERS_WITHIN_S = 60, 15
# What is in hand when a connection breaks may wait for the end of its lease.
ALL_DONE_WITHIN_S = 180


@dataclass(frozen=True)
class Fault:
    """How it begins and how it ends."""

    begin: Callable[[OwnRedis], None]
    end: Callable[[OwnRedis], None]
    lasts_s: str = ""


FAULTS = {
    "restarted": Fault(OwnRedis.kill, OwnRedis.start),
    "flushed": Fault(OwnRedis.flush, lambda _server: None),
    "frozen": Fault(OwnRedis.freeze, OwnRedis.thaw, "frozen_s"),
    "away": Fault(OwnRedis.kill, OwnRedis.start, "away_s"),
}


def play(stage: Stage, part: str) -> Findings:
    """Let one kind of fault happen so many times while the processes of the compose file run."""
    findings = Findings()
    with stage.database("postgresql") as url, own_redis() as server, SmtpSink() as sink:
        installation = Installation(free_port(), url, server.url, sink, stage.room("service"))
        with world_on(url, present()) as world, serving(installation, PRODUCTION):
            playing = _Playing(stage, world, installation, server, findings)
            for number in range(stage.sizes[part]):
                playing.one(FAULTS[part], number)
            owed = accounting.owed(world.session)
            balance = accounting.audit(owed, handed_to(sink), bound=playing.in_hand, all_leave=True)
    findings.figures |= balance.figures
    findings.breaches += balance.breaches
    words = (installation.folder / "web.log").read_text(errors="replace")
    findings.expect("Traceback" not in words, "a traceback in the log of web")
    return findings


@dataclass
class _Playing:
    stage: Stage
    world: World
    installation: Installation
    server: OwnRedis
    findings: Findings
    in_hand: int = 0

    def one(self, fault: Fault, number: int) -> None:
        """Owe mails, let Redis fail when some have left, look at a page, let Redis return, wait for the rest."""
        mails, sink = self.stage.sizes["mails"], self.installation.sink
        before = len(sink.received)
        self.world.now = present() - timedelta(seconds=1)
        owe_mails(self.world, mails, first=number * mails)
        some = before + self.stage.random.randint(1, max(1, mails // 2))
        wait_until(lambda: len(sink.received) >= some, "some mails have left", timeout_s=ALL_DONE_WITHIN_S)
        fault.begin(self.server)
        self.in_hand += len(in_hand(self.world.session))
        self._page_answers()
        over = time.monotonic() + (self.stage.sizes[fault.lasts_s] if fault.lasts_s else 0)
        wait_until(lambda: time.monotonic() >= over, "the fault has lasted", timeout_s=120)
        self._page_answers()
        fault.end(self.server)
        self._flow_resumes(number)
        wait_until(lambda: waiting(self.world.session) == 0, "every mail has left", timeout_s=ALL_DONE_WITHIN_S)
        self.findings.count("faults")

    def _flow_resumes(self, number: int) -> None:
        """A mail that is owed after the fault leaves within a minute, without anybody's help."""
        began = time.monotonic()
        self.world.now = present() - timedelta(seconds=1)
        owe_mails(self.world, 1, first=1_000_000 + number)
        address = f"reader{1_000_000 + number}@"
        sink = self.installation.sink
        wait_until(
            lambda: any(each.recipients[0].startswith(address) for each in reversed(sink.received)),
            "a mail leaves after the fault",
            timeout_s=2 * RESUMES_WITHIN_S,
        )
        took = round(time.monotonic() - began, 1)
        worst = max(took, float(self.findings.figures.get("resumed_after_s_most", 0.0)))
        self.findings.figures["resumed_after_s_most"] = worst
        self.findings.expect(took <= RESUMES_WITHIN_S, f"flow resumed after {took} s")

    def _page_answers(self) -> None:
        began = time.monotonic()
        with urllib.request.urlopen(f"{self.installation.address}/needs", timeout=ANSWERS_WITHIN_S) as page:
            self.findings.expect(page.status == 200, f"a page answered {page.status}")
        took = round(time.monotonic() - began, 2)
        worst = max(took, float(self.findings.figures.get("page_s_most", 0.0)))
        self.findings.figures["page_s_most"] = worst
        self.findings.count("pages")


FAMILY = Family(
    name="redis",
    fault="Redis restarted, flushed, frozen and away while mails leave",
    play=play,
    parts=tuple(FAULTS),
    short_parts=("restarted",),
    short={"restarted": 1, "mails": 20},
    full={"restarted": 20, "flushed": 20, "frozen": 5, "away": 5, "mails": 200, "frozen_s": 20, "away_s": 60},
)
