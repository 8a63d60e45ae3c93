"""What the log says of signing in, of limits and of form tokens: each thing once, by id or keyed hash, nobody named."""

from collections.abc import Callable, MutableMapping
from typing import Any

import pytest
from flask_security.utils import hash_password
from structlog.testing import capture_logs

from tests.factories import World
from tests.settings import make_settings
from tests.web import mailed
from tests.web.security.test_second_factor import PASSWORD, Owner, give
from tests.web.visiting import Visitor
from web import create_app

NEW = "un tout autre secret"
Line = MutableMapping[str, Any]


@pytest.fixture
def owner(world: World, sqlite_url: str) -> Owner:
    """A coordinator with a second factor and a password, where second factors are demanded."""
    app = create_app(make_settings(sqlite_url), clock=lambda: world.now)
    owner = Owner.of(app, world)
    with app.test_request_context():
        owner.account.password = hash_password(PASSWORD)
    world.session.commit()
    return owner


def signing_in(owner: Owner) -> None:
    visitor = Visitor(owner.app)
    visitor.post("/sign-in", {"email": owner.account.email, "password": PASSWORD})
    give(visitor, owner.code())


def a_wrong_password(owner: Owner) -> None:
    Visitor(owner.app).post("/sign-in", {"email": owner.account.email, "password": "wrong"})


def a_wrong_code(owner: Owner) -> None:
    give(owner.at_the_code(), owner.wrong())


def a_wrong_recovery_code(owner: Owner) -> None:
    owner.at_the_code().post("/sign-in/recovery", {"code": "0000-0000-0000"})


def a_wrong_password_again(owner: Owner) -> None:
    Visitor(owner.app, owner.account).post("/account/verify", {"password": "wrong"})


def another_password(owner: Owner) -> None:
    typed = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    Visitor(owner.app, owner.account).post("/account/password", typed)


def a_wrong_present_password(owner: Owner) -> None:
    typed = {"password": "wrong", "new_password": NEW, "new_password_confirm": NEW}
    Visitor(owner.app, owner.account).post("/account/password", typed)


def a_new_password_by_mail(owner: Owner) -> None:
    Visitor(owner.app).post("/reset", {"email": owner.account.email})
    choose = mailed.link(owner.app, owner.world, "reset_password")
    Visitor(owner.app).post(choose, {"password": NEW, "password_confirm": NEW})


def a_limit(owner: Owner) -> None:
    for _ in range(4):
        Visitor(owner.app, owner.account).post("/confirm", {"email": "nobody-here@example.org"}, page="/account/verify")


def no_form_token(owner: Owner) -> None:
    Visitor(owner.app, owner.account).client.post("/language", data={"language": "fr"})


def a_forbidden_page(owner: Owner) -> None:
    Visitor(owner.app, owner.account).get("/admin/people")


# What is done; what the log says of it, and by which fields besides who it was.
CASES: dict[str, tuple[Callable[[Owner], None], list[dict[str, object]]]] = {
    "signing in with a code": (signing_in, [{"event": "code asked for"}, {"event": "signed in", "by": "code"}]),
    "a wrong password": (a_wrong_password, [{"event": "sign-in refused", "wrong": "password"}]),
    "a wrong code": (a_wrong_code, [{"event": "sign-in refused", "wrong": "code"}]),
    "a wrong recovery code": (a_wrong_recovery_code, [{"event": "sign-in refused", "wrong": "recovery code"}]),
    "a wrong password again": (a_wrong_password_again, [{"event": "sign-in refused", "wrong": "password again"}]),
    "another password": (
        another_password, [{"event": "signed in", "by": "present password"}, {"event": "password changed"}],
    ),
    "a wrong present password": (
        a_wrong_present_password, [{"event": "sign-in refused", "wrong": "present password"}],
    ),
    "a new password by mail": (a_new_password_by_mail, [{"event": "password reset"}]),
    "a limit": (a_limit, [{"event": "limit reached", "endpoint": "security.send_confirmation"}]),
    "no form token": (no_form_token, [{"event": "form token refused", "endpoint": "home.language"}]),
    "a forbidden page": (a_forbidden_page, []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_log_says_it_once_and_names_nobody(owner: Owner, case: str) -> None:
    act, expected = CASES[case]
    with capture_logs() as written:
        act(owner)

    told = [line for line in written if line["event"] != "request done"]
    about = [{key: line[key] for key in ("event", "by", "wrong", "endpoint") if key in line} for line in told]
    assert about == expected
    for line in told:
        by_address = line["event"] == "sign-in refused" and line["wrong"] == "password"
        assert ("address" in line) is by_address, line
        assert line.get("account", owner.account.id) == owner.account.id
        assert "account" in line or by_address
    named = (owner.account.email, owner.account.name, owner.account.fs_uniquifier, PASSWORD, NEW)
    assert [each for each in named if each in str(written)] == []


def test_each_request_says_whose_it_was(owner: Owner) -> None:
    with capture_logs() as written:
        a_forbidden_page(owner)
        Visitor(owner.app).get("/contact")

    done: list[Line] = [line for line in written if line["event"] == "request done"]
    assert [(line["endpoint"], line["status"], line["account"]) for line in done] == [
        ("people.index", 403, owner.account.id),
        ("pages.contact", 200, None),
    ]
