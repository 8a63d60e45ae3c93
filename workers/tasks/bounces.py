"""The task that takes in what lies in BOUNCE_FOLDER. Safe to run by several workers at once."""

from pathlib import Path

import structlog

from workers.app import BOUNCES, task
from workers.intake import take_folder
from workers.runtime import Runtime, runtime

log = structlog.get_logger(__name__)


@task(BOUNCES)
def take_bounces() -> None:
    """Take in what the mail server has put into the folder since."""
    take_waiting(runtime())


def take_waiting(runtime: Runtime) -> int:
    """Take in what waits in the folder of the settings, if there is one; return how many messages."""
    if runtime.settings.bounce_folder is None or runtime.settings.bounce_domain is None:
        return 0
    try:
        return take_folder(runtime, Path(runtime.settings.bounce_folder))
    except OSError as error:
        log.error("bounce folder cannot be read", error=type(error).__name__)  # noqa: TRY400 (its text holds a path)
        return 0
