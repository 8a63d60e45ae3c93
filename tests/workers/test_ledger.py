"""The ledger of erasures is written while the workers hold nothing of the database: a slow disk stops nobody."""

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import sqlalchemy as sa

from matcher import ledger
from matcher.database import transaction
from matcher.models.account import Account
from matcher.services import erasures
from tests.factories import World
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.tasks.invariants import check_once

LOCKS = Path("/proc/locks")


def _somebody_waits_for(number: int) -> bool:
    inode = f":{os.fstat(number).st_ino} "
    return any("->" in line and inode in line for line in LOCKS.read_text(encoding="ascii").splitlines())


def test_nobody_waits_for_the_database_while_the_disk_takes_the_ledger(
    any_database_url: str, any_world: World, far_end: FarEnd, tmp_path: Path
) -> None:
    path = tmp_path / "ledger"
    runtime = runtime_of(any_database_url, any_world, far_end, ERASURE_LEDGER=str(path))
    any_world.act(erasures.erase, any_world.volunteer_of(any_world.volunteer()), settings=runtime.settings)
    any_world.session.rollback()

    with ThreadPoolExecutor(1) as pool, path.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        checked = pool.submit(check_once, runtime)
        until = monotonic() + 60
        while not _somebody_waits_for(held.fileno()):
            assert monotonic() < until, "it did not come to the ledger"
        with runtime.sessions() as session, transaction(session):
            session.execute(sa.update(Account).values(language="en"))
            waits_still = not checked.done()
        held.close()
        assert waits_still
        assert checked.result()

    assert len(ledger.read(path).lines) == 1
    runtime.engine.dispose()
