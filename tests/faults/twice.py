"""Each form posted twice at once and again after Back: the database ends as if it had been sent once."""

import contextlib
import shutil
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from matcher.database import Base, make_engine
from tests.faults.campaign import Family, Findings
from tests.faults.forms import Form
from tests.faults.posts import FORMS, named, point_of
from tests.faults.stage import BOTH, Stage, world_on
from tests.servers import databases
from tests.settings import make_settings
from tests.web.visiting import Visitor, carry_sign_in, sign_in
from web import create_app
from web.extensions import db

Rows = Mapping[str, list[tuple[object, ...]]]
# Random in each run or sealed anew each time, or the number of a page that was kept: nothing that a form is asked for.
NOT_COMPARED = frozenset({"fs_uniquifier", "payload", "cause", "password", "transaction_id", "edition", "secret_hash"})
# PostgreSQL gives a number once: after an insert that was undone the same sign-in has the next one.
NUMBERED_ANEW = frozenset({("sign_ins", "id")})
# Each press may leave its line in the log of acts, or have the ranker look again: no effect on anybody.
TRACES = frozenset({"audit_log", "volunteer_changes"})


def play(stage: Stage, part: str) -> Findings:
    """Post every form on one database, or each n-th of them in the short form."""
    findings = Findings()
    each = stage.sizes["each"]
    first = (stage.seed + BOTH.index(part) * each // 2) % each
    for name in list(FORMS)[first::each]:
        _post(stage, part, name, findings)
    findings.figures["of_forms"] = len(FORMS)
    return findings


def _post(stage: Stage, part: str, name: str, findings: Findings) -> None:
    with stage.database(part) as twice:
        with world_on(twice) as world:
            app = _app_at(twice, world.now)
            form, now = FORMS[name](world, app), world.now
            sender = form.sender.fs_uniquifier if form.sender else None
        _let_go(app)
        with _copied(stage, twice) as once:
            before, app = rows_of(once), _app_at(once, now)
            leads_to = point_of(app, form.address)
            findings.expect(leads_to == named(name), f"{name}: posts to {leads_to}")
            first = _send(app, form, sender)
            _let_go(app)
            single = rows_of(once)
        app = _app_at(twice, now)
        _send_twice_and_again(app, form, sender)
        _let_go(app)
        double = rows_of(twice)
    findings.count("forms")
    findings.expect(first in (200, 303, 302), f"{name}: answered {first}")
    findings.expect(before != single, f"{name}: nothing came of it")
    for table in differing(single, double):
        more = len(double[table]) - len(single[table])
        if table in TRACES:
            findings.count("traces", more)
            each = max(1, len(single[table]) - len(before[table]))
            findings.expect(0 <= more <= 2 * each, f"{name}: {more} more rows in {table}")
        else:
            findings.breaches.append(f"{name}: {table} {len(single[table])} rows after one, {more} more after three")


def _send_twice_and_again(app: Flask, form: Form, sender: str | None) -> None:
    barrier = threading.Barrier(2)

    def send() -> int:
        return _send(app, form, sender, barrier)

    with ThreadPoolExecutor(2) as both:
        for task in [both.submit(send), both.submit(send)]:
            task.result()
    _send(app, form, sender)


def _send(app: Flask, form: Form, sender: str | None, barrier: threading.Barrier | None = None) -> int:
    visitor = Visitor(app)
    if sender is not None:
        sign_in(app, sender)
        carry_sign_in(visitor.client, sender)
    token = visitor._token("/")
    if barrier is not None:
        barrier.wait()
    return int(visitor.client.post(form.address, data={"csrf_token": token, **form.typed}).status_code)


def _app_at(url: str, now: datetime) -> Flask:
    return create_app(make_settings(url, second_factor=False), clock=lambda: now)


def _let_go(app: Flask) -> None:
    """Close the connections of an application: a database to which somebody is connected cannot be copied."""
    with app.app_context():
        db.engine.dispose()


@contextlib.contextmanager
def _copied(stage: Stage, url: str) -> Iterator[str]:
    """The address of a second database that holds the same."""
    if not url.startswith("sqlite"):
        with databases.fresh(stage.ask("postgres"), template=url.rsplit("/", 1)[1]) as other:
            yield other
        return
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    path = Path(url.removeprefix("sqlite:///"))
    shutil.copyfile(path, path.with_name("once.db"))
    yield f"sqlite:///{path.with_name('once.db')}"


def rows_of(url: str) -> Rows:
    """Every row of every table, without what is random."""
    engine = make_engine(url)
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            named = [column for column in table.columns if column.name not in NOT_COMPARED]
            columns = [column for column in named if (table.name, column.name) not in NUMBERED_ANEW]
            found[table.name] = sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr)
    engine.dispose()
    return found


def differing(one: Rows, other: Rows) -> list[str]:
    """The tables in which two databases differ."""
    return [table for table in one if one[table] != other[table]]


FAMILY = Family(
    name="twice",
    fault="each form posted twice at once and again after Back",
    play=play,
    parts=BOTH,
    short={"each": 16},
    full={"each": 1},
)
