"""Names and contacts are shown to nobody before it is written down who looks, and why where she is an administrator."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.access_codes import AccessReason
from matcher.actors import Person
from matcher.errors import ReasonIsMissing
from matcher.models.account import Account
from matcher.models.association import PendingMembership
from matcher.models.audit import AuditEntry
from matcher.models.branch import BranchCoordinator
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.queries import accesses
from matcher.services import accounts, contacts, memberships, names
from matcher.services.accounts import NewAccount
from tests.factories import World
from tests.faults.forms_of_people import closed
from tests.web.visiting import Visitor

WHY = "mail_trouble"


def written(world: World, *actions: str) -> list[tuple[str, str, int, str | None]]:
    """What the log says of some acts."""
    world.session.rollback()
    rows = sa.select(AuditEntry.action, AuditEntry.subject_kind, AuditEntry.subject_id, AuditEntry.reason)
    found = world.session.execute(rows.where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id))
    return [tuple(row) for row in found]


class Door:
    """One place where an administrator sees names or contacts: its address, and what is hidden behind it."""

    def __init__(self, name: str, world: World, app: Flask) -> None:
        """Put somebody there."""
        self.closed_page, self.action, self.subject = f"/{name}", "", ("", 0)
        getattr(self, f"_{name}")(world, app)

    def _contacts(self, world: World, _app: Flask) -> None:
        pairing = world.pairing(PairingStatus.CONFIRMED)
        self.secret = pairing.volunteer.account.email
        self.closed_page = f"/missions/{pairing.id}"
        self.address, self.action, self.subject = (
            f"{self.closed_page}/contacts",
            "open_contacts",
            ("pairing", pairing.id),
        )

    def _name(self, world: World, _app: Flask) -> None:
        need, volunteer = world.need(), world.volunteer()
        world.suggest(need, [volunteer])
        self.secret = volunteer.account.email
        self.closed_page = f"/reviews/{need.id}"
        self.address = f"{self.closed_page}/people/{volunteer.id}/name"
        self.action, self.subject = "open_name", ("volunteer", volunteer.id)

    def _members(self, world: World, _app: Flask) -> None:
        association = world.association()
        self.secret = association.members[0].email
        self.closed_page = f"/associations/{association.id}"
        self.address, self.action, self.subject = (
            f"{self.closed_page}/members",
            "open_members",
            ("association", association.id),
        )

    def _owners(self, world: World, app: Flask) -> None:
        owner = closed(world, app)
        owner = world.session.merge(owner)
        owner.name = "Zyxomma Rudder"
        world.session.commit()
        self.secret, self.closed_page = owner.name, "/admin/addresses"
        self.address, self.action, self.subject = (
            f"{self.closed_page}/names",
            "open_closed_address",
            ("account", owner.id),
        )


@pytest.mark.parametrize("name", ["contacts", "name", "members", "owners"])
def test_an_administrator_says_why_before_anything_is_shown(world: World, app: Flask, name: str) -> None:
    door = Door(name, world, app)
    reader = Visitor(app, world.administrator().account)

    before = reader.get(door.closed_page)
    asked = reader.post(door.address, page="/account")
    wrong = reader.post(door.address, {"why": "curious"}, page="/account")

    assert [before.status, asked.status, wrong.status] == [200, 200, 422]
    assert not [page for page in (before, asked, wrong) if door.secret in page.html]
    assert asked.page.select_one("h1").get_text(strip=True) == "Why do you open this?"
    assert written(world, door.action) == []

    shown = reader.post(door.address, {"why": WHY}, page="/account")

    assert door.secret in shown.html
    assert written(world, door.action)[0] == (door.action, *door.subject, WHY)
    assert {reason for *_entry, reason in written(world, door.action)} == {WHY}


def test_a_coordinator_gives_no_reason_and_is_written_down_all_the_same(world: World, app: Flask) -> None:
    door = Door("contacts", world, app)

    shown = Visitor(app, world.coordinator().account).post(door.address, {"why": WHY}, page="/account")

    assert door.secret in shown.html
    pairing = world.session.get_one(Pairing, door.subject[1])
    people = (pairing.volunteer.account_id, pairing.need.contact_id)
    seen = [door.subject, *(("account", each) for each in people)]
    assert written(world, "open_contacts") == [("open_contacts", *subject, None) for subject in seen]


@pytest.mark.parametrize("side", ["volunteer", "member", "member who coordinates"])
def test_a_side_of_a_mission_opens_nothing_in_the_name_of_the_branch(world: World, app: Flask, side: str) -> None:
    pairing = world.pairing(PairingStatus.CONFIRMED)
    account = pairing.volunteer.account if side == "volunteer" else world.member(pairing).account
    if side == "member who coordinates":
        world.session.add(BranchCoordinator(branch_id=pairing.need.branch_id, account_id=account.id))
        world.session.commit()
    page = f"/missions/{pairing.id}"

    answer = Visitor(app, account).post(f"{page}/contacts", {"why": WHY}, page=page)

    assert answer.status == 403
    assert written(world, "open_contacts") == []


def test_a_name_that_nobody_bears_was_looked_for_all_the_same(world: World, app: Flask) -> None:
    need = world.need()
    page = f"/reviews/{need.id}/people"

    Visitor(app, world.coordinator().account).post(f"{page}/named", {"name": "Zyxomma"}, page=page)

    assert written(world, "find_by_name") == [("find_by_name", "need", need.id, None)]
    found = accesses.of_association(world.session, world.member(need), need.association_id, number=1)
    assert "find_by_name" not in {row.action for row in found.rows}


def test_no_service_opens_anything_to_an_administrator_without_a_reason(world: World) -> None:
    pairing, administrator = world.pairing(PairingStatus.CONFIRMED), world.administrator()
    both = Person(administrator.account)
    for reader in (administrator, both):
        with pytest.raises(ReasonIsMissing):
            names.open_name(world.session, reader, world.now, volunteer_id=pairing.volunteer_id)
        with pytest.raises(ReasonIsMissing):
            contacts.open_contacts(world.session, reader, world.now, pairing_id=pairing.id)
    opened = names.open_name(
        world.session, both, world.now, volunteer_id=pairing.volunteer_id, reason=AccessReason.COMPLAINT
    )
    assert opened.email == pairing.volunteer.account.email


def test_an_administrator_who_coordinates_too_says_why(world: World, app: Flask) -> None:
    need, volunteer = world.need(), world.volunteer(account=world.account(name="Hélène Dupont"))
    (role,) = world.administrator().account.roles
    both = world.coordinator().account
    both.roles.append(role)
    world.session.commit()
    reader, page = Visitor(app, both), f"/reviews/{need.id}/people"

    asked = reader.post(f"{page}/named", {"name": "Dupont"}, page=page)
    typed = {each["name"]: each["value"] for each in asked.page.select("main input[type=hidden]")}
    found = reader.post(f"{page}/named", {**typed, "why": "stands_in"}, page=page)

    assert "Why do you open this?" in asked.text
    assert "1 person found" in found.text
    assert written(world, "find_by_name") == [("find_by_name", "volunteer", volunteer.id, "stands_in")]


def test_the_desk_names_the_contact_to_the_branch_and_not_to_administrators(world: World, app: Flask) -> None:
    need = world.need()
    need.contact.name = "Zyxomma Rudder"
    world.session.commit()

    assert "Zyxomma" in Visitor(app, world.coordinator().account).get(f"/reviews/{need.id}").text
    assert "Zyxomma" not in Visitor(app, world.administrator().account).get(f"/reviews/{need.id}").html


def test_a_right_that_is_given_is_named_in_the_log(world: World) -> None:
    session, giver = world.session, world.administrator()
    association = world.association()
    hers = accounts.appoint(session, giver, world.now, new=_new("a"), branch_slug=world.home.slug)
    theirs = accounts.appoint(session, giver, world.now, new=_new("b"), branch_slug=None)
    session.add(PendingMembership(association_id=association.id, email=hers.email, created_at=world.now))
    session.flush()
    pending = session.scalars(sa.select(PendingMembership)).one()
    memberships.accept_invitation(session, Person(hers), world.now, pending_id=pending.id)
    memberships.ask_to_join(session, Person(theirs), world.now, association_id=association.id)
    pending = session.scalars(sa.select(PendingMembership)).one()
    memberships.admit(session, Person(association.members[0]), world.now, pending_id=pending.id)
    session.commit()

    rights = written(world, "appoint_coordinator", "appoint_administrator", "join_association")
    assert rights == [
        ("appoint_coordinator", "account", hers.id, f"branch:{world.home.id}"),
        ("appoint_administrator", "account", theirs.id, None),
        ("join_association", "account", hers.id, f"association:{association.id}"),
        ("join_association", "account", theirs.id, f"association:{association.id}"),
    ]
    assert session.get(Account, theirs.id).is_administrator


def _new(name: str) -> NewAccount:
    return NewAccount(f"{name}@example.org", name, "hash", "fr", has_declared_age=True)
