"""How fast mails leave. `python3 dev.py bench mail [--mails N] [--domains N]`.

One worker and one beat as docker-compose.yml starts them, on PostgreSQL and Redis, against a mail server that takes
all of them and spends next to nothing on it. Half are plain mails about a need, half are reminders, each with a signed
link of its own. The rate is that of the middle: from the tenth part of the mails to the ninth. The gap is seen from the
server: its answer to RCPT until DATA arrives, in which the last check is made.
"""

import argparse
import contextlib
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from tests.bench.cores import Cores
from tests.bench.far_end import FarEnd
from tests.bench.installation import own_installation
from tests.factories import World
from tests.journeys.service import PRODUCTION
from tests.servers.processes import wait_until
from tests.workers.programs import running

PAIRINGS = 20
GOAL, GOAL_GAP_MS = 100, 50
PATIENCE_S = 600


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev.py bench mail", description=__doc__)
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--domains", type=int, default=20)
    asked = parser.parse_args(arguments)
    with own_installation() as (installation, session), FarEnd() as far_end:
        write_mails(session, asked.mails, asked.domains)
        others = {"LOG_LEVEL": "WARNING", "SMTP_PORT": str(far_end.port)}
        with working(installation.folder, {**installation.environment, **others}) as worker:
            try:
                measure(session, far_end, asked.mails, Cores(worker, installation.database_url))
            except TimeoutError:
                print((installation.folder / "worker.log").read_text()[-3000:])
                raise


def write_mails(session: Session, mails: int, domains: int) -> None:
    """Write so many mails into the outbox, to readers spread over so many domains."""
    world = World(session, datetime.now(UTC).replace(microsecond=0))
    pairings = [world.pairing(PairingStatus.INVITED) for _ in range(PAIRINGS)]
    with transaction(session):
        session.execute(sa.delete(OutboxRow))
        for number, account in enumerate(session.scalars(sa.select(Account).order_by(Account.id))):
            account.email = f"person{number}@domain{number % domains}.example"
    waiting = [mail for pairing in pairings for mail in _both_mails(pairing)]
    with transaction(session):
        for number in range(mails):
            outbox.add(session, waiting[number % len(waiting)], world.now)


def _both_mails(pairing: Pairing) -> tuple[outbox.SendMail, outbox.SendMail]:
    need, reader_id = pairing.need, pairing.volunteer.account_id
    return (
        outbox.SendMail(MailCode.NEED_OPENED.value, need.association.members[0].id, need_id=need.id),
        outbox.SendMail(MailCode.INVITATION_REMINDER.value, reader_id, need_id=need.id, pairing_id=pairing.id),
    )


@contextlib.contextmanager
def working(folder: Path, environment: dict[str, str]) -> Iterator[int]:
    """Run worker and beat; give the worker's process id."""
    with (
        running(PRODUCTION["worker"], environment, folder / "worker.log") as worker,
        running(PRODUCTION["beat"], environment, folder / "beat.log"),
    ):
        yield worker.pid


def measure(session: Session, far_end: FarEnd, mails: int, cores: Cores) -> None:
    """Wait until all mails have left, and print how fast they did."""
    first, last = mails // 10, mails * 9 // 10
    wait_until(lambda: len(far_end.ids) >= first, "the first mails leave", timeout_s=PATIENCE_S)
    began, before, already = time.monotonic(), cores.spent_s(), len(far_end.ids)
    wait_until(lambda: len(far_end.ids) >= last, "most mails leave", timeout_s=PATIENCE_S)
    taken_s, counted = time.monotonic() - began, len(far_end.ids) - already
    after = cores.spent_s()
    wait_until(lambda: len(far_end.ids) >= mails, "all mails leave", timeout_s=PATIENCE_S)
    print(f"outbox → mail server: {counted / taken_s:.0f} mails a second over {counted} mails (goal: ≥ {GOAL})")
    shares = [f"{name} {1000 * (after[name] - before[name]) / counted:.1f}" for name in after]
    total_ms = 1000 * (sum(after.values()) - sum(before.values())) / counted
    print(f"processor time of one mail: {', '.join(shares)}; together {total_ms:.1f} ms, so two cores that do "
          f"nothing else carry at most {2000 / total_ms:.0f} a second")  # fmt: skip
    gaps = statistics.quantiles(far_end.gaps_s, n=100)
    print(f"last check → DATA, seen from the server: p50 {1000 * gaps[49]:.1f} ms, p99 {1000 * gaps[98]:.1f} ms "
          f"(goal: p99 ≤ {GOAL_GAP_MS} ms); {far_end.connections} connections")  # fmt: skip
    session.rollback()
    outcomes = session.execute(sa.select(OutboxRow.outcome, sa.func.count()).group_by(OutboxRow.outcome)).all()
    copies = len(far_end.ids) - len(set(far_end.ids))
    print(f"rows by outcome: {', '.join(f'{outcome} {count}' for outcome, count in outcomes)}; copies: {copies}")
