"""`binome bounce`: the end of a mail server's pipe. One message on standard input, the answer in the exit status."""

import sys
from dataclasses import dataclass, field
from typing import BinaryIO

import click
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from matcher.database import make_engine, make_sessions
from matcher.errors import BadSettings
from matcher.mail.reports import READ_BYTES
from matcher.models.suppression import ReportOutcome
from matcher.settings import Settings
from workers.clock import SharedClock
from workers.intake import take

# What mail servers read in the status of a pipe (sysexits.h): bad data, no such address, try later, not set up.
DATA, NO_USER, TRY_LATER, CONFIG = 65, 67, 75, 78
STATUS = {ReportOutcome.UNREADABLE: DATA, ReportOutcome.FORGED: NO_USER}
DRAINED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OneMessage:
    """What taking in one message needs. A mail server may start fifty of us at once: no queue, no ranking."""

    settings: Settings
    sessions: sessionmaker[Session]
    clock: SharedClock = field(default_factory=SharedClock)


@click.command("bounce")
@click.option("--to", "envelope_to", default="", help="The address to which the message came, such as ${recipient}.")
def bounce(envelope_to: str) -> None:
    """Take in one message that came back to a return path, read from standard input.

    Exit status: 0 taken, 65 unreadable, 67 no address that we signed, 75 try again later, 78 not set up.
    """
    raw = _read(sys.stdin.buffer)
    raise click.exceptions.Exit(_status(raw, envelope_to))


def _status(raw: bytes, envelope_to: str) -> int:
    try:
        settings = Settings()
    except (BadSettings, ValidationError):
        click.echo("the settings are not complete: run `binome doctor`", err=True)
        return CONFIG
    if settings.bounce_domain is None:
        click.echo("BOUNCE_DOMAIN is not set: nothing that comes back is ours", err=True)
        return CONFIG
    engine = make_engine(settings.database_url)
    try:
        outcome = take(OneMessage(settings, make_sessions(engine)), raw, envelope_to=envelope_to)
    except SQLAlchemyError as error:
        click.echo(f"the database does not answer ({type(error).__name__}); the mail server may try again", err=True)
        return TRY_LATER
    finally:
        engine.dispose()
    click.echo(outcome.value)
    return STATUS.get(outcome, 0)


def _read(stream: BinaryIO) -> bytes:
    """Read the start of a message, and let the mail server write the rest without a broken pipe."""
    raw = stream.read(READ_BYTES)
    drained = 0
    while drained < DRAINED_BYTES and (rest := stream.read(READ_BYTES)):
        drained += len(rest)
    return raw
