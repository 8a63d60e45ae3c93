"""`binome outbox replay`, `go-without-ledger`, `lift`: erase again whom a restore brought back, then end the
quarantine."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from matcher import ledger
from matcher.actors import System
from matcher.commands.ledger_words import done_again
from matcher.commands.sessions import a_session
from matcher.database import transaction
from matcher.errors import LedgerNotReplayed
from matcher.services import erasures, quarantine
from matcher.services.quarantine import OldMails
from matcher.settings import Settings

ACTOR = System("binome outbox lift")
CONSENT = "without a ledger"
NOTHING_TO_DO = 1
REFUSED = 2
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("replay")
@click.argument("file", type=FILE, required=False)
def replay(file: Path | None) -> None:
    """Do again what the ledger FILE holds (the one of the settings, if none is named): erasures, stops, closed
    addresses."""
    settings = Settings()
    with a_session() as session, transaction(session), _told():
        path = file or ledger.path_of(settings)
        if path is None:
            raise click.UsageError("The settings name no ledger. Name its FILE, or see go-without-ledger.")
        replayed = erasures.replay(session, settings, datetime.now(UTC), ledger=ledger.read(path))
    click.echo(done_again(replayed))
    if replayed.lacks:
        raise click.exceptions.Exit(NOTHING_TO_DO)


@click.command("go-without-ledger")
def go_without_ledger() -> None:
    """Let the quarantine be lifted though no whole ledger is there: who was erased since the backup stays restored."""
    with a_session() as session:
        held = quarantine.present(session)
        if held is None or not held.awaits_ledger:
            click.echo("No quarantine waits for a ledger.")
            raise click.exceptions.Exit(NOTHING_TO_DO)
        _ask(held.data_of)
        session.rollback()  # nobody waits while she reads
        with transaction(session):
            erasures.go_without(session, ACTOR, datetime.now(UTC))
    click.echo("Written down: nobody is erased again. The quarantine can be lifted.")


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


def _ask(data_of: datetime) -> None:
    click.echo(
        f"Whoever erased her account after {data_of:%Y-%m-%d %H:%M} UTC may be there again and be written to again, and"
        " so may those who stopped our mails. Only you can find them, and erase them by hand. That you decided this is"
        " kept in the log of acts."
    )
    if click.prompt(f"Type “{CONSENT}” to go on", default="", show_default=False) != CONSENT:
        click.echo("binome: nothing was changed.", err=True)
        raise click.exceptions.Exit(REFUSED)


@contextmanager
def _told() -> Iterator[None]:
    """Tell in one line what was refused, exit status 2."""
    try:
        yield
    except LedgerNotReplayed:
        words = (
            "who was erased since the backup may be there again. Run `binome outbox replay` first: it says what is"
            " missing."
        )
    except (ledger.BrokenLedger, OSError) as error:
        words = str(error)
    else:
        return
    click.echo(f"binome: {words}", err=True)
    raise click.exceptions.Exit(REFUSED)
