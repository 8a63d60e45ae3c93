"""The forms of the second factor, reached as their owner does, with odd values: no 500, nothing half written."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.factories import World
from tests.faults.twice import differing, rows_of
from tests.security.form import IS_FULL
from tests.settings import make_settings
from tests.web.security.posting import let_go
from tests.web.security.test_odd_input import ODD, REFUSED
from tests.web.security.test_second_factor import Owner
from tests.web.visiting import Visitor
from web import create_app
from web.extensions import limiter

Reached = tuple[Visitor, str]


def at_the_code(owner: Owner) -> Reached:
    """Address and password were right; a code is asked."""
    return owner.at_the_code(), "/sign-in/code"


def without_the_device(owner: Owner) -> Reached:
    """The same, with a recovery code."""
    return owner.at_the_code(), "/sign-in/recovery"


def freshly_signed_in(owner: Owner) -> Visitor:
    """Signed in, with the password just given."""
    visitor = Visitor(owner.app, owner.account)
    with visitor.client.session_transaction() as cookie:
        cookie["fs_paa"] = time.time()  # the library’s own clock
    return visitor


def begins(owner: Owner) -> Reached:
    """She sets a second factor up."""
    return freshly_signed_in(owner), "/account/second-factor"


def ends(owner: Owner) -> Reached:
    """She has the key of it on her screen, and types its first code."""
    state = {"totp_secret": owner.account.tf_totp_secret, "method": "authenticator", "phone": None}
    with owner.app.test_request_context():
        token = owner.app.extensions["security"].tf_setup_serializer.dumps(state)
    return freshly_signed_in(owner), f"/account/second-factor/{token}"


def asks_for_spare_codes(owner: Owner) -> Reached:
    """She asks for new recovery codes."""
    return freshly_signed_in(owner), "/account/recovery-codes"


@dataclass(frozen=True)
class Form:
    """How one form is reached, the field in it, and the page that gives its token."""

    reach: Callable[[Owner], Reached]
    field: str
    page: str


FORMS = {
    "code": Form(at_the_code, "code", "/sign-in/code"),
    "recovery code": Form(without_the_device, "code", "/sign-in/recovery"),
    "setting up": Form(begins, "setup", "/account/verify"),
    "first code": Form(ends, "code", "/account/verify"),
    "recovery codes": Form(asks_for_spare_codes, "generate_new_codes", "/account/verify"),
}


@pytest.fixture
def strict(any_world: World, any_database_url: str) -> Flask:
    """An application that demands second factors, on both databases."""
    return create_app(make_settings(any_database_url), clock=lambda: any_world.now)


@pytest.mark.parametrize("name", FORMS)
def test_no_code_is_too_odd_and_what_is_refused_leaves_nothing(
    strict: Flask, any_world: World, any_database_url: str, name: str, record_property: Callable[[str, object], None]
) -> None:
    owner, form = Owner.of(strict, any_world), FORMS[name]
    visitor, address = form.reach(owner)
    token = visitor._token(form.page)
    odd = ODD if IS_FULL else ODD[::15]
    for value in odd:
        limiter.reset()
        before = rows_of(any_database_url)
        answer = visitor.client.post(address, data={form.field: value, "csrf_token": token})
        assert answer.status_code < 500, value
        after = rows_of(any_database_url)
        if answer.status_code in REFUSED:
            assert set(differing(before, after)) - {"sign_ins"} == set(), value
        if form.reach in {at_the_code, without_the_device}:
            assert answer.status_code in {200, 400, 422}, "she stays where the code is asked"
            assert visitor.client.get("/account").status_code == 302, "and nothing opens"
        assert answer.location is None or "/verify" not in answer.location, "the form itself answers"
    record_property("cases", len(odd))
    let_go(strict)


def test_among_odd_codes_the_right_one_is_still_good(strict: Flask, any_world: World) -> None:
    owner = Owner.of(strict, any_world)
    visitor, address = at_the_code(owner)
    for value in ODD[:5]:
        visitor.post(address, {"code": value})

    assert visitor.post(address, {"code": owner.code()}).status == 302
    assert visitor.get("/account").status == 200
    let_go(strict)
