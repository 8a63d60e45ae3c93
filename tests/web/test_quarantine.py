"""The quarantine on the pages: administrators are told everywhere, and lift it in the way that they choose."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher import outbox
from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine
from matcher.models.states import PairingStatus
from matcher.services import quarantine
from tests.factories import World
from tests.web.visiting import Answer, Visitor


@pytest.fixture
def administrator(world: World) -> Account:
    """Somebody who may lift it."""
    return world.administrator().account


@pytest.fixture
def mails(world: World) -> list[int]:
    """A mail written before a restore and one written since; a quarantine is in force."""
    world.forget_mails()
    for _ in range(2):
        with transaction(world.session) as session:
            outbox.add(session, outbox.SendMail(MailCode.NEED_OPENED.value, 1), world.now)
            if session.scalar(sa.select(sa.func.count(Quarantine.id))) == 0:
                since = world.now + timedelta(minutes=1)
                session.add(Quarantine(since=since, data_of=world.now - timedelta(1), reason="restored"))
        world.now += timedelta(minutes=2)
    return [row.id for row in world.messages("send_mail")]


def test_administrators_are_told_on_every_page_and_nobody_else(
    app: Flask, world: World, administrator: Account, mails: list[int]
) -> None:
    for address in ("/", "/needs", "/no-such-page"):
        assert "restored from a backup" in Visitor(app, administrator).get(address).text
        assert "restored from a backup" not in Visitor(app).get(address).text
        coordinator = world.coordinator().account
        assert "restored from a backup" not in Visitor(app, coordinator).get(address).text


def test_the_page_says_what_waits(app: Flask, administrator: Account, mails: list[int]) -> None:
    text = Visitor(app, administrator).get("/admin/quarantine").text

    assert text.count("waiting 1 mail ") == 2
    assert "8 September" not in text
    assert "6 September" in text


@pytest.mark.parametrize(("chosen", "old"), [("discard", quarantine.DISCARDED), ("send", None)])
def test_she_lifts_it_in_the_way_that_she_chose(
    app: Flask, world: World, administrator: Account, mails: list[int], chosen: str, old: str | None
) -> None:
    client = Visitor(app, administrator)

    first, second = (client.post(f"/admin/quarantine/{chosen}", page="/") for _ in range(2))

    assert (first.status, second.status) == (303, 303)
    assert "it has been lifted already" in client.get(str(second.location)).html
    world.session.rollback()
    world.session.expire_all()
    assert [world.session.get(OutboxRow, row_id).outcome for row_id in mails] == [old, None]
    assert not quarantine.active(world.session)
    assert world.session.scalars(sa.select(Quarantine.lifted_by_id)).all() == [administrator.id]


def test_discarding_says_what_is_given_up_kind_by_kind_and_asks(
    app: Flask, world: World, administrator: Account, mails: list[int]
) -> None:
    pairings = [world.pairing(PairingStatus.APPROVED) for _ in range(2)]
    with transaction(world.session) as session:
        for each in pairings:
            outbox.add(session, outbox.SendInvitation(each.id), world.now - timedelta(days=1))
    client = Visitor(app, administrator)

    asked = client.get("/admin/quarantine/discard")

    assert "3 mails were written before the restore" in asked.text
    assert "Invitation 2 Mail 1" in asked.text
    assert "This cannot be undone" in asked.text
    assert quarantine.active(world.session), "opening the page lifts nothing"
    assert _posts(asked) == ["/admin/quarantine/discard"]
    assert _posts(client.get("/admin/quarantine")) == ["/admin/quarantine/send"]


def test_discarding_asks_too_when_no_mail_waits(app: Flask, world: World, administrator: Account) -> None:
    with transaction(world.session) as session:
        session.add(Quarantine(since=world.now, data_of=world.now - timedelta(1), reason="restored"))

    assert "No mail waits from before the restore" in Visitor(app, administrator).get("/admin/quarantine/discard").text


def test_back_after_lifting_leads_to_the_page_that_says_so(
    app: Flask, administrator: Account, mails: list[int]
) -> None:
    client = Visitor(app, administrator)
    client.post("/admin/quarantine/discard", page="/admin/quarantine/discard")

    again = client.get("/admin/quarantine/discard")

    assert (again.status, again.location) == (303, "/admin/quarantine")


@pytest.mark.parametrize("who", ["coordinator", "volunteer"])
def test_others_neither_see_nor_lift_it(app: Flask, world: World, mails: list[int], who: str) -> None:
    account = world.coordinator().account if who == "coordinator" else world.volunteer().account
    client = Visitor(app, account)

    assert client.get("/admin/quarantine").status == 403
    assert client.get("/admin/quarantine/discard").status == 403
    assert client.post("/admin/quarantine/send", page="/").status == 403
    assert client.post("/admin/quarantine/discard", page="/").status == 403
    assert quarantine.active(world.session)


def test_without_a_quarantine_the_page_says_so(app: Flask, administrator: Account) -> None:
    client = Visitor(app, administrator)

    assert "No quarantine is in force" in client.get("/admin/quarantine").text
    assert "restored from a backup" not in client.get("/").text


def _posts(answer: Answer) -> list[str]:
    """The addresses to which the page's own forms are posted."""
    return [str(form["action"]) for form in answer.page.select("main form")]
