"""`binome outbox`: it lists, tries again and discards what was set aside, and never shows an address."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.commands.outbox import outbox as command
from matcher.database import transaction
from matcher.models.audit import AuditEntry
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.settings import SECRETS
from tests.factories import NOW

ADDRESS = "marie.curie@example.org"


@pytest.fixture
def rows(session: Session) -> list[OutboxRow]:
    """Three rows that were set aside, two of them for one reason, and one that waits."""
    mail = outbox.SendAccountMail("welcome", ADDRESS, "fr")
    with transaction(session):
        for message in (mail, mail, outbox.RankNeed(7), outbox.AdvanceLine(7)):
            outbox.add(session, message, NOW)
        found = session.query(OutboxRow).order_by(OutboxRow.id).all()
        for row in found[:2]:
            outbox.park(row, NOW, reason=ParkReason.MAIL_REFUSED, outcome="mail refused: 550")
        outbox.park(found[2], NOW, reason=ParkReason.ERROR, outcome="KeyError at matcher.x:1")
    return found


@pytest.fixture
def run(sqlite_url: str):
    """Run the command as it is run from a shell."""
    secrets = {name.upper(): f"{name}-of-a-test-and-long-enough-for-one" for name in SECRETS}
    environment = {"ENVIRONMENT": "development", "SMTP_SECURITY": "none", "DATABASE_URL": sqlite_url, **secrets}

    def call(*words: str, typed: str = "") -> Result:
        return CliRunner(env=environment).invoke(command, words, input=typed)

    return call


def test_it_lists_what_is_set_aside_and_what_waits(rows: list[OutboxRow], run) -> None:
    told = run("list")

    assert told.exit_code == 0, told.output
    assert f"{rows[0].id}  send_account_mail  welcome  mail_refused" in told.output
    assert "3 set aside; page 1 of 1." in told.output
    assert "advance_line: 1 wait, 1 due" in told.output
    assert ADDRESS not in told.output
    assert "rank_need  error" not in run("list", "--reason", "mail_refused").output


def test_all_of_a_reason_are_tried_again(rows: list[OutboxRow], run, session: Session) -> None:
    assert run("retry", "--reason", "mail_refused").output == "2 will be tried again.\n"
    assert run("retry", "--reason", "mail_refused").output == "0 will be tried again.\n"

    session.rollback()
    session.expire_all()
    assert [row.parked_at is None for row in rows] == [True, True, False, True]
    assert {each.actor for each in session.query(AuditEntry)} == {"system:binome outbox"}


def test_rows_or_a_reason_and_not_both(rows: list[OutboxRow], run) -> None:
    assert run("retry").exit_code == 2
    assert run("retry", "1", "--reason", "error").exit_code == 2
    assert run("retry", "--reason", "bad_weather").exit_code == 2
    assert run("retry", str(rows[2].id)).output == "1 will be tried again.\n"


def test_discarding_asks_first(rows: list[OutboxRow], run, session: Session) -> None:
    assert run("discard", str(rows[0].id), typed="n\n").exit_code == 1
    session.rollback()
    session.expire_all()
    assert rows[0].done_at is None

    assert "1 given up." in run("discard", str(rows[0].id), "--yes").output
    session.rollback()
    session.expire_all()
    assert rows[0].outcome == "discarded"
    assert "0 given up." in run("discard", str(rows[0].id), "--yes").output


@pytest.mark.parametrize("asked", [["list", "--page", "0"], ["list", "--page", "-1"], ["retry", str(2**63)]])
def test_a_number_that_cannot_be_is_refused_with_a_word(run, asked: list[str]) -> None:
    told = run(*asked)
    assert told.exit_code == 2
    assert "is not in the range" in told.output


def test_a_reason_for_which_nothing_is_set_aside_lists_nothing(rows: list[OutboxRow], run) -> None:
    assert run("list", "--reason", "cut_short").output.startswith("0 set aside; page 1 of 1.")
