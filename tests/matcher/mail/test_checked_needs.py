"""Mails about a need with minors or vulnerable people: the invitation says so, both sides learn what comes first."""

import pytest

from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.settings import Settings
from tests.factories import World
from tests.matcher.mail import scenes
from tests.matcher.mail.conftest import write

SAYS = {"fr": "mineurs ou de", "en": "minors or vulnerable"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "code", [MailCode.INVITATION, MailCode.INVITATIONS, MailCode.FRESH_INVITATION, MailCode.INTRODUCED]
)
def test_the_invitation_and_the_introduction_say_whom_one_meets(
    world: World, settings: Settings, code: MailCode, language: str
) -> None:
    scene = scenes.make(world, code)
    with transaction(world.session):
        scene.recipient.language = language
    plain = write(world, settings, scene, code)
    assert scene.need is not None
    with transaction(world.session):
        scene.need.meets_vulnerable = True

    told = write(world, settings, scene, code)

    assert plain is not None
    assert told is not None
    words = " ".join(told.text.split()).replace("des mineurs ou des", "mineurs ou de")
    assert SAYS[language] in words
    assert SAYS[language] not in plain.text


def test_no_end_is_announced_while_the_check_is_awaited(world: World, settings: Settings) -> None:
    scene = scenes.make(world, MailCode.HAVE_YOU_TALKED)
    assert scene.need is not None
    with transaction(world.session):
        scene.recipient.language = "en"
        scene.need.meets_vulnerable = True

    told = write(world, settings, scene, MailCode.HAVE_YOU_TALKED)

    assert told is not None
    assert "Without news, we end it on" not in told.text
    assert "none is required" in told.text
