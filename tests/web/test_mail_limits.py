"""Nobody is spammed by what others ask for: mails to one address are limited, whoever asks; the page tells nothing."""

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from tests.factories import World
from tests.web import mailed
from tests.web.visiting import Answer, Visitor
from web.extensions import limiter

TYPED = {"name": "Mallory", "password": "tout autre chose 77", "is_adult": "y"}


def from_place(app: Flask, number: int) -> Visitor:
    """Somebody at a place of her own."""
    visitor = Visitor(app)
    visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
    return visitor


def sign_up(app: Flask, number: int, email: str) -> Answer:
    """Somebody else signs up with an address, from a place of her own."""
    return from_place(app, number).post("/register/volunteer", {**TYPED, "email": email}, page="/register?as=volunteer")


def words_of(answer: Answer, email: str) -> str:
    return answer.text.replace(email, "")


def test_the_owner_of_a_known_address_is_told_of_three_sign_ups_an_hour(app: Flask, world: World) -> None:
    owner = world.account()
    spellings = [owner.email, owner.email.upper(), f" {owner.email}", owner.email.replace("example", "ｅxample")]

    answers = [sign_up(app, n, spellings[n % 4]) for n in range(8)]

    assert mailed.codes(world) == [("already_registered", owner.email)] * 3
    assert {answer.status for answer in answers} == {200}
    assert words_of(answers[0], owner.email) == words_of(answers[4], owner.email)


def test_the_page_of_an_unknown_address_says_the_same_beyond_the_limit(app: Flask, world: World) -> None:
    known, unknown = world.account().email, "nobody@example.org"

    answers = [[words_of(sign_up(app, n, email), email) for n in range(5)] for email in (known, unknown)]

    assert len({words for each in answers for words in each}) == 1
    assert [code for code, address in mailed.codes(world) if address == unknown] == ["confirm_address"]


def test_a_new_password_is_asked_for_three_times_an_hour_whoever_asks(app: Flask, world: World) -> None:
    owner = world.account(password="x")
    spellings = [owner.email, owner.email.upper(), owner.email.replace("example", "ｅxample"), owner.email]

    statuses = [from_place(app, n).post("/reset", {"email": each}).status for n, each in enumerate(spellings)]

    assert statuses == [200, 200, 200, 429]
    assert len(mailed.codes(world)) == 3


def test_no_address_stands_where_requests_are_counted(app: Flask, world: World) -> None:
    account = world.account(is_confirmed=False, password="x")
    Visitor(app, account).post("/confirm/again", page="/account")
    from_place(app, 1).post("/reset", {"email": account.email})
    sign_up(app, 2, account.email)

    storage = limiter.storage
    assert isinstance(storage, MemoryStorage)
    assert len([key for key in storage.storage if "confirm" in key or "sign-up" in key]) >= 2
    assert not [key for key in storage.storage if account.email.partition("@")[0] in key]


@pytest.mark.parametrize("path", ["/account/address-works", "/confirm/again"])
def test_what_one_asks_for_oneself_is_limited_wherever_one_asks_from(app: Flask, world: World, path: str) -> None:
    account = world.account(is_confirmed=False)
    visitor = Visitor(app, account)

    statuses = []
    for n in range(4):
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        statuses.append(visitor.post(path, page="/account").status)

    assert statuses == [303, 303, 303, 429]
    assert len(mailed.codes(world)) == 3


def test_one_address_is_invited_three_times_an_hour_whoever_asks(app: Flask, world: World) -> None:
    association = world.association()
    address, visitor = f"/associations/{association.id}/invite", Visitor(app, association.members[0])

    statuses = []
    for n in range(4):
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        statuses.append(visitor.post(address, {"email": "guest@example.org"}).status)

    assert statuses == [303, 303, 303, 429]
    assert visitor.post(address, {"email": "other@example.org"}).status == 303


def test_a_name_that_was_mistyped_is_no_mail_and_does_not_count(app: Flask, world: World) -> None:
    association, visitor = world.association(), Visitor(app, world.account())

    typed = [*["No such association"] * 4, association.name]
    statuses = [visitor.post("/associations/join", {"known": each}).status for each in typed]

    assert statuses == [422, 422, 422, 422, 303]


def test_one_asks_to_join_three_times_an_hour_wherever_one_asks_from(app: Flask, world: World) -> None:
    association, visitor = world.association(), Visitor(app, world.account())

    statuses = []
    for n in range(4):
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        statuses.append(visitor.post("/associations/join", {"known": association.name}).status)

    assert statuses == [303, 303, 303, 429]
