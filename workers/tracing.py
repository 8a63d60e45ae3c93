"""What each log line of a worker bears: the task, the row, and the web request that caused it. Ids only."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery.signals import task_postrun, task_prerun
from structlog import contextvars

from matcher.models.outbox import OutboxRow


@task_prerun.connect  # type: ignore[untyped-decorator]
def _begin(*, task_id: str, **_: object) -> None:
    contextvars.clear_contextvars()
    contextvars.bind_contextvars(task=task_id)


@task_postrun.connect  # type: ignore[untyped-decorator]
def _end(**_: object) -> None:
    contextvars.clear_contextvars()


@contextmanager
def following(row: OutboxRow) -> Iterator[None]:
    """Let the lines of a block lead from the row to the request behind it."""
    with contextvars.bound_contextvars(row=row.id, kind=row.kind, request=row.cause):
        yield
