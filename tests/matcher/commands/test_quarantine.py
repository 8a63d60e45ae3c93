"""`binome outbox lift`: it asks for a choice, lifts once, and says what it did."""

import pytest
from click.testing import CliRunner, Result

from matcher import outbox
from matcher.commands.quarantine import lift
from matcher.database import transaction
from matcher.models.quarantine import Quarantine
from matcher.services import quarantine
from tests.factories import World
from tests.workers.conftest import environment


@pytest.fixture
def world(any_world: World) -> World:
    """A world under quarantine with a mail that waits, on each of the two databases."""
    any_world.forget_mails()
    with transaction(any_world.session) as session:
        outbox.add(session, outbox.SendMail("need_opened", 1), any_world.now)
    with transaction(any_world.session) as session:
        since = any_world.now.replace(hour=23)
        session.add(Quarantine(since=since, data_of=any_world.now, reason="restored"))
    return any_world


def run(url: str, *arguments: str) -> Result:
    """Run the command on a database."""
    return CliRunner().invoke(lift, arguments, env=environment(DATABASE_URL=url))


def test_without_a_choice_it_changes_nothing(world: World, any_database_url: str) -> None:
    assert run(any_database_url).exit_code == 2
    world.session.rollback()
    assert quarantine.active(world.session)


@pytest.mark.parametrize(("choice", "discarded"), [("--send", 0), ("--discard", 1)])
def test_it_lifts_once_and_says_what_it_did(world: World, any_database_url: str, choice: str, discarded: int) -> None:
    first, second = run(any_database_url, choice), run(any_database_url, choice)

    assert first.output.startswith(f"Lifted: {discarded} mails discarded")
    assert (first.exit_code, second.exit_code) == (0, 1)
    world.session.rollback()
    assert not quarantine.active(world.session)
    assert len(outbox.due(world.session, world.now)) == 1 - discarded
