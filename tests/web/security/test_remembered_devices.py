"""Remembered devices pass the second factor until their owner ends something; a recovery code signs in once."""

import copy
import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_security.utils import hash_password
from itsdangerous import TimestampSigner

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.sign_in import SignIn
from matcher.services import sign_ins
from tests.factories import World
from tests.settings import make_settings
from tests.web.security.test_second_factor import PASSWORD, Owner, is_in
from tests.web.visiting import Answer, Visitor
from web import create_app
from web.extensions import db


@pytest.fixture
def strict(any_world: World, any_database_url: str) -> Iterator[Flask]:
    """An application that demands second factors, on each of the two databases."""
    app = create_app(make_settings(any_database_url), clock=lambda: any_world.now)
    yield app
    with app.app_context():
        db.engine.dispose()


def with_password(visitor: Visitor, owner: Owner, **more: str) -> Answer:
    return visitor.post("/sign-in", {"email": owner.account.email, "password": PASSWORD, **more})


def remembered(owner: Owner) -> Visitor:
    """A browser of hers that passes the second factor unasked."""
    with owner.app.test_request_context():
        owner.account.password = hash_password(PASSWORD)
    owner.world.session.commit()
    visitor = Visitor(owner.app)
    with_password(visitor, owner, remember="y")
    assert visitor.post("/sign-in/code", {"code": owner.code()}).status == 302
    visitor.post("/sign-out", page="/account")
    with_password(visitor, owner)
    assert is_in(visitor), "no code was asked for"
    visitor.post("/sign-out", page="/account")
    return visitor


def elsewhere(owner: Owner) -> Visitor:
    owner.world.session.refresh(owner.account)
    return Visitor(owner.app, owner.account)


def another_sign_in(owner: Owner) -> int:
    with owner.app.app_context(), transaction(owner.world.session) as session:
        sign_ins.begin(session, owner.world.now, account_id=owner.account.id, device="", is_remembered=False)
        return session.scalars(sa.select(SignIn.id).order_by(SignIn.id.desc())).first() or 0


def ends_all_others(owner: Owner) -> Visitor:
    owner_here = elsewhere(owner)
    assert owner_here.post("/account/sign-ins/end-others", page="/account").status == 303
    return owner_here


def ends_one(owner: Owner) -> Visitor:
    one, owner_here = another_sign_in(owner), elsewhere(owner)
    assert owner_here.post(f"/account/sign-ins/{one}/end", page="/account").status == 303
    return owner_here


def sets_up_anew(owner: Owner) -> Visitor:
    owner_here = elsewhere(owner)
    state = {"totp_secret": owner.account.tf_totp_secret, "method": "authenticator", "phone": None}
    with owner.app.test_request_context():
        token = owner.app.extensions["security"].tf_setup_serializer.dumps(state)
    # The code of the next step: that of now has been used up.
    page, code = "/account/second-factor", {"code": owner.code(steps=1)}
    assert owner_here.post(f"{page}/{token}", code, page="/account/verify").location == "/account/recovery-codes"
    return owner_here


ENDINGS: dict[str, Callable[[Owner], Visitor]] = {
    "all other sign-ins are ended": ends_all_others,
    "one other sign-in is ended": ends_one,
    "the second factor is set up anew": sets_up_anew,
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_remembered_device_is_asked_for_a_code_again_once(strict: Flask, any_world: World, ending: str) -> None:
    owner = Owner.of(strict, any_world)
    thief = remembered(owner)

    owner_here = ENDINGS[ending](owner)

    assert is_in(owner_here), "her own sign-in goes on"
    answer = with_password(thief, owner)
    assert str(answer.location).startswith("/sign-in/code"), answer
    assert not is_in(thief)


def codes_of(owner: Owner) -> list[str]:
    with owner.app.test_request_context(), transaction(db.session()) as session:
        util = owner.app.extensions["security"].mf_recovery_codes_util
        return list(util.create_recovery_codes(session.get_one(Account, owner.account.id)))


def press_together(owner: Owner, codes: list[str]) -> list[int]:
    """Press with each code; where it can be seen, the account is held until all of them wait for it."""
    visitors = [owner.at_the_code() for _ in codes]
    tokens = [visitor._token("/sign-in/recovery") for visitor in visitors]
    found: list[int] = []

    def press(visitor: Visitor, token: str, code: str) -> None:
        answer = visitor.client.post("/sign-in/recovery", data={"code": code, "csrf_token": token})
        found.append(answer.status_code)

    threads = [threading.Thread(target=press, args=each) for each in zip(visitors, tokens, codes, strict=True)]
    with owner.app.app_context(), db.engine.connect() as holder:
        is_postgresql = holder.dialect.name == "postgresql"
        if is_postgresql:
            holder.execute(sa.select(Account.id).with_for_update())
        for thread in threads:
            thread.start()
        while is_postgresql and waiting(db.engine) < len(codes):
            assert all(thread.is_alive() for thread in threads)
        holder.rollback()
    for thread in threads:
        thread.join()
    return sorted(found)


def waiting(engine: sa.Engine) -> int:
    """How many of this database wait for a lock."""
    stuck = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with engine.connect() as connection:
        return int(connection.execute(sa.text(stuck)).scalar_one())


def test_one_recovery_code_pressed_twice_at_once_signs_in_once(strict: Flask, any_world: World) -> None:
    owner = Owner.of(strict, any_world)
    code = codes_of(owner)[0]

    assert press_together(owner, [code, code]) == [200, 302]


def test_two_recovery_codes_pressed_at_once_are_both_used_up(strict: Flask, any_world: World) -> None:
    owner = Owner.of(strict, any_world)
    codes = codes_of(owner)

    assert press_together(owner, codes[:2]) == [302, 302]

    any_world.session.rollback()
    any_world.session.refresh(owner.account)
    assert len(owner.account.mf_recovery_codes or []) == len(codes) - 2


def remembered_since(owner: Owner, days: int) -> str:
    """The cookie of a device that was remembered so many days ago; the library signs it by the host's clock."""

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - days * 24 * 3600

    serializer = copy.copy(owner.app.extensions["security"].tf_validity_serializer)
    serializer.signer = Earlier
    owner.world.session.refresh(owner.account)
    return str(serializer.dumps(owner.account.fs_uniquifier))


@pytest.mark.parametrize(("days", "is_asked"), [(29, False), (31, True)])
def test_a_device_is_remembered_for_thirty_days(strict: Flask, any_world: World, days: int, is_asked: bool) -> None:
    owner = Owner.of(strict, any_world)
    browser, name = remembered(owner), strict.config["SECURITY_TWO_FACTOR_VALIDITY_COOKIE_NAME"]
    cookie = browser.client.get_cookie(name)
    assert cookie is not None
    assert cookie.max_age == 30 * 24 * 3600
    browser.client.set_cookie(name, remembered_since(owner, days))

    answer = with_password(browser, owner)

    assert str(answer.location).startswith("/sign-in/code") is is_asked
    assert is_in(browser) is not is_asked
