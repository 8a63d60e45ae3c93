"""`binome outbox lift`: ends the quarantine after a restore, in one of two ways."""

from datetime import UTC, datetime

import click

from matcher.actors import System
from matcher.commands.sessions import a_session
from matcher.database import transaction
from matcher.services import quarantine
from matcher.services.quarantine import OldMails

ACTOR = System("binome outbox lift")
NOTHING_TO_DO = 1


@click.command("lift")
@click.option("--send", "chosen", flag_value=OldMails.SEND.value, help="Send what waits.")
@click.option("--discard", "chosen", flag_value=OldMails.DISCARD.value, help="Discard what is older than the restore.")
def lift(chosen: str | None) -> None:
    """Let mails leave and clocks run again after a restore."""
    if chosen is None:
        raise click.UsageError("Choose --send, or --discard when mails may have left after the backup was made.")
    with a_session() as session, transaction(session):
        lifted = quarantine.lift(session, ACTOR, datetime.now(UTC), old_mails=OldMails(chosen))
    if lifted is None:
        click.echo("No quarantine is in force.")
        raise click.exceptions.Exit(NOTHING_TO_DO)
    click.echo(f"Lifted: {lifted.discarded} mails discarded, {lifted.clocks} clocks run on.")
