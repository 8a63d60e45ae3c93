"""Every minute: what no restore may undo is added to the ledger, a file outside of the database."""

import structlog

from matcher import ledger
from matcher.services import erasures
from workers.app import LEDGER, task
from workers.runtime import Runtime, runtime

log = structlog.get_logger(__name__)


@task(LEDGER)
def keep_ledger() -> None:
    """Add to the ledger what it does not hold yet."""
    keep(runtime())


def keep(runtime: Runtime) -> int:
    """Add what the database knows and the ledger does not; return how many lines. Killed, the next run goes on."""
    path = ledger.path_of(runtime.settings)
    if path is None:
        return 0
    with runtime.sessions() as session:
        known = erasures.known_to(session, runtime.settings)
    if not known.heads:
        return 0
    try:
        added = ledger.append(path, known.heads[0], known.lines)
    except (OSError, ledger.BrokenLedger) as error:
        log.error("ledger cannot be written", error=type(error).__name__)  # noqa: TRY400 (its text holds a path)
        return 0
    if added:
        log.info("ledger kept", added=added)
    return added
