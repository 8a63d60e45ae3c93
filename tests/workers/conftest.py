"""What the tests of the workers share: settings, a runtime on each database, mails that are kept instead of sent."""

from collections.abc import Iterator

import pytest

from matcher.settings import SECRETS, Settings
from tests.factories import World
from tests.workers.far_end import FarEnd
from workers.runtime import Runtime


def environment(**facts: str) -> dict[str, str]:
    """The settings of a development installation as environment variables."""
    secrets = {name.upper(): f"{name}-of-a-test-and-long-enough-for-one" for name in SECRETS}
    return {
        "ENVIRONMENT": "development",
        "SENDING_WINDOW": "false",
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "bonjour@binome.example",
        **secrets,
        **facts,
    }


def settings_of(**facts: str) -> Settings:
    """The same, read."""
    return Settings.model_validate({name.lower(): value for name, value in environment(**facts).items()})


@pytest.fixture
def far_end() -> FarEnd:
    """The far end of SMTP: keeps what is handed over, refuses what it is told to refuse."""
    return FarEnd()


@pytest.fixture
def runtime(any_database_url: str, any_world: World, far_end: FarEnd) -> Iterator[Runtime]:
    """A worker's runtime whose clock is the world's, on each of the two databases in turn."""
    made = runtime_of(any_database_url, any_world, far_end)
    yield made
    made.engine.dispose()


def runtime_of(url: str, world: World, far_end: FarEnd, **facts: str) -> Runtime:
    """A runtime beside a world: the same database through connections of its own."""
    settings = settings_of(DATABASE_URL=url, **facts)
    return Runtime.of(settings, clock=lambda _session: world.now, send=far_end.take)
