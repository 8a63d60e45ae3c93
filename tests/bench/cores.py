"""How much processor time the parts of a running installation have used, as Linux counts it. It starts nothing."""

import os
import time
from pathlib import Path

import sqlalchemy as sa

TICKS = os.sysconf("SC_CLK_TCK")


class Cores:
    """The worker with its processes, PostgreSQL's processes for one database, and this process: the mail sink."""

    def __init__(self, worker: int, database_url: str) -> None:
        """Say which worker and which database."""
        self._worker = worker
        self._database = sa.make_url(database_url).database or ""

    def spent_s(self) -> dict[str, float]:
        """Return the seconds that each part has used so far."""
        spent = {"worker": 0.0, "PostgreSQL": 0.0, "sink": time.process_time()}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                facts = (process / "stat").read_text().rpartition(")")[2].split()
                words = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            seconds = (int(facts[11]) + int(facts[12])) / TICKS
            if self._worker in {int(process.name), int(facts[1])}:
                spent["worker"] += seconds
            elif words.startswith("postgres:") and self._database in words:
                spent["PostgreSQL"] += seconds
        return spent
