"""Mails that come back: what their owner reads and presses, the link that proves it, and the administrators' page."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.outbox import OutboxRow
from matcher.models.suppression import Suppression, SuppressionReason
from matcher.queries.suppressions import MOST_OWNERS, figures
from matcher.sealed import unseal
from matcher.services import suppression
from tests.factories import World
from tests.web.linking import dump, path_of
from tests.web.visiting import Visitor


def close(app: Flask, world: World, account: Account, reason: SuppressionReason, days: int | None = None) -> None:
    """Close the address of an account."""
    until = world.now + timedelta(days=days) if days else None
    settings = app.extensions["binome"].settings
    with transaction(world.session) as session:
        suppression.suppress(session, settings, account.email, world.now, reason=reason, until=until)
        suppression.adopt(session, settings, account)


def is_closed(app: Flask, world: World, account: Account) -> bool:
    """Whether no mail leaves to the account."""
    world.session.rollback()
    return suppression.is_suppressed(world.session, app.extensions["binome"].settings, account.email, world.now)


@pytest.mark.parametrize("page", ["/account", "/profile"])
def test_somebody_whose_mails_come_back_reads_it_on_her_page(app: Flask, world: World, page: str) -> None:
    account = world.volunteer().account
    visitor = Visitor(app, account)
    assert "do not reach you" not in visitor.get(page).text

    close(app, world, account, SuppressionReason.HARD)

    text = visitor.get(page).text
    assert f"Our e-mails to {account.email} come back" in text
    assert "My address works again" in text
    assert "reviennent" in Visitor(app, account, "fr").get(page).text


def test_a_full_mailbox_is_told_with_the_day_on_which_we_write_again(app: Flask, world: World) -> None:
    account = world.account()
    close(app, world, account, SuppressionReason.SOFT, days=7)

    assert "We write to it again from Monday 14 September" in Visitor(app, account).get("/account").text
    world.now += timedelta(days=8)
    assert "do not reach you" not in Visitor(app, account).get("/account").text


def test_a_complaint_is_not_told_as_a_bounce(app: Flask, world: World) -> None:
    account = world.account()
    close(app, world, account, SuppressionReason.COMPLAINT)

    assert "do not reach you" not in Visitor(app, account).get("/account").text


def test_her_address_opens_by_the_button_of_a_mail_and_not_before(app: Flask, world: World) -> None:
    account = world.account()
    close(app, world, account, SuppressionReason.HARD)

    assert Visitor(app, account).post("/account/address-works", page="/account").status == 303
    assert is_closed(app, world, account)
    row = world.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_account_mail")).one()
    assert (row.payload["code"], row.payload["address"]) == ("address_works", account.email)
    link = unseal(app.extensions["binome"].settings, str(row.payload["sealed_link"]))
    path = path_of(app, world, LinkPurpose.ADDRESS_WORKS, account, None)
    assert link.endswith(path)

    stranger = Visitor(app)
    before = dump(world)
    assert "You have read our e-mail" in stranger.get(path).text
    assert stranger.client.head(path).status_code == 200
    assert dump(world) == before
    assert stranger.post(path).status == 303
    assert not is_closed(app, world, account)
    assert "we write to this address again" in stranger.get(path).text


def test_the_link_for_another_purpose_opens_nothing(app: Flask, world: World) -> None:
    account = world.account()
    close(app, world, account, SuppressionReason.HARD)
    token = path_of(app, world, LinkPurpose.UNSUBSCRIBE, account, None).split("/")[-1]

    assert Visitor(app).get(f"/address-works/{token}").status == 404
    assert is_closed(app, world, account)


def test_an_administrator_opens_an_address_that_she_types(app: Flask, world: World) -> None:
    account = world.account(name="Marie Curie")
    close(app, world, account, SuppressionReason.HARD)
    visitor = Visitor(app, world.administrator().account)

    page = visitor.get("/admin/addresses")
    assert f"Account {account.id}" in page.text
    assert account.email not in page.html
    assert visitor.post("/admin/addresses", {"email": "no address"}).status == 422
    assert visitor.post("/admin/addresses", {"email": account.email.upper()}).status == 303
    assert not is_closed(app, world, account)
    assert world.session.scalars(sa.select(Suppression.id)).all() == []
    world.session.rollback()
    visitor.post("/admin/addresses", {"email": account.email})
    assert "was not closed" in visitor.get("/admin/addresses").html


def test_the_administrators_page_is_for_administrators(app: Flask, world: World) -> None:
    assert Visitor(app, world.coordinator().account).get("/admin/addresses").status == 403
    assert Visitor(app).get("/admin/addresses").status in {302, 303, 401}


def test_a_long_list_costs_no_more_statements(app: Flask, world: World) -> None:
    administrator = world.administrator().account
    close(app, world, world.account(), SuppressionReason.HARD)
    few = Visitor(app, administrator).count("/admin/addresses")
    for _ in range(6):
        close(app, world, world.account(), SuppressionReason.HARD)

    assert Visitor(app, administrator).count("/admin/addresses") == few


def test_confirming_an_address_opens_it(app: Flask, world: World) -> None:
    account = world.account(is_confirmed=False)
    close(app, world, account, SuppressionReason.HARD)
    Visitor(app, account).post("/confirm/again", page="/account")
    row = world.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == "send_account_mail")).one()
    path = "/" + unseal(app.extensions["binome"].settings, str(row.payload["sealed_link"])).split("/", 3)[3]
    world.session.rollback()

    assert Visitor(app, account).post(path).status in {302, 303}
    assert not is_closed(app, world, account)


def test_of_many_whose_mails_come_back_fifty_are_read_and_the_others_counted(world: World) -> None:
    people = [world.account().id for _ in range(MOST_OWNERS + 2)]
    with transaction(world.session) as session:
        session.add_all(
            Suppression(address_hash=f"{n:032}", reason=SuppressionReason.HARD, since=world.now, account_id=each)
            for n, each in enumerate(people)
        )

    found = figures(world.session, world.administrator(), world.now)

    assert [each.account_id for each in found.owners] == people[:MOST_OWNERS]
    assert found.more_owners == 2
