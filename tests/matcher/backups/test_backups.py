"""Backup and restore on both databases: of one moment under write load, refusals that change nothing, quarantine."""

import json
import signal
import stat
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.backups import archive, postgresql, restoring
from matcher.database import Base, make_engine, make_sessions, transaction
from matcher.links import Subject, issue
from matcher.migrate import head, upgrade
from matcher.models.account import Account
from matcher.models.audit import VolunteerChange
from matcher.models.link import LinkPurpose
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine
from matcher.models.states import PairingStatus
from tests.factories import NOW, World
from tests.matcher.backups.conftest import Place, Places
from tests.servers.processes import wait_until
from tests.workers.conftest import environment
from tests.workers.programs import BIN, ROOT

WRITERS, BULK = 2, 30_000
ADDED_BY_A_RESTORE = {"quarantines": 1, "outbox": 1, "signed_links": 1}


@contextmanager
def opened(place: Place) -> Iterator[Session]:
    """A session on a database."""
    engine = make_engine(place.url)
    with make_sessions(engine)() as session:
        yield session
    engine.dispose()


def counts(session: Session) -> dict[str, int]:
    """The rows of each table."""
    return {t.name: session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables}


def manifest(file: Path) -> dict[str, object]:
    """What a backup says of itself."""
    with zipfile.ZipFile(file) as archive:
        return dict(json.loads(archive.read("manifest.json")))


def write_until(place: Place, number: int, stop: threading.Event) -> int:
    """Write a business row and its message in one transaction, again and again; return how many times."""
    written = 0
    with opened(place) as session:
        while not stop.is_set():
            with transaction(session):
                name = f"load{number}-{written}"
                account = Account(
                    email=f"{name}@example.org",
                    fs_uniquifier=name,
                    name=name,
                    create_datetime=NOW,
                    update_datetime=NOW,
                )
                session.add(account)
                session.flush()
                outbox.add(session, outbox.SendMail("need_opened", account.id, data={"load": name}), NOW)
            written += 1
    return written


def test_under_write_load_every_row_has_its_message_and_the_reverse(places: Places, place: Place) -> None:
    with opened(place) as session, transaction(session):
        session.execute(sa.insert(VolunteerChange), [{"volunteer_id": n, "at": NOW} for n in range(BULK)])
    file, stop, target = places.folder / "backup.zip", threading.Event(), places.empty()

    with ThreadPoolExecutor(WRITERS) as writers, opened(place) as session:
        tasks = [writers.submit(write_until, place, number, stop) for number in range(WRITERS)]
        try:
            wait_until(lambda: _loaded(session) > 20, "the writers write", timeout_s=30)
            saved = place.backup(file)
        finally:
            stop.set()
        written = sum(task.result() for task in tasks)
    restored = target.restore(file)

    assert (saved.exit_code, restored.exit_code) == (0, 0), saved.output + restored.output
    with opened(target) as session:
        accounts = set(session.scalars(sa.select(Account.id).where(Account.name.startswith("load"))))
        messages = session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_mail")).all()
        assert accounts == {row.payload["recipient_id"] for row in messages}
        assert 20 < len(accounts) < written  # it was made while they wrote
        rows = manifest(file)["rows"]
        assert isinstance(rows, dict)
        assert counts(session) == {name: rows[name] + ADDED_BY_A_RESTORE.get(name, 0) for name in rows}


def test_a_restored_world_is_the_same_row_by_row(
    saved_world: World, places: Places, place: Place, tmp_path: Path
) -> None:
    for status in (PairingStatus.INVITED, PairingStatus.CONFIRMED, PairingStatus.DECLINED):
        saved_world.pairing(status)
    saved_world.account(name="Éloïse\tNoël\\n «\u202f» 'x'\nsecond line")
    target = places.empty()

    assert place.backup(tmp_path / "b.zip").exit_code == 0
    assert target.restore(tmp_path / "b.zip").exit_code == 0

    with opened(target) as session:
        for table in Base.metadata.sorted_tables:
            ours = sa.select(table).order_by(*table.primary_key)
            kept = session.execute(ours).all()[: -ADDED_BY_A_RESTORE.get(table.name, 0) or None]
            assert [tuple(r) for r in kept] == [tuple(r) for r in saved_world.session.execute(ours).all()], table.name


