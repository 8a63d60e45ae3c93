"""What is not kept: the traces of work done long ago. Once a day, however often it is called."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import structlog
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import FEW, clear_log, delete_few, transaction
from matcher.demo.mailbox import Mailbox
from matcher.models.outbox import JobSlot
from matcher.services import associations, audit, counterfactuals, notes, reports, retention, sign_ins, weights
from matcher.settings import Settings
from workers.app import RETENTION, task
from workers.one_by_one import do_each
from workers.runtime import Runtime, runtime
from workers.slots import take_slot

# Well before the task is ended: what is left over comes with the next run, in an hour.
ENOUGH_S = 15
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

    False when it was done today already, or not to the end: the next run tries again.
    """
    with runtime.sessions() as session:
        slot = runtime.clock(session).date().isoformat()
        if session.get(JobSlot, (RETENTION, slot)) is not None:
            return False
    _done, is_whole = _in_turn(runtime, OLD_ROWS)
    if not is_whole:
        return False
    with runtime.sessions() as session, transaction(session):
        return take_slot(session, runtime.clock(session), job=RETENTION, slot=slot)


def apply_rules(runtime: Runtime) -> Counter[str]:
    """Warn and let go whoever is due, and delete what was done long ago: a few rows a transaction.

    Return how many each took. Killed or asked twice at once, nothing is done twice: what was done is not due any more.
    """
    done, _is_whole = _in_turn(runtime, {**retention.RULES, "forget_done": _forget_done})
    if done.total():
        log.info("retention", **done)
    return done


def _in_turn(runtime: Runtime, rules: Mapping[str, retention.Rule]) -> tuple[Counter[str], bool]:
    """Let each rule take a few, then each a few more, until none finds any or the time is up; tell how many each took.

    One that fails holds up no other. The second answer is whether all came to their end.
    """
    done, left, failed = Counter(dict.fromkeys(rules, 0)), list(rules), set[str]()
    until = monotonic() + ENOUGH_S

    def take(name: str) -> bool:
        with runtime.sessions() as session, transaction(session):
            taken = rules[name](session, runtime.settings, runtime.clock(session))
        done[name] += taken
        return taken > 0

    def note(name: str, error: str) -> None:
        failed.add(name)
        log.error("rule failed", rule=name, error=error)

    while left and monotonic() < until:
        left = [name for name in left if do_each([name], take, failed=note)]
    return done, not left and not failed


def _forget_demo_mails(runtime: Runtime) -> None:
    if runtime.settings.demo_folder is not None:
        now = datetime.now(UTC)  # files bear the host's hours, whatever the clock of the demo says
        Mailbox(Path(runtime.settings.demo_folder) / "mail").forget_before(now - KEPT)


def _forget_done(session: Session, settings: Settings, now: datetime) -> int:
    """Delete rows of the outbox that were done long ago, what the mails in them were among it."""
    return outbox.forget(session, now - timedelta(days=settings.done_mail_days), most=FEW)


OLD_ROWS: dict[str, retention.Rule] = {
    "job_slots": lambda s, _set, now: delete_few(s, JobSlot, JobSlot.at < now - KEPT),
    "questions": lambda s, _set, now: counterfactuals.forget_asked_before(s, now - KEPT),
    "reports": lambda s, _set, now: reports.forget_reports(s, now - KEPT),
    "sign_ins": lambda s, _set, now: sign_ins.forget_ended_before(s, now - KEPT),
    "notes": lambda s, _set, now: notes.forget_before(s, now - notes.KEPT),
    "weights": lambda s, _set, now: weights.forget_set_aside(s, now - PROPOSALS_KEPT),
    "invited": lambda s, given, now: associations.forget_pending(s, now - timedelta(days=given.pending_member_days)),
    "audit_log": lambda s, given, now: audit.forget_entries(s, now, days=given.audit_log_days),
}
