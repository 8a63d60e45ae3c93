"""Fixtures of the journeys: the embedded default for a whole module, production for one test, browsers for people."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions
from tests.factories import World
from tests.journeys.people import Town, settle
from tests.journeys.service import EMBEDDED, Installation, installed, serving
from tests.journeys.visitor import Visitor
from tests.servers.smtp import SmtpSink

Meet = Callable[[Installation, str], Visitor]
INSTALLATION = pytest.StashKey[Installation]()


def present() -> datetime:
    """The host's time, which the processes read too."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def sink() -> Iterator[SmtpSink]:
    """The mail server of this module's service."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, sink: SmtpSink) -> Installation:
    """An installation of the default, on SQLite, that has not started."""
    folder = tmp_path_factory.mktemp("embedded")
    return installed(folder, sink, f"sqlite:///{folder / 'binome.db'}")


@pytest.fixture(scope="module")
def town(embedded: Installation) -> Iterator[Town]:
    """People on the embedded default, which runs."""
    for session in session_on(embedded):
        town = town_of(session, embedded)
        with serving(embedded, EMBEDDED):
            yield town


@pytest.fixture
def production(tmp_path: Path, smtp_sink: SmtpSink, postgres_url: str, redis_url: str) -> Installation:
    """An installation on PostgreSQL and Redis that has not started."""
    return installed(tmp_path, smtp_sink, postgres_url, redis_url)


def session_on(installation: Installation) -> Iterator[Session]:
    """A session of the test beside the processes."""
    engine = make_engine(installation.database_url)
    with make_sessions(engine)() as session:
        yield session
    engine.dispose()


def town_of(session: Session, installation: Installation, began: timedelta = timedelta()) -> Town:
    """People on an installation's database; its world begins so long ago."""
    return settle(World(session, present() - began), installation.database_url)


@pytest.fixture
def meet(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Meet]:
    """Makes visitors, each with a browser of her own; when the test fails, the logs of their service are shown."""
    visitors: list[Visitor] = []

    def make(installation: Installation, language: str) -> Visitor:
        request.node.stash[INSTALLATION] = installation
        visitors.append(Visitor(browser, installation.address, language))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.close()


@pytest.fixture(params=["fr", "en"])
def writer(town: Town, embedded: Installation, meet: Meet, request: pytest.FixtureRequest) -> Visitor:
    """A member before the empty form of a new need, in each language."""
    visitor = meet(embedded, request.param)
    visitor.open("/my/needs/write")
    visitor.sign_in(town.member(request.param))
    visitor.open("/my/needs/write")
    return visitor


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Put the ends of the processes' logs beside a failure."""
    report = yield
    installation = item.stash.get(INSTALLATION, None)
    if report.failed and installation is not None:
        report.sections.append(("logs of the service", installation.logs()))
    return report
