"""Every mail in every language, composed once from a real SQLite database and read by all tests here."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from matcher.database import make_engine, make_sessions, transaction
from matcher.links import Links
from matcher.mail.codes import MailCode
from matcher.mail.compose import compose
from matcher.mail.context import MailContext
from matcher.mail.message import Message
from matcher.ranking.types import NeededSkill
from matcher.settings import SECRETS, Settings
from tests.factories import World
from tests.matcher.mail import scenes
from tests.matcher.mail.told import EVERY, Told, moment_of

PUBLIC_URL = "https://binome.example"


@dataclass(frozen=True)
class Composed:
    """One mail in both languages, with the moment that it was made for."""

    scene: scenes.Scene
    by_language: dict[str, Message]


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings of a production of our own."""
    secrets = {name: f"{name}-{'x' * 40}" for name in SECRETS}
    return Settings(
        environment="production",
        public_url=PUBLIC_URL,
        mail_from="bonjour@binome.example",
        **secrets,
    )


@pytest.fixture(scope="session")
def composed(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> Iterator[dict[Told, Composed]]:
    """All mails, each from its own need in one world."""
    path = tmp_path_factory.mktemp("mails") / "mails.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with make_sessions(engine)() as session:
        world = World(session)
        for title in ("Bâtir un budget", "Lire un bilan"):
            world.need(title=title, skills=(NeededSkill("Comptabilité associative"), NeededSkill("Tableur")))
        yield {told: _in_both_languages(world, settings, told) for told in EVERY}
    engine.dispose()


def _in_both_languages(world: World, settings: Settings, told: Told) -> Composed:
    scene = moment_of(world, told)
    by_language = {}
    for language in ("fr", "en"):
        with transaction(world.session):
            scene.recipient.language = language
        message = write(world, settings, scene, told.code)
        assert message is not None, f"{told} has no sense at its own moment"
        by_language[language] = message
    return Composed(scene, by_language)


def write(world: World, settings: Settings, scene: scenes.Scene, code: MailCode, row: int = 7) -> Message | None:
    """Compose a mail as a worker does."""
    with transaction(world.session):
        session = world.session
        context = MailContext(
            session=session,
            links=Links(settings),
            settings=settings,
            now=world.now,
            recipient=scene.recipient,
            outbox_id=row,
            need=scene.need,
            pairing=scene.pairing,
            data=scene.data,
        )
        return compose(context, code)


@pytest.fixture
def compose_in(world: World, settings: Settings) -> Callable[..., Message | None]:
    """Composes a mail of this test's own world: scene, code and perhaps the outbox row's id."""

    def run(scene: scenes.Scene, code: MailCode, row: int = 7) -> Message | None:
        return write(world, settings, scene, code, row)

    return run
