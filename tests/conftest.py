"""Fixtures every test may use: real PostgreSQL, Redis, SMTP sink and browser. It makes no schema and no data.

Servers start when the first test asks, once per session, shared by the workers of pytest-xdist.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import chromium, databases, keeper
from tests.servers.smtp import SmtpSink

pytest_plugins = ["tests.database"]
DOOR = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the keeper of the servers in the process that was called, hand its address to the others."""
    handed = getattr(config, "workerinput", None)
    if handed is not None:
        config.stash[DOOR] = Path(handed["keeper"])
        return
    session = contextlib.ExitStack()
    config.stash[DOOR] = session.enter_context(keeper.kept())
    config.add_cleanup(session.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist where the keeper is."""
    node.workerinput["keeper"] = str(node.config.stash[DOOR])  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def postgres_server_url(pytestconfig: pytest.Config) -> str:
    """Address of a PostgreSQL (database `postgres`) whose user may create databases."""
    return os.environ.get("TEST_DATABASE_URL") or keeper.ask(pytestconfig.stash[DOOR], "postgres")


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """Address of an empty database of this test's own."""
    with databases.fresh(postgres_server_url) as url:
        yield url


@pytest.fixture(scope="session")
def redis_server_url(pytestconfig: pytest.Config) -> str:
    """Address of a Redis, without a database number."""
    return os.environ.get("TEST_REDIS_URL") or keeper.ask(pytestconfig.stash[DOOR], "redis")


@pytest.fixture
def redis_url(redis_server_url: str) -> Iterator[str]:
    """Address of this worker's own Redis database, empty before and after."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    url = f"{redis_server_url.rstrip('/')}/{int(worker.removeprefix('gw')) + 1}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A real SMTP server on a free port that keeps what it receives."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Path of a Chromium that starts."""
    return chromium.program()


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """One headless Chromium for the whole session of this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=list(chromium.FLAGS),
            env=dict(chromium.environment(chromium_path)),
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own context: no cookie of another test."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    yield context.new_page()
    context.close()
