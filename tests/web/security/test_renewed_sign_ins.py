"""Giving the password again makes a new secret: the old cookie is worthless, and this browser stays signed in."""

import pytest
from flask import Flask

from matcher.database import transaction
from matcher.models.sign_in import SignInEnd
from matcher.services import sign_ins
from tests.factories import World
from tests.web.security.test_sessions import DAY, MINUTE, PASSWORD, Stage, copied, is_in
from tests.web.visiting import Answer, Visitor


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """One account."""
    return Stage(app, world, world.account())


def secret_of(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as cookie:
        return str(cookie["sign_in"])


def gives_password(visitor: Visitor, password: str = PASSWORD) -> Answer:
    return visitor.post("/account/verify", {"password": password})


def test_the_password_once_more_makes_a_new_secret_and_the_old_cookie_worthless(stage: Stage) -> None:
    visitor = stage.typed()
    thief, before = copied(stage, visitor), secret_of(visitor)
    assert is_in(thief)

    assert gives_password(visitor).status == 302

    assert secret_of(visitor) != before
    assert is_in(visitor)
    assert not is_in(thief)
    assert len(stage.rows()) == 1, "it is the same sign-in, with its device and its begin"


def test_a_wrong_password_makes_no_new_secret(stage: Stage) -> None:
    visitor = stage.typed()
    before = secret_of(visitor)

    gives_password(visitor, "wrong")

    assert secret_of(visitor) == before
    assert is_in(visitor)


def test_other_browsers_of_the_same_person_keep_theirs(stage: Stage) -> None:
    visitor, telephone = stage.typed(), stage.browser()

    gives_password(visitor)

    assert is_in(telephone)


@pytest.mark.parametrize("ticked", [False, True])
def test_what_was_under_way_takes_the_new_secret_from_nobody(stage: Stage, *, ticked: bool) -> None:
    visitor = stage.typed(ticked=ticked)
    late = copied(stage, visitor)
    answered_before = late.client.get("/account")
    gives_password(visitor)
    answered_after = late.client.get("/account")

    assert (answered_before.status_code, answered_after.status_code) == (200, 302)
    brought = [*answered_before.headers.getlist("Set-Cookie"), *answered_after.headers.getlist("Set-Cookie")]
    assert not [cookie for cookie in brought if cookie.startswith("session=")], "it would replace the new one"
    assert is_in(visitor)


def test_a_double_press_leaves_her_signed_in_by_the_answer_that_she_sees(stage: Stage) -> None:
    visitor = stage.typed()
    first, second = [renewed(stage) for _ in range(2)]

    with visitor.client.session_transaction() as cookie:
        cookie["sign_in"] = first
    assert not is_in(copied(stage, visitor))
    with visitor.client.session_transaction() as cookie:
        cookie["sign_in"] = second
    assert is_in(visitor)


def renewed(stage: Stage) -> str:
    """The secret that a press brings which was let in before the other one was done."""
    [row] = stage.rows()
    with transaction(stage.world.session) as session:
        secret = sign_ins.verify(session, stage.world.now, sign_in_id=row.id)
    assert secret is not None
    return secret


def test_a_sign_in_that_ended_meanwhile_is_not_renewed(stage: Stage) -> None:
    stage.browser()
    [row] = stage.rows()
    with transaction(stage.world.session) as session:
        sign_ins.end_all(session, stage.world.now, account_id=stage.account.id, why=SignInEnd.SUSPENDED)
        assert sign_ins.verify(session, stage.world.now, sign_in_id=row.id) is None


def test_a_renewed_sign_in_ends_30_days_after_it_began(stage: Stage) -> None:
    visitor = stage.typed(ticked=True)
    stage.later(29 * DAY)
    gives_password(visitor)
    stage.later(DAY - MINUTE)
    assert is_in(visitor)

    stage.later(2 * MINUTE)

    assert not is_in(visitor)
