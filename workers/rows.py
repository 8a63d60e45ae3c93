"""One row of the outbox in a worker's hands: claimed under a lease, worked on, settled. It knows no kind of row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Generic, Protocol, TypeVar

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import one_statement, transaction
from matcher.errors import NotFound
from matcher.models.outbox import OutboxRow, ParkReason
from workers import stopping, tracing
from workers.app import Task, task
from workers.runtime import Runtime, runtime
from workers.smtp import DomainBusy, PermanentMailError, TemporaryMailError

# How long a mail waits whose domain has enough others on their way; no failure, so no attempt is counted.
BUSY_FOR = timedelta(seconds=3)
M = TypeVar("M", bound=outbox.Message)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed(Generic[M]):
    """A row that is ours until its lease ends, and the message in it."""

    row: OutboxRow
    message: M


@dataclass(frozen=True, slots=True)
class Settling:
    """A transaction in which a claimed row is locked and still ours; what it changes is written with the row."""

    session: Session
    row: OutboxRow
    now: datetime

    def complete(self, outcome: str, *, sent_text: str | None = None) -> None:
        """Mark the row done; with what is kept of a mail that left."""
        outbox.complete(self.row, self.now, outcome=outcome, sent_text=sent_text)
        _say_done(self.row, outcome)

    def postpone(self, until: datetime) -> None:
        """Give the row back until later."""
        outbox.postpone(self.row, until)
        log.info("row postponed", row=self.row.id, kind=self.row.kind, until=until.isoformat())

    def fail(self, reason: ParkReason, outcome: str) -> None:
        """Give the row back for another attempt, or park it after the last one."""
        outbox.fail(self.row, self.now, reason=reason, outcome=outcome)
        say = log.error if self.row.parked_at is not None else log.warning
        words = "row parked" if self.row.parked_at is not None else "row failed"
        say(words, row=self.row.id, kind=self.row.kind, outcome=outcome, attempt=self.row.attempts)

    def park(self, reason: ParkReason, outcome: str) -> None:
        """Set the row aside for people to look at."""
        outbox.park(self.row, self.now, reason=reason, outcome=outcome)
        log.error("row parked", row=self.row.id, kind=self.row.kind, outcome=outcome, attempt=self.row.attempts)


class LeaseLost(Exception):
    """The lease ended during the work and another worker has the row now: it is no longer ours to settle."""


Work = Callable[[Runtime, Claimed[M]], None]


class Handler(Protocol):
    """What the dispatcher needs to know of a kind of row."""

    @property
    def kind(self) -> str:
        """The kind of row."""

    @property
    def task(self) -> Task[[int]]:
        """The task that takes the row's id."""

    def handle(self, runtime: Runtime, row_id: int) -> None:
        """Do what the task does, here and now."""


@dataclass(frozen=True)
class RowTask(Generic[M]):
    """What is done about one kind of row."""

    message: type[M]
    work: Work[M]

    @property
    def kind(self) -> str:
        """The kind of row."""
        return self.message.kind

    @cached_property
    def task(self) -> Task[[int]]:
        """The task by which the dispatcher hands a row over; it carries the row's id and nothing else."""

        @task(self.kind)
        def handle_row(row_id: int) -> None:
            self.handle(runtime(), row_id)

        return handle_row

    def handle(self, runtime: Runtime, row_id: int) -> None:
        """Claim a row, work on it and settle it; nothing happens when it cannot be claimed."""
        row = _claim(runtime, row_id)
        if row is None:
            return
        with tracing.following(row):
            try:
                self.work(runtime, Claimed(row, self.message.read(row.payload)))
            except LeaseLost:
                log.warning("lease lost", row=row_id, kind=row.kind)
            except Exception as error:
                _give_back(runtime, row, error)


def row_task(message: type[M]) -> Callable[[Work[M]], RowTask[M]]:
    """Make a function the one that works on the rows of a kind of message."""

    def register(work: Work[M]) -> RowTask[M]:
        handler = RowTask(message, work)
        _registered = handler.task  # Celery learns its name now, and makes it when it is needed.
        return handler

    return register


@contextmanager
def settling(runtime: Runtime, row: OutboxRow) -> Iterator[Settling]:
    """Begin a transaction in which the row is locked and ours; raises LeaseLost."""
    with runtime.sessions() as session, transaction(session):
        ours = outbox.held(session, row)
        if ours is None:
            raise LeaseLost
        session.info[outbox.CAUSE] = ours.cause  # what this row leads to has the same cause
        yield Settling(session, ours, runtime.clock(session))


def record(write: Callable[[], None]) -> None:
    """Record what has left already: after a lost connection, a deadlock or a lock that took too long, once more.

    Without it a mail would leave again. Raises LeaseLost also when it was written and only the answer was lost.
    """
    try:
        write()
    except OperationalError as error:
        log.warning("not recorded, once more", connection_lost=error.connection_invalidated)
        write()


def finish(runtime: Runtime, row: OutboxRow, outcome: str, *, sent_text: str | None = None) -> None:
    """Mark a claimed row done, in a transaction that changes nothing else; raises LeaseLost."""
    with runtime.sessions() as session, one_statement(session):
        if not outbox.finish(session, row, runtime.clock(session), outcome=outcome, sent_text=sent_text):
            raise LeaseLost
    _say_done(row, outcome)


def is_ours(session: Session, row: OutboxRow, until: datetime) -> bool:
    """Tell whether a claimed row is ours at least until a moment: not lost, discarded or deleted. Locks nothing."""
    lease = row.lease_until
    return lease is not None and lease > until and outbox.is_held(session, row)


def _claim(runtime: Runtime, row_id: int) -> OutboxRow | None:
    if stopping.is_told():
        return None
    with runtime.sessions() as session, one_statement(session):
        return outbox.claim(session, row_id, runtime.clock(session))


def _say_done(row: OutboxRow, outcome: str) -> None:
    log.info("row done", row=row.id, kind=row.kind, outcome=outcome, attempt=row.attempts)


def _give_back(runtime: Runtime, row: OutboxRow, error: Exception) -> None:
    try:
        with settling(runtime, row) as settled:
            match error:
                case PermanentMailError():
                    settled.park(ParkReason.MAIL_REFUSED, f"mail refused: {error.code}")
                case TemporaryMailError():
                    settled.fail(ParkReason.MAIL_NOT_TAKEN, f"mail not taken: {error.code}")
                case DomainBusy():
                    settled.postpone(settled.now + BUSY_FOR)
                case NotFound():
                    settled.complete("gone")
                case _:
                    settled.fail(ParkReason.ERROR, f"{type(error).__name__} at {_place(error)}")
    except LeaseLost:
        log.warning("lease lost", row=row.id, kind=row.kind)


def _place(error: Exception) -> str:
    """Where an error was raised; its text is left out, because it may quote a person."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
