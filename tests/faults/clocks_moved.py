"""Clocks that jump, both nights on which France changes its clocks, three zones, August: digests and deadlines.

What is right is worked out here by counting days one by one, not by the code that is tried.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import sqlalchemy as sa

from matcher.database import transaction
from matcher.models.deadline import Clock, Deadline
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from tests.factories import World
from tests.faults.campaign import Family, Findings
from tests.faults.stage import Stage, world_on
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.runtime import Runtime
from workers.tasks import clocks, digests

ZONES = {"Europe/Paris": None, "Indian/Reunion": "974", "America/Guadeloupe": "971"}
PERIODS = {
    "spring night": date(2026, 3, 25),
    "autumn night": date(2026, 10, 21),
    "August closure": date(2026, 7, 29),
    "plain week": date(2026, 9, 9),
}
AUGUST = (date(2026, 8, 1), date(2026, 8, 16))
JUMPS = {"none": 0, "+1 h": 1, "-1 h": -1, "+1 day": 24, "-1 day": -24}
DAYS, JUMPS_AFTER_H = 8, 50
# STATES.md, once more: state, clock, working days, calendar days.
RULES = (
    (PairingStatus.APPLIED, Clock.APPLICATION_WAITS, 5, 0),
    (PairingStatus.APPLIED, Clock.APPLICATION_WAITS_LONG, 10, 0),
    (PairingStatus.ACCEPTED, Clock.YES_WAITS, 3, 0),
    (PairingStatus.ACCEPTED, Clock.YES_WAITS_LONG, 5, 0),
    (PairingStatus.ACCEPTED, Clock.RELEASE_YES, 10, 0),
    (PairingStatus.CONFIRMED, Clock.ASK_TALKED, 0, 7),
    (PairingStatus.CONFIRMED, Clock.TALK_WAITS, 0, 14),
    (PairingStatus.CONFIRMED, Clock.ABANDON_TALK, 0, 45),
)


@dataclass(frozen=True)
class Calendar:
    """A branch's days, counted by hand."""

    zone: str

    def works_on(self, day: date) -> bool:
        """Not on weekends, public holidays and the closure in August."""
        return day.weekday() < 5 and day not in _holidays(self.zone, day.year) and not AUGUST[0] <= day <= AUGUST[1]

    def due(self, begins: datetime, working_days: int, days: int) -> datetime:
        """Count days, then go on to a day on which the branch works, at the same time on its clock."""
        local = begins.astimezone(ZoneInfo(self.zone))
        if not working_days:
            at = (begins + timedelta(days=days)).astimezone(ZoneInfo(self.zone))
            return at.astimezone(UTC) if self.works_on(at.date()) else self._at(self._next(at.date()), at.time())
        day = local.date()
        for _ in range(working_days):
            day = self._next(day + timedelta(days=1))
        return self._at(day, local.time())

    def _next(self, day: date) -> date:
        while not self.works_on(day):
            day += timedelta(days=1)
        return day

    def _at(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, ZoneInfo(self.zone)).astimezone(UTC)


@cache
def _holidays(zone: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", subdiv=ZONES[zone], years=year))


def play(stage: Stage, _part: str) -> Findings:
    """Live through each zone, period and jump; in the short form through some of them."""
    findings = Findings()
    every = itertools.product(ZONES, PERIODS, JUMPS)
    for number, (zone, period, jump) in enumerate(every):
        if number % stage.sizes["each"] == stage.seed % stage.sizes["each"]:
            begins = datetime.combine(PERIODS[period], time(9, 20), ZoneInfo(zone)).astimezone(UTC)
            with stage.database("sqlite") as url, world_on(url, begins) as world:
                _Trial(world, url, Calendar(zone), f"{zone}, {period}, {jump}", findings).live(JUMPS[jump])
            findings.count("scenarios")
    return findings


@dataclass
class _Trial:
    world: World
    url: str
    calendar: Calendar
    name: str
    findings: Findings

    def live(self, jump_h: int) -> None:
        """Start every clock, then go from hour to hour while two beats ask for everything."""
        begins = self.world.now
        with transaction(self.world.session):
            self.world.home.timezone = self.calendar.zone
            self.world.home.closures = (AUGUST,)
        self.world.need(NeedStatus.SUBMITTED)
        pairings = {status: self.world.pairing(status) for status in dict.fromkeys(rule[0] for rule in RULES)}
        due = {rule: self._due_at(pairings[rule[0]], rule[1]) for rule in RULES}
        for (status, clock, working_days, days), found in due.items():
            right = self.calendar.due(begins, working_days, days)
            self.findings.count("deadlines")
            self.findings.expect(found == right, f"{self.name}: {status} {clock} due {found}, right is {right}")
        self.world.forget_mails()
        runtime = runtime_of(self.url, self.world, FarEnd())
        visited = [self._visit(runtime, at) for at in hours(begins, jump_h)]
        runtime.engine.dispose()
        self._digests(visited)
        self._fired({rule[1]: at for rule, at in due.items() if at is not None}, max(visited))

    def _due_at(self, pairing: Pairing, clock: Clock) -> datetime | None:
        found = sa.select(Deadline.due_at).where(Deadline.pairing_id == pairing.id, Deadline.clock == clock)
        return self.world.session.scalar(found)

    def _visit(self, runtime: Runtime, at: datetime) -> datetime:
        self.world.now = at
        for _beat in range(2):
            digests.write_due(runtime)
            clocks.fire_due(runtime)
        return at

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

    def _fired(self, due: dict[Clock, datetime], latest: datetime) -> None:
        """What fell due before the last hour has taken effect, and what did not still runs."""
        running = set(self.world.session.scalars(sa.select(Deadline.clock)))
        for clock, at in due.items():
            words = f"{self.name}: {clock} due {at} runs {clock in running} at {latest}"
            self.findings.expect((clock in running) is (at > latest), words)


def hours(begins: datetime, jump_h: int) -> Iterator[datetime]:
    """Each hour of the days; after a while the clock jumps, and some hours later it is put right again."""
    for hour in range(24 * DAYS):
        is_wrong = JUMPS_AFTER_H <= hour < JUMPS_AFTER_H + 30
        yield begins + timedelta(hours=hour + (jump_h if is_wrong else 0))


FAMILY = Family(
    name="clocks",
    fault="the clock jumps by an hour or a day, both nights of a change, three zones, August closure",
    play=play,
    parts=("sqlite",),
    short={"each": 30},
    full={"each": 1},
)
