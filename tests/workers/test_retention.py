"""What the workers forget: a few rows a transaction until none is left, and nothing that fails holds up the rest."""

from datetime import timedelta

import sqlalchemy as sa

from matcher.database import FEW, transaction
from matcher.models.account import Account
from matcher.models.association import PendingMembership
from matcher.models.outbox import JobSlot
from matcher.models.states import NeedStatus
from matcher.services import retention as rules
from tests.factories import World
from workers.runtime import Runtime
from workers.tasks.retention import apply_rules, forget_once_a_day


def _warned_twice(world: World, number: int) -> list[int]:
    """Accounts that nobody confirmed, whose time is over."""
    ids = [world.account(is_confirmed=False).id for _ in range(number)]
    world.account()  # the newest number is given to nobody again
    world.now += timedelta(days=31)
    warned = {"warnings": 2, "warned_on": (world.now - timedelta(days=9)).date()}
    with transaction(world.session) as session:
        session.execute(sa.update(Account).where(Account.id.in_(ids)).values(**warned))
    return ids


def test_many_accounts_go_in_one_run_and_few_in_one_transaction(runtime: Runtime, any_world: World) -> None:
    ids = _warned_twice(any_world, rules.MOST * 2 + 5)

    assert any_world.run(lambda s, now: rules.delete_unconfirmed(s, runtime.settings, now)) == rules.MOST == 20
    assert apply_rules(runtime)["delete_unconfirmed"] == len(ids) - rules.MOST

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
