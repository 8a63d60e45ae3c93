"""An administrator ends all sign-ins of an account that stays open; its owner is told, and nobody else can."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.services import rights
from tests.factories import World
from tests.web import mailed
from tests.web.security.test_sessions import MINUTE, Stage, is_in, told
from tests.web.visiting import Visitor


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """An account whose sign-ins are ended."""
    return Stage(app, world, world.volunteer().account)


def address(stage: Stage) -> str:
    return f"/admin/people/{stage.account.id}/end-sign-ins"


def entries(stage: Stage) -> list[tuple[str, int | None]]:
    stage.world.session.rollback()
    acts = sa.select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.action == "sign_out_account")
    return [(action, subject_id) for action, subject_id in stage.world.session.execute(acts)]


def test_all_browsers_are_out_the_account_stays_and_its_owner_is_told_once(stage: Stage) -> None:
    administrator = stage.browser(stage.world.administrator().account)
    one, other, bystander = stage.browser(), stage.browser(), stage.browser(stage.world.account())

    asked = administrator.get(address(stage))
    assert "The account stays open" in asked.text
    assert is_in(one), "asking ends nothing"
    for _ in range(2):
        administrator.post(address(stage), page="/account")

    assert (is_in(other), is_in(bystander), is_in(administrator)) == (False, True, True)
    assert "to keep your account safe" in told(one)
    assert mailed.codes(stage.world) == [("signed_out", stage.account.email)]
    assert entries(stage) == [("sign_out_account", stage.account.id)]
    assert is_in(stage.typed()), "whoever has the password signs in again"


def test_she_reads_of_it_where_she_reads_who_looked_at_her_data(stage: Stage) -> None:
    stage.browser()
    stage.world.act(rights.sign_out, stage.world.administrator(), account_id=stage.account.id)

    assert "Ended all your sign-ins" in stage.browser().get("/account/accesses").text


def test_an_open_browser_of_an_administrator_ends_nothing(stage: Stage) -> None:
    administrator, one = stage.browser(stage.world.administrator().account), stage.browser()
    stage.later(16 * MINUTE)

    answer = administrator.post(address(stage), page="/account")

    assert str(answer.location).startswith("/account/verify")
    assert is_in(one)


def test_nothing_is_offered_where_nobody_can_be_signed_in(stage: Stage) -> None:
    account = stage.account
    reason = rights.SuspensionReason.CONDUCT
    stage.world.act(rights.suspend, stage.world.administrator(), account_id=account.id, reason=reason)
    administrator: Account = stage.world.administrator().account
    visitor = Visitor(stage.app, administrator)

    assert visitor.get(address(stage)).location == f"/admin/people/{account.id}"
    visitor.post(address(stage), page="/account")
    assert entries(stage) == []
