"""The coordinators' morning mail: once for each and day, whatever beats, clocks and restarts do."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matcher.database import transaction
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import reviews
from tests.factories import LYON, World
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.tasks.digests import write_due

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def quiet(sqlite_url: str, world: World, far_end: FarEnd) -> Iterable[Runtime]:
    """A runtime on SQLite, where time is walked through in many small steps."""
    made = runtime_of(sqlite_url, world, far_end)
    yield made
    made.engine.dispose()


@contextmanager
def failing(engine: Engine, value: str) -> Iterator[None]:
    """Let each statement fail in which a value begins like this."""

    def fail(_c: object, _cursor: object, _statement: str, values: object, _context: object, _many: object) -> None:
        if any(str(each).startswith(value) for each in (values.values() if isinstance(values, dict) else values)):
            raise RuntimeError("refused by the test")

    sa.event.listen(engine, "before_cursor_execute", fail)
    yield
    sa.event.remove(engine, "before_cursor_execute", fail)


def told(world: World) -> list[tuple[object, object]]:
    """Whom a morning mail was written to, and for which day."""
    world.session.rollback()
    rows = [row.payload for row in world.messages("send_mail") if row.payload["code"] == "coordinator_digest"]
    return [(row["recipient_id"], row["data"]["day"]) for row in rows]


def walk(world: World, runtime: Runtime, moments: Iterable[datetime]) -> list[tuple[str, object]]:
    """Let beat ask at each moment; return when a mail was written, on the clock of Paris, and for which day."""
    written = []
    for moment in moments:
        world.now = moment.astimezone(UTC)
        before = len(told(world))
        write_due(runtime)
        written += [(f"{moment.astimezone(PARIS):%a %H:%M}", day) for _, day in told(world)[before:]]
    return written


def every(step: timedelta, start: datetime, end: datetime) -> Iterable[datetime]:
    """The moments from start to end."""
    moment = start.astimezone(UTC)
    while moment <= end:
        yield moment
        moment += step


def test_two_beats_at_once_write_one_mail_a_morning(any_database_url: str, any_world: World, far_end: FarEnd) -> None:
    any_world.need(NeedStatus.SUBMITTED)
    workers = [runtime_of(any_database_url, any_world, far_end) for _ in range(2)]
    mornings = [any_world.now + DAY * week for week in range(0, 35, 7)]
    with ThreadPoolExecutor(2) as pool:
        for any_world.now in mornings:
            assert sum(pool.map(write_due, workers)) == 1

    days = [moment.date().isoformat() for moment in mornings]
    assert told(any_world) == [(any_world.coordinator().account.id, day) for day in days]
    for worker in workers:
        worker.engine.dispose()


def test_a_restart_writes_nothing_again(any_database_url: str, any_world: World, far_end: FarEnd) -> None:
    any_world.need(NeedStatus.SUBMITTED)
    for _ in range(3):
        worker = runtime_of(any_database_url, any_world, far_end)
        write_due(worker)
        worker.engine.dispose()

    assert len(told(any_world)) == 1


def test_a_morning_that_fails_holds_up_nobody_and_is_tried_again(quiet: Runtime, world: World) -> None:
    first, second = world.coordinator(), world.coordinator(world.branch())
    assert first.account.id < second.account.id
    world.need(NeedStatus.SUBMITTED)
    with transaction(world.session) as session:
        session.add(BranchCoordinator(branch_id=world.home.id, account_id=second.account.id))

    with failing(quiet.engine, f"{first.account.id} "):
        assert write_due(quiet) == 1
    assert {recipient for recipient, _day in told(world)} == {second.account.id}

    assert write_due(quiet) == 1
    assert {recipient for recipient, _day in told(world)} == {first.account.id, second.account.id}


def test_nothing_waits_no_mail(quiet: Runtime, world: World) -> None:
    assert write_due(quiet) == 0
    world.need(NeedStatus.SUBMITTED)
    world.now += HOUR

    assert write_due(quiet) == 0, "the morning is over; what has come since is told the next one"
    assert told(world) == []


def test_the_mail_lists_and_links_and_names_nobody(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    pairing = any_world.pairing(PairingStatus.APPLIED)
    any_world.forget_mails()
    write_due(runtime)

    assert _deliver(runtime, any_world) == "sent"
    (mail,) = far_end.taken
    assert mail.recipient == any_world.coordinator().account.email
    assert f"/reviews/{pairing.need_id}/line" in mail.text
    for hers in (pairing.volunteer.account.name, pairing.volunteer.account.email, pairing.volunteer.headline):
        assert hers not in mail.text


def test_what_was_done_before_the_mail_left_is_not_told(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    need = any_world.need(NeedStatus.SUBMITTED)
    any_world.forget_mails()
    write_due(runtime)
    any_world.act(reviews.open_need, any_world.coordinator(), need_id=need.id, is_urgent=False)

    assert _deliver(runtime, any_world) == "has no sense any more"
    assert far_end.taken == []


def test_a_mail_that_waited_until_the_next_day_leaves_the_word_to_that_days(
    runtime: Runtime, any_world: World, far_end: FarEnd
) -> None:
    any_world.need(NeedStatus.SUBMITTED)
    any_world.forget_mails()
    write_due(runtime)
    any_world.now += DAY

    assert _deliver(runtime, any_world) == "has no sense any more"


def test_a_need_that_nobody_matches_is_told_on_the_next_working_morning(
    quiet: Runtime, world: World, far_end: FarEnd
) -> None:
    friday = datetime(2026, 9, 11, 8, 0, tzinfo=PARIS)
    walk(world, quiet, [friday])
    world.now = (friday + HOUR).astimezone(UTC)
    need = world.need()
    world.suggest(need, [])
    world.forget_mails()

    written = walk(world, quiet, every(HOUR / 2, friday + HOUR, datetime(2026, 9, 14, 9, 0, tzinfo=PARIS)))

    assert written == [("Mon 08:00", "2026-09-14")]
    assert _deliver(quiet, world) == "sent"
    assert f"/reviews/{need.id}" in far_end.taken[0].text


def test_the_night_the_evening_and_closed_days_write_nothing_and_lose_nothing(quiet: Runtime, world: World) -> None:
    world.need(NeedStatus.SUBMITTED)
    friday = datetime(2026, 9, 11, 20, 0, tzinfo=PARIS)

    written = walk(world, quiet, every(HOUR / 2, friday, datetime(2026, 9, 15, 23, 0, tzinfo=PARIS)))

    assert written == [("Mon 08:00", "2026-09-14"), ("Tue 08:00", "2026-09-15")]


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        (datetime(2026, 3, 27, 0, 0, tzinfo=PARIS), datetime(2026, 3, 31, 0, 0, tzinfo=PARIS), ["27", "30"]),
        (datetime(2026, 10, 23, 0, 0, tzinfo=PARIS), datetime(2026, 10, 27, 0, 0, tzinfo=PARIS), ["23", "26"]),
    ],
)
def test_both_nights_of_the_clock_change_keep_eight_oclock(
    quiet: Runtime, world: World, begin: datetime, end: datetime, days: list[str]
) -> None:
    world.need(NeedStatus.SUBMITTED)

    written = walk(world, quiet, every(HOUR / 4, begin, end))

    assert [(when[-5:], str(day)[-2:]) for when, day in written] == [("08:00", day) for day in days]


@pytest.mark.parametrize("jump", [-HOUR, HOUR, -DAY, DAY])
@pytest.mark.parametrize("hour", [7, 8, 9])
def test_a_clock_that_jumps_and_comes_back_gives_one_mail_a_day(
    quiet: Runtime, world: World, jump: timedelta, hour: int
) -> None:
    world.need(NeedStatus.SUBMITTED)
    begin = datetime(2026, 9, 15, hour, 30, tzinfo=PARIS)
    before = every(HOUR / 2, datetime(2026, 9, 14, 0, 0, tzinfo=PARIS), begin)
    wrong = every(HOUR / 2, begin + jump, begin + jump + HOUR)
    after = every(HOUR / 2, begin + HOUR, datetime(2026, 9, 18, 23, 0, tzinfo=PARIS))

    walk(world, quiet, [*before, *wrong, *after])

    days = [day for _, day in told(world)]
    assert sorted(map(str, days)) == [f"2026-09-{day}" for day in (14, 15, 16, 17, 18)]


def test_a_beat_that_comes_late_writes_the_same_day_once(quiet: Runtime, world: World) -> None:
    world.need(NeedStatus.SUBMITTED)
    late = [datetime(2026, 9, 14, 19, 59, tzinfo=PARIS), datetime(2026, 9, 14, 19, 59, 30, tzinfo=PARIS)]
    too_late = [datetime(2026, 9, 15, 20, 0, tzinfo=PARIS), datetime(2026, 9, 16, 7, 59, tzinfo=PARIS)]

    assert walk(world, quiet, late) == [("Mon 19:59", "2026-09-14")]
    assert walk(world, quiet, too_late) == []
    assert walk(world, quiet, [datetime(2026, 9, 16, 8, 0, tzinfo=PARIS)]) == [("Wed 08:00", "2026-09-16")]


def test_a_closed_branch_writes_nothing_before_it_is_back(quiet: Runtime, world: World) -> None:
    world.need(NeedStatus.SUBMITTED)
    closed = (date(2026, 9, 14), date(2026, 9, 16))
    with transaction(world.session):
        world.session.get_one(Branch, world.home.id).closures = (closed,)

    written = walk(world, quiet, every(HOUR, datetime(2026, 9, 14, tzinfo=PARIS), datetime(2026, 9, 18, tzinfo=PARIS)))

    assert written == [("Thu 08:00", "2026-09-17")]


def test_eight_oclock_is_that_of_the_branch(quiet: Runtime, world: World) -> None:
    branch = world.branch(departments=("974",), timezone="Indian/Reunion")
    world.need(NeedStatus.SUBMITTED, communes=("97411",), association=world.association(branch))
    day = datetime(2026, 9, 14, tzinfo=PARIS)

    assert walk(world, quiet, every(HOUR, day, day + DAY / 2)) == [("Mon 06:00", "2026-09-14")]


def test_who_coordinates_two_branches_gets_one_mail_of_both(quiet: Runtime, world: World, far_end: FarEnd) -> None:
    other = world.branch(departments=("13",))
    both, one = world.coordinator().account.id, world.coordinator(other).account.id
    _join(world.session, other, both)
    world.need(NeedStatus.SUBMITTED, title="À Lyon", communes=(LYON,))
    world.need(NeedStatus.SUBMITTED, title="À Marseille", communes=("13055",))
    world.forget_mails()

    write_due(quiet)

    assert sorted(told(world)) == sorted((account_id, "2026-09-07") for account_id in (both, one))


def _deliver(runtime: Runtime, world: World) -> str | None:
    """Let a worker send the mail of the morning; return what became of its row."""
    world.session.rollback()
    (row,) = (row for row in world.messages("send_mail") if row.payload["code"] == "coordinator_digest")
    HANDLERS["send_mail"].handle(runtime, row.id)
    world.session.rollback()
    world.session.refresh(row)
    return row.outcome


def _join(session: Session, branch: Branch, account_id: int) -> None:
    with transaction(session):
        session.add(BranchCoordinator(branch_id=branch.id, account_id=account_id))
