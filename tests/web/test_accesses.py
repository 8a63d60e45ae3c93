"""The pages of the audit log: in words, paginated, with an empty state, and without anybody's name."""

import pytest
from flask import Flask

from matcher.access_codes import AccessReason
from matcher.database import transaction
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.services import accesses, audit, contacts, names
from tests.factories import World
from tests.web.visiting import Visitor

NAME = "Zyxomma Rudder"


@pytest.fixture
def pairing(world: World) -> Pairing:
    """A mission whose contacts a coordinator and an administrator have opened."""
    made = world.pairing(PairingStatus.CONFIRMED)
    made.volunteer.account.name = NAME
    coordinator, administrator = world.coordinator(), world.administrator()
    coordinator.account.name = administrator.account.name = NAME
    association_id, why = made.need.association_id, AccessReason.COMPLAINT
    world.session.commit()
    with transaction(world.session) as session:
        names.open_name(session, coordinator, world.now, volunteer_id=made.volunteer_id)
        contacts.open_contacts(session, administrator, world.now, pairing_id=made.id, reason=why)
        accesses.open_members(session, administrator, world.now, association_id=association_id, reason=why)
    return made


def test_each_reader_is_told_in_words_and_nobody_is_named(world: World, app: Flask, pairing: Pairing) -> None:
    branch = world.home.name("en")
    complaint = "A complaint or a danger was reported"
    association = pairing.need.association
    readers = {
        "/account/accesses": (
            pairing.volunteer.account,
            [f"Coordination, {branch} Opened your name", "Administration Opened the contacts of one", complaint],
        ),
        f"/associations/{association.id}/accesses": (
            association.members[0],
            ["Administration Opened the contacts of a mission", "names and addresses of an association", complaint],
        ),
        "/board/accesses": (world.coordinator().account, [f"Coordination, {branch} Opened a volunteer", "pairing 1"]),
        "/admin/accesses": (
            world.administrator().account,
            [f"Coordination, {branch} (account {world.coordinator().account_id})", "pairing 1", complaint],
        ),
        "/admin/accesses?show=openings": (world.administrator().account, [complaint]),
    }
    for address, (account, words) in readers.items():
        answer = Visitor(app, account).get(address)
        table = answer.page.select_one("main table").get_text(" ", strip=True)
        assert [each for each in words if each not in table] == [], address
        assert NAME not in table
    shown = Visitor(app, world.administrator().account).get("/admin/accesses?show=rights&page=x")
    assert "No such entry" in shown.text


def test_who_was_never_looked_at_is_told_so_and_finds_the_page(world: World, app: Flask) -> None:
    nobody = Visitor(app, world.volunteer().account)
    assert "Nobody has looked" in nobody.get("/account/accesses").text
    assert nobody.get("/account").page.select("a[href='/account/accesses']")
    association = world.association()
    member = Visitor(app, association.members[0])
    assert "Nothing yet" in member.get(f"/associations/{association.id}/accesses").text
    own = f"/associations/{association.id}"
    assert member.get(own).page.select(f"a[href='{own}/accesses']")
    coordinator = Visitor(app, world.coordinator().account)
    assert "Nothing yet" in coordinator.get("/board/accesses").text
    assert coordinator.get("/board").page.select("a[href='/board/accesses']")
    assert not coordinator.get("/board").page.select("a[href='/admin/accesses']")
    administrator = Visitor(app, world.administrator().account)
    assert administrator.get("/board").page.select("a[href='/admin/accesses']")


def test_a_long_list_has_pages_that_keep_what_was_chosen(world: World, app: Flask, pairing: Pairing) -> None:
    with transaction(world.session) as session:
        for _ in range(25):
            names.open_name(session, world.coordinator(), world.now, volunteer_id=pairing.volunteer_id)
    reader = Visitor(app, world.administrator().account)

    first = reader.get("/admin/accesses?show=openings")

    (following,) = first.page.select("a[rel=next]")
    assert following["href"] == "/admin/accesses?show=openings&page=2"
    assert len(first.page.select("main tbody tr")) == 20
    assert len(reader.get(following["href"]).page.select("main tbody tr")) == 10


def test_a_backup_is_read_by_administrators_among_the_openings_and_by_nobody_else(world: World, app: Flask) -> None:
    volunteer = world.volunteer()
    world.run(audit.note_backup)

    for address in ("/admin/accesses", "/admin/accesses?show=openings"):
        page = Visitor(app, world.administrator().account).get(address)
        table = page.page.select_one("main table").get_text(" ", strip=True)
        assert "The service itself Made a backup of all data –" in table
    for address, account in {
        "/account/accesses": volunteer.account,
        "/board/accesses": world.coordinator().account,
    }.items():
        assert "backup" not in Visitor(app, account).get(address).text
