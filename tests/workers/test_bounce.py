"""`binome bounce` and the folder of what comes back: exit statuses, claims, and files that find their place."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from matcher.mail.return_path import Purpose, return_path
from matcher.models.suppression import MailReport, Suppression
from tests.factories import World
from tests.matcher.mail.coming_back import delivery, plain
from tests.servers.ports import free_port
from tests.workers.conftest import environment, runtime_of, settings_of
from tests.workers.far_end import FarEnd
from workers.commands.bounce import bounce
from workers.intake import take_folder
from workers.runtime import Runtime
from workers.tasks.bounces import take_waiting

DOMAIN = "bounces.binome.example"
BAD, NO_USER, TRY_LATER, CONFIG = 65, 67, 75, 78


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the mail server puts what comes back."""
    (tmp_path / "returned").mkdir()
    return tmp_path / "returned"


@pytest.fixture
def taker(any_database_url: str, any_world: World, far_end: FarEnd, folder: Path) -> Iterator[Runtime]:
    """A worker that takes what comes back, from a folder too; on each of the two databases in turn."""
    made = runtime_of(any_database_url, any_world, far_end, BOUNCE_DOMAIN=DOMAIN, BOUNCE_FOLDER=str(folder))
    yield made
    made.engine.dispose()


def report(world: World, status: str = "5.1.1") -> bytes:
    """A report about a mail to somebody."""
    account = world.account()
    settings = settings_of(BOUNCE_DOMAIN=DOMAIN)
    return delivery(str(return_path(settings, Purpose.MAIL, account.id, recipient=account.email)), status)


def put(folder: Path, name: str, raw: bytes, age_s: int = 60) -> Path:
    """A file that the mail server has finished."""
    path = folder / name
    path.write_bytes(raw)
    os.utime(path, (time.time() - age_s, time.time() - age_s))
    return path


def names(folder: Path) -> list[str]:
    """The files of a folder without the number that a claim puts before them."""
    return sorted(path.name.partition("-")[2] or path.name for path in folder.iterdir() if path.is_file())


def pipe(url: str, raw: bytes, *arguments: str, **facts: str) -> Result:
    """Run the command as a mail server does."""
    settings = environment(**{"DATABASE_URL": url, "BOUNCE_DOMAIN": DOMAIN, **facts})
    return CliRunner().invoke(bounce, arguments, input=raw, env=settings)


def said(result: Result) -> str:
    """The last line: what was made of the message. The log stands before it."""
    return result.output.splitlines()[-1]


def test_a_bounce_from_a_pipe_closes_the_address(any_database_url: str, any_world: World) -> None:
    result = pipe(any_database_url, report(any_world))

    assert (result.exit_code, said(result)) == (0, "hard")
    assert len(any_world.session.scalars(sa.select(Suppression.id)).all()) == 1
    again = pipe(any_database_url, report(any_world, "4.4.1"))
    assert (again.exit_code, said(again)) == (0, "soft")


def test_the_address_that_the_mail_server_was_given_may_name_the_return_path(sqlite_url: str, world: World) -> None:
    raw = report(world)
    path = raw.split(b"To: ")[1].split(b"\n")[0]
    bare = raw.replace(b"To: " + path, b"To: undisclosed-recipients:;")

    assert pipe(sqlite_url, bare).exit_code == NO_USER
    assert said(pipe(sqlite_url, bare, "--to", path.decode())) == "hard"


def test_each_refusal_has_the_status_that_mail_servers_read(sqlite_url: str, world: World) -> None:
    assert pipe(sqlite_url, plain("bonjour@binome.example", "hello")).exit_code == NO_USER
    assert pipe(sqlite_url, b"").exit_code == NO_USER
    assert pipe(sqlite_url, b"Content-Type: multipart/mixed; boundary=a\n" * 30).exit_code == BAD
    assert pipe(sqlite_url, report(world), BOUNCE_DOMAIN="").exit_code == CONFIG
    assert pipe(sqlite_url, report(world), BOUNCE_DOMAIN="a b").exit_code == CONFIG
    assert pipe(sqlite_url, report(world), LINK_KEY="").exit_code == CONFIG
    away = pipe(f"postgresql://x:y@127.0.0.1:{free_port()}/x", report(world))
    assert away.exit_code == TRY_LATER
    assert "Traceback" not in away.output


