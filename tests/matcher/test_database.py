"""Transactions: all or nothing, and no « database is locked » beside another writer; aware datetimes only."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta, timezone
from time import monotonic

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import (
    RESTED_S,
    autocommit,
    database_address,
    make_engine,
    make_sessions,
    one_statement,
    transaction,
)
from matcher.models.branch import Branch
from matcher.models.outbox import JobSlot
from matcher.ranking.types import WeeklySlot
from tests.database import Sessions
from tests.factories import NOW, World
from tests.servers.processes import wait_until


def _slots(session: Session) -> list[str]:
    return list(session.scalars(sa.select(JobSlot.slot).order_by(JobSlot.slot)))


def test_a_naive_datetime_is_refused(session: Session) -> None:
    with pytest.raises(sa.exc.StatementError, match="naive"), transaction(session):
        session.add(JobSlot(job="clocks", slot="1", at=datetime(2026, 9, 7, 8, 0)))  # noqa: DTZ001


def test_a_moment_comes_back_aware_in_utc(any_session: Session) -> None:
    local = datetime(2026, 9, 7, 10, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    with transaction(any_session):
        any_session.add(JobSlot(job="clocks", slot="1", at=local))
    any_session.expire_all()

    stored = any_session.scalars(sa.select(JobSlot.at)).one()

    assert (stored, stored.tzinfo) == (local, UTC)


def test_slots_ranges_and_texts_come_back_as_they_were(any_world: World) -> None:
    weekly = (WeeklySlot(0, time(18), time(20, 30)), WeeklySlot(6, time(9), time(0)))
    away = ((datetime(2026, 12, 20, tzinfo=UTC).date(), datetime(2027, 1, 4, tzinfo=UTC).date()),)
    volunteer = any_world.volunteer(weekly=weekly, unavailable=away, languages=("fr", "en"))
    any_world.session.expire_all()

    assert (volunteer.weekly, volunteer.unavailable, volunteer.languages) == (weekly, away, ("fr", "en"))


def test_an_exception_rolls_everything_back(any_session: Session) -> None:
    def write_and_fail() -> None:
        with transaction(any_session):
            any_session.add(JobSlot(job="clocks", slot="1", at=NOW))
            any_session.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()

    assert _slots(any_session) == []


def test_what_was_read_before_a_transaction_is_read_again_in_it(any_sessions: Sessions) -> None:
    with any_sessions() as first, any_sessions() as second:
        branch = World(first).home
        assert branch.mailbox
        with transaction(second):
            second.execute(sa.update(Branch).values(mailbox="nouvelle@example.org"))

        with transaction(first):
            assert branch.mailbox == "nouvelle@example.org"


def test_a_write_after_a_read_waits_for_the_other_writer_and_never_fails(any_sessions: Sessions) -> None:
    writers, rounds = 4, 10
    barrier = threading.Barrier(writers, timeout=60)

    def write(writer: int) -> None:
        with any_sessions() as session:
            barrier.wait()
            for number in range(rounds):
                _slots(session)  # leaves a read transaction open, as a page does
                with transaction(session):
                    _slots(session)
                    session.add(JobSlot(job="clocks", slot=f"{writer}-{number}", at=NOW))

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))

    with any_sessions() as session:
        assert len(_slots(session)) == writers * rounds


def test_a_reader_does_not_wait_for_a_writer(any_sessions: Sessions) -> None:
    with any_sessions() as writer, any_sessions() as reader, transaction(writer):
        writer.add(JobSlot(job="clocks", slot="1", at=NOW))
        writer.flush()

        assert _slots(reader) == []


def test_what_one_statement_wrote_is_kept_and_seen_by_others(any_sessions: Sessions) -> None:
    with any_sessions() as session, one_statement(session):
        session.execute(sa.insert(JobSlot).values(job="clocks", slot="1", at=NOW))

    with any_sessions() as other:
        assert _slots(other) == ["1"]


def test_a_session_after_one_of_single_statements_is_all_or_nothing_again(postgres_schema_url: str) -> None:
    engine = sa.create_engine(database_address(postgres_schema_url), pool_size=1, max_overflow=0)
    sessions = make_sessions(engine)
    with sessions() as session, one_statement(session):
        session.execute(sa.insert(JobSlot).values(job="clocks", slot="1", at=NOW))

    with sessions() as session:
        session.execute(sa.insert(JobSlot).values(job="clocks", slot="2", at=NOW))
        session.rollback()
        assert _slots(session) == ["1"]
    engine.dispose()


def test_reading_by_single_statements_holds_no_transaction_open(postgres_schema_url: str) -> None:
    engine = make_engine(postgres_schema_url)
    states = sa.text("SELECT state FROM pg_stat_activity WHERE application_name = 'reader'")
    with make_sessions(engine)() as reader, engine.connect() as other:
        autocommit(reader)
        reader.execute(sa.text("SET application_name = 'reader'"))
        assert _slots(reader) == []

        assert other.execute(states).scalars().all() == ["idle"]
    engine.dispose()


def test_a_connection_that_died_while_it_rested_is_replaced(postgres_schema_url: str) -> None:
    engine, other = make_engine(postgres_schema_url), make_engine(postgres_schema_url)
    own_number, end = sa.text("SELECT pg_backend_pid()"), sa.text("SELECT pg_terminate_backend(:number)")
    with engine.connect() as connection:
        number = connection.execute(own_number).scalar_one()
    rested = monotonic() + RESTED_S
    with other.connect() as connection:
        connection.execute(end, {"number": number})
    wait_until(lambda: monotonic() > rested, "it has rested", timeout_s=60)

    with engine.connect() as connection:
        assert connection.execute(own_number).scalar_one() != number
    engine.dispose()
    other.dispose()


def test_foreign_keys_are_enforced(any_session: Session) -> None:
    with pytest.raises(sa.exc.IntegrityError), transaction(any_session):
        any_session.execute(sa.text("INSERT INTO branch_departments (department, branch_id) VALUES ('01', 4321)"))


def test_there_is_one_national_branch(any_world: World) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        any_world.branch(is_national=True)


def test_the_folder_of_an_sqlite_file_is_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("fresh") / "deep" / "instance"
    engine = make_engine(f"sqlite:///{folder / 'binome.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
