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
from matcher.services import quarantine
from tests.factories import World
from tests.web.visiting import Visitor


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

    first = client.post("/admin/quarantine", {"old_mails": chosen})
    second = client.post("/admin/quarantine", {"old_mails": chosen})

    assert (first.status, second.status) == (303, 303)
    world.session.rollback()
    world.session.expire_all()
    assert [world.session.get(OutboxRow, row_id).outcome for row_id in mails] == [old, None]
    assert not quarantine.active(world.session)
    assert world.session.scalars(sa.select(Quarantine.lifted_by_id)).all() == [administrator.id]


def test_an_unknown_choice_changes_nothing(app: Flask, world: World, administrator: Account, mails: list[int]) -> None:
    answer = Visitor(app, administrator).post("/admin/quarantine", {"old_mails": "everything"})

    assert answer.status == 400
    assert quarantine.active(world.session)


@pytest.mark.parametrize("who", ["coordinator", "volunteer"])
def test_others_neither_see_nor_lift_it(app: Flask, world: World, mails: list[int], who: str) -> None:
    account = world.coordinator().account if who == "coordinator" else world.volunteer().account
    client = Visitor(app, account)

    assert client.get("/admin/quarantine").status == 403
    assert client.post("/admin/quarantine", {"old_mails": "send"}).status == 403
    assert quarantine.active(world.session)


def test_without_a_quarantine_the_page_says_so(app: Flask, administrator: Account) -> None:
    client = Visitor(app, administrator)

    assert "No quarantine is in force" in client.get("/admin/quarantine").text
    assert "restored from a backup" not in client.get("/").text
