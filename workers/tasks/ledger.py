"""Every minute: what no restore may undo is added to the ledger, a file outside of the database."""

import structlog

from matcher import ledger
from matcher.models.alert import AlertCode
from matcher.services import erasures
from matcher.services.invariants import Broken
from workers.app import LEDGER, task
from workers.runtime import Runtime, runtime

log = structlog.get_logger(__name__)


@task(LEDGER)
def keep_ledger() -> None:
    """Add to the ledger what it does not hold yet."""
    keep(runtime())


def keep(runtime: Runtime) -> int:
    """Add what the database knows and the ledger does not; return how many lines. Killed, the next run goes on."""
    try:
        added = _write(runtime, _known(runtime))
    except (OSError, ledger.BrokenLedger) as error:
        log.error("ledger cannot be written", error=type(error).__name__)  # noqa: TRY400 (its text holds a path)
        return 0
    if added:
        log.info("ledger kept", added=added)
    return added


def unwritten(runtime: Runtime) -> list[Broken]:
    """Try to write it; when that fails tell why, and how much stands in no file."""
    known = _known(runtime)
    try:
        _write(runtime, known)
    except (OSError, ledger.BrokenLedger) as error:
        return [Broken(AlertCode.LEDGER_UNWRITTEN, type(error).__name__, (), len(known.lines))]
    return []


def _known(runtime: Runtime) -> ledger.Ledger:
    """Read it in a session that is over before the file is locked and written: the disk may take its time."""
    with runtime.sessions() as session:
        return erasures.known_to(session, runtime.settings)


def _write(runtime: Runtime, known: ledger.Ledger) -> int:
    path = ledger.path_of(runtime.settings)
    if path is None or not known.heads:
        return 0
    return ledger.append(path, known.heads[0], known.lines)
