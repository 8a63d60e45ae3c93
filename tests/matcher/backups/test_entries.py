"""A backup takes everybody's data along: the log of acts says so before, or there is no backup."""

from pathlib import Path

import sqlalchemy as sa

from matcher.database import make_engine, transaction
from matcher.models.audit import AuditEntry
from tests.factories import World
from tests.matcher.backups.conftest import Place, Places

ENTRY = sa.select(
    AuditEntry.actor, AuditEntry.account_id, AuditEntry.action, AuditEntry.subject_kind, AuditEntry.subject_id
)


def entries(world: World) -> list[tuple[object, ...]]:
    """What the log holds."""
    world.session.rollback()
    return [tuple(row) for row in world.session.execute(ENTRY)]


def test_a_backup_is_an_entry_that_names_nobody_and_that_the_backup_holds(
    saved_world: World, place: Place, places: Places, tmp_path: Path
) -> None:
    saved_world.account()

    made = place.backup(tmp_path / "b.zip")
    again = place.backup(tmp_path / "b.zip")

    assert (made.exit_code, again.exit_code) == (0, 2), "the second one is refused: the file is there"
    assert entries(saved_world) == [("system:backup", None, "make_backup", "backup", 0)]
    target = places.empty()
    assert target.restore(tmp_path / "b.zip").exit_code == 0
    engine = make_engine(target.url)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(ENTRY)][:1] == entries(saved_world)
    engine.dispose()


def test_there_is_no_backup_where_the_log_cannot_be_written(saved_world: World, place: Place, tmp_path: Path) -> None:
    with transaction(saved_world.session) as session:
        session.execute(sa.text("ALTER TABLE audit_log RENAME TO put_away"))

    result = place.backup(tmp_path / "b.zip")

    assert result.exit_code == 2
    assert "no backup is made without an entry" in result.output
    assert [path.name for path in tmp_path.iterdir() if "b.zip" in path.name] == []
