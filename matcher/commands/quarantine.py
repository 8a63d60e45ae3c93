"""`binome outbox replay` and `lift`: erase again whom a restore brought back, then end the quarantine."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from matcher import ledger
from matcher.actors import System
from matcher.commands.sessions import a_session
from matcher.database import transaction
from matcher.errors import LedgerNotReplayed
from matcher.services import erasures, quarantine
from matcher.services.quarantine import OldMails
from matcher.settings import Settings

ACTOR = System("binome outbox lift")
NOTHING_TO_DO = 1
REFUSED = 2
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("replay")
@click.argument("file", type=FILE, required=False)
@click.option("--without", is_flag=True, help="There is no ledger: let the quarantine be lifted all the same.")
def replay(file: Path | None, *, without: bool) -> None:
    """Do again what the ledger FILE holds (the one of the settings, if none is named): erasures, stops, closed
    addresses."""
    settings = Settings()
    with a_session() as session, transaction(session), _told():
        now = datetime.now(UTC)
        if without:
            erasures.go_without(session, ACTOR, now)
            click.echo("Written down: nobody is erased again. The quarantine can be lifted.")
            return
        path = file or ledger.path_of(settings)
        if path is None:
            raise click.UsageError("The settings name no ledger. Name its FILE, or say --without.")
        replayed = erasures.replay(session, settings, now, lines=ledger.read(path))
    click.echo(
        f"{replayed.erased} people erased again, {replayed.stopped} stopped again,"
        f" {replayed.closed} addresses closed again."
    )


@click.command("lift")
@click.option("--send", "chosen", flag_value=OldMails.SEND.value, help="Send what waits.")
@click.option("--discard", "chosen", flag_value=OldMails.DISCARD.value, help="Discard what is older than the restore.")
def lift(chosen: str | None) -> None:
    """Let mails leave and clocks run again after a restore."""
    if chosen is None:
        raise click.UsageError("Choose --send, or --discard when mails may have left after the backup was made.")
    with a_session() as session, transaction(session), _told():
        lifted = quarantine.lift(session, ACTOR, datetime.now(UTC), old_mails=OldMails(chosen))
    if lifted is None:
        click.echo("No quarantine is in force.")
        raise click.exceptions.Exit(NOTHING_TO_DO)
    click.echo(f"Lifted: {lifted.discarded} mails discarded, {lifted.clocks} clocks run on.")


@contextmanager
def _told() -> Iterator[None]:
    """Tell in one line what was refused, exit status 2."""
    try:
        yield
    except LedgerNotReplayed:
        words = "who was erased since the backup is there again. Run `binome outbox replay` first."
    except (ledger.BrokenLedger, OSError) as error:
        words = str(error)
    else:
        return
    click.echo(f"binome: {words}", err=True)
    raise click.exceptions.Exit(REFUSED)
