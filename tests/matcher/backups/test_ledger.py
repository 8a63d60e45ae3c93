"""Erasures, unsubscriptions and closed addresses after a backup: no restore brings back whom the ledger names."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from matcher import ledger
from matcher.commands.backup import restore
from matcher.commands.outbox import outbox
from matcher.database import make_engine, make_sessions, transaction
from matcher.models.account import Account
from matcher.models.quarantine import Quarantine
from matcher.models.states import PairingStatus
from matcher.models.suppression import Suppression, SuppressionReason
from matcher.models.volunteer import Volunteer
from matcher.services import erasures, mail_choices, suppression
from matcher.services.mail_choices import MailChoices, MailWish
from tests.factories import World
from tests.matcher.backups.conftest import Place, Places
from tests.workers.conftest import environment, settings_of
from tests.workers.programs import ROOT
from workers.runtime import Runtime
from workers.tasks.ledger import keep

LATER = timedelta(days=400)  # after the backup, whose moment is that of the host
BOUNCED = "nobody@example.org"
OTHER_KEY = "another key of more than thirty-two letters"


def run(place: Place, *arguments: str, typed: str | None = None, **settings: str) -> Result:
    """Run `binome outbox …` on a database."""
    return CliRunner().invoke(outbox, arguments, env=environment(DATABASE_URL=place.url, **settings), input=typed)


@contextmanager
def opened(place: Place) -> Iterator[Session]:
    """A session on a database."""
    engine = make_engine(place.url)
    with make_sessions(engine)() as session:
        yield session
    engine.dispose()


def stop(world: World, volunteer: Volunteer) -> None:
    """Let somebody stop our mails."""
    world.act(mail_choices.choose, world.volunteer_of(volunteer), choices=MailChoices(MailWish.STOPPED))


def lived_on(world: World, place: Place, file: Path, *, lines: int = 4) -> tuple[int, int, Path]:
    """Save; then one erases herself, one stops our mails, an address bounces. Return the two and the ledger."""
    settings = settings_of(DATABASE_URL=place.url, ERASURE_LEDGER=str(file.with_name("ledger")))
    leaver, stopper = world.pairing(PairingStatus.ACCEPTED).volunteer, world.volunteer()
    stop(world, world.volunteer())  # known to the backup
    assert place.backup(file).exit_code == 0
    world.now += LATER
    world.act(erasures.erase, world.volunteer_of(leaver), settings=settings)
    stop(world, stopper)
    with transaction(world.session) as session:
        suppression.suppress(session, settings, BOUNCED, world.now, reason=SuppressionReason.HARD)
    runtime = Runtime.of(settings)
    assert [keep(runtime), keep(runtime)] == [lines, 0]
    runtime.engine.dispose()
    path = ledger.path_of(settings)
    assert path is not None
    assert "example" not in path.read_text()
    return leaver.account_id, stopper.account_id, path


def test_whoever_left_since_the_backup_is_erased_again_by_the_restore_itself(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    leaver, stopper, path = lived_on(saved_world, place, tmp_path / "b.zip")
    target = places.empty()

    result = target.restore(tmp_path / "b.zip", "--ledger", str(path))

    assert result.exit_code == 0, result.output
    assert "1 people erased again, 1 stopped again, 1 addresses closed again" in result.output
    with opened(target) as session:
        account = session.get_one(Account, leaver)
        assert (account.active, account.email) == (False, f"erased-{leaver}@erased.invalid")
        assert session.get_one(Account, stopper).mail_stopped_at is not None
        assert session.scalar(sa.select(sa.func.count(Suppression.id))) == 1
        assert session.scalars(sa.select(Quarantine.awaits_ledger)).all() == [False]
    assert run(target, "lift", "--send").exit_code == 0


def test_without_its_ledger_a_quarantine_is_not_lifted(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    leaver, _stopper, path = lived_on(saved_world, place, tmp_path / "b.zip")
    target = places.empty()
    assert "nothing is in it" in target.restore(tmp_path / "b.zip").output

    refused = run(target, "lift", "--send")
    assert refused.exit_code == 2
    assert "binome outbox replay" in refused.output
    assert run(target, "replay", str(tmp_path / "absent")).exit_code == 2
    with opened(target) as session:
        assert session.get_one(Account, leaver).active

    assert "1 people erased again" in run(target, "replay", str(path)).output
    assert "0 people erased again" in run(target, "replay", str(path)).output
    assert run(target, "lift", "--send").exit_code == 0
    with opened(target) as session:
        assert not session.get_one(Account, leaver).active


def another_ledger(places: Places, file: Path, **settings: str) -> Path:
    """The ledger of a new installation in which somebody has erased herself since."""
    place = places.upgraded()
    known = settings_of(DATABASE_URL=place.url, ERASURE_LEDGER=str(file), **settings)
    with opened(place) as session:
        world = World(session, datetime.now(UTC) + LATER)
        world.act(erasures.erase, world.volunteer_of(world.volunteer()), settings=known)
    runtime = Runtime.of(known)
    assert keep(runtime) == 1
    runtime.engine.dispose()
    return file


def test_a_ledger_that_cannot_be_whole_does_not_count(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    settings, known = settings_of(DATABASE_URL=place.url), saved_world.volunteer()
    saved_world.act(erasures.erase, saved_world.volunteer_of(known), settings=settings)  # the backup has her erasure
    leaver, _stopper, path = lived_on(saved_world, place, tmp_path / "b.zip", lines=5)
    head, _first, *others = path.read_bytes().splitlines(keepends=True)
    (tmp_path / "empty").touch()
    (tmp_path / "cut").write_bytes(b"".join([head, *others]))
    says = {
        tmp_path / "empty": "nothing is in it",
        another_ledger(places, tmp_path / "new"): "by a new database",
        another_ledger(places, tmp_path / "foreign", MAIL_KEY=OTHER_KEY): "another MAIL_KEY",
        tmp_path / "cut": "a part is missing",
    }
    target = places.empty()

    told = [target.restore(tmp_path / "b.zip", "--ledger", str(tmp_path / "empty"))]
    told += [run(target, "replay", str(other)) for other in says]

    assert [result.exit_code for result in told] == [0, 1, 1, 1, 1]
    for result, words in zip(told, ["nothing is in it", *says.values()], strict=True):
        assert words in result.output
        assert "binome outbox replay FILE" in result.output
    assert run(target, "lift", "--send").exit_code == 2
    with opened(target) as session:
        assert not session.get_one(Account, leaver).active, "what the cut one holds is done all the same"
    assert run(target, "replay", str(path)).exit_code == 0
    assert run(target, "lift", "--send").exit_code == 0


def test_who_was_erased_under_a_key_that_was_changed_is_not_forgotten_in_silence(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    """The key is changed after the erasure, and the old ledger moved away: the new one is made from the database."""
    _leaver, _stopper, path = lived_on(saved_world, place, tmp_path / "b.zip")
    changed = {"DATABASE_URL": place.url, "MAIL_KEY": OTHER_KEY}
    runtime = Runtime.of(settings_of(**changed, ERASURE_LEDGER=str(path)))
    before = path.read_bytes()
    assert keep(runtime) == 0, "nothing is added under another key"
    assert path.read_bytes() == before
    path.unlink()
    assert keep(runtime) == 4
    runtime.engine.dispose()
    target = places.empty()
    target.restore(tmp_path / "b.zip")

    told = run(target, "replay", str(path), MAIL_KEY=changed["MAIL_KEY"])

    assert (told.exit_code, "nobody can tell who they are" in told.output) == (1, True)
    assert run(target, "lift", "--send").exit_code == 2


def test_what_the_replaced_database_alone_knew_is_done_again(saved_world: World, place: Place, tmp_path: Path) -> None:
    """No worker has run since she erased herself: no ledger has her, only the database that is overwritten."""
    settings = {"DATABASE_URL": place.url, "ERASURE_LEDGER": str(tmp_path / "ledger")}
    leaver, stays = saved_world.volunteer(), saved_world.volunteer()
    assert place.backup(tmp_path / "b.zip").exit_code == 0
    saved_world.now += LATER
    saved_world.act(erasures.erase, saved_world.volunteer_of(leaver), settings=settings_of(**settings))
    account_id, other_id = leaver.account_id, stays.account_id
    saved_world.session.close()

    arguments = [str(tmp_path / "b.zip"), "--replace"]
    result = CliRunner().invoke(restore, arguments, env=environment(**settings), input=f"{place.name}\n")

    assert result.exit_code == 0, result.output
    assert "1 people erased again" in result.output
    with opened(place) as session:
        assert [session.get_one(Account, each).active for each in (account_id, other_id)] == [False, True]
    assert [line.kind for line in ledger.read(tmp_path / "ledger").lines] == [ledger.Kind.ERASED]
    assert run(place, "lift", "--send").exit_code == 0


def test_whoever_has_lost_the_ledger_says_so_in_words(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    lived_on(saved_world, place, tmp_path / "b.zip")
    target = places.empty()
    target.restore(tmp_path / "b.zip")

    asked = run(target, "go-without-ledger", typed="yes\n")
    assert (asked.exit_code, "may be there again" in asked.output) == (2, True)
    assert run(target, "lift", "--discard").exit_code == 2
    assert run(target, "go-without-ledger", typed="without a ledger\n").exit_code == 0
    assert run(target, "go-without-ledger").exit_code == 1
    assert run(target, "lift", "--discard").exit_code == 0


def test_a_number_given_to_somebody_else_after_a_restore_is_not_erased(world: World, tmp_path: Path) -> None:
    settings = settings_of(DATABASE_URL="sqlite://")
    younger = world.account()
    line = ledger.Line(
        kind=ledger.Kind.ERASED,
        account=erasures.account_hash(settings, younger.id),
        address="a" * 32,
        at=world.now - timedelta(days=1),
    )
    with transaction(world.session) as session:
        replayed = erasures.replay(session, settings, world.now, ledger=ledger.Ledger((), [line]))

    assert replayed.erased == 0
    assert younger.active


def test_a_kill_between_the_commit_and_the_ledger_loses_no_erasure(
    saved_world: World, place: Place, tmp_path: Path
) -> None:
    volunteer = saved_world.volunteer()
    facts = {"DATABASE_URL": place.url, "ERASURE_LEDGER": str(tmp_path / "ledger")}
    killed = subprocess.run(
        [sys.executable, "-m", "tests.matcher.backups.erasing_and_dying", str(volunteer.account_id)],
        env={**environment(**facts), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        check=False,
    )
    assert killed.returncode == -9
    assert not (tmp_path / "ledger").exists()

    runtime = Runtime.of(settings_of(**facts))
    assert keep(runtime) == 1
    runtime.engine.dispose()

    (line,) = ledger.read(tmp_path / "ledger").lines
    assert line.account == erasures.account_hash(runtime.settings, volunteer.account_id)
