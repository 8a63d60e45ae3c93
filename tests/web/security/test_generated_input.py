"""Input made by lot, in every form and every query, on both databases: no 500, and what is refused leaves nothing."""

from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import strategies as st

from tests.factories import World
from tests.faults.forms import Form
from tests.faults.twice import differing, rows_of
from tests.settings import make_settings
from tests.web.security.generated import RECIPES, Pairs, as_bytes, played, written
from tests.web.security.planting import plant
from tests.web.security.posting import Stock, let_go, stocked
from tests.web.security.test_odd_input import ASKED, REFUSED, Copied, Property, any_copy
from tests.web.visiting import Visitor
from web import create_app

__all__ = ["any_copy"]  # a fixture
FORM = "application/x-www-form-urlencoded"
QUERY = dict.fromkeys(ASKED, "1")


def place(number: int) -> str:
    """Another place for each request, so that none is refused for its number."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def post(app: Flask, form: Form, pairs: Pairs, number: int) -> int:
    """Send a body to a form with the right token of its page; return the status."""
    visitor = Visitor(app, form.sender)
    visitor.client.environ_base["REMOTE_ADDR"] = place(number)
    token = visitor._token("/contact")
    body = written([*pairs, (b"csrf_token", as_bytes(token))])
    return visitor.client.post(form.address, data=body, content_type=FORM).status_code


def in_turn(stock: Stock, url: str) -> Iterator[Form]:
    """Each form again and again, those with fields first; on PostgreSQL from the middle, for the short form's sake."""
    forms = sorted(stock.forms.values(), key=lambda form: not form.typed)
    middle = len(forms) // 2 if url.startswith("postgresql") else 0
    return cycle(forms[middle:] + forms[:middle])


def test_no_form_answers_what_was_made_by_lot_with_an_error_of_ours_or_keeps_half_of_it(
    sqlite_template: Path, tmp_path: Path, any_copy: Copied, record_property: Property
) -> None:
    numbers, refused, stocks = count(1), 0, stocked(sqlite_template, tmp_path)
    fullest = max(stocks, key=lambda stock: len(stock.forms))
    with any_copy(fullest) as url:
        app, before, forms = fullest.app(url), rows_of(url), in_turn(fullest, url)

        def play(data: st.DataObject) -> None:
            nonlocal before, refused
            form, number = next(forms), next(numbers)
            pairs = data.draw(RECIPES).of(form.typed)
            status = post(app, form, pairs, number)
            assert status < 500, (form.address, pairs)
            after = rows_of(url)
            if status in REFUSED:
                refused += 1
                assert set(differing(before, after)) - {"sign_ins"} == set(), (form.address, pairs, status)
            before = after

        played(play)
        let_go(app)
    record_property("cases", next(numbers) - 1)
    assert refused, "much of it is refused"


def test_no_page_answers_a_query_made_by_lot_with_an_error_of_ours(
    any_world: World, any_database_url: str, record_property: Property
) -> None:
    app = create_app(make_settings(any_database_url, second_factor=False), clock=lambda: any_world.now)
    planted, numbers = plant(any_world), count(1)
    any_world.session.rollback()
    visitors = {who: Visitor(app, account) for who, account in planted.people.items()}
    pages = [(who, path) for who, paths in planted.pages.items() for path in paths]

    def play(data: st.DataObject) -> None:
        who, path = data.draw(st.sampled_from(pages))
        pairs = data.draw(RECIPES).of(QUERY)
        client = visitors[who].client
        client.environ_base["REMOTE_ADDR"] = place(next(numbers))
        status = client.get(path, query_string=written(pairs).decode()).status_code
        assert status < 500, (who, path, pairs)

    played(play)
    let_go(app)
    record_property("cases", next(numbers) - 1)


@pytest.mark.parametrize("typed", [{}, {"a": "1", "b": "2"}])
def test_what_is_drawn_is_neither_always_right_nor_the_same(typed: dict[str, str]) -> None:
    drawn: list[bytes] = []

    played(lambda data: drawn.append(written(data.draw(RECIPES).of(typed))))

    assert len(set(drawn)) > len(drawn) // 2
    assert any(b"%ED%A" in each for each in drawn), "half surrogates are among them"
