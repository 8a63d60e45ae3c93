"""The commands of docker-compose.yml as local processes on real PostgreSQL and Redis; Redis away loses nothing."""

import re
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import yaml

from matcher import outbox
from matcher.database import make_engine, make_sessions, transaction
from matcher.models.outbox import OutboxRow
from matcher.models.suggestion import Suggestion
from matcher.settings import Settings
from tests.factories import World
from tests.servers.ports import free_port
from tests.servers.processes import wait_until
from tests.workers.conftest import environment
from tests.workers.door import Door
from tests.workers.programs import ROOT, running, wait_until_done

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


@pytest.fixture
def world(postgres_schema_url: str) -> Iterator[World]:
    """A world on PostgreSQL at the present time."""
    engine = make_engine(postgres_schema_url)
    with make_sessions(engine)() as session:
        yield World(session, datetime.now(UTC).replace(microsecond=0))
    engine.dispose()


@pytest.fixture
def door(redis_url: str) -> Iterator[Door]:
    """A door in front of Redis."""
    address = urlsplit(redis_url)
    door = Door(address.hostname or "", address.port or 0)
    yield door
    door.shut()


def through(door: Door, redis_url: str) -> str:
    """The address of Redis behind the door."""
    return re.sub(r"@[^/]+/", f"@127.0.0.1:{door.port}/", redis_url)


def ask_for_ranking(world: World) -> OutboxRow:
    """Ask for the ranking of a need that is open, and return the row."""
    need = world.need()
    world.volunteer()
    with transaction(world.session):
        outbox.add(world.session, outbox.RankNeed(need.id), world.now)
    return [row for row in world.messages("rank_need") if row.payload["need_id"] == need.id][-1]


def start(services: list[str], settings: dict[str, str], folder: Path) -> ExitStack:
    """Run the commands of services of the compose file."""
    stack = ExitStack()
    for service in services:
        stack.enter_context(running(SERVICES[service]["command"], settings, folder / f"{service}.log"))
    return stack


def test_worker_and_beat_of_the_compose_file_rank_a_need(
    world: World, postgres_schema_url: str, redis_url: str, tmp_path: Path
) -> None:
    row = ask_for_ranking(world)
    settings = environment(DATABASE_URL=postgres_schema_url, REDIS_URL=redis_url)

    with start(["worker", "beat"], settings, tmp_path):
        wait_until_done(world.session, row)

    assert row.outcome == "ranked"
    assert world.session.scalar(sa.select(sa.func.count(Suggestion.id))) == 1


def test_nothing_is_lost_while_redis_is_away(
    world: World, postgres_schema_url: str, redis_url: str, door: Door, tmp_path: Path
) -> None:
    settings = environment(DATABASE_URL=postgres_schema_url, REDIS_URL=through(door, redis_url))
    first = ask_for_ranking(world)

    with start(["worker", "beat"], settings, tmp_path):
        wait_until(lambda: "Connection" in _log(tmp_path), "the worker misses Redis", timeout_s=60)
        door.open()
        wait_until_done(world.session, first, timeout_s=180)
        door.shut()
        second = ask_for_ranking(world)
        wait_until(lambda: _log(tmp_path).count("onnection") > 2, "the worker misses Redis again", timeout_s=60)
        door.open()
        wait_until_done(world.session, second, timeout_s=180)

    assert [first.outcome, second.outcome] == ["ranked", "ranked"]


def test_the_web_of_the_compose_file_answers(postgres_schema_url: str, redis_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings = environment(DATABASE_URL=postgres_schema_url, REDIS_URL=redis_url, PORT=str(port))

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                return page.status == 200
        except OSError:
            return False

    with start(["web"], settings, tmp_path):
        wait_until(answers, "web answers", timeout_s=60)


def test_the_compose_file_gives_every_process_all_settings() -> None:
    given = set(SERVICES["worker"]["environment"])
    required = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}

    assert required <= given
    assert given <= {name.upper() for name in Settings.model_fields}
    assert SERVICES["worker"]["environment"] == SERVICES["beat"]["environment"]
    assert set(SERVICES["web"]["environment"]) - given == {"PORT"}


def test_the_compose_file_watches_what_it_starts() -> None:
    lasting = set(SERVICES) - {"migrate"}

    assert {name for name in lasting if "healthcheck" not in SERVICES[name]} == set()
    assert set(COMPOSE["volumes"]) == {"postgres", "mail", "kept"}


def test_the_image_installs_from_the_hashed_locks_and_names_no_registry() -> None:
    recipe = SERVICES["worker"]["build"]["dockerfile_inline"]

    assert recipe.count("--require-hashes") == 2
    assert "-r requirements.txt" in recipe
    assert "index-url" not in recipe
    assert "://" not in recipe


def _log(folder: Path) -> str:
    return (folder / "worker.log").read_text(encoding="utf-8")


# What stands firm in production: the demo's switches, and a deadline that the lease of a mail counts on.
NOT_GIVEN = frozenset({"DEMO_FOLDER", "SENDING_WINDOW", "INVITATION_CAP", "SECOND_FACTOR", "SMTP_DEADLINE_S"})


def test_every_setting_may_be_changed_where_compose_reads_it() -> None:
    given = SERVICES["worker"]["environment"]
    named = {name for name in Settings.model_fields if name.endswith("_days") or name in {"undo_s", "bounce_folder"}}

    assert {name.upper() for name in Settings.model_fields} - set(given) == NOT_GIVEN
    assert {given[name.upper()] for name in named} == {f"${{{name.upper()}:-}}" for name in named}
