"""Speed of the embedded default with 10,000 volunteers. `python3 dev.py bench [--volunteers N] [--needs N]`.

`python3 dev.py bench ranking` measures the ranking alone (tests/bench/ranking.py), `bench flow` how approvals and mails
flow beside the pages (tests/bench/flow.py).

Publishes needs through the real services into the outbox of a real worker process, and counts the statements of the
pages. Figures are of this machine, on this day; ratios hold better than seconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

from matcher.database import make_engine, make_sessions, transaction
from matcher.migrate import upgrade
from matcher.models.suggestion import RankingRun
from matcher.services import reviews
from matcher.settings import SECRETS
from tests.bench import flow, mail, ranking
from tests.bench.world import coordinator_of, fill
from tests.settings import make_settings
from tests.web.visiting import carry_sign_in, sign_in
from web import create_app
from web.extensions import db

PATIENCE_S = 120
OTHERS = {"ranking": ranking.main, "flow": flow.main, "mail": mail.main}


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] and sys.argv[1] in OTHERS:
        OTHERS[sys.argv[1]](sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--volunteers", type=int, default=10_000)
    parser.add_argument("--needs", type=int, default=2_000)
    parser.add_argument("--published", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked)


def measure(folder: Path, asked: argparse.Namespace) -> None:
    """Fill a database, publish needs with a worker beside it, and count the statements of the pages."""
    url = f"sqlite:///{folder}/bench.db"
    engine = make_engine(url)
    upgrade(engine)
    now = datetime.now(UTC)
    print(f"Filling a database with {asked.volunteers} volunteers and {asked.needs} needs…")
    with make_sessions(engine)() as session:
        ids = fill(session, now, volunteers=asked.volunteers, drafts=asked.needs)
    with worker(url):
        latencies = publish(engine, ids[: asked.published + 1])
    first, rest = latencies[0], sorted(latencies[1:])
    p95 = rest[max(0, -(-len(rest) * 95 // 100) - 1)]
    print(f"published → suggestions stored: first (cold) {first:.2f} s; then {len(rest)} needs, "
          f"median {statistics.median(rest):.2f} s, p95 {p95:.2f} s (goal: p95 ≤ 2 s)")  # fmt: skip
    open_the_rest(engine, ids[asked.published + 1 :])
    pages(url, engine, ids[1])


class worker:  # noqa: N801 (reads as what it is: `with worker(url):`)
    """An embedded worker beside the benchmark."""

    def __init__(self, url: str) -> None:
        keys = {key.upper(): f"{key}-for-tests-".ljust(40, "x") for key in SECRETS}
        self.environment = {
            **os.environ, **keys, "DATABASE_URL": url, "ENVIRONMENT": "development", "SMTP_SECURITY": "none",
            "SMTP_PORT": "9", "LOG_LEVEL": "ERROR",
        }  # fmt: skip

    def __enter__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "workers.embedded"], env=self.environment)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def publish(engine, ids):
    """Open each need and wait until its ranking is stored; return the seconds that each took."""
    taken = []
    with make_sessions(engine)() as session:
        for need_id in ids:
            with transaction(session):
                coordinator = coordinator_of(session, need_id)
                reviews.open_need(session, coordinator, datetime.now(UTC), need_id=need_id, is_urgent=False)
            began = time.perf_counter()
            while not _is_ranked(session, need_id):
                if time.perf_counter() - began > PATIENCE_S:
                    raise SystemExit(f"need {need_id} was not ranked in {PATIENCE_S} s")
                time.sleep(0.02)
            taken.append(time.perf_counter() - began)
    return taken


def _is_ranked(session, need_id):
    session.rollback()
    return session.scalar(sa.select(RankingRun.id).where(RankingRun.need_id == need_id)) is not None


def open_the_rest(engine, ids):
    """Open the other needs, so that lists are long."""
    with make_sessions(engine)() as session:
        for begin in range(0, len(ids), 200):
            with transaction(session):
                for need_id in ids[begin : begin + 200]:
                    coordinator = coordinator_of(session, need_id)
                    reviews.open_need(session, coordinator, datetime.now(UTC), need_id=need_id, is_urgent=False)


def pages(url, engine, need_id):
    """Print statements and milliseconds of the review page and of the lists."""
    app = create_app(make_settings(url, second_factor=False))
    with make_sessions(engine)() as session:
        uniquifier = coordinator_of(session, need_id).account.fs_uniquifier
    sign_in(app, uniquifier)
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    for address in (f"/reviews/{need_id}", "/reviews", "/needs", "/needs?page=40"):
        client = app.test_client()
        carry_sign_in(client, uniquifier)
        client.get(address)
        del statements[:]
        began = time.perf_counter()
        answer = client.get(address)
        spent_ms = 1000 * (time.perf_counter() - began)
        counted = len([s for s in statements if not s.startswith("PRAGMA")])
        print(f"GET {address}: {answer.status_code}, {counted} statements, {spent_ms:.0f} ms (goal: ≤ 8 for the page)")


if __name__ == "__main__":
    main()
