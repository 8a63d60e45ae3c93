"""Erasures, unsubscriptions and closed addresses after a backup: no restore brings back whom the ledger names."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from matcher import ledger
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


def run(place: Place, *arguments: str) -> Result:
    """Run `binome outbox …` on a database."""
    return CliRunner().invoke(outbox, arguments, env=environment(DATABASE_URL=place.url))


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


def lived_on(world: World, place: Place, file: Path) -> tuple[int, int, Path]:
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
    assert [keep(runtime), keep(runtime)] == [4, 0]
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
    assert "No ledger" in target.restore(tmp_path / "b.zip").output

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


def test_whoever_has_lost_the_ledger_says_so(saved_world: World, place: Place, places: Places, tmp_path: Path) -> None:
    lived_on(saved_world, place, tmp_path / "b.zip")
    target = places.empty()
    target.restore(tmp_path / "b.zip")

    assert run(target, "replay", "--without").exit_code == 0
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
        replayed = erasures.replay(session, settings, world.now, lines=[line])

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

    (line,) = ledger.read(tmp_path / "ledger")
    assert line.account == erasures.account_hash(runtime.settings, volunteer.account_id)
