"""Opening accounts, on both databases: taken addresses, appointed coordinators, volunteers who count when confirmed."""

import pytest
import sqlalchemy as sa

from matcher.actors import Anonymous, Hat, Person, System
from matcher.errors import AddressTaken, NotAllowed, NotFound
from matcher.models.account import Account
from matcher.models.audit import VolunteerChange
from matcher.services import accounts
from matcher.services.accounts import NewAccount
from tests.factories import World

NEW = NewAccount("lea@example.org", "Léa", "a hash", "fr", has_declared_age=True)


def test_an_address_is_taken_once_and_the_transaction_goes_on(any_world: World) -> None:
    any_world.act(accounts.open_account, Anonymous(), new=NEW)

    with pytest.raises(AddressTaken):
        any_world.act(accounts.open_account, Anonymous(), new=NEW)
    assert any_world.session.scalars(sa.select(Account).where(Account.email == NEW.email)).one().name == "Léa"


def test_a_coordinator_is_appointed_to_a_branch_that_exists(world: World) -> None:
    account = world.act(accounts.appoint, System("test"), new=NEW, branch_slug=world.home.slug)

    world.session.expire_all()
    assert world.home.is_coordinated_by(account.id)
    assert account.is_confirmed
    with pytest.raises(NotFound):
        world.act(
            accounts.appoint,
            System("test"),
            new=NewAccount("b@example.org", "", "x", "fr", has_declared_age=True),
            branch_slug="none",
        )


def test_an_administrator_has_the_role(world: World) -> None:
    world.administrator()

    assert world.act(accounts.appoint, System("test"), new=NEW, branch_slug=None).is_administrator


@pytest.mark.parametrize(("is_confirmed", "changes"), [(True, 1), (False, 0)])
def test_rankers_hear_of_a_new_volunteer_when_her_address_is_confirmed(
    world: World, is_confirmed: bool, changes: int
) -> None:
    person = world.person(is_confirmed=is_confirmed)

    first = world.act(accounts.make_volunteer, person, takes_invitations=False)
    again = world.act(accounts.make_volunteer, person, takes_invitations=True)

    assert first.id == again.id
    assert again.invitations_allowed_at is None
    assert world.session.scalar(sa.select(sa.func.count(VolunteerChange.id))) == changes


def test_a_hat_that_is_not_owned_is_refused(world: World) -> None:
    person = Person(world.account())

    with pytest.raises(NotAllowed):
        world.act(accounts.change_hat, person, hat=Hat.ADMINISTRATOR, owned=[Hat.VOLUNTEER])
