"""No form is taken without the token of its own session: each POST of the URL map answers 400, and no row changes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from tests.factories import World
from tests.faults.forms import Form
from tests.faults.posts import named, points
from tests.faults.twice import differing, rows_of
from tests.web.security.posting import Stock, let_go, stocked
from tests.web.visiting import Visitor

# The button of a mail program (RFC 8058) has no session; the signed link and the fixed body stand for the token.
WITHOUT_TOKEN = frozenset({"links.one_click"})


def cases(app: Flask) -> list[str]:
    """Each POST that must have a token."""
    return sorted(points(app) - WITHOUT_TOKEN)


@pytest.fixture
def stocks(sqlite_template: Path, tmp_path: Path) -> list[Stock]:
    """Every prepared form."""
    return stocked(sqlite_template, tmp_path)


def _bare(app: Flask, known: set[str]) -> Iterator[tuple[str, Form]]:
    """The POSTs for which there is no prepared form, each with an address that leads to it."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or any(each.startswith(rule.endpoint) for each in known):
            continue
        values: dict[str, object] = {}
        for name, converter in rule._converters.items():
            items = sorted(converter.items) if isinstance(converter, AnyConverter) else []
            values[name] = items[0] if items else 1 if isinstance(converter, IntegerConverter) else "1.x"
        yield rule.endpoint, Form(None, adapter.build(rule.endpoint, values, method="POST"))


def _token_of_an_ended_session(app: Flask, form: Form) -> str:
    visitor = Visitor(app, form.sender)
    token = visitor._token("/contact")
    visitor.client.post("/sign-out", data={"csrf_token": token})
    return token


def test_no_form_is_taken_without_the_token_of_its_session(
    stocks: list[Stock], record_property: Callable[[str, object], None]
) -> None:
    refused, sent = set(), 0
    for stock in stocks:
        app = stock.app()
        stranger = Visitor(app)._token("/contact")
        ended = _token_of_an_ended_session(app, next(form for form in stock.forms.values() if form.sender))
        before = rows_of(stock.url)
        prepared = {name: form for name, form in stock.forms.items() if named(name) not in WITHOUT_TOKEN}
        others = dict(_bare(app, {named(name) for each in stocks for name in each.forms}))
        for name, form in {**prepared, **others}.items():
            visitor = Visitor(app, form.sender)
            if name in prepared:
                visitor.get("/accessibility")
            for token in ({}, {"csrf_token": ""}, {"csrf_token": stranger}, {"csrf_token": ended}):
                answer = visitor.client.post(form.address, data={**form.typed, **token})
                assert answer.status_code == 400, (name, token, answer.status_code)
                sent += 1
                assert "<h1" in answer.text or (answer.get_json(silent=True) or {}).get("problem"), name
            refused.add(named(name))
        changed = set(differing(before, rows_of(stock.url))) - {"sign_ins"}
        assert changed == set()
        let_go(app)
    assert sorted({each.split(" ")[0] for each in cases(app)} - {each.split(" ")[0] for each in refused}) == []
    record_property("cases", sent)


def test_the_token_of_a_browser_ends_with_signing_out(world: World, app: Flask) -> None:
    visitor = Visitor(app, world.volunteer().account)
    token = visitor._token("/profile")

    assert visitor.client.post("/sign-out", data={"csrf_token": token}).status_code == 302
    visitor.get("/contact")

    assert visitor.client.post("/language", data={"csrf_token": token, "language": "fr"}).status_code == 400


def test_the_token_of_the_session_is_taken_and_only_in_the_form(world: World, app: Flask) -> None:
    visitor = Visitor(app)
    token = visitor._token("/contact")

    assert visitor.client.post(f"/language?csrf_token={token}", data={"language": "fr"}).status_code == 400
    visitor.client.set_cookie("csrf_token", token)
    assert visitor.client.post("/language", data={"language": "fr"}).status_code == 400
    assert visitor.client.post("/language", data={"language": "fr", "csrf_token": token}).status_code == 302


def test_the_button_of_a_mail_program_needs_its_fixed_body(stocks: list[Stock]) -> None:
    stock = next(each for each in stocks if "links.one_click" in each.forms)
    app, form = stock.app(), stock.forms["links.one_click"]
    before = rows_of(stock.url)

    assert [Visitor(app).client.post(form.address, data=typed).status_code for typed in ({}, {"a": "b"})] == [400, 400]
    assert rows_of(stock.url) == before
    assert Visitor(app).client.post(form.address, data=form.typed).status_code == 200
    assert rows_of(stock.url) != before
    let_go(app)
