"""Second factors: a code is good once, few may be guessed from wherever, and what is counted names nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_security.utils import hash_password
from limits.storage import MemoryStorage
from passlib.totp import TOTP

from matcher.models.account import Account
from tests.factories import World
from tests.settings import make_settings
from tests.web.visiting import Answer, Visitor
from web import create_app
from web.extensions import limiter
from web.second_factor import needs_one

PASSWORD = "quatre chevaux bleus"
STEP = timedelta(seconds=30)


@pytest.fixture
def strict(world: World, sqlite_url: str) -> Flask:
    """An application that demands second factors."""
    return create_app(make_settings(sqlite_url), clock=lambda: world.now)


@dataclass
class Owner:
    """Somebody with a second factor."""

    app: Flask
    world: World
    account: Account
    key: str

    @classmethod
    def of(cls, app: Flask, world: World, account: Account | None = None) -> "Owner":
        """Give an account, the first coordinator's unless another is given, a second factor."""
        account = account or world.coordinator().account
        with app.test_request_context():
            secret = app.extensions["security"].totp_factory.generate_totp_secret()
            key = app.extensions["security"].totp_factory.get_totp_pretty_key(secret).replace("-", "")
        account.tf_primary_method, account.tf_totp_secret = "authenticator", secret
        account.mf_recovery_codes = None
        world.session.commit()
        return cls(app, world, account, key)

    def at_the_code(self, place: str = "127.0.0.1") -> Visitor:
        """Somebody who has given the right address and password; what that leaves in the cookie, without the time."""
        visitor = Visitor(self.app)
        visitor.client.environ_base["REMOTE_ADDR"] = place
        with visitor.client.session_transaction() as cookie:
            cookie["tf_user_id"], cookie["tf_state"] = self.account.fs_uniquifier, "ready"
        return visitor

    def code(self, steps: int = 0) -> str:
        """The code of now, or of so many steps later."""
        return str(TOTP(key=self.key).generate(time=self.world.now + steps * STEP).token)

    def wrong(self) -> str:
        """A code that is not right now and will not be for hours."""
        good = {self.code(steps) for steps in range(-4, 200)}
        return next(each for each in (f"{n:06}" for n in range(1000)) if each not in good)

    def last_counter(self) -> int | None:
        self.world.session.rollback()
        return self.world.session.scalar(sa.select(Account.tf_last_counter).where(Account.id == self.account.id))


def give(visitor: Visitor, code: str, **headers: str) -> Answer:
    token = visitor._token("/sign-in/code")
    answer = visitor.client.post("/sign-in/code", data={"code": code, "csrf_token": token}, headers=headers)
    return Answer(answer.status_code, answer.location, answer.text)


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status == 200


def asked_after_the_password(owner: Owner) -> None:
    with owner.app.test_request_context():
        owner.account.password = hash_password(PASSWORD)
    owner.world.session.commit()
    visitor = Visitor(owner.app)
    answer = visitor.post("/sign-in", {"email": owner.account.email, "password": PASSWORD})
    assert str(answer.location).startswith("/sign-in/code")
    assert not is_in(visitor)
    assert give(visitor, owner.code()).status == 302
    assert is_in(visitor)


def taken_once(owner: Owner) -> None:
    first, second = owner.at_the_code(), owner.at_the_code()
    code = owner.code()
    assert give(first, code).status == 302
    assert is_in(first)
    assert give(second, code).status == 200
    assert not is_in(second)


def not_before_the_last(owner: Owner) -> None:
    first, second = owner.at_the_code(), owner.at_the_code()
    early, late = owner.code(), owner.code(steps=1)
    assert give(first, late).status == 302
    assert give(second, early).status == 200


def a_later_one_is_good(owner: Owner) -> None:
    assert give(owner.at_the_code(), owner.code()).status == 302
    assert give(owner.at_the_code(), owner.code(steps=1)).status == 302


def wrong_uses_nothing_up(owner: Owner) -> None:
    visitor = owner.at_the_code()
    assert give(visitor, owner.wrong()).status == 200
    assert owner.last_counter() is None
    assert give(visitor, owner.code()).status == 302


def old_is_wrong(owner: Owner) -> None:
    assert give(owner.at_the_code(), owner.code(steps=-4)).status == 200


def from_many_places(owner: Owner) -> None:
    statuses = [give(owner.at_the_code(f"192.0.2.{n}"), owner.wrong()).status for n in range(11)]
    assert statuses == [200] * 10 + [429]
    assert give(owner.at_the_code("198.51.100.1"), owner.code()).status == 429


def recovery_counts_too(owner: Owner) -> None:
    for n in range(5):
        give(owner.at_the_code(f"192.0.2.{n}"), owner.wrong())
    statuses = [
        owner.at_the_code(f"198.51.100.{n}").post("/sign-in/recovery", {"code": "0000-0000-0000"}).status
        for n in range(6)
    ]
    assert statuses == [200] * 5 + [429]


def forged_place(owner: Owner) -> None:
    visitor = owner.at_the_code()
    statuses = [
        give(visitor, owner.wrong(), **{"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"}).status
        for n in range(11)
    ]
    assert statuses == [200] * 10 + [429]


def others_are_not_stopped(owner: Owner) -> None:
    for n in range(11):
        give(owner.at_the_code(f"192.0.2.{n}"), owner.wrong())
    other = Owner.of(owner.app, owner.world, owner.world.account())
    assert give(other.at_the_code("198.51.100.1"), other.code()).status == 302


def password_again_from_many_places(owner: Owner) -> None:
    owner.account.password = "x"
    owner.world.session.commit()
    visitor = Visitor(owner.app, owner.account)
    statuses = []
    for n in range(16):
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        statuses.append(visitor.post("/account/verify", {"password": "wrong"}).status)
    assert statuses == [200] * 15 + [429]


def nobody_is_named(owner: Owner) -> None:
    give(owner.at_the_code(), owner.wrong())
    storage = limiter.storage
    assert isinstance(storage, MemoryStorage)
    assert [key for key in storage.storage if "codes" in key]
    named = (owner.account.email, owner.account.email.partition("@")[0], owner.account.fs_uniquifier)
    assert not [key for key in storage.storage if any(each in key for each in named)]


CASES: dict[str, Callable[[Owner], None]] = {
    "a code is asked for after the password": asked_after_the_password,
    "a code is good once": taken_once,
    "no code before the last one is taken": not_before_the_last,
    "a later code is good": a_later_one_is_good,
    "a wrong code uses nothing up": wrong_uses_nothing_up,
    "a code of two minutes ago is wrong": old_is_wrong,
    "ten wrong codes an hour from wherever": from_many_places,
    "recovery codes count with the others": recovery_counts_too,
    "a forged place changes nothing": forged_place,
    "who guesses stops nobody else": others_are_not_stopped,
    "passwords asked again are counted by account": password_again_from_many_places,
    "what is counted names nobody": nobody_is_named,
}


@pytest.mark.parametrize("case", CASES)
def test_a_second_factor_holds(strict: Flask, world: World, case: str) -> None:
    CASES[case](Owner.of(strict, world))


def test_whoever_decides_for_others_needs_one(strict: Flask, world: World) -> None:
    coordinator, administrator, visitor = world.coordinator().account, world.administrator().account, world.account()

    with strict.test_request_context("/"):
        needed = [needs_one(each) for each in (coordinator, administrator, visitor)]

    assert needed == [True, True, False]
