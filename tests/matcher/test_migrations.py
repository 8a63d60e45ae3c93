"""The migrations make the database that the models describe, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from matcher import models
from matcher.database import Base, make_engine, make_sessions
from matcher.migrate import configuration, current, head, is_at_head, upgrade
from matcher.models.account import Account
from matcher.models.deadline import Clock, Deadline
from matcher.models.invitation_mail import InvitationMail
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.models.quarantine import Quarantine
from matcher.models.states import NeedAudience
from matcher.working_days import WorkingCalendar

OPENED = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request, tmp_path):
    """An engine on a database without any table."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path}/empty.db")
    else:
        engine = make_engine(request.getfixturevalue("postgres_url"))
    yield engine
    engine.dispose()


def test_there_is_one_head():
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_upgrading_an_empty_database_makes_what_the_models_describe(empty_engine):
    assert models.__all__
    upgrade(empty_engine)
    with empty_engine.connect() as connection:
        assert is_at_head(connection)
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_second_upgrade_changes_nothing(empty_engine):
    upgrade(empty_engine)
    upgrade(empty_engine)
    with empty_engine.connect() as connection:
        assert current(connection) == head()


def upgrade_to(engine: Engine, revision: str) -> None:
    """Bring a database to an older form."""
    with engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def put(engine: Engine, name: str, **facts: object) -> int:
    """Add a row to a table as it stands; what it must hold and nobody gave is filled in. Return its id."""
    table = sa.Table(name, sa.MetaData(), autoload_with=engine)
    values: dict[str, object] = {}
    for column in table.columns:
        if facts.get(column.name) is not None:
            values[column.name] = facts[column.name]
        elif not column.nullable and not column.primary_key:
            values[column.name] = _some(column.type)
    with engine.begin() as connection:
        return int(connection.execute(table.insert().values(values)).inserted_primary_key[0])


def _some(kind: sa.types.TypeEngine[object]) -> object:
    if isinstance(kind, sa.DateTime):
        return OPENED
    if isinstance(kind, sa.JSON):
        return {}
    return kind.python_type(1) if kind.python_type is not str else "x"


def need(engine: Engine, status: str, opened_at: datetime | None, *, again_at: datetime | None = None) -> int:
    """A need as it was stored before 0010, opened again at a later moment if one is given."""
    branch = put(engine, "branches", slug=token_hex(8), timezone="Europe/Paris", is_national=False, closures=[])
    association = put(engine, "associations", branch_id=branch)
    facts = {"status": status, "opened_at": opened_at, "seats": 1, "held": 0, "taken": 0, "timezone": "Europe/Paris"}
    made = put(engine, "needs", association_id=association, branch_id=branch, **facts)
    for at in filter(None, (opened_at, again_at)):
        put(engine, "need_events", need_id=made, at=at, step="open", source="submitted", target="open", door="page")
    return made


def test_the_needs_that_are_open_get_the_clock_that_the_next_ones_start(empty_engine):
    upgrade_to(empty_engine, "0007")
    long_ago, lately = OPENED, datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    old, new = need(empty_engine, "open", long_ago), need(empty_engine, "open", lately)
    again = need(empty_engine, "open", long_ago, again_at=lately)
    for status, opened_at in (("draft", None), ("on_hold", long_ago), ("filled", long_ago), ("closed", long_ago)):
        need(empty_engine, status, opened_at)

    began = datetime.now(UTC)
    upgrade(empty_engine)

    with make_sessions(empty_engine)() as session:
        due = {row.need_id: row.due_at for row in session.scalars(sa.select(Deadline))}
        assert {row.clock for row in session.scalars(sa.select(Deadline))} == {Clock.NOBODY_YET}
    assert set(due) == {old, new, again}
    calendar = WorkingCalendar()
    assert due[new] == due[again] == calendar.defer(lately + timedelta(days=21)), "by the last opening"
    assert due[old] > began, "not all at once while the new version starts"
    assert calendar.is_working_day(due[old].astimezone(ZoneInfo("Europe/Paris")).date())


def test_who_was_there_before_was_here_when_her_account_last_changed_and_no_quarantine_waits(empty_engine):
    upgrade_to(empty_engine, "0014")
    account = put(empty_engine, "accounts", email="marie@example.org", update_datetime=OPENED)
    put(empty_engine, "quarantines", reason="restored")

    upgrade(empty_engine)

    with make_sessions(empty_engine)() as session:
        kept = session.get_one(Account, account)
        assert (kept.last_active_on, kept.warned_on, kept.warnings) == (OPENED.date(), None, 0)
        assert session.scalars(sa.select(Quarantine.awaits_ledger)).all() == [False]


def test_what_left_and_what_was_parked_before_is_known_afterwards(empty_engine):
    upgrade_to(empty_engine, "0011")
    need_id = need(empty_engine, "open", OPENED)
    account = put(empty_engine, "accounts", email="marie@example.org")
    volunteer = put(empty_engine, "volunteers", account_id=account, branch_id=1, timezone="Europe/Paris")
    pairing = put(empty_engine, "pairings", need_id=need_id, volunteer_id=volunteer, status="invited")
    steps = {"pairing_id": pairing, "source": "approved", "target": "invited", "door": "system"}
    for step in ("approve", "mark_invited", "ask"):
        put(empty_engine, "pairing_events", step=step, at=OPENED, **steps)
    for outcome in ("mail refused: 550", "mail not taken: 421", "KeyError at somewhere"):
        put(empty_engine, "outbox", kind="send_mail", parked_at=OPENED, outcome=outcome, payload={"code": "welcome"})
    put(empty_engine, "outbox", kind="send_mail", payload={"code": "welcome"})

    upgrade(empty_engine)

    with make_sessions(empty_engine)() as session:
        sent = session.execute(sa.select(InvitationMail.volunteer_id, InvitationMail.at, InvitationMail.invitations))
        assert [tuple(row) for row in sent] == [(volunteer, OPENED, 1)]
        reasons = session.scalars(sa.select(OutboxRow.reason).order_by(OutboxRow.id)).all()
        assert reasons == [ParkReason.MAIL_REFUSED, ParkReason.MAIL_NOT_TAKEN, ParkReason.ERROR, None]


def test_a_need_from_before_is_read_by_everybody_under_its_name(empty_engine):
    upgrade_to(empty_engine, "0012")
    need_id = need(empty_engine, "open", OPENED)

    upgrade(empty_engine)

    with make_sessions(empty_engine)() as session:
        audience = session.scalar(sa.select(Need.audience).where(Need.id == need_id))
    assert audience is NeedAudience.NAMED
