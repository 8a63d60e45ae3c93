"""Drains the outbox: one task for each row that is due, a few that carry mail. They claim; it does not."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from matcher import outbox
from matcher.database import transaction
from matcher.models.heartbeat import DISPATCHER
from matcher.services import heartbeats
from workers.app import CARRY, DISPATCH, app, task
from workers.rows import Handler
from workers.runtime import Runtime, runtime
from workers.tasks import invitations, mail, places, ranking

# A row whose task was sent and has not begun is not sent again before this time; the waiting task is dropped then.
SENT_AGAIN_AFTER = timedelta(seconds=30)
# Mail is not sent row by row: a slow mail server would fill every hand. Each carrier takes as many as it can.
MOST_CARRIERS = 4
log = structlog.get_logger(__name__)

HANDLERS: dict[str, Handler] = {
    handler.kind: handler
    for handler in (
        ranking.rank_need,
        ranking.rank_open_needs,
        ranking.refresh_volunteer,
        places.explain_place,
        invitations.advance_line,
        invitations.send_invitation,
        mail.send_mail,
        mail.send_account_mail,
    )
}


@task(DISPATCH)
def dispatch() -> None:
    """Wake a worker for each row that is due, and show that beat and dispatcher are alive."""
    drain(runtime())
    show_life(runtime())


def drain(
    runtime: Runtime, send: Callable[[outbox.DueRow], None] | None = None, wake: Callable[[], None] | None = None
) -> int:
    """Send one task for each row that is due and was not sent just now, return how many; wake carriers for mail."""
    send, wake = send or _send, wake or _wake
    with runtime.sessions() as session:
        now = runtime.clock(session)
        due = outbox.due(session, now)
    for key in [key for key, at in runtime.sent.items() if at < now - SENT_AGAIN_AFTER]:
        runtime.sent.pop(key, None)
    mails = [row for row in due if row.kind in outbox.MAIL_KINDS]
    others = [row for row in due if row.kind not in outbox.MAIL_KINDS]
    fresh = [row for row in others if (row.id, row.not_before) not in runtime.sent]
    for row in fresh:
        send(row)
        runtime.sent[row.id, row.not_before] = now
    for _ in mails[:MOST_CARRIERS]:
        wake()
    return len(fresh)


def show_life(runtime: Runtime) -> bool:
    """Write a sign of life when the last one is some seconds old; False when it is not."""
    with runtime.sessions() as session:
        if not heartbeats.is_wanted(session, runtime.clock(session), name=DISPATCHER):
            return False
    with runtime.sessions() as session, transaction(session):
        heartbeats.beat(session, runtime.clock(session), name=DISPATCHER)
    return True


def _wake() -> None:
    app.send_task(CARRY, expires=SENT_AGAIN_AFTER.total_seconds())


def _send(row: outbox.DueRow) -> None:
    handler = HANDLERS.get(row.kind)
    if handler is None:
        # A newer version of the code wrote it, and a worker of that version will take it.
        log.warning("unknown kind of row", row=row.id, kind=row.kind)
        return
    handler.task.apply_async((row.id,), expires=SENT_AGAIN_AFTER.total_seconds())
