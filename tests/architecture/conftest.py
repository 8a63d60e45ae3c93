"""An application on an empty database, for tests that look at its shape."""

import pytest

from tests.settings import make_settings
from web import create_app


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The web application, as the demo has it: with all routes."""
    folder = tmp_path_factory.mktemp("architecture")
    return create_app(make_settings(f"sqlite:///{folder}/empty.db", environment="demo", demo_folder=str(folder)))