def test_only_its_owner_may_read_a_backup_and_nothing_else_is_left(
    saved_world: World, place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()

    result = place.backup(folder / "b.zip")

    assert result.exit_code == 0, result.output
    assert [path.name for path in folder.iterdir()] == ["b.zip"]
    assert stat.S_IMODE((folder / "b.zip").stat().st_mode) == 0o600
    assert manifest(folder / "b.zip")["head"] == head()


def test_no_backup_is_written_over(saved_world: World, place: Place, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("of yesterday")

    result = place.backup(tmp_path / "b.zip")

    assert result.exit_code == 2
    assert (tmp_path / "b.zip").read_text() == "of yesterday"


def test_a_killed_backup_leaves_nothing_under_its_name(place: Place, places: Places) -> None:
    with opened(place) as session, transaction(session):
        session.execute(sa.insert(VolunteerChange), [{"volunteer_id": n, "at": NOW} for n in range(BULK * 5)])
    folder = places.folder / "kept"
    folder.mkdir()
    process = subprocess.Popen(
        [str(BIN / "binome"), "backup", str(folder / "b.zip")],
        env={**environment(DATABASE_URL=place.url), "PYTHONPATH": str(ROOT), "PATH": str(BIN)},
    )

    wait_until(lambda: any(folder.iterdir()), "it has begun to write", timeout_s=60)
    process.send_signal(signal.SIGKILL)
    process.wait()

    halves = [half for half in folder.iterdir() if half.name.endswith(".part")]
    assert halves
    assert folder / "b.zip" not in halves
    assert {stat.S_IMODE(half.stat().st_mode) for half in halves} == {0o600}
    for half in halves:
        assert places.empty().restore(half).exit_code == 2
    assert place.backup(folder / "b.zip").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["b.zip"], "the next one tidies up"


def test_what_a_living_backup_writes_is_left_alone(saved_world: World, place: Place, tmp_path: Path) -> None:
    dead, living, other = (tmp_path / name for name in (".b.zip.1.part", ".b.zip.2.db.part", ".c.zip.1.part"))
    for left in (dead, other, tmp_path / ".b.zip.old.part"):
        left.write_text("half")

    with archive.private(living):
        assert place.backup(tmp_path / "b.zip").exit_code == 0
        kept = {path.name for path in tmp_path.iterdir() if path.name.endswith(".part")}

    assert kept == {living.name, other.name, ".b.zip.old.part"}


def test_of_two_backups_at_once_the_second_is_refused(tmp_path: Path) -> None:
    with pytest.raises(archive.Refused), archive.writing(tmp_path / "b.zip"):
        (tmp_path / "b.zip").write_text("was quicker")

    assert (tmp_path / "b.zip").read_text() == "was quicker"
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_what_is_no_backup_or_was_cut_or_changed_is_refused(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    whole = tmp_path / "b.zip"
    place.backup(whole)
    content = whole.read_bytes()
    (tmp_path / "text").write_text("not a backup")
    (tmp_path / "cut").write_bytes(content[: len(content) // 2])
    at = _inside_of_the_largest_member(whole)
    (tmp_path / "changed").write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    with zipfile.ZipFile(tmp_path / "other", "w") as other:
        other.writestr("manifest.json", '{"format": "another"}')
    target = places.empty()

    results = {name: target.restore(tmp_path / name) for name in ("text", "cut", "changed", "other", "absent")}

    assert {name: result.exit_code for name, result in results.items()} == dict.fromkeys(results, 2)
    assert not any("Traceback" in result.output for result in results.values())
    engine = make_engine(target.url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_member_that_was_exchanged_is_refused(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    place.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "forged", "w") as forged:
        for name in whole.namelist():
            content = whole.read(name)
            forged.writestr(name, content if name == "manifest.json" else content + b"x")

    result = places.empty().restore(tmp_path / "forged")

    assert result.exit_code == 2
    assert "not what was written" in result.output


def test_a_backup_at_another_head_is_refused_and_both_are_named(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    place.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "old", "w") as old:
        for name in whole.namelist():
            content = whole.read(name)
            old.writestr(name, content.replace(f'"{head()}"'.encode(), b'"0001"') if name[-5:] == ".json" else content)

    result = places.empty().restore(tmp_path / "old")

    assert result.exit_code == 2
    assert "0001" in result.output
    assert str(head()) in result.output


def test_a_database_that_stands_elsewhere_is_not_saved(place: Place, tmp_path: Path) -> None:
    with opened(place) as session, transaction(session):
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0002'"))

    result = place.backup(tmp_path / "b.zip")

    assert result.exit_code == 2
    assert "0002" in result.output
    assert str(head()) in result.output
    assert not (tmp_path / "b.zip").exists()


def test_a_database_in_use_is_replaced_only_after_its_name_was_typed(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    place.backup(tmp_path / "b.zip")
    with transaction(saved_world.session):
        saved_world.account(name="Came after")

    refused = place.restore(tmp_path / "b.zip")
    mistyped = place.restore(tmp_path / "b.zip", "--replace", typed="yes\n")
    kept = _names(place)
    replaced = place.restore(tmp_path / "b.zip", "--replace", typed=f"{place.name}\n")

    assert (refused.exit_code, mistyped.exit_code, replaced.exit_code) == (2, 2, 0), replaced.output
    assert "Came after" in kept
    assert "Came after" not in _names(place)


def test_restored_data_sends_nothing_and_says_so(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    saved_world.forget_mails()
    with transaction(saved_world.session) as session:
        outbox.add(session, outbox.SendMail("need_opened", saved_world.account().id), NOW)
    place.backup(tmp_path / "b.zip")
    target = places.empty()

    result = target.restore(tmp_path / "b.zip")

    assert "Quarantine: 1 mails wait" in result.output
    with opened(target) as session:
        assert [row.kind for row in outbox.due(session, NOW + timedelta(days=9000))] == []
        held = session.scalars(sa.select(Quarantine)).one()
        assert (held.lifted_at, held.reason) == (None, restoring.REASON)


def test_no_new_row_bears_the_number_of_one_that_was_lost(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    place.backup(tmp_path / "b.zip")
    with transaction(saved_world.session) as session:
        for _ in range(50):
            outbox.add(session, outbox.SendMail("need_opened", 1), NOW)
    lost = saved_world.session.scalar(sa.select(sa.func.max(OutboxRow.id))) or 0
    target = places.empty()
    target.restore(tmp_path / "b.zip")

    with opened(target) as session, transaction(session):
        outbox.add(session, outbox.SendMail("need_opened", 1), NOW)
        new = session.scalar(sa.select(sa.func.max(OutboxRow.id))) or 0

    assert new > lost


def test_a_backup_that_is_restored_twice_gives_no_number_twice(
    saved_world: World, place: Place, tmp_path: Path
) -> None:
    saved_world.account()
    place.backup(tmp_path / "b.zip")
    given = []
    for _ in range(2):
        assert place.restore(tmp_path / "b.zip", "--replace", typed=f"{place.name}\n").exit_code == 0
        with opened(place) as session, transaction(session):
            outbox.add(session, outbox.SendMail("need_opened", 1), NOW)
            link = issue(session, NOW, LinkPurpose.MAIL_CHOICES, subject=Subject(), recipient_id=1)
            given.append((session.scalar(sa.select(sa.func.max(OutboxRow.id))) or 0, link.id))

    (row, link_id), (row_again, link_id_again) = given
    assert row_again > row
    assert link_id_again > link_id


def test_a_sequence_never_goes_back_for_no_rollback_takes_it_forward_again(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    upgrade(engine)
    with engine.begin() as connection:
        for last in (70, 30):
            postgresql.number_on(connection, "outbox", last)
        assert postgresql.last_number(connection, "outbox") == 70
    engine.dispose()


def test_a_database_in_which_somebody_reads_is_not_replaced(postgres_url: str, tmp_path: Path) -> None:
    place = Place(postgres_url)
    engine = make_engine(place.url)
    upgrade(engine)
    assert place.backup(tmp_path / "b.zip").exit_code == 0

    with engine.connect() as reader:
        reader.execute(sa.select(sa.func.count()).select_from(Account))
        result = place.restore(tmp_path / "b.zip", "--replace", typed=place.name)

    assert (result.exit_code, "in use" in result.output) == (2, True), result.output
    engine.dispose()


def test_a_restored_database_goes_on_counting(saved_world: World, place: Place, places: Places, tmp_path: Path) -> None:
    saved_world.account()
    place.backup(tmp_path / "b.zip")
    target = places.empty()
    target.restore(tmp_path / "b.zip")

    with opened(target) as session:
        World.account(_world_on(session), name="New")
        assert session.scalar(sa.select(sa.func.count(Account.id)).where(Account.name == "New")) == 1


def _inside_of_the_largest_member(file: Path) -> int:
    with zipfile.ZipFile(file) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    return largest.header_offset + 100 + largest.compress_size // 2


def _world_on(session: Session) -> World:
    world = World.__new__(World)
    world.session, world.now, world._made = session, NOW, 5000
    return world


def _names(place: Place) -> set[str]:
    with opened(place) as session:
        return set(session.scalars(sa.select(Account.name)))


def _loaded(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count(Account.id)).where(Account.name.startswith("load"))) or 0
