"""Clocks that jump, both nights on which France changes its clocks, three zones, August: digests and deadlines.

First from hour to hour while the clock jumps, then from day to day until the longest clock has fallen due.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from tests.factories import World
from tests.faults.campaign import Family, Findings
from tests.faults.clock_rules import (
    ADMINISTRATOR,
    AUGUST,
    COORDINATOR,
    EFFECTS,
    MEMBER,
    VOLUNTEER,
    WATCHED,
    ZONES,
    Calendar,
    Due,
    Subject,
    Watched,
)
from tests.faults.stage import BOTH, Stage, world_on
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.runtime import Runtime
from workers.tasks import clocks, digests

PERIODS = {
    "spring night": date(2026, 3, 25),
    "autumn night": date(2026, 10, 21),
    "August closure": date(2026, 7, 29),
    "plain week": date(2026, 9, 9),
}
JUMPS = {"none": 0, "+1 h": 1, "-1 h": -1, "+1 day": 24, "-1 day": -24}
HOURLY_DAYS, JUMPS_AFTER_H, JUMPS_FOR_H = 8, 50, 30
# The draft is discarded after 183 days, on the next working day.
DAYS = 200
Running = set[tuple[tuple[int | None, int | None], Clock]]


def play(stage: Stage, part: str) -> Findings:
    """Live through each zone, period and jump; in the short form through some of them."""
    findings = Findings()
    every = itertools.product(ZONES, PERIODS, JUMPS)
    for number, (zone, period, jump) in enumerate(every):
        if number % stage.sizes["each"] == stage.seed % stage.sizes["each"]:
            begins = datetime.combine(PERIODS[period], time(9, 20), ZoneInfo(zone)).astimezone(UTC)
            with stage.database(part) as url, world_on(url, begins) as world:
                visits = moments(begins, JUMPS[jump], every=stage.sizes["every"])
                _Trial(world, url, Calendar(zone), f"{zone}, {period}, {jump}", findings).live(visits)
            findings.count("scenarios")
    return findings


@dataclass
class _Watch:
    """One subject, and by when each of its clocks is to have taken effect."""

    watched: Watched
    subject: Subject
    row: tuple[int | None, int | None]
    due: dict[Clock, datetime]
    fired: set[Clock] = field(default_factory=set)


@dataclass
class _Trial:
    world: World
    url: str
    calendar: Calendar
    name: str
    findings: Findings
    tried: set[Clock] = field(default_factory=set)
    administrator_id: int = 0

    def live(self, visits: Iterable[datetime]) -> None:
        """Start every clock, then go through the hours and the days while two beats ask for everything."""
        begins = self.world.now
        self.administrator_id = self.world.administrator().account.id
        with transaction(self.world.session):
            self.world.home.timezone = self.calendar.zone
            self.world.home.closures = (AUGUST,)
        watches = [self._watch(watched, begins) for watched in WATCHED]
        self.world.forget_mails()
        runtime = runtime_of(self.url, self.world, FarEnd())
        visited: list[datetime] = []
        for at in visits:
            visited.append(at)
            self._visit(runtime, at)
            running = self._running()
            for watch in watches:
                self._look(watch, running, at, begins, max(visited))
        runtime.engine.dispose()
        self._digests(visited)
        untried = set(Clock) - self.tried
        self.findings.expect(not untried, f"{self.name}: never took effect: {sorted(untried)}")

    def _watch(self, watched: Watched, begins: datetime) -> _Watch:
        subject = watched.bring(self.world)
        row = (subject.id, None) if isinstance(subject, Need) else (None, subject.id)
        watch = _Watch(watched, subject, row, dict(watched.due(self.calendar, begins, subject)))
        self._compare(watch, watch.due)
        return watch

    def _compare(self, watch: _Watch, due: Due) -> None:
        """What the product says of the clocks that have just begun is what was counted here."""
        need_id, pairing_id = watch.row
        hers = sa.and_(Deadline.need_id == need_id, Deadline.pairing_id == pairing_id, Deadline.paused_at.is_(None))
        said = dict(self.world.session.execute(sa.select(Deadline.clock, Deadline.due_at).where(hers)).all())
        for clock, right in due.items():
            self.findings.count("deadlines")
            words = f"{self.name}: {watch.watched.name}, {clock} due {said.get(clock)}, right is {right}"
            self.findings.expect(said.get(clock) == right, words)

    def _visit(self, runtime: Runtime, at: datetime) -> None:
        self.world.now = at
        for _beat in range(2):
            digests.write_due(runtime)
            clocks.fire_due(runtime)

    def _running(self) -> Running:
        self.world.session.rollback()
        found = self.world.session.execute(sa.select(Deadline.need_id, Deadline.pairing_id, Deadline.clock)).all()
        return {((need_id, pairing_id), clock) for need_id, pairing_id, clock in found}

    def _look(self, watch: _Watch, running: Running, at: datetime, begins: datetime, latest: datetime) -> None:
        """What has fallen due by the latest hour that was shown took effect, once; what has not still runs."""
        before = set(watch.fired)
        for clock, due in list(watch.due.items()):
            is_over, runs = due <= latest, (watch.row, clock) in running
            words = f"{self.name}: {watch.watched.name}, {clock} due {due} runs {runs} at {at}"
            self.findings.expect(runs is not is_over, words)
            if is_over and clock not in watch.fired:
                watch.fired.add(clock)
                self.tried.add(clock)
                self.findings.count("effects")
                if clock in watch.watched.after:
                    begun = watch.watched.after[clock](self.calendar, at, begins, watch.subject)
                    self._compare(watch, begun)
                    watch.due |= begun
        if fired := [clock for clock in watch.due if clock in watch.fired - before]:
            self._judge_effects(watch, fired, at)

    def _judge_effects(self, watch: _Watch, fired: Sequence[Clock], at: datetime) -> None:
        """The last clock left its state, and each wrote its mails, once, and to nobody else."""
        subject = watch.subject
        self.world.session.refresh(subject)
        need = subject if isinstance(subject, Need) else subject.need
        hers = {mail for clock in watch.due for mail in EFFECTS[clock].mails}
        right = Counter(mail for clock in fired for mail in EFFECTS[clock].mails)
        rows = self.world.session.scalars(
            sa.select(OutboxRow).where(OutboxRow.kind == "send_mail", OutboxRow.created_at == at)
        )
        written = Counter(
            (MailCode(str(row.payload["code"])), self._reader(subject, need, int(str(row.payload["recipient_id"]))))
            for row in rows
            if row.payload["need_id"] == need.id
        )
        told = Counter({mail: n for mail, n in written.items() if mail[0] in {code for code, _ in hers}})
        words = f"{self.name}: {watch.watched.name}, {fired} at {at}: {subject.status}, {dict(told)}"
        is_right = subject.status is EFFECTS[fired[-1]].status and told == right
        self.findings.expect(is_right, f"{words}, right is {EFFECTS[fired[-1]].status}, {dict(right)}")

    def _reader(self, subject: Subject, need: Need, account_id: int) -> str:
        """Who this is for the need; of several hats the first that a mail may mean."""
        if isinstance(subject, Pairing) and account_id == subject.volunteer.account_id:
            return VOLUNTEER
        if account_id in {member.id for member in need.association.members}:
            return MEMBER
        return ADMINISTRATOR if account_id == self.administrator_id else COORDINATOR

    def _digests(self, visited: list[datetime]) -> None:
        """One on each working day on which the clock stood between 8 and 20, and no other."""
        zone = ZoneInfo(self.calendar.zone)
        local = [at.astimezone(zone) for at in visited]
        right = {at.date().isoformat() for at in local if 8 <= at.hour < 20 and self.calendar.works_on(at.date())}
        coordinator = self.world.coordinator().account.id
        self.world.session.rollback()
        rows = self.world.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_mail")).all()
        written = Counter(
            str(row.payload["data"]["day"])  # type: ignore[index, call-overload]
            for row in rows
            if row.payload["code"] == "coordinator_digest" and row.payload["recipient_id"] == coordinator
        )
        self.findings.count("digests", sum(written.values()))
        self.findings.expect(set(written) == right, f"{self.name}: digests {sorted(written)}, right is {sorted(right)}")
        twice = [day for day, number in written.items() if number > 1]
        self.findings.expect(not twice, f"{self.name}: twice on {twice}")


def moments(begins: datetime, jump_h: int, *, every: int) -> Iterator[datetime]:
    """Each hour of some days, in which the clock jumps and is put right again; then every so many days."""
    for hour in range(24 * HOURLY_DAYS):
        is_wrong = JUMPS_AFTER_H <= hour < JUMPS_AFTER_H + JUMPS_FOR_H
        yield begins + timedelta(hours=hour + (jump_h if is_wrong else 0))
    for day in range(HOURLY_DAYS, DAYS, every):
        yield begins + timedelta(days=day)


FAMILY = Family(
    name="clocks",
    fault="the clock jumps by an hour or a day, both nights of a change, three zones, August closure",
    play=play,
    parts=BOTH,
    short={"each": 60, "every": 5},
    full={"each": 1, "every": 1},
)
