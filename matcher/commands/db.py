"""`binome db`: the form of the database."""

import click

from matcher.database import make_engine
from matcher.migrate import head, is_at_head, upgrade
from matcher.settings import Settings


@click.group()
def db() -> None:
    """Look after the form of the database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the form that this version needs; a second run changes nothing."""
    engine = make_engine(Settings().database_url)
    with engine.connect() as connection:
        was_ready = is_at_head(connection)
    if not was_ready:
        upgrade(engine)
    click.echo(f"The database is {'already ' if was_ready else ''}at {head()}.")
