"""Every route is guarded or marked public, and no GET writes."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import IntegerConverter

from matcher.models.states import NeedStatus, PairingStatus
from tests.settings import make_settings
from tests.web.visiting import carry_sign_in, sign_in
from web import create_app
from web.extensions import db

WRITES = ("INSERT", "UPDATE", "DELETE")
# It answers 503 where the tables were made without migrations, as they are in this world.
READINESS = "health.ready"


def _views(app):
    for rule in app.url_map.iter_rules():
        yield rule, app.view_functions[rule.endpoint]


def _is_ours(rule):
    return not rule.endpoint.startswith(("static", "security.")) and rule.endpoint != "static"


def test_every_view_is_guarded_or_marked_public(app):
    unmarked = [rule.endpoint for rule, view in _views(app) if _is_ours(rule) and not hasattr(view, "guard")]
    assert unmarked == []


def test_signing_out_is_a_post(app):
    for rule, _ in _views(app):
        if "sign-out" in rule.rule or "logout" in rule.rule:
            assert "GET" not in rule.methods


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_no_address_names_a_row_that_cannot_be(app, number):
    adapter = app.url_map.bind("localhost")
    for rule, _ in _views(app):
        numbers = [name for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)]
        if numbers:
            values = {argument: _any_of(rule, argument) for argument in rule.arguments}
            address = adapter.build(rule.endpoint, {**values, numbers[0]: number}, next(iter(rule.methods)))
            with pytest.raises((NotFound, MethodNotAllowed)):
                adapter.match(address, "GET" if "GET" in rule.methods else "POST")


@pytest.fixture
def visited(world, sqlite_url, session):
    """A small world with something in each state of interest, and an app on its database."""
    need = world.need(NeedStatus.OPEN, seats=2)
    world.need(NeedStatus.SUBMITTED)
    world.suggest(need, [world.volunteer(), world.volunteer()])
    pairing = world.pairing(PairingStatus.CONFIRMED, need=need)
    app = create_app(make_settings(sqlite_url, second_factor=False))
    people = {
        "anonymous": None,
        "volunteer": pairing.volunteer.account,
        "member": world.member(need).account,
        "coordinator": world.coordinator(need.branch).account,
        "administrator": world.administrator().account,
    }
    ids = {"need_id": need.id, "pairing_id": pairing.id, "volunteer_id": pairing.volunteer_id}
    ids |= {"association_id": need.association_id, "branch_id": need.branch_id}
    session.commit()
    return app, people, ids


def _addresses(app, ids):
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            values = {argument: ids.get(argument, _any_of(rule, argument)) for argument in rule.arguments}
            yield rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, values)


def _any_of(rule, argument):
    """A value that the rule's converter takes."""
    choices = getattr(rule._converters[argument], "items", None)
    return sorted(choices)[0] if choices else "1"


@pytest.mark.parametrize("who", ["anonymous", "volunteer", "member", "coordinator", "administrator"])
def test_no_get_writes_and_none_fails(visited, who):
    app, people, ids = visited
    account = people[who]
    if account is not None:
        sign_in(app, account.fs_uniquifier)
    written = []
    with app.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _cursor, statement, *_: statement.lstrip().startswith(WRITES) and written.append(statement),
        )
    for endpoint, address in _addresses(app, ids):
        client = app.test_client()
        if account is not None:
            carry_sign_in(client, account.fs_uniquifier)
        answer = client.get(address)
        assert answer.status_code < 500 or endpoint == READINESS, (endpoint, address)
        assert written == [], (endpoint, address, written)


def test_the_app_starts_with_an_empty_database(app):
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT 1")) == 1
