"""What stands around a mail: threads that follow the invitation, the signed return path, what one click may stop."""

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import pytest

from matcher.links import Links
from matcher.mail import envelope
from matcher.mail.codes import AccountMailCode
from matcher.mail.codes import MailCode as M
from matcher.mail.compose import WITH_UNSUBSCRIBE, AccountMail, compose_account_mail
from matcher.mail.message import Message
from matcher.mail.return_path import Purpose, find_returned
from matcher.services import answers, line
from matcher.services.suppression import address_hash
from matcher.services.wanted import SOLICITING
from matcher.settings import Settings
from tests import ways
from tests.factories import World
from tests.matcher.mail import scenes
from tests.matcher.mail.conftest import Composed, write
from tests.matcher.mail.told import EVERY, Told

Compose = Callable[..., Message | None]
# She asked for a new link herself: no question of ours, and yet she may have had enough of invitations.
ASKED_FOR_AND_STOPPABLE = {M.FRESH_INVITATION}


@pytest.fixture
def returning(settings: Settings) -> Settings:
    """The same installation, with a domain that takes what comes back."""
    return settings.model_copy(update={"bounce_domain": "bounces.binome.example"})


def written(world: World, settings: Settings, scene: scenes.Scene, code: M) -> Message:
    """A mail of this moment."""
    message = write(world, settings, scene, code)
    assert message is not None
    return message


def the_invitation(world: World, settings: Settings) -> tuple[scenes.Scene, str]:
    """Somebody who was invited, and the id of her invitation."""
    scene = scenes.make(world, M.INVITATION)
    first = written(world, settings, scene, M.INVITATION).message_id
    assert scene.pairing is not None
    ways.invite(world, scene.pairing)
    return scene, first


def follows(message: Message) -> tuple[str | None, str | None]:
    """The two headers by which mailboxes build threads, as they arrive."""
    mail = message_from_bytes(message.as_bytes(), policy=default)
    return mail["In-Reply-To"], mail["References"]


def test_what_follows_an_invitation_stands_under_it(world: World, settings: Settings) -> None:
    scene, first = the_invitation(world, settings)
    pairing = scene.pairing
    assert pairing is not None

    assert follows(written(world, settings, scene, M.INVITATION_REMINDER)) == (first, first)
    scenes.ask_and_answer(world, pairing)
    assert follows(written(world, settings, scene, M.QUESTION_ANSWERED)) == (first, first)
    world.act(answers.accept, world.volunteer_of(pairing), pairing_id=pairing.id)
    assert follows(written(world, settings, scene, M.YES_RECEIPT)) == (first, first)
    assert follows(written(world, settings, scene, M.YES_LATE)) == (first, first)


def test_a_fresh_link_and_a_later_round_each_follow_their_own_invitation(world: World, settings: Settings) -> None:
    scene, first = the_invitation(world, settings)
    pairing = scene.pairing
    assert pairing is not None
    ways.expire(world, pairing)
    world.act(line.approve, world.coordinator(), line.Choice(pairing.need_id, pairing.volunteer_id))
    second = written(world, settings, scene, M.INVITATION).message_id
    assert second != first

    ways.invite(world, pairing)
    assert follows(written(world, settings, scene, M.INVITATION_REMINDER)) == (second, second)


def test_the_invitation_itself_and_what_is_no_answer_to_it_begin_their_own_threads(
    composed: dict[Told, Composed], settings: Settings
) -> None:
    following = {told.code for told, mail in composed.items() if follows(mail.by_language["fr"]) != (None, None)}

    assert M.INVITATION not in following
    assert following <= envelope.FOLLOWING
    assert {M.INVITATION_REMINDER, M.FRESH_INVITATION, M.QUESTION_ANSWERED, M.YES_RECEIPT} <= following
    mail = AccountMail("marie@example.org", "fr", "Marie", 5)
    account = compose_account_mail(settings, Links(settings), mail, AccountMailCode.WELCOME, link=None)
    assert follows(account) == (None, None)


def test_reading_a_thread_changes_no_link(world: World, settings: Settings) -> None:
    scene, _first = the_invitation(world, settings)

    before = written(world, settings, scene, M.INVITATION_REMINDER)
    assert written(world, settings, scene, M.INVITATION_REMINDER) == before


@pytest.mark.parametrize(
    "code", sorted(envelope.ASKING - {M.INVITATIONS} if hasattr(M, "INVITATIONS") else envelope.ASKING)
)
def test_what_asks_for_an_answer_comes_back_for_its_pairing(world: World, returning: Settings, code: M) -> None:
    scene = scenes.make(world, code)

    found = find_returned(returning, str(written(world, returning, scene, code).return_path))
    assert found is not None
    assert scene.pairing is not None
    assert (found.purpose, found.subject_id) == (Purpose.INVITATION, scene.pairing.id)
    assert found.address_hash == address_hash(returning, scene.recipient.email)


@pytest.mark.parametrize("code", [M.NEED_OPENED, M.YES_TO_CONTACT, M.YES_RECEIPT, M.QUESTION_COORDINATOR])
def test_any_other_mail_comes_back_for_its_reader(world: World, returning: Settings, code: M) -> None:
    scene = scenes.make(world, code)

    found = find_returned(returning, str(written(world, returning, scene, code).return_path))
    assert found is not None
    assert (found.purpose, found.subject_id) == (Purpose.MAIL, scene.recipient.id)


@pytest.mark.parametrize("account_id", [None, 41])
def test_a_mail_of_an_account_comes_back_for_it_or_for_nobody_yet(returning: Settings, account_id: int | None) -> None:
    mail = AccountMail("marie@example.org", "fr", "Marie", 5, account_id=account_id)

    message = compose_account_mail(returning, Links(returning), mail, AccountMailCode.WELCOME, link=None)
    found = find_returned(returning, str(message.return_path))
    assert found is not None
    assert (found.purpose, found.subject_id) == (Purpose.ACCOUNT_MAIL, account_id or 0)


def test_the_return_path_stands_in_no_header(world: World, returning: Settings) -> None:
    scene = scenes.make(world, M.INVITATION)

    assert b"bounces.binome.example" not in written(world, returning, scene, M.INVITATION).as_bytes()


def test_one_click_stops_what_we_send_of_our_own_accord_and_nothing_that_she_waits_for(
    composed: dict[Told, Composed],
) -> None:
    stoppable = {told for told in EVERY if "List-Unsubscribe" in composed[told].by_language["fr"].headers}

    assert {told.code for told in stoppable} == set(WITH_UNSUBSCRIBE) == set(SOLICITING) | ASKED_FOR_AND_STOPPABLE
    for told in stoppable:
        headers = composed[told].by_language["fr"].headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"].startswith("<https://")
