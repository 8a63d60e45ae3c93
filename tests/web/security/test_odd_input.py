"""Sixty odd values in every field of every form and in every query, on both databases: no 500, nothing half written."""

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.database import Base, make_engine
from tests.factories import World
from tests.faults.forms import Form
from tests.faults.posts import FORMS
from tests.faults.twice import differing, rows_of
from tests.security.form import IS_FULL, SEED
from tests.servers import databases
from tests.settings import make_settings
from tests.web.security.planting import plant
from tests.web.security.posting import ALL, Stock, let_go, stocked
from tests.web.visiting import Visitor
from web import create_app

ODD = (
    *("", " ", "\t", "\n", "\r\n", "\x00", "a\x00b", "\x01", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff"),
    *(
        "\ufffd",
        "\ufdd0",
        "e\u0301",
        "e" + "\u0301" * 200,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0010ffff",
        "İı",
    ),
    *(
        "ﬁ",
        "١٢",
        "²",
        "½",
        "−1",
        "-1",
        "0",
        "00",
        "1e9",
        "1e400",
        "NaN",
        "inf",
        "-0",
        "0x10",
        "1_000",
        "1,5",
        "1.5",
        "+1",
    ),
    *(str(2**31), str(2**63), "9" * 30, "9" * 5000, "true", "None", "null", "[]", "{}", "on", "x" * 5000, "x" * 70_000),
    *("2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "2026-13-01", "25:61", "24:00", "2026-09-07T08:00"),
    *("' OR 1=1 --", "%", "_", "\\", "%s%n", "{0}", "../../etc/passwd", "a,b,,c", "http://evil.example", "fr-FR", "xx"),
)
REFUSED = (400, 403, 404, 409, 410, 413, 422, 429)
Property = Callable[[str, object], None]
# What pages read from their addresses.
ASKED = (
    "q",
    "page",
    "state",
    "order",
    "template",
    "branch",
    "as",
    "skill",
    "place",
    "km",
    "mode",
    "next",
    "from",
    "to",
)


Copied = Callable[[Stock], AbstractContextManager[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def any_copy(request: pytest.FixtureRequest) -> Copied:
    """Gives the address of a database that holds the same as a world, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return lambda stock: nullcontext(stock.copy("odd.db"))
    server, template = request.getfixturevalue("postgres_server_url"), request.getfixturevalue("postgres_template")
    return lambda stock: _on_postgresql(stock, server, template)


@contextmanager
def _on_postgresql(stock: Stock, server: str, template: str) -> Iterator[str]:
    """The rows of a world in a new PostgreSQL database, and its counters beyond them."""
    with databases.fresh(server, template=template) as url:
        source, target = make_engine(stock.url), make_engine(url)
        with source.connect() as there, target.begin() as here:
            here.execute(sa.text("SET session_replication_role = replica"))
            for table in Base.metadata.sorted_tables:
                if rows := [dict(row._mapping) for row in there.execute(sa.select(table))]:
                    here.execute(sa.insert(table), rows)
                if "id" in table.c and isinstance(table.c.id.type, sa.Integer):
                    counter = f"pg_get_serial_sequence('{table.name}', 'id')"
                    here.execute(sa.text(f"SELECT setval({counter}, (SELECT max(id) + 1000 FROM {table.name}))"))
        source.dispose()
        target.dispose()
        yield url


def test_there_are_at_least_sixty() -> None:
    assert len(set(ODD)) >= 60


def test_no_query_is_too_odd(any_world: World, any_database_url: str, record_property: Property) -> None:
    app = create_app(make_settings(any_database_url, second_factor=False), clock=lambda: any_world.now)
    planted = plant(any_world)
    any_world.session.rollback()
    dice, asked = random.Random(SEED), 0
    for who, paths in planted.pages.items():
        visitor = Visitor(app, planted.people[who])
        for path, odd in itertools.product(paths, ODD if IS_FULL else dice.sample(ODD, 4)):
            values = dict.fromkeys(ASKED, odd) if IS_FULL else dict(zip(ASKED, dice.choices(ODD, k=20), strict=False))
            answer = visitor.client.get(path, query_string={**values, odd[:20]: odd})
            assert answer.status_code < 500, (who, path, values)
            asked += len(values) + 1
    let_go(app)
    record_property("cases", asked)


def test_no_form_is_too_odd_and_what_is_refused_leaves_nothing(
    sqlite_template: Path, tmp_path: Path, any_copy: Copied, record_property: Property
) -> None:
    dice, sent, kept = random.Random(SEED), 0, 0
    for stock in stocked(sqlite_template, tmp_path, ALL):
        with any_copy(stock) as url:
            app, before = stock.app(url), rows_of(url)
            for number, form in enumerate(list(stock.forms.values())[:: 1 if IS_FULL else 12]):
                visitor = Visitor(app, form.sender)
                visitor.client.environ_base["REMOTE_ADDR"] = f"10.0.{number}.1"
                token = visitor._token("/contact")
                for typed in odd_bodies(form, dice):
                    answer = visitor.client.post(form.address, data={**typed, "csrf_token": token})
                    assert answer.status_code < 500, (form.address, typed)
                    sent += 1
                    if answer.status_code in REFUSED:
                        after = rows_of(url)
                        changed = set(differing(before, after)) - {"sign_ins"}
                        assert changed == set(), (form.address, typed, answer.status_code)
                        kept += 1
                    before = rows_of(url)
            let_go(app)
    record_property("cases", sent)
    assert kept


def odd_bodies(form: Form, dice: random.Random) -> Iterator[dict[str, str]]:
    """Bodies in which everything is odd, and such in which one field is and all others are as they should be."""
    for odd in ODD if IS_FULL else dice.sample(ODD, 2):
        yield dict.fromkeys(form.typed, odd) or {"text": odd}
    for name in form.typed:
        for odd in (*dice.sample(ODD, 6 if IS_FULL else 1), str(2**31)):
            yield {**form.typed, name: odd}


@pytest.mark.parametrize("number", [str(2**31), str(2**63), "-" + "9" * 30])
@pytest.mark.parametrize("name", ["volunteer_id", "ranking_id"])
def test_a_number_in_a_body_that_no_row_can_have_names_nothing(
    any_world: World, any_database_url: str, name: str, number: str
) -> None:
    app = create_app(make_settings(any_database_url, second_factor=False), clock=lambda: any_world.now)
    need, volunteer = any_world.need(), any_world.volunteer()
    typed = {"volunteer_id": str(volunteer.id), "ranking_id": "", name: number}
    visitor = Visitor(app, any_world.coordinator().account)
    any_world.session.rollback()

    answer = visitor.post(f"/reviews/{need.id}/people", typed, page="/contact")

    assert answer.status == (404 if name == "volunteer_id" else 303)
    let_go(app)


def test_a_name_with_a_nul_offers_nothing(any_world: World, any_database_url: str) -> None:
    app = create_app(make_settings(any_database_url, second_factor=False), clock=lambda: any_world.now)

    assert app.test_client().get("/associations/names?q=a%00b").json == []
    let_go(app)


@pytest.mark.parametrize("blank", [" ", "\t", "\x85", "\u2028"])
@pytest.mark.parametrize("form", ["answers.act no", "missions.act no", "lines.telephone: no"])
def test_blanks_are_no_reason(app: Flask, world: World, form: str, blank: str) -> None:
    prepared = FORMS[form](world, app)
    world.session.rollback()
    visitor = Visitor(app, prepared.sender)

    answer = visitor.post(prepared.address, {**prepared.typed, "reason": blank}, page="/contact")

    assert answer.status in (200, 302, 303, 422)
