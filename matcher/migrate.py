"""Bringing a database to the newest form, and telling whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent / "migrations"


def configuration() -> Config:
    """Return Alembic's configuration; it needs no file."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config


def head() -> str | None:
    """Return the newest migration that the code knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def current(connection: Connection) -> str | None:
    """Return the migration at which a database stands, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_at_head(connection: Connection) -> bool:
    """True when the database has the form that the code expects."""
    return current(connection) == head()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest form; a second call changes nothing."""
    with engine.begin() as connection:
        if is_at_head(connection):
            return
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
