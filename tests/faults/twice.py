"""Each form posted twice at once and again after Back: the database ends as if it had been sent once."""

import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from matcher.database import Base, make_engine
from tests.faults.campaign import Family, Findings
from tests.faults.forms import FORMS, Form, Prepare
from tests.faults.stage import Stage, world_on
from tests.settings import make_settings
from tests.web.visiting import Visitor
from web import create_app

Rows = Mapping[str, list[tuple[object, ...]]]
# Random in each run, or sealed anew each time: nothing that a form is asked for.
NOT_COMPARED = frozenset({"fs_uniquifier", "payload", "cause"})

# Each press leaves its trace in the log of acts, or asks the ranker to look again: counted, and no effect on anybody.
TRACES = frozenset({"audit_log", "volunteer_changes"})


def play(stage: Stage, _part: str) -> Findings:
    """Post every form, or each n-th of them in the short form."""
    findings = Findings()
    chosen = [
        name for number, name in enumerate(FORMS) if number % stage.sizes["each"] == stage.seed % stage.sizes["each"]
    ]
    for name in chosen:
        _post(stage, name, FORMS[name], findings)
    findings.figures["of_forms"] = len(FORMS)
    return findings


def _post(stage: Stage, name: str, prepare: Prepare, findings: Findings) -> None:
    with stage.database("sqlite") as url:
        with world_on(url) as world:
            form = prepare(world, _app_at(url, world.now))
            now = world.now
            sender = form.sender.fs_uniquifier if form.sender else None
        once, twice = _copied(url), url
        before = rows_of(url)
        first = _send(_app_at(once, now), form, sender)
        _send_twice_and_again(_app_at(twice, now), form, sender)
        single, double = rows_of(once), rows_of(twice)
    findings.count("forms")
    findings.expect(first in (200, 303, 302), f"{name}: answered {first}")
    findings.expect(before != single, f"{name}: nothing came of it")
    for table in differing(single, double):
        findings.breaches.append(
            f"{name}: {table} {len(single[table])} rows after one, {len(double[table])} after three"
        )


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
        with visitor.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = sender, True
    token = visitor._token("/")
    if barrier is not None:
        barrier.wait()
    return int(visitor.client.post(form.address, data={"csrf_token": token, **form.typed}).status_code)


def _app_at(url: str, now: object) -> Flask:
    return create_app(make_settings(url, second_factor=False), clock=lambda: now)


def _copied(url: str) -> str:
    """A second database that holds the same."""
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    path = Path(url.removeprefix("sqlite:///"))
    shutil.copyfile(path, path.with_name("once.db"))
    return f"sqlite:///{path.with_name('once.db')}"


def rows_of(url: str) -> Rows:
    """Every row of every table, without what is random."""
    engine = make_engine(url)
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in NOT_COMPARED]
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
    parts=("sqlite",),
    short={"each": 8},
    full={"each": 1},
)
