"""What is not kept: the traces of work done long ago. Once a day, however often it is called."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import clear_log, transaction
from matcher.demo.mailbox import Mailbox
from matcher.models.outbox import JobSlot
from matcher.services import associations, audit, counterfactuals, notes, reports, retention, sign_ins, weights
from matcher.settings import Settings
from workers.app import RETENTION, task
from workers.runtime import Runtime, runtime
from workers.slots import take_slot

KEPT = timedelta(days=30)
PROPOSALS_KEPT = timedelta(days=365)
log = structlog.get_logger(__name__)


@task(RETENTION)
def forget_old_rows() -> None:
    """Forget what was done long ago, once a day; what was erased leaves the disk."""
    forget_once_a_day(runtime())
    apply_rules(runtime())
    _forget_demo_mails(runtime())
    if not clear_log(runtime().engine):
        log.info("log of writes is in use")  # the next run comes in an hour


def forget_once_a_day(runtime: Runtime) -> bool:
    """Delete what is older than 30 days: job slots, questions about places, what came
    back, sign-ins that ended; unused weights and notes in a year; invited members and the log as the settings say.

    False when it was done today already.
    """
    with runtime.sessions() as session, transaction(session):
        now = runtime.clock(session)
        if not take_slot(session, now, job=RETENTION, slot=now.date().isoformat()):
            return False
        session.execute(sa.delete(JobSlot).where(JobSlot.at < now - KEPT))
        counterfactuals.forget_asked_before(session, now - KEPT)
        reports.forget_reports(session, now - KEPT)
        sign_ins.forget_ended_before(session, now - KEPT)
        notes.forget_before(session, now - notes.KEPT)
        weights.forget_set_aside(session, now - PROPOSALS_KEPT)
        associations.forget_pending(session, now - timedelta(days=runtime.settings.pending_member_days))
        audit.forget_entries(session, now, days=runtime.settings.audit_log_days)
    return True


def apply_rules(runtime: Runtime) -> dict[str, int]:
    """Warn and let go whoever is due, and delete what was done long ago: rule by rule, a few rows a transaction.

    Return how many each took. Killed or asked twice at once, nothing is done twice: what was done is not due any more.
    """
    rules = {**retention.RULES, "forget_done": _forget_done}
    done = {name: sum(_in_batches(runtime, rule)) for name, rule in rules.items()}
    if any(done.values()):
        log.info("retention", **done)
    return done


def _in_batches(runtime: Runtime, rule: retention.Rule) -> Iterator[int]:
    taken = retention.MOST
    while taken == retention.MOST:
        with runtime.sessions() as session, transaction(session):
            taken = rule(session, runtime.settings, runtime.clock(session))
        yield taken


def _forget_demo_mails(runtime: Runtime) -> None:
    if runtime.settings.demo_folder is not None:
        now = datetime.now(UTC)  # files bear the host's hours, whatever the clock of the demo says
        Mailbox(Path(runtime.settings.demo_folder) / "mail").forget_before(now - KEPT)


def _forget_done(session: Session, settings: Settings, now: datetime) -> int:
    """Delete rows of the outbox that were done long ago, what the mails in them were among it."""
    return outbox.forget(session, now - timedelta(days=settings.done_mail_days), most=retention.MOST)
