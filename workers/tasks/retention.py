"""What is not kept: the traces of work done long ago. Once a day, however often it is called."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import FEW, clear_log, delete_few, transaction
from matcher.demo.mailbox import Mailbox
from matcher.models.outbox import JobSlot
from matcher.services import audit, counterfactuals, memberships, notes, reports, retention, sign_ins, weights
from matcher.settings import Settings
from workers.app import RETENTION, task
from workers.one_by_one import do_each
from workers.runtime import Runtime, runtime
from workers.slots import take_slot

# Well before the task is ended: what is left over comes with the next run, in an hour.
ENOUGH_S = 15
KEPT = timedelta(days=30)
PROPOSALS_KEPT = timedelta(days=365)
Turn: TypeAlias = Callable[[], int]
log = structlog.get_logger(__name__)


@task(RETENTION)
def forget_old_rows() -> None:
    """Forget what was done long ago, once a day; what was erased leaves the disk."""
    forget_in_time(runtime())


def forget_in_time(runtime: Runtime) -> bool:
    """Do all of it; False when the time of the task was over before: what is done stays done, the rest comes with the
    next run, in an hour."""
    try:
        forget_once_a_day(runtime)
        apply_rules(runtime)
        _forget_demo_mails(runtime)
        if not clear_log(runtime.engine):
            log.info("log of writes is in use")
    except SoftTimeLimitExceeded:
        log.warning("retention cut short")
        return False
    return True


def forget_once_a_day(runtime: Runtime) -> bool:
    """Delete what is older than 30 days: job slots, what came back; unused weights in a year; questions about places,
    sign-ins that ended, notes, invited members and the log as the settings say.

    False when it was done today already, or not to the end: the next run tries again.
    """
    with runtime.sessions() as session:
        slot = runtime.clock(session).date().isoformat()
        if session.get(JobSlot, (RETENTION, slot)) is not None:
            return False
    _done, is_whole = _in_turn({name: _by_rule(runtime, rule) for name, rule in OLD_ROWS.items()})
    if not is_whole:
        return False
    with runtime.sessions() as session, transaction(session):
        return take_slot(session, runtime.clock(session), job=RETENTION, slot=slot)


def apply_rules(runtime: Runtime) -> Counter[str]:
    """Warn and let go whoever is due, and delete what was done long ago: a few rows a transaction, one who goes.

    Return how many each took. Killed or asked twice at once, nothing is done twice: what was done is not due any more.
    """
    rules = {**retention.RULES, **DONE_ROWS}
    turns = {name: _by_rule(runtime, rule) for name, rule in rules.items()}
    going = {name: _one_by_one(runtime, each) for name, each in retention.GOING.items()}
    done, _is_whole = _in_turn({**turns, **going})
    if done.total():
        log.info("retention", **done)
    return done


def _by_rule(runtime: Runtime, rule: retention.Rule) -> Turn:
    def take() -> int:
        with runtime.sessions() as session, transaction(session):
            return rule(session, runtime.settings, runtime.clock(session))

    return take


def _one_by_one(runtime: Runtime, going: retention.Going) -> Turn:
    """Let a few go, each in a transaction of her own. One that fails stays as she was and is left alone in this run."""
    left = set[int]()

    def let_go(account_id: int) -> bool:
        with runtime.sessions() as session, transaction(session):
            return going.let_go(session, runtime.settings, runtime.clock(session), account_id)

    def leave(account_id: int, error: str) -> None:
        left.add(account_id)
        log.error("account left", account_id=account_id, error=error)

    def take() -> int:
        with runtime.sessions() as session:
            due = going.due(session, runtime.settings, runtime.clock(session), but=left)
        return do_each(due, let_go, failed=leave)

    return take


def _in_turn(turns: Mapping[str, Turn]) -> tuple[Counter[str], bool]:
    """Let each rule take a few, then each a few more, until none finds any or the time is up; tell how many each took.

    One that fails holds up no other. The second answer is whether all came to their end.
    """
    done, left, failed = Counter(dict.fromkeys(turns, 0)), list(turns), set[str]()
    until = monotonic() + ENOUGH_S

    def take(name: str) -> bool:
        taken = turns[name]()
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
    before = now - timedelta(days=settings.done_mail_days)
    retention.give_up(session, now, parked_before=before)
    return outbox.forget(session, before, most=FEW)


# Each hour; the others once a day.
DONE_ROWS: dict[str, retention.Rule] = {"forget_done": _forget_done}
OLD_ROWS: dict[str, retention.Rule] = {
    "job_slots": lambda s, _set, now: delete_few(s, JobSlot, JobSlot.at < now - KEPT),
    "questions": lambda s, given, now: counterfactuals.forget_asked_before(s, now - timedelta(given.question_days)),
    "reports": lambda s, _set, now: reports.forget_reports(s, now - KEPT),
    "sign_ins": lambda s, given, now: sign_ins.forget_ended_before(s, now - timedelta(given.ended_sign_in_days)),
    "notes": lambda s, given, now: notes.forget_before(s, now - timedelta(given.note_days)),
    "weights": lambda s, _set, now: weights.forget_set_aside(s, now - PROPOSALS_KEPT),
    "invited": lambda s, given, now: memberships.forget_pending(s, now - timedelta(days=given.pending_member_days)),
    "audit_log": lambda s, given, now: audit.forget_entries(s, now, days=given.audit_log_days),
}
