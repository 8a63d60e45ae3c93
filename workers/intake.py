"""What comes back, taken in: from a pipe one message at a time, or from a folder. How it is read stands in matcher.

Two workers on one folder do no harm: a file is claimed by renaming it, and the same message counts once.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.orm import Session, sessionmaker

from matcher.database import transaction
from matcher.mail.reports import READ_BYTES, read_report
from matcher.models.suppression import ReportOutcome
from matcher.services.reports import take_in
from matcher.settings import Settings

REFUSED = frozenset({ReportOutcome.FORGED, ReportOutcome.UNREADABLE})
MOST_AT_ONCE = 50
# A mail server may still be writing it.
SETTLED_S = 5
STALE_S = timedelta(minutes=10).total_seconds()
KEPT_S = timedelta(days=7).total_seconds()
UNFINISHED = (".tmp", ".part")
log = structlog.get_logger(__name__)


class Taker(Protocol):
    """What taking in needs; a worker's runtime has it, and a pipe need not build all the rest of one for a message."""

    @property
    def settings(self) -> Settings:
        """The settings of the process."""

    @property
    def sessions(self) -> sessionmaker[Session]:
        """Makes sessions on the database."""

    @property
    def clock(self) -> Callable[[Session], datetime]:
        """Tells the moment."""


def take(taker: Taker, raw: bytes, *, envelope_to: str = "") -> ReportOutcome:
    """Take one message in and return what was made of it."""
    report = read_report(taker.settings, raw, envelope_to=envelope_to)
    with taker.sessions() as session, transaction(session):
        is_new = take_in(session, taker.settings, taker.clock(session), report)
    log.info("message came back", outcome=report.outcome.value, digest=report.digest[:16], is_new=is_new)
    return report.outcome


def take_folder(taker: Taker, folder: Path) -> int:
    """Take in what lies in a folder, a bounded number at a time; return how many.

    What was taken goes to the folder done, what is not ours or not readable to refused. A file that a killed worker
    left half done is taken up again after ten minutes.
    """
    for name in (".taken", "done", "refused"):
        (folder / name).mkdir(exist_ok=True)
    _put_back_stale(folder)
    for name in ("done", "refused"):
        _forget_old(folder / name)
    taken = 0
    for path in _waiting(folder):
        claimed = _claim(path)
        if claimed is None:
            continue
        outcome = take(taker, _start_of(claimed))
        claimed.rename(folder / ("refused" if outcome in REFUSED else "done") / claimed.name)
        taken += 1
    return taken


def _waiting(folder: Path) -> Iterator[Path]:
    """The oldest files that nobody writes any more; never a link, a folder or a pipe."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            facts = entry.stat(follow_symlinks=False)
            is_whole = not entry.name.startswith(".") and not entry.name.endswith(UNFINISHED)
            if is_whole and stat.S_ISREG(facts.st_mode) and facts.st_mtime < time.time() - SETTLED_S:
                found.append((facts.st_mtime, entry.name))
    return (folder / name for _, name in sorted(found)[:MOST_AT_ONCE])


def _claim(path: Path) -> Path | None:
    try:
        # Its age in our hands counts from now; an earlier file of this name is not written over.
        claimed = path.parent / ".taken" / f"{path.stat().st_ino}-{path.name}"[-200:]
        os.utime(path)
        path.rename(claimed)
    except FileNotFoundError:
        return None
    return claimed


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(READ_BYTES)


def _put_back_stale(folder: Path) -> None:
    for path in (folder / ".taken").iterdir():
        try:
            if path.stat().st_mtime < time.time() - STALE_S:
                path.rename(folder / path.name)
        except FileNotFoundError:
            continue


def _forget_old(folder: Path) -> None:
    """Delete what lay here for a week: it holds addresses."""
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < time.time() - KEPT_S:
                path.unlink()
        except FileNotFoundError:
            continue
