"""What the workers forget: a few rows a transaction until none is left, and nothing that fails holds up the rest."""

from datetime import timedelta
from typing import TypeAlias

import sqlalchemy as sa
from celery.exceptions import SoftTimeLimitExceeded

from matcher.database import FEW, transaction
from matcher.models.account import Account
from matcher.models.association import PendingMembership
from matcher.models.outbox import JobSlot, ParkReason
from matcher.models.states import NeedStatus
from matcher.outbox import park
from matcher.services import retention as rules
from tests.factories import World
from workers.runtime import Runtime
from workers.tasks.retention import apply_rules, forget_in_time, forget_once_a_day

Given: TypeAlias = dict[str, object] | tuple[object, ...]


def _warned_twice(world: World, number: int) -> list[int]:
    """Accounts that nobody confirmed, whose time is over."""
    ids = [world.account(is_confirmed=False).id for _ in range(number)]
    world.account()  # the newest number is given to nobody again
    world.now += timedelta(days=31)
    warned = {"warnings": 2, "warned_on": (world.now - timedelta(days=9)).date()}
    with transaction(world.session) as session:
        session.execute(sa.update(Account).where(Account.id.in_(ids)).values(**warned))
    return ids


def test_many_accounts_go_in_one_run(runtime: Runtime, any_world: World) -> None:
    ids = _warned_twice(any_world, rules.MOST * 2 + 5)

    assert apply_rules(runtime)["delete_unconfirmed"] == len(ids)

    assert any_world.session.scalars(sa.select(Account.id).where(Account.id.in_(ids))).all() == []


def test_somebody_who_cannot_be_erased_holds_up_nobody_behind_her(runtime: Runtime, any_world: World) -> None:
    stuck, other = _warned_twice(any_world, 2)
    away = any_world.volunteer()
    need = any_world.need(NeedStatus.DRAFT)
    any_world.join(need.association, any_world.session.get_one(Account, stuck))
    with transaction(any_world.session) as session:
        away.account.last_active_on = (any_world.now - timedelta(days=710)).date()
        session.execute(sa.text("UPDATE needs SET status = 'of another version'"))

    done = apply_rules(runtime)

    assert (done["delete_unconfirmed"], done["warn_inactive"]) == (1, 1)
    any_world.session.rollback()
    found = sa.select(Account.id).where(Account.id.in_((stuck, other)), Account.email.like("person%"))
    assert any_world.session.scalars(found).all() == [stuck]


def test_old_rows_go_until_none_is_left_though_a_rule_fails(runtime: Runtime, any_world: World) -> None:
    association, long_ago = any_world.association(), any_world.now - timedelta(days=400)
    with transaction(any_world.session) as session:
        session.execute(
            sa.insert(PendingMembership),
            [
                {"association_id": association.id, "email": f"a{n}@example.org", "created_at": long_ago}
                for n in range(FEW + 3)
            ],
        )
        session.execute(sa.insert(JobSlot), [{"job": "x", "slot": str(n), "at": long_ago} for n in range(FEW + 3)])
        session.execute(sa.text("ALTER TABLE mail_reports RENAME TO away"))

    assert not forget_once_a_day(runtime), "one has failed"
    any_world.session.rollback()
    assert [
        any_world.session.scalar(sa.select(sa.func.count()).select_from(kind)) for kind in (PendingMembership, JobSlot)
    ] == [0, 0]

    with transaction(any_world.session) as session:
        session.execute(sa.text("ALTER TABLE away RENAME TO mail_reports"))
    assert [forget_once_a_day(runtime), forget_once_a_day(runtime)] == [True, False]


def test_the_end_of_the_time_keeps_who_is_done_and_leaves_the_rest_to_the_next_run(
    runtime: Runtime, any_world: World
) -> None:
    first, second, third = _warned_twice(any_world, 3)
    any_world.session.rollback()

    def end(
        _connection: object, _cursor: object, statement: str, given: dict[str, object] | tuple[object, ...], *_: object
    ) -> None:
        values = given.values() if isinstance(given, dict) else given
        if statement.startswith("DELETE FROM accounts") and second in values:
            raise SoftTimeLimitExceeded

    sa.event.listen(runtime.engine, "before_cursor_execute", end)
    assert not forget_in_time(runtime)
    found = sa.select(Account.id).where(Account.email.like("person%"), Account.id.in_((first, second, third)))
    assert any_world.session.scalars(found.order_by(Account.id)).all() == [second, third]

    sa.event.remove(runtime.engine, "before_cursor_execute", end)
    any_world.session.rollback()
    assert forget_in_time(runtime)
    assert any_world.session.scalars(found).all() == []


def test_a_warning_that_waited_aside_for_too_long_is_given_up_and_written_anew(
    runtime: Runtime, any_world: World
) -> None:
    away = any_world.volunteer().account
    any_world.now += timedelta(days=701)
    assert apply_rules(runtime)["warn_inactive"] == 1
    any_world.session.rollback()
    with transaction(any_world.session):
        row = any_world.messages("send_account_mail")[-1]
        park(row, any_world.now, reason=ParkReason.MAIL_REFUSED, outcome="550")
    row_id = row.id
    any_world.now += timedelta(days=31)

    done = [apply_rules(runtime), apply_rules(runtime)]

    any_world.session.rollback()
    any_world.session.expire_all()
    assert [each["erase_inactive"] for each in done] == [0, 0]
    assert not away.is_erased
    outcomes = {row.id: row.outcome for row in any_world.messages("send_account_mail")}
    assert outcomes == {row_id: "given up: written anew", row_id + 1: None}
