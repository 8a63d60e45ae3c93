"""Mail servers that refuse, cut, stall and flood: what becomes of each mail while they do, and once they are well."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

import sqlalchemy as sa

from matcher.models.outbox import OutboxRow
from tests.factories import World
from tests.faults import accounting
from tests.faults.campaign import SUMMED, Family, Findings
from tests.faults.mailing import handed_to, owe_mails
from tests.faults.stage import Stage
from tests.servers.certificates import self_signed
from tests.servers.ports import free_port
from tests.servers.smtp import Manner, SmtpSink, Trouble
from tests.workers.conftest import settings_of
from workers.dispatch import HANDLERS
from workers.runtime import Runtime

THREADS, DEADLINE_S = 4, 2
LATER = timedelta(hours=7)


class End(Enum):
    """What is right for a mail that met the behaviour."""

    WAITS = "tried again later, and handed over once"
    PERHAPS_TWICE = "tried again later, and handed over once or twice, under one Message-ID"
    DONE = "handed over at once"
    PARKED = "set aside, where an administrator sees it"


@dataclass(frozen=True)
class Behaviour:
    """What a mail server does at a verb, and what is right then."""

    verb: str
    act: Trouble | str
    end: End = End.WAITS


T = Trouble
BEHAVIOURS: dict[str, Behaviour] = {
    "421 at the greeting": Behaviour("CONNECT", "421 4.3.2 busy"),
    "554 at the greeting": Behaviour("CONNECT", "554 5.3.2 go away"),
    "cut at the greeting": Behaviour("CONNECT", T.CUT),
    "cut after the greeting": Behaviour("CONNECT", T.CUT_AFTER),
    "mute at the greeting": Behaviour("CONNECT", T.MUTE),
    "cut at EHLO": Behaviour("EHLO", T.CUT),
    "cut after EHLO": Behaviour("EHLO", T.CUT_AFTER),
    "endless line at EHLO": Behaviour("EHLO", T.HUGE_LINE),
    "421 at MAIL": Behaviour("MAIL", "421 4.3.2 closing"),
    "450 at MAIL": Behaviour("MAIL", "450 4.7.1 later"),
    "451 at MAIL": Behaviour("MAIL", "451 4.3.0 later"),
    "550 at MAIL": Behaviour("MAIL", "550 5.7.1 sender refused"),
    "cut at MAIL": Behaviour("MAIL", T.CUT),
    "cut after MAIL": Behaviour("MAIL", T.CUT_AFTER),
    "450 at RCPT": Behaviour("RCPT", "450 4.2.1 mailbox busy"),
    "452 at RCPT": Behaviour("RCPT", "452 4.2.2 full"),
    "550 at RCPT": Behaviour("RCPT", "550 5.1.1 unknown", End.PARKED),
    "552 at RCPT": Behaviour("RCPT", "552 5.2.2 over quota", End.PARKED),
    "554 at RCPT": Behaviour("RCPT", "554 5.0.0 refused", End.PARKED),
    "relay denied at RCPT": Behaviour("RCPT", "554 5.7.1 relay access denied"),
    "cut at RCPT": Behaviour("RCPT", T.CUT),
    "cut after RCPT": Behaviour("RCPT", T.CUT_AFTER),
    "one byte a second at RCPT": Behaviour("RCPT", T.DRIP),
    "endless reply at RCPT": Behaviour("RCPT", T.HUGE_REPLY),
    "421 at DATA": Behaviour("DATA", "421 4.3.2 closing"),
    "451 at DATA": Behaviour("DATA", "451 4.3.0 later"),
    "cut at DATA": Behaviour("DATA", T.CUT),
    "cut after DATA": Behaviour("DATA", T.CUT_AFTER),
    "451 after the content": Behaviour(".", "451 4.3.0 later"),
    "552 after the content": Behaviour(".", "552 5.3.4 too large", End.PARKED),
    "554 after the content": Behaviour(".", "554 5.6.0 refused", End.PARKED),
    "cut before the content is kept": Behaviour(".", T.CUT),
    "kept, then cut": Behaviour("KEPT", T.CUT, End.PERHAPS_TWICE),
    "kept, then mute": Behaviour("KEPT", T.MUTE, End.PERHAPS_TWICE),
    "accepted, then cut": Behaviour("KEPT", T.CUT_AFTER, End.DONE),
}
AWAY, WRONG_PASSWORD, UNTRUSTED = "nobody listens", "sign-in refused", "certificate of nobody"
OF_THE_SERVER = (AWAY, WRONG_PASSWORD, UNTRUSTED)
SLOW = frozenset({Trouble.MUTE, Trouble.DRIP, Trouble.HUGE_LINE, Trouble.HUGE_REPLY})


def play(stage: Stage, part: str) -> Findings:
    """Meet each behaviour with so many mails; in the short form each n-th of them."""
    findings = Findings()
    names, each = (*BEHAVIOURS, *OF_THE_SERVER), stage.sizes["each"]
    deadline_s = DEADLINE_S if part == "2 s deadline" else 20
    if part != "2 s deadline":
        names = tuple(name for name in BEHAVIOURS if BEHAVIOURS[name].act in SLOW)
    for number, name in enumerate(names):
        if number % each == stage.seed % each:
            mails = stage.sizes["mails"] if part == "2 s deadline" else THREADS
            with stage.world("sqlite") as (world, url):
                _Meeting(stage, world, url, deadline_s).play(name, mails, findings)
    return findings


@dataclass
class _Meeting:
    stage: Stage
    world: World
    url: str
    deadline_s: float

    def play(self, name: str, mails: int, findings: Findings) -> None:
        """Owe mails, let them meet the behaviour, look, mend the server, look again."""
        owe_mails(self.world, mails)
        port = free_port()
        with self._ill(name, port) as sink:
            first = self._handle_all(port, name)
        right = BEHAVIOURS[name].end if name in BEHAVIOURS else End.WAITS
        self._look(name, right, findings)
        self.world.now += LATER
        with SmtpSink(port=port) as well:
            self._handle_all(port)
        log = handed_to(well) + (handed_to(sink) if sink else [])
        bound = mails if right is End.PERHAPS_TWICE else 0
        owed = accounting.owed(self.world.session)
        if right is End.PARKED:
            findings.expect(not log, f"{name}: refused for good, and {len(log)} left")
            findings.expect(len(owed.parked) == mails, f"{name}: {len(owed.parked)} of {mails} parked")
        else:
            balance = accounting.audit(owed, log, bound=bound, all_leave=True)
            findings.breaches += [f"{name}: {words}" for words in balance.breaches]
            for figure in SUMMED:
                findings.count(figure, balance.figures[figure])
        findings.count("behaviours")
        findings.count("mails", mails)
        findings.expect(first == mails, f"{name}: {first} of {mails} rows were due")

    def _look(self, name: str, right: End, findings: Findings) -> None:
        """While the server is ill nothing is done, or all; what may be tried again waits, tried once."""
        self.world.session.rollback()
        for row in self.world.session.scalars(sa.select(OutboxRow)):
            is_parked = row.parked_at is not None
            state = f"{name}: done {row.done_at is not None}, parked {is_parked}, {row.attempts} tries, {row.outcome}"
            is_right = (row.done_at is not None, is_parked) == (right is End.DONE, right is End.PARKED)
            findings.expect(is_right and row.lease_until is None and row.attempts == 1, state)

    def _handle_all(self, port: int, name: str = "") -> int:
        runtime = Runtime.of(self._settings(port, name), clock=lambda _session: self.world.now)
        self.world.session.rollback()
        waiting = sa.select(OutboxRow.id).where(OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_(None))
        rows = self.world.session.scalars(waiting).all()
        self.world.session.rollback()
        with ThreadPoolExecutor(THREADS) as workers:
            list(workers.map(lambda row: HANDLERS["send_account_mail"].handle(runtime, row), rows))
        runtime.send.__self__.close()  # type: ignore[attr-defined]
        runtime.engine.dispose()
        return len(rows)

    def _settings(self, port: int, name: str):
        facts = {"DATABASE_URL": self.url, "SMTP_PORT": str(port), "SMTP_DEADLINE_S": str(self.deadline_s)}
        if name == WRONG_PASSWORD:
            facts |= {"SMTP_USER": "binome", "SMTP_PASSWORD": "wrong"}
        if name == UNTRUSTED:
            facts |= {"SMTP_SECURITY": "starttls"}
        return settings_of(**facts)

    @contextlib.contextmanager
    def _ill(self, name: str, port: int) -> Iterator[SmtpSink | None]:
        if name == AWAY:
            yield None
            return
        manner = Manner(login=("binome", "right")) if name == WRONG_PASSWORD else Manner()
        if name == UNTRUSTED:
            manner = Manner(starttls=self_signed(self.stage.room("certificate"))[0])
        with SmtpSink(manner, port=port) as sink:
            if name in BEHAVIOURS:
                sink.at(BEHAVIOURS[name].verb, BEHAVIOURS[name].act)
            yield sink


FAMILY = Family(
    name="smtp",
    fault="mail servers that refuse, cut, stall and flood at each verb",
    play=play,
    parts=("2 s deadline", "real deadline"),
    short_parts=("2 s deadline",),
    short={"mails": 4, "each": 6},
    full={"mails": 100, "each": 1},
)
