"""The invitation: what its first lines say, its one button, its headers, its id, and its preview."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import sqlalchemy as sa

from matcher.database import transaction
from matcher.links import Links
from matcher.mail.codes import MailCode as M
from matcher.mail.compose import WITH_UNSUBSCRIBE, preview_invitation
from matcher.mail.context import LINK_OUTLIVES_BY, MailContext
from matcher.mail.message import Message
from matcher.models.account import Account
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import line
from matcher.settings import Settings
from tests import ways
from tests.factories import World
from tests.matcher.mail import scenes
from tests.matcher.mail.conftest import Composed
from tests.matcher.mail.told import EVERY, Told

Compose = Callable[..., Message | None]


def composed_again(compose_in: Compose, scene: scenes.Scene, code: M, row: int = 7) -> Message:
    message = compose_in(scene, code, row)
    assert message is not None
    return message


def test_an_invitation_says_what_for_whom_how_long_where_when_until_when_and_why(
    composed: dict[Told, Composed],
) -> None:
    scene, message = composed[Told(M.INVITATION)].scene, composed[Told(M.INVITATION)].by_language["fr"]
    opening = message.text.split("/answer/", 1)[0]

    association, coordinator = scene.need.association.name, scene.need.branch.coordinators[0].account.name
    said = ("12 heures en 5 semaines", "du 1er octobre au 4 novembre 2026", "Lyon", "jeudi 17 septembre à 10\u00a0h")
    for fact in (
        *said,
        association,
        coordinator,
        scene.need.branch.name_fr,
        "Comptabilité associative",
        "à 4,2\u00a0km",
    ):
        assert fact in opening
    assert message.subject.startswith(f"{scenes.TITLE}\u00a0: 12\u00a0h pour {association}")
    assert "Voir et répondre\u00a0:\nhttps://binome.example/answer/" in message.text


@pytest.mark.parametrize("told", EVERY, ids=str)
def test_only_what_asks_of_our_own_accord_can_be_stopped_by_one_click(
    composed: dict[Told, Composed], told: Told
) -> None:
    message = composed[told].by_language["en"]

    mail = message_from_bytes(message.as_bytes(), policy=default)
    if told.code not in WITH_UNSUBSCRIBE:
        assert mail["List-Unsubscribe"] is None
        return
    address = str(mail["List-Unsubscribe"]).strip("<>")
    assert address.startswith("https://binome.example/unsubscribe/")
    assert f"No more invitations: {address}" in message.text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_long_unsubscribe_address_is_not_folded() -> None:
    address = f"https://{'antenne.' * 12}example/unsubscribe/1.{'x' * 32}"
    headers = {"List-Unsubscribe": f"<{address}>"}
    message = Message("<1@example>", "a@example.org", "b@example.org", "Sujet", "texte", "<p>texte</p>", headers)

    assert f"List-Unsubscribe: <{address}>\r\n".encode() in message.as_bytes()


def test_a_mail_sent_again_keeps_its_id_and_its_links(world: World, compose_in: Compose) -> None:
    scene = scenes.make(world, M.YES_TO_CONTACT)

    first = composed_again(compose_in, scene, M.YES_TO_CONTACT)
    world.now += timedelta(minutes=1)
    assert composed_again(compose_in, scene, M.YES_TO_CONTACT) == first
    assert composed_again(compose_in, scene, M.YES_TO_CONTACT, row=8).message_id != first.message_id


def test_an_invitation_queued_anew_keeps_its_id_but_a_later_one_has_its_own(world: World, compose_in: Compose) -> None:
    scene = scenes.make(world, M.INVITATION)
    assert scene.pairing is not None
    first = composed_again(compose_in, scene, M.INVITATION)

    assert composed_again(compose_in, scene, M.INVITATION, row=8).message_id == first.message_id
    ways.invite(world, scene.pairing)
    ways.expire(world, scene.pairing)
    world.act(line.approve, world.coordinator(), line.Choice(scene.need.id, scene.pairing.volunteer_id))
    assert composed_again(compose_in, scene, M.INVITATION).message_id != first.message_id


def test_an_answer_link_outlives_its_invitation(world: World, compose_in: Compose) -> None:
    scene = scenes.make(world, M.INVITATION)

    composed_again(compose_in, scene, M.INVITATION)
    link = world.session.scalars(sa.select(SignedLink).where(SignedLink.purpose == LinkPurpose.ANSWER)).one()
    assert link.expires_at == world.now + timedelta(days=10) + LINK_OUTLIVES_BY


def test_a_long_title_is_cut_between_two_words_of_a_subject(world: World, compose_in: Compose) -> None:
    scene = scenes.make(world, M.NEED_OPENED)
    with transaction(world.session):
        scene.need.title = "Refaire notre suivi de trésorerie et apprendre à le tenir à jour tous les mois"

    message = composed_again(compose_in, scene, M.NEED_OPENED)
    assert message.subject.endswith("\u00a0: Refaire notre suivi de trésorerie…")
    assert scene.need.title in message.text


def test_each_member_has_a_link_of_her_own(world: World, compose_in: Compose) -> None:
    scene = scenes.make(world, M.YES_TO_MEMBERS)
    second = world.join(scene.need.association, world.account()).account

    links = {
        composed_again(compose_in, replace(scene, recipient=member), M.YES_TO_MEMBERS).text.split("/yes/")[1].split()[0]
        for member in (scene.recipient, second)
    }
    assert len(links) == 2


def test_a_preview_grants_nothing_and_writes_nothing(world: World, settings: Settings) -> None:
    need, volunteer = scenes.a_need(world, NeedStatus.OPEN), world.volunteer()
    context = MailContext(world.session, Links(settings), settings, world.now, volunteer.account, 0, need=need)

    preview = preview_invitation(context, volunteer, world.now + timedelta(days=10))
    assert scenes.TITLE in preview.text
    assert f"/reviews/{need.id}" in preview.html
    assert not world.session.new
    assert not world.session.dirty
    assert world.session.scalar(sa.select(sa.func.count(SignedLink.id))) == 0


STALE = [
    (M.INVITATION, PairingStatus.DECLINED),
    (M.INVITATION_REMINDER, PairingStatus.ACCEPTED),
    (M.YES_TO_CONTACT, PairingStatus.WITHDRAWN),
    (M.HAVE_YOU_TALKED, PairingStatus.ACTIVE),
    (M.IS_IT_FINISHED, PairingStatus.COMPLETED),
    (M.INTRODUCED, PairingStatus.REFUSED),
    (M.QUESTION_COORDINATOR, PairingStatus.INVITED),
    (M.QUESTION_ANSWERED, PairingStatus.INVITED),
    (M.FINISH_PROPOSED, PairingStatus.ACTIVE),
    (M.PROLONGATION_PROPOSED, PairingStatus.ACTIVE),
]


@pytest.mark.parametrize(("code", "status"), STALE)
def test_a_mail_that_has_lost_its_sense_is_not_composed(
    world: World, compose_in: Compose, code: M, status: PairingStatus
) -> None:
    pairing = scenes.a_pairing(world, status)
    reader: Account = scenes.reader(world, scenes.PAIRING_MOMENTS[code].role, pairing.need, pairing)

    assert compose_in(scenes.Scene(reader, pairing.need, pairing), code) is None


def test_nothing_is_written_to_an_account_that_is_closed(world: World, compose_in: Compose) -> None:
    scene = scenes.make(world, M.NEED_RECEIVED)

    with transaction(world.session):
        scene.recipient.active = False
    assert compose_in(scene, M.NEED_RECEIVED) is None
