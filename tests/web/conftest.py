"""Fixtures for the pages: the application on this test's SQLite file, with the world's clock."""

import pytest
from flask import Flask

from tests.factories import World
from tests.settings import make_settings
from web import create_app


@pytest.fixture
def app(world: World, sqlite_url: str) -> Flask:
    """The web application on the world's database; its present moment is the world's."""
    return create_app(make_settings(sqlite_url, second_factor=False), clock=lambda: world.now)
