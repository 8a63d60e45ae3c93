"""`binome doctor`: what it says of a healthy installation, and of each thing that is wrong."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcher import outbox
from matcher.database import make_engine, make_sessions, transaction
from matcher.migrate import upgrade
from matcher.models.heartbeat import DISPATCHER
from matcher.models.quarantine import Quarantine
from matcher.services import erasures, heartbeats
from tests.factories import World
from tests.matcher.mail.coming_back import plain
from tests.servers.ports import free_port
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment, settings_of
from workers.commands.bounce import bounce
from workers.commands.doctor import doctor
from workers.runtime import Runtime
from workers.tasks.ledger import unwritten


@pytest.fixture
def settings(tmp_path: Path, smtp_sink: SmtpSink) -> dict[str, str]:
    """A healthy installation on SQLite."""
    url = f"sqlite:///{tmp_path / 'binome.db'}"
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return environment(DATABASE_URL=url, SMTP_HOST=smtp_sink.host, SMTP_PORT=str(smtp_sink.port))


def examine(settings: dict[str, str], *arguments: str) -> Result:
    """Run the command with these settings and nothing else in its environment."""
    return CliRunner().invoke(doctor, arguments, env=settings)


def test_a_healthy_installation_is_well(settings: dict[str, str]) -> None:
    result = examine(settings)

    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.output.splitlines()] == [
        "settings", "database", "migrations", "broker", "smtp", "outbox", "beat", "clocks", "alerts", "quarantine",
        "returns", "ledger", "proxy", "transport", "publisher",
    ]  # fmt: skip
    assert "WRONG" not in result.output


def test_a_missing_secret_is_named_and_no_value_is_shown(settings: dict[str, str]) -> None:
    result = examine({**settings, "LINK_KEY": "", "SECRET_KEY": "short-and-secret"})

    assert result.exit_code == 1
    assert "LINK_KEY" in result.output
    assert "short-and-secret" not in result.output


def test_an_unmigrated_database_is_told_what_to_do(settings: dict[str, str], tmp_path: Path) -> None:
    result = examine({**settings, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"})

    assert result.exit_code == 1
    assert "binome db upgrade" in result.output


def test_a_database_that_is_away_is_told(settings: dict[str, str]) -> None:
    result = examine({**settings, "DATABASE_URL": f"postgresql://x:y@127.0.0.1:{free_port()}/x"})

    assert result.exit_code == 1
    assert "database   WRONG" in result.output
    assert "migrations WRONG" in result.output


def test_a_redis_that_is_away_is_told(settings: dict[str, str]) -> None:
    result = examine({**settings, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}, "--check", "broker")

    assert result.exit_code == 1
    assert "REDIS_URL" in result.output


def test_a_mail_server_that_is_away_is_told(settings: dict[str, str]) -> None:
    result = examine({**settings, "SMTP_PORT": str(free_port())}, "--check", "smtp")

    assert result.exit_code == 1
    assert "SMTP_HOST" in result.output


def test_a_row_that_nobody_takes_is_told(settings: dict[str, str]) -> None:
    engine = make_engine(settings["DATABASE_URL"])
    with make_sessions(engine)() as session, transaction(session):
        outbox.add(session, outbox.RankNeed(1), datetime.now(UTC) - timedelta(minutes=5))
    engine.dispose()

    result = examine(settings, "--check", "outbox")

    assert result.exit_code == 1
    assert "Is a worker running?" in result.output


def test_a_dispatcher_that_stopped_is_told(settings: dict[str, str]) -> None:
    engine = make_engine(settings["DATABASE_URL"])
    with make_sessions(engine)() as session, transaction(session):
        heartbeats.beat(session, datetime.now(UTC) - timedelta(minutes=5), name=DISPATCHER)
    engine.dispose()

    result = examine(settings, "--check", "beat")

    assert result.exit_code == 1
    told = re.search(r"last_beat (\d+), at most 60 seconds", result.output)
    assert told is not None
    assert int(told[1]) >= 300


def test_a_return_path_that_nothing_comes_back_to_is_told(settings: dict[str, str]) -> None:
    """Signed return paths whose mails nobody hands over would lose every bounce in silence."""
    signed = {**settings, "BOUNCE_DOMAIN": "bounces.binome.example"}

    def told(**facts: str) -> str:
        result = examine({**signed, **facts}, "--check", "returns")
        assert result.exit_code == 0
        return result.output.splitlines()[-1]

    assert "WARNING: nothing has come back" in told()
    assert "WARNING" not in told(BOUNCE_DOMAIN="")
    assert told(BOUNCE_FOLDER="/var/lib/binome/bounces").endswith("read from /var/lib/binome/bounces every minute")
    piped = CliRunner().invoke(bounce, input=plain("someone@example.org", "5.1.1"), env=signed)
    assert piped.exit_code == 67
    assert "have come back" in told()


def test_a_ledger_that_lacks_somebody_is_told_by_the_doctor_and_by_an_alert(
    settings: dict[str, str], tmp_path: Path
) -> None:
    """Nobody could write it: a folder stands in its place, then it is that of another key."""
    path = tmp_path / "ledger"
    known = settings_of(**settings, ERASURE_LEDGER=str(path))
    runtime = Runtime.of(known)
    with runtime.sessions() as session:
        world = World(session)  # long ago
        world.act(erasures.erase, world.volunteer_of(world.volunteer()), settings=known)
    faults = []

    def look() -> tuple[str, list[str]]:
        broken = [each.subject for each in unwritten(runtime)]
        return examine({**settings, "ERASURE_LEDGER": str(path)}, "--check", "ledger").output, broken

    assert "1 lines are not in" in examine({**settings, "ERASURE_LEDGER": str(path)}, "--check", "ledger").output
    path.mkdir()
    faults.append(look())
    path.rmdir()
    path.write_text('{"key":"another","whole_since":"2026-01-01T00:00:00Z"}\n')
    faults.append(look())
    path.unlink()
    well = [look(), look()]
    runtime.engine.dispose()

    assert [subjects for _told, subjects in faults] == [["IsADirectoryError"], ["OtherKey"]]
    assert "cannot be read (IsADirectoryError)" in faults[0][0]
    assert "another MAIL_KEY" in faults[1][0]
    assert [("1 lines in" in told, subjects) for told, subjects in well] == [(True, [])] * 2


def test_a_database_without_a_ledger_is_warned_of(settings: dict[str, str], postgres_url: str) -> None:
    result = examine({**settings, "DATABASE_URL": postgres_url}, "--check", "ledger")

    assert (result.exit_code, "ERASURE_LEDGER" in result.output) == (0, True)


def test_a_quarantine_is_told_and_nothing_is_wrong(settings: dict[str, str]) -> None:
    engine = make_engine(settings["DATABASE_URL"])
    with make_sessions(engine)() as session, transaction(session):
        session.add(Quarantine(since=datetime.now(UTC), data_of=datetime.now(UTC), reason="restored"))
    engine.dispose()

    result = examine(settings)

    assert result.exit_code == 0
    assert "binome outbox lift" in result.output


def production_of(settings: dict[str, str], **facts: str) -> dict[str, str]:
    production = {**settings, "ENVIRONMENT": "production", "PUBLIC_URL": "https://binome.example"}
    production |= {"MAIL_FROM": "bonjour@binome.example"}
    production |= {"SMTP_SECURITY": "starttls", "SECOND_FACTOR": "true", "INVITATION_CAP": "true"}
    return production | {"SENDING_WINDOW": "true", **facts}


def test_a_production_that_takes_all_people_for_one_is_wrong(settings: dict[str, str]) -> None:
    without = examine(production_of(settings), "--check", "proxy")
    behind = examine(production_of(settings, PROXY_HOPS="1"), "--check", "proxy")

    assert (without.exit_code, behind.exit_code) == (1, 0), without.output + behind.output
    assert "proxy      WRONG: PROXY_HOPS is 0" in without.output


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({}, []),
        ({"DATABASE_URL": "postgresql://u:of-its-own@127.0.0.1/x", "REDIS_URL": "redis://localhost:6379/0"}, []),
        ({"DATABASE_URL": "postgresql://u:of-its-own@db.example/x"}, ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://u:of-its-own@db.example/x?sslmode=require"}, ["DATABASE_URL"]),
        ({"DATABASE_URL": "postgresql://u:of-its-own@db.example/x?sslmode=verify-full"}, []),
        ({"REDIS_URL": "redis://redis:6379/0"}, ["REDIS_URL"]),
        ({"REDIS_URL": "rediss://redis.example:6379/0"}, []),
    ],
)
def test_what_crosses_a_network_in_clear_is_warned_of(
    settings: dict[str, str], facts: dict[str, str], named: list[str]
) -> None:
    result = examine(production_of(settings, **facts), "--check", "transport")

    assert result.exit_code == 0, result.output
    assert [key for key in ("DATABASE_URL", "REDIS_URL") if key in result.output] == named
    assert ("WARNING" in result.output) is bool(named)


def test_a_production_without_a_publisher_is_warned_and_well(settings: dict[str, str]) -> None:
    unnamed = examine(production_of(settings, PUBLISHER_NAME=""), "--check", "publisher")
    named = examine(production_of(settings, PUBLISHER_NAME="Les Binômes de Lyon"), "--check", "publisher")

    assert (unnamed.exit_code, named.exit_code) == (0, 0), unnamed.output + named.output
    assert "publisher  WARNING: the legal notice names nobody. Set PUBLISHER_NAME" in unnamed.output
    assert "WARNING" not in named.output
