"""`binome outbox`: what is parked and what waits, trying again, discarding. It shows ids only, never an address."""

from datetime import UTC, datetime

import click

from matcher.actors import System
from matcher.commands.quarantine import go_without_ledger, lift, replay
from matcher.commands.sessions import a_session
from matcher.database import transaction
from matcher.models.outbox import ParkReason
from matcher.queries import parked_rows as queries
from matcher.queries.alerts import open_alerts
from matcher.queries.parked_rows import ParkedRow
from matcher.services import parked_rows

ACTOR = System("binome outbox")
REASONS = click.Choice([reason.value for reason in ParkReason])
NUMBER = click.IntRange(1, 2**31 - 1)


@click.group()
def outbox() -> None:
    """Look after what the workers are to do: what was set aside, what waits."""


outbox.add_command(lift)
outbox.add_command(replay)
outbox.add_command(go_without_ledger)


@outbox.command("list")
@click.option("--reason", type=REASONS, help="Only what was set aside for this reason.")
@click.option("--page", type=NUMBER, default=1, show_default=True, help="Twenty rows a page, the oldest first.")
def list_command(reason: str | None, page: int) -> None:
    """Show what is set aside, what waits by kind, and the alerts that are open."""
    with a_session() as session:
        now = datetime.now(UTC)
        found = queries.list_parked(session, ACTOR, reason=ParkReason(reason) if reason else None, number=page)
        backlog = queries.backlog(session, ACTOR, now)
        alerts = open_alerts(session, ACTOR)
    for row in found.rows:
        click.echo(_line(row))
    click.echo(f"{found.total} set aside; page {found.number} of {found.pages}.")
    for kind in backlog:
        since = f", the oldest for {int((now - kind.due_since).total_seconds())} s" if kind.due_since else ""
        click.echo(f"{kind.kind}: {kind.waiting} wait, {kind.due} due{since}")
    for alert in alerts:
        click.echo(
            f"ALERT {alert.code.value} {alert.subject}: {alert.count} since {alert.opened_at:%Y-%m-%d %H:%M} UTC"
        )


@outbox.command("retry")
@click.argument("ids", type=NUMBER, nargs=-1)
@click.option("--reason", type=REASONS, help="All that were set aside for this reason.")
def retry_command(ids: tuple[int, ...], reason: str | None) -> None:
    """Let rows that are set aside be tried again."""
    if bool(ids) == bool(reason):
        raise click.UsageError("Name either rows by their ids, or one reason.")
    with a_session() as session, transaction(session):
        now = datetime.now(UTC)
        if reason is not None:
            done = parked_rows.retry_all(session, ACTOR, now, reason=ParkReason(reason))
        else:
            done = sum(parked_rows.retry(session, ACTOR, now, row_id=row_id) for row_id in ids)
    click.echo(f"{done} will be tried again.")


@outbox.command("discard")
@click.argument("ids", type=NUMBER, nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask first.")
def discard_command(ids: tuple[int, ...], yes: bool) -> None:
    """Give up rows that are set aside, for good."""
    if not yes:
        click.confirm(f"Give up {len(ids)} for good? This cannot be undone", abort=True)
    with a_session() as session, transaction(session):
        now = datetime.now(UTC)
        done = sum(parked_rows.discard(session, ACTOR, now, row_id=row_id) for row_id in ids)
    click.echo(f"{done} given up.")


def _line(row: ParkedRow) -> str:
    ids = (("need", row.need_id), ("volunteer", row.volunteer_id))
    about = " ".join(f"{name} {subject_id}" for name, subject_id in ids if subject_id is not None)
    told = [str(row.id), row.kind, row.code or "", row.reason.value, f"{row.since:%Y-%m-%d %H:%M} UTC"]
    return "  ".join(filter(None, [*told, f"{row.attempts} attempts", about, f"({row.outcome})"]))