def test_a_large_message_is_read_to_its_end_without_being_kept(sqlite_url: str, world: World) -> None:
    result = pipe(sqlite_url, report(world) + b"x" * 5_000_000)

    assert said(result) == "hard"


def test_files_of_the_folder_go_to_done_or_refused(taker: Runtime, any_world: World, folder: Path) -> None:
    put(folder, "bounce.eml", report(any_world))
    put(folder, "forged.eml", plain("someone@example.org", "5.1.1"))

    assert take_waiting(taker) == 2

    assert names(folder / "done") == ["bounce.eml"]
    assert names(folder / "refused") == ["forged.eml"]
    assert names(folder) == names(folder / ".taken") == []
    assert len(any_world.session.scalars(sa.select(Suppression.id)).all()) == 1
    assert take_waiting(taker) == 0


def test_what_is_being_written_or_is_no_file_is_left_alone(taker: Runtime, any_world: World, folder: Path) -> None:
    put(folder, "being-written.eml", report(any_world), age_s=0)
    put(folder, "half.tmp", report(any_world))
    put(folder, ".hidden", report(any_world))
    (folder / "link").symlink_to(folder / "half.tmp")
    os.mkfifo(folder / "pipe")

    assert take_folder(taker, folder) == 0
    assert not any_world.session.scalars(sa.select(MailReport.id)).all()


def test_a_second_worker_does_not_take_what_the_first_one_has(taker: Runtime, any_world: World, folder: Path) -> None:
    raw = report(any_world)
    (folder / ".taken").mkdir()
    put(folder / ".taken", "1-bounce.eml", raw)

    assert take_folder(taker, folder) == 0


def test_what_a_killed_worker_left_is_taken_again_and_counts_once(
    taker: Runtime, any_world: World, folder: Path
) -> None:
    raw = report(any_world)
    put(folder, "bounce.eml", raw)
    take_folder(taker, folder)
    put(folder / ".taken", "1-bounce.eml", raw, age_s=700)

    assert take_folder(taker, folder) == 1

    assert len(any_world.session.scalars(sa.select(MailReport.id)).all()) == 1
    assert len(list((folder / "done").iterdir())) == 2


def test_what_was_taken_is_forgotten_after_a_week(taker: Runtime, any_world: World, folder: Path) -> None:
    take_folder(taker, folder)
    for name in ("done", "refused"):
        put(folder / name, "old.eml", b"To: marie@example.org", age_s=8 * 86_400)
        put(folder / name, "new.eml", b"To: marie@example.org", age_s=6 * 86_400)

    take_folder(taker, folder)

    assert names(folder / "done") == names(folder / "refused") == ["new.eml"]


def test_a_folder_that_is_gone_is_said_in_the_log_and_stops_nothing(
    any_database_url: str, any_world: World, far_end: FarEnd, tmp_path: Path
) -> None:
    gone = str(tmp_path / "gone")
    runtime = runtime_of(any_database_url, any_world, far_end, BOUNCE_DOMAIN=DOMAIN, BOUNCE_FOLDER=gone)

    assert take_waiting(runtime) == 0
    runtime.engine.dispose()


def test_the_pipe_loads_neither_the_queue_nor_the_ranking_for_one_message() -> None:
    """A mail server starts as many as bounces come: what a worker holds would be 200 MB for each of them."""
    program = "import sys, workers.commands.bounce; print(*{name.partition('.')[0] for name in sys.modules})"

    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)

    assert {"celery", "kombu", "numpy", "scipy", "sklearn"} & set(loaded.stdout.split()) == set()
