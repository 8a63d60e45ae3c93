"""No form is forgotten: each POST of the URL map is played twice, or is an exception that has its reason."""

import pytest
from flask import Flask

from tests.faults.posts import FORMS, NOT_PLAYED, named, point_of, points
from tests.settings import make_settings
from web import create_app


@pytest.fixture
def app() -> Flask:
    """The application; no page of it is opened."""
    return create_app(make_settings("sqlite://"))


def test_each_post_is_played_twice_or_stands_among_the_exceptions(app: Flask) -> None:
    played = {named(form) for form in FORMS}

    assert sorted(points(app) - played - NOT_PLAYED.keys()) == []


def test_what_is_played_or_excepted_exists_and_is_one_of_the_two(app: Flask) -> None:
    played = {named(form) for form in FORMS}

    assert sorted((played | NOT_PLAYED.keys()) - points(app)) == []
    assert sorted(played & NOT_PLAYED.keys()) == []


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/answer/1.abc/yes", "answers.act yes"),
        ("/my/needs/3/hold", "need_steps.take hold"),
        ("/my/needs/3/edit", "my_needs.save"),
        ("/sign-out", "security.logout"),
    ],
)
def test_an_address_leads_to_its_post(app: Flask, address: str, name: str) -> None:
    assert point_of(app, address) == name
