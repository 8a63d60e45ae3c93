"""The bare Celery object and its configuration from Settings. It knows names of tasks, and does nothing itself."""

import contextlib
from collections.abc import Callable
from functools import cache
from typing import ParamSpec, Protocol, cast

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready
from kombu.exceptions import OperationalError

from matcher import logs
from matcher.catalogue.communes import load_communes
from matcher.settings import Settings

DISPATCH, CARRY, CLOCKS, RETENTION, INVARIANTS = "dispatch", "carry_mail", "clocks", "retention", "invariants"
BOUNCES = "bounces"
DIGESTS, SILENCE, WAKES = "digests", "silence", "wakes"
LEDGER = "ledger"
MODULES = (
    "workers.dispatch",
    "workers.carrying",
    "workers.tasks.bounces",
    "workers.tasks.clocks",
    "workers.tasks.invariants",
    "workers.tasks.digests",
    "workers.tasks.ledger",
    "workers.tasks.retention",
    "workers.tasks.silence",
    "workers.tasks.wakes",
)
# The hard limit ends before the 60 seconds of a row's lease do: no second worker begins while the first still works.
SOFT_LIMIT_S, HARD_LIMIT_S = 45, 55
P = ParamSpec("P")


class Task(Protocol[P]):
    """A function that can also be sent to a worker."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run it here and now."""

    def apply_async(self, args: tuple[int, ...] = (), *, expires: float | None = None) -> object:
        """Send it to a worker; dropped when none has begun it within `expires` seconds."""


@cache
def settings() -> Settings:
    """Read the settings of this process, once."""
    return Settings()


def configuration(settings: Settings) -> dict[str, object]:
    """Return Celery's configuration: JSON only, no results, nothing that lives longer than a wake-up."""
    return {
        "broker_url": settings.redis_url or "memory://localhost/",
        "broker_transport": "workers.broker:Transport" if settings.redis_url else None,
        "broker_transport_options": _transport(settings),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0.2},
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_soft_time_limit": SOFT_LIMIT_S,
        "task_time_limit": HARD_LIMIT_S,
        "worker_concurrency": 4,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_hijack_root_logger": False,
        "timezone": "UTC",
        # The schedule is kept in memory: whatever beat sends twice, or after a restart at once, does no harm.
        "beat_scheduler": "celery.beat:Scheduler",
        "beat_max_loop_interval": 1,
        "beat_schedule": {
            DISPATCH: {"task": DISPATCH, "schedule": 1.0, "options": {"expires": 1}},
            CLOCKS: {"task": CLOCKS, "schedule": 30.0, "options": {"expires": 30}},
            DIGESTS: {"task": DIGESTS, "schedule": 60.0, "options": {"expires": 60}},
            SILENCE: {"task": SILENCE, "schedule": 600.0, "options": {"expires": 600}},
            BOUNCES: {"task": BOUNCES, "schedule": 60.0, "options": {"expires": 60}},
            WAKES: {"task": WAKES, "schedule": 60.0, "options": {"expires": 60}},
            LEDGER: {"task": LEDGER, "schedule": 60.0, "options": {"expires": 60}},
            # Asked for more often than it is due: what failed is tried again, and its slot lets it be done once.
            INVARIANTS: {"task": INVARIANTS, "schedule": 60.0, "options": {"expires": 60}},
            RETENTION: {"task": RETENTION, "schedule": 3600.0, "options": {"expires": 3600}},
        },
    }


def _transport(settings: Settings) -> dict[str, object]:
    if settings.redis_url is None:
        return {"polling_interval": 0.1}
    return {"socket_connect_timeout": 5, "socket_keepalive": True, "health_check_interval": 25}


# Celery's own commands look for this object in the module; its configuration is read when it is first needed.
app = Celery("binome", include=MODULES)
app.add_defaults(lambda: configuration(settings()))


def task(name: str) -> Callable[[Callable[P, None]], Task[P]]:
    """Register a function as the task of this name."""

    def register(function: Callable[P, None]) -> Task[P]:
        return cast(Task[P], app.task(name=name)(function))

    return register


@setup_logging.connect  # type: ignore[untyped-decorator]
def _configure_logs(**_: object) -> None:
    logs.configure(settings())


@worker_init.connect  # type: ignore[untyped-decorator]
def _read_once(**_: object) -> None:
    """What every process of a worker reads is read before they are forked: once in memory, and no first mail waits."""
    load_communes()


@worker_ready.connect  # type: ignore[untyped-decorator]
def _dispatch_at_start(**_: object) -> None:
    """What waited while no worker ran does not wait for beat."""
    with contextlib.suppress(OperationalError):
        app.send_task(DISPATCH, expires=10)
