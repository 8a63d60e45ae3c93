"""`binome backup` and `binome restore`: the whole database in one file, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from matcher import ledger as ledgers
from matcher.backups import restoring, saving
from matcher.backups.archive import Refused
from matcher.commands.ledger_words import done_again
from matcher.database import make_engine
from matcher.settings import Settings

REFUSED = 2
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write the whole database into FILE while it is in use; only its owner may read it."""
    with _told() as engine:
        manifest = saving.save(engine, datetime.now(UTC), file)
    size_mb = file.stat().st_size / 1e6
    click.echo(f"{sum(manifest.rows.values())} rows of {len(manifest.rows)} tables are in {file} ({size_mb:.1f} MB).")
    click.echo(f"Database {manifest.database} at {manifest.head}, made by version {manifest.version}.")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--ledger", type=FILE, help="Another ledger than the one that the settings name.")
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds, after a question.")
def restore(file: Path, *, ledger: Path | None, replace: bool) -> None:
    """Restore FILE, made by `binome backup`; no mail leaves and no clock fires until an administrator lets them.

    Who was erased since is erased again, from the ledger and from the database that is replaced.
    """
    with _told() as engine:
        settings = Settings()
        again = restoring.Again(settings, ledger_of(settings, ledger), ledgers.path_of(settings))
        put = restoring.restore
        if replace and not restoring.is_empty(engine):
            _confirm(restoring.name_of(engine))
            put = restoring.replace
        restored = put(engine, datetime.now(UTC), file, again)
    manifest = restored.manifest
    click.echo(f"{sum(manifest.rows.values())} rows of {manifest.made_at:%Y-%m-%d %H:%M} UTC are back.")
    click.echo(done_again(restored.replayed))
    if not restored.is_kept:
        click.echo("WARNING: the ledger of the settings cannot be written. `binome doctor` says why.")
    click.echo(
        f"Quarantine: {restored.waiting} mails wait and no clock fires. An administrator decides on the page"
        " “Quarantine” (/admin/quarantine) or with `binome outbox lift`; docs/trust.md says what is to be done before."
    )


def ledger_of(settings: Settings, given: Path | None) -> ledgers.Ledger:
    """Return the ledger that was named, else the usual one; an empty one when that one is not there."""
    path = given or ledgers.path_of(settings)
    if path is None or (given is None and not path.exists()):
        return ledgers.Ledger((), ())
    return ledgers.read(path)


def _confirm(name: str) -> None:
    click.echo(f"Everything in {name} is deleted, and the backup takes its place.")
    if click.prompt("Type the name of the database to go on", default="", show_default=False) != name:
        raise Refused("this is not its name. Nothing was changed.")


@contextmanager
def _told() -> Iterator[Engine]:
    """Give the engine; tell in one line what was refused, exit status 2."""
    engine = make_engine(Settings().database_url)
    try:
        yield engine
    except (Refused, ledgers.BrokenLedger, OSError) as error:
        _refuse(str(error))
    except OperationalError as error:
        _refuse(f"the database cannot be used ({type(error.orig).__name__}). `binome doctor` says more.")
    except psycopg.OperationalError as error:
        _refuse(f"the database cannot be used ({type(error).__name__}). `binome doctor` says more.")
    finally:
        engine.dispose()


def _refuse(words: str) -> None:
    click.echo(f"binome: {words}", err=True)
    raise click.exceptions.Exit(REFUSED)
