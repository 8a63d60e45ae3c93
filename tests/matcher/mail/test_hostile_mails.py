"""Texts that would become headers, typed into all that reaches a mail: each kind of mail keeps its own headers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.database import make_engine, make_sessions, transaction
from matcher.models.account import Account
from matcher.models.association import Association
from matcher.models.need import Need, NeedSkill
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Experience, Volunteer, VolunteerSkill
from matcher.settings import Settings
from tests.factories import World
from tests.matcher.mail.conftest import write
from tests.matcher.mail.scenes import Scene
from tests.matcher.mail.test_message import NASTY, parsed
from tests.matcher.mail.told import EVERY, Told, moment_of
from tests.security.form import IS_FULL

# What a database cannot hold is refused long before a mail is written.
TYPED = [text for text in NASTY.values() if text.encode("utf-8", "ignore").decode() == text]
HOSTILE = TYPED if IS_FULL else TYPED[::3]
Scenes = dict[Told, Scene]


@pytest.fixture(scope="module")
def scenes(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Scenes]]:
    """Each kind of mail at its moment, in one world."""
    path = tmp_path_factory.mktemp("hostile") / "mails.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with make_sessions(engine)() as session:
        world = World(session)
        yield world, {told: moment_of(world, told) for told in EVERY}
    engine.dispose()


def type_everywhere(world: World, text: str) -> None:
    """Let people have typed this wherever a mail takes words from."""
    with transaction(world.session) as session:
        session.execute(sa.update(Account).values(name=text))
        session.execute(sa.update(Association).values(name=text, description=text))
        session.execute(sa.update(Need).values(title=text, description=text, review_points=text))
        session.execute(sa.update(Volunteer).values(headline=text, description=text))
        session.execute(sa.update(Experience).values(text=text))
        for kind in (NeedSkill, VolunteerSkill):
            session.execute(sa.update(kind).values(label=text + sa.cast(kind.id, sa.String)))
        session.execute(sa.update(Pairing).values(motivation=text))
        session.execute(sa.update(Pairing).where(Pairing.answer.is_not(None)).values(answer=text))
        session.execute(sa.update(Pairing).where(Pairing.question.is_not(None)).values(question=text))


def headers(world: World, settings: Settings, told: Told, scene: Scene) -> tuple[list[str], list[str]]:
    """The names of a mail's headers, and to whom it goes."""
    message = write(world, settings, scene, told.code)
    assert message is not None, told
    mail = parsed(message.as_bytes())
    return sorted(name.lower() for name in mail), mail.get_all("to") or []


def test_no_text_that_people_type_becomes_a_header_of_any_mail(
    scenes: tuple[World, Scenes], settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    world, moments = scenes
    before = {told: headers(world, settings, told, scene) for told, scene in moments.items()}

    for text in HOSTILE:
        type_everywhere(world, text)
        for told, scene in moments.items():
            assert headers(world, settings, told, scene) == before[told], (told, text)

    record_property("cases", len(HOSTILE) * len(moments))
