"""The audit log is kept from change by the database itself, on both databases, however its tables were made."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from matcher.actors import System
from matcher.database import Base, make_engine, make_sessions, transaction
from matcher.migrate import upgrade
from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.services import audit
from matcher.services.steps import record
from tests.factories import NOW, World
from tests.matcher.test_migrations import put, upgrade_to
from tests.servers import databases


@pytest.fixture(params=["sqlite", "postgresql"])
def two_engines(request, tmp_path):
    """Two databases without any table."""
    if request.param == "sqlite":
        urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "other")]
        engines = [make_engine(url) for url in urls]
        yield engines
    else:
        server = request.getfixturevalue("postgres_server_url")
        with databases.fresh(server) as one, databases.fresh(server) as other:
            engines = [make_engine(one), make_engine(other)]
            yield engines
            for engine in engines:
                engine.dispose()
    for engine in engines:
        engine.dispose()


def guards(engine: Engine) -> list[str]:
    """What the database itself does when somebody changes the log."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            told = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log' ORDER BY name"
        else:
            told = (
                "SELECT pg_get_triggerdef(t.oid) || pg_get_functiondef(t.tgfoid) FROM pg_trigger t "
                "WHERE t.tgrelid = 'audit_log'::regclass AND NOT t.tgisinternal ORDER BY t.tgname"
            )
        return list(connection.scalars(sa.text(told)))


def entries(world: World) -> list[tuple[str, int]]:
    """The acts in the log, and how many days ago each was."""
    world.session.rollback()
    rows = world.session.execute(sa.select(AuditEntry.action, AuditEntry.at).order_by(AuditEntry.id))
    return [(action, (world.now - at).days) for action, at in rows]


def write(world: World, *days_ago: int) -> None:
    """An entry of each of some days ago."""
    with transaction(world.session) as session:
        for days in days_ago:
            at = world.now - timedelta(days=days)
            record(session, System("test"), at, action="found", subject=("association", 1))


def test_models_and_migrations_guard_the_log_alike(two_engines) -> None:
    made, migrated = two_engines
    Base.metadata.create_all(made)
    upgrade(migrated)
    assert len(guards(made)) == (3 if made.dialect.name == "sqlite" else 2)
    assert guards(made) == guards(migrated)


def test_what_stood_in_the_log_before_it_was_guarded_stays(two_engines) -> None:
    engine, _ = two_engines
    upgrade_to(engine, "0012")
    account = put(engine, "accounts", email="marie@example.org")
    put(engine, "audit_log", account_id=account, action="open_name", subject_id=7)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(sa.delete(Account).where(Account.id == account))
        kept = connection.execute(sa.select(AuditEntry.account_id, AuditEntry.action, AuditEntry.subject_id)).all()
    assert [tuple(row) for row in kept] == [(account, "open_name", 7)], "the log tells it after the account has gone"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET reason = 'other'",
        "UPDATE audit_log SET account_id = NULL WHERE action = 'found'",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)",
    ],
)
def test_nothing_changes_the_log_and_nothing_young_leaves_it(any_world: World, change: str) -> None:
    write(any_world, 400, 182, 0)
    before = entries(any_world)
    with pytest.raises(DBAPIError, match="the audit log is"), transaction(any_world.session) as session:
        session.execute(sa.text(change))
    assert entries(any_world) == before


@pytest.mark.parametrize(("days", "stays"), [(365, [364, 183, 0]), (184, [183, 0])])
def test_the_log_is_kept_as_long_as_the_settings_say(any_world: World, days: int, stays: list[int]) -> None:
    write(any_world, 1_200, 366, 364, 183, 0)
    for _ in range(2):
        with transaction(any_world.session) as session:
            audit.forget_entries(session, any_world.now, days=days)
    assert entries(any_world) == [*(("found", each) for each in stays), ("forget_entries", 0)]


def test_a_log_that_nobody_wrote_to_for_years_is_forgotten_too(any_world: World) -> None:
    write(any_world, 1_000, 900)
    with transaction(any_world.session) as session:
        audit.forget_entries(session, any_world.now, days=365)
    assert entries(any_world) == [("forget_entries", 0)]
    assert any_world.now == NOW


def test_sqlite_replaces_no_entry_by_another_of_its_number(world: World) -> None:
    write(world, 400, 0)
    before = entries(world)
    for verb in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"):
        with pytest.raises(DBAPIError, match="the audit log is"), transaction(world.session) as session:
            session.execute(
                sa.text(
                    f"{verb} INTO audit_log (id, at, actor, action, subject_kind, subject_id) "
                    "SELECT id, at, actor, 'other', subject_kind, subject_id FROM audit_log"
                )
            )
    assert entries(world) == before


def test_an_entry_of_a_day_to_come_makes_no_other_old(any_world: World) -> None:
    any_world.now = datetime.now(UTC)
    write(any_world, 400, 184, 182, 0, -27_000)

    for action in ("AND at < :year", "AND at >= :year"):
        with pytest.raises(DBAPIError, match="the audit log is kept"), transaction(any_world.session) as session:
            session.execute(sa.text(f"DELETE FROM audit_log WHERE id > 2 {action}"), {"year": "2099-01-01"})
    with transaction(any_world.session) as session:
        session.execute(sa.text("DELETE FROM audit_log WHERE id <= 2"))

    assert [days for _, days in entries(any_world)] == [182, 0, -27_000]


@pytest.fixture
def postgresql_world(postgres_schema_url: str) -> Iterator[World]:
    """An empty world on PostgreSQL."""
    engine = make_engine(postgres_schema_url)
    with make_sessions(engine)() as session:
        yield World(session)
    engine.dispose()


def test_postgresql_empties_the_log_for_nobody(postgresql_world: World) -> None:
    write(postgresql_world, 400, 0)
    before = entries(postgresql_world)

    for how in ("", " CASCADE"):
        refused = pytest.raises(DBAPIError, match="the audit log is never")
        with refused, transaction(postgresql_world.session) as session:
            session.execute(sa.text(f"TRUNCATE audit_log{how}"))

    assert entries(postgresql_world) == before
