"""Retention: nobody is kept too long, nobody goes too early or unwarned; settings only lower the periods."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.actors import System
from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.erasure import Erasure
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine
from matcher.models.states import HoldReason, NeedStatus, PairingStatus
from matcher.privacy_register import Kept, register
from matcher.services import activity, parked_rows, quarantine, retention, sign_ins
from matcher.services.quarantine import OldMails
from tests.factories import World
from tests.security.ageing import NAMES, Walk, once
from tests.security.ageing_rows import KINDS, RULES, RowWalk
from tests.security.form import IS_FULL, SEED
from tests.settings import make_settings

# 36 months; in the short form each day of the first three, in which those go whom nobody confirms, then each week.
PEOPLE, DATABASES = (10_000, ["sqlite", "postgresql"]) if IS_FULL else (60, ["sqlite"])
DAYS = range(1080) if IS_FULL else [*range(90), *range(90, 1080, 7)]
# Each with how much later than due somebody may be found, since the rules are asked each day or each week.
WALKED = [(days, timedelta(days=1 if IS_FULL else 7)) for days in range(0, 1081, 1 if IS_FULL else 7)]
ROWS = 10_000 // len(KINDS) + 1 if IS_FULL else 12
SLACK = timedelta(days=0 if IS_FULL else 14)  # a warning up to a week late, and the month after it too
SETTINGS = make_settings("sqlite://")


def apply(world: World, days: int) -> dict[str, int]:
    """Let days pass and apply every rule once; what is written leaves at once."""
    world.now += timedelta(days=days)
    found = {name: world.run(lambda s, now, n=name: once(s, SETTINGS, now, n)) for name in NAMES}
    with transaction(world.session) as session:
        session.execute(sa.update(OutboxRow).where(OutboxRow.parked_at.is_(None)).values(done_at=world.now))
    return found


def taken(world: World, days: int) -> set[str]:
    """The rules that found somebody."""
    return {name for name, number in apply(world, days).items() if number}


@pytest.mark.parametrize("any_database_url", DATABASES, indirect=True)
def test_of_many_people_over_months_none_is_overdue_and_none_goes_too_early(
    any_world: World, record_property: Callable[[str, object], None]
) -> None:
    walk = Walk(any_world.session, SETTINGS, any_world.now, SLACK)
    walk.enter(PEOPLE, seed=SEED)
    began = any_world.now
    record_property("cases", PEOPLE)

    for days in DAYS:
        walk.day(began + timedelta(days=days))

    assert {name: count for name, count in walk.faults.items() if count} == {}
    assert all(walk.taken[name] for name in NAMES)


def test_of_all_rows_kept_for_a_time_none_is_overdue_and_none_goes_too_early(
    any_world: World, record_property: Callable[[str, object], None]
) -> None:
    """36 months that end today: the database lets no entry of the log go that is young by its own clock."""
    began = any_world.now - timedelta(days=1080)
    walk = RowWalk(any_world.session, SETTINGS, began, days=1080)
    walk.plant(any_world, ROWS, seed=SEED)
    record_property("cases", ROWS * len(KINDS))

    for days, slack in WALKED:
        walk.day(began + timedelta(days=days), slack=slack)

    assert dict(walk.faults) == {}
    assert set(walk.gone) == set(KINDS)


def test_all_that_the_register_keeps_for_a_time_is_walked() -> None:
    """But accounts, which have a walk of their own, and the lines of the process, which are the host's."""
    by_hand = {kind.kept: kind.days for name, kind in KINDS.items() if kind.kept and "by their age" not in name}
    elsewhere = {Kept.UNCONFIRMED, Kept.INACTIVE, Kept.PROCESS_LOG}

    timed = {code: period.days for code, period in register().periods.items() if period.days and code not in elsewhere}
    assert by_hand == timed
    assert {kind.rule for kind in KINDS.values()} == set(RULES), "each rule that deletes rows has rows to delete"


def test_an_account_that_nobody_confirms_is_reminded_twice_and_deleted(any_world: World) -> None:
    account = any_world.account(is_confirmed=False)
    draft = any_world.need(NeedStatus.DRAFT)
    any_world.join(draft.association, account)
    account_id = account.id
    any_world.account()

    assert taken(any_world, 6) == set()
    assert [taken(any_world, days) for days in (1, 0, 13, 1, 0, 8)] == [
        {"remind_first"}, set(), set(), {"remind_again"}, set(), set()
    ]  # fmt: skip
    assert taken(any_world, 1) == {"delete_unconfirmed"}

    assert any_world.session.scalar(sa.select(sa.func.count(Account.id)).where(Account.id == account_id)) == 0
    mails = any_world.messages("send_account_mail")
    assert [(row.payload["address"], row.done_at is not None) for row in mails] == [("", True)] * 2


def test_visits_without_a_confirmed_address_neither_stop_nor_begin_again_the_reminders(any_world: World) -> None:
    account_id = any_world.account(is_confirmed=False).id
    any_world.account()
    found = []

    for _day in range(30):
        found.append(taken(any_world, 1))
        any_world.run(lambda s, now: activity.note(s, now, account_id=account_id))

    assert {day: names for day, names in enumerate(found, 1) if names} == {
        7: {"remind_first"}, 21: {"remind_again"}, 30: {"delete_unconfirmed"}
    }  # fmt: skip
    assert any_world.session.get(Account, account_id) is None


def test_whoever_confirms_in_time_stays(world: World) -> None:
    account = world.account(is_confirmed=False)
    apply(world, 22)
    apply(world, 7)
    account.confirmed_at = world.now
    world.session.commit()

    assert taken(world, 300) == set()
    assert account.active


def test_the_numbers_of_whoever_is_deleted_are_given_to_nobody_else(any_world: World) -> None:
    account = any_world.account(is_confirmed=False)
    numbers = (account.id, any_world.volunteer(account=account).id)
    with transaction(any_world.session):
        account.create_datetime -= timedelta(days=31)
        account.warnings, account.warned_on = 2, any_world.now.date() - timedelta(days=8)

    assert taken(any_world, 0) == {"delete_unconfirmed"}

    assert (
        any_world.session.scalar(sa.select(sa.func.count(Account.id)).where(Account.active, Account.id == numbers[0]))
        == 0
    )
    next_one = any_world.volunteer()
    assert (next_one.account_id > numbers[0], next_one.id > numbers[1]) == (True, True)


def test_a_suspended_account_is_deleted_too_when_nobody_confirms_it(world: World) -> None:
    account = world.account(is_confirmed=False, active=False, suspended_at=world.now)

    assert [taken(world, days) for days in (7, 14, 9)] == [{"remind_first"}, {"remind_again"}, {"delete_unconfirmed"}]
    assert account.is_erased


def test_nobody_goes_while_the_warning_to_her_waits(any_world: World) -> None:
    unconfirmed, away = any_world.account(is_confirmed=False), any_world.volunteer().account
    old = any_world.now - timedelta(days=900)
    with transaction(any_world.session) as session:
        session.execute(sa.update(Account).where(Account.id == unconfirmed.id).values(create_datetime=old))
        unconfirmed.warnings, unconfirmed.warned_on = 1, old.date()
        away.create_datetime = old
    assert taken(any_world, 0) == {"remind_again", "warn_inactive"}
    with transaction(any_world.session) as session:
        session.execute(sa.update(OutboxRow).values(done_at=None, parked_at=any_world.now))

    assert taken(any_world, 60) == set()

    with transaction(any_world.session) as session:
        session.execute(sa.update(OutboxRow).values(done_at=any_world.now, parked_at=None))
    assert taken(any_world, 0) == {"delete_unconfirmed", "erase_inactive"}


def test_a_warning_that_is_given_up_warns_nobody_and_is_written_anew(any_world: World) -> None:
    administrator, unconfirmed = any_world.administrator(), any_world.account(is_confirmed=False)
    away = any_world.volunteer().account
    assert [taken(any_world, days) for days in (700, 1)] == [{"remind_first", "warn_inactive"}, set()]
    assert taken(any_world, 6) == {"remind_again"}
    with transaction(any_world.session) as session:
        session.execute(sa.update(OutboxRow).values(done_at=None, parked_at=any_world.now))
    ids = [row.id for row in any_world.messages("send_account_mail")]

    for row_id in reversed(ids):
        assert any_world.act(parked_rows.discard, administrator, row_id=row_id)

    any_world.session.expire_all()
    assert (unconfirmed.warnings, away.warnings) == (0, 0)
    assert taken(any_world, 60) == {"remind_first", "warn_inactive"}
    assert [taken(any_world, days) for days in (7, 7, 15, 1)] == [
        {"remind_again"}, {"delete_unconfirmed"}, set(), {"erase_inactive"}
    ]  # fmt: skip


def test_whoever_looks_after_others_is_never_deleted_by_a_rule(world: World) -> None:
    coordinator, administrator = world.coordinator().account, world.administrator().account
    for account in (coordinator, administrator):
        account.confirmed_at = None
    world.session.commit()

    assert taken(world, 900) == set()
    assert coordinator.active
    assert administrator.active


def test_somebody_without_a_profile_or_an_association_goes_like_a_volunteer(world: World) -> None:
    account = world.account()

    assert [taken(world, days) for days in (700, 30)] == [{"warn_inactive"}, {"erase_inactive"}]
    assert account.is_erased


def test_a_volunteer_who_comes_no_more_is_warned_a_month_before_she_is_erased(any_world: World) -> None:
    volunteer = any_world.volunteer()

    assert [taken(any_world, days) for days in (699, 1, 29, 1)] == [set(), {"warn_inactive"}, set(), {"erase_inactive"}]

    any_world.session.refresh(volunteer.account)
    assert volunteer.account.is_erased
    assert volunteer.headline == ""
    assert any_world.session.scalar(sa.select(sa.func.count(Erasure.id))) == 1


def test_signing_in_or_answering_counts_from_anew(any_world: World) -> None:
    volunteer, answerer = any_world.volunteer(), any_world.pairing(PairingStatus.INVITED)
    with transaction(any_world.session):  # its association does not sleep: its member stays
        answerer.need.touched_at += timedelta(days=1500)
    any_world.now += timedelta(days=705)
    assert apply(any_world, 0)["warn_inactive"] == 1, "whoever has an invitation to answer is not away"

    any_world.run(
        lambda s, now: sign_ins.begin(s, now, account_id=volunteer.account_id, device="Firefox", is_remembered=False)
    )
    any_world.session.refresh(volunteer.account)
    assert (volunteer.account.last_active_on, volunteer.account.warnings) == (any_world.now.date(), 0)
    assert taken(any_world, 699) == set()
    assert answerer.volunteer.account.active


def test_whoever_acts_for_others_is_not_erased_for_being_away(world: World) -> None:
    need, coordinator = world.need(), world.coordinator()
    administrator, member = world.administrator(), world.member(need)
    for person in (member, coordinator, administrator):
        world.volunteer(account=person.account)
    busy = world.pairing(PairingStatus.ACTIVE).volunteer
    with transaction(world.session):
        world.session.execute(sa.update(Need).values(touched_at=world.now + timedelta(days=101)))

    assert taken(world, 800) == set()
    assert member.account.active
    assert busy.account.active


def test_an_association_that_sleeps_keeps_nobody_and_the_branch_is_told_of_what_it_leaves(any_world: World) -> None:
    need = any_world.need()
    founder = any_world.member(need).account
    colleague = any_world.join(any_world.need(NeedStatus.DRAFT).association, any_world.account()).account
    any_world.forget_mails()

    found = [taken(any_world, days) for days in (699, 1, 29, 1)]

    assert found == [set(), {"warn_inactive"}, set(), {"erase_inactive"}]
    any_world.session.expire_all()
    assert (founder.is_erased, colleague.is_erased) == (True, True)
    assert (need.status, need.hold_reason) == (NeedStatus.ON_HOLD, HoldReason.ASSOCIATION_WITHOUT_MEMBER)
    assert ("need_without_member_coordinator", any_world.coordinator().account.id) in any_world.mails()


def test_a_need_touched_in_time_keeps_its_members(any_world: World) -> None:
    need = any_world.need()
    founder = any_world.member(need).account
    apply(any_world, 600)
    with transaction(any_world.session):
        need.touched_at = any_world.now

    assert [taken(any_world, days) for days in (600, 99)] == [set(), set()]
    assert [taken(any_world, days) for days in (1, 30)] == [{"warn_inactive"}, {"erase_inactive"}]
    any_world.session.refresh(founder)
    assert founder.is_erased


def test_a_warning_of_another_year_lets_nobody_go(any_world: World) -> None:
    need = any_world.need()
    founder = any_world.member(need).account
    assert [taken(any_world, days) for days in (700, 10)] == [{"warn_inactive"}, set()]
    with transaction(any_world.session):
        need.touched_at = any_world.now

    assert [taken(any_world, days) for days in (699, 1, 29, 1)] == [set(), {"warn_inactive"}, set(), {"erase_inactive"}]
    any_world.session.refresh(founder)
    assert founder.is_erased


def test_a_mission_that_runs_keeps_those_who_answer_for_it(world: World) -> None:
    pairing = world.pairing(PairingStatus.ACTIVE)
    member = world.member(pairing).account

    assert taken(world, 800) == set()
    assert member.active


def test_after_a_long_stop_of_the_workers_everybody_is_warned_first(world: World) -> None:
    world.volunteer()
    world.account(is_confirmed=False)

    assert taken(world, 900) == {"remind_first", "warn_inactive"}
    assert taken(world, 6) == set()
    assert taken(world, 1) == {"remind_again"}
    assert taken(world, 7) == {"delete_unconfirmed"}
    assert taken(world, 16) == {"erase_inactive"}


def test_in_a_quarantine_nobody_is_warned_or_goes_and_after_it_everybody_is_warned_anew(any_world: World) -> None:
    """Who answered a warning after the backup is not known: what the restored data says of it is worth nothing."""
    unconfirmed, away = any_world.account(is_confirmed=False), any_world.volunteer()
    apply(any_world, 660)
    assert taken(any_world, 40) == {"remind_again", "warn_inactive"}
    any_world.account(is_confirmed=False)
    assert apply(any_world, 7)["remind_first"] == 1
    with transaction(any_world.session):
        waits = any_world.messages("send_account_mail")[-1]
        waits.done_at, waits.parked_at = None, any_world.now  # it had not left when the backup was made
    any_world.now += timedelta(days=24)  # the two others are due now
    with transaction(any_world.session) as session:
        session.add(Quarantine(since=any_world.now, data_of=any_world.now - timedelta(days=31), reason="restored"))

    assert [sum(apply(any_world, days).values()) for days in (0, 1, 400)] == [0] * 3

    lifted = any_world.act(quarantine.lift, System("test"), old_mails=OldMails.SEND)
    assert (lifted.discarded, all(row.done_at for row in any_world.messages("send_account_mail"))) == (1, True)
    assert taken(any_world, 0) == {"remind_first", "warn_inactive"}
    assert [taken(any_world, days) for days in (6, 1, 7, 15, 1)] == [
        set(), {"remind_again"}, {"delete_unconfirmed"}, set(), {"erase_inactive"}
    ]  # fmt: skip
    assert any_world.session.get(Account, unconfirmed.id) is None
    any_world.session.refresh(away.account)
    assert away.account.is_erased


@pytest.mark.parametrize(
    "key",
    [
        "unconfirmed_days",
        "inactive_days",
        "done_mail_days",
        "pending_member_days",
        "audit_log_days",
        "question_days",
        "ended_sign_in_days",
        "note_days",
    ],
)
def test_a_period_is_only_lowered(key: str) -> None:
    most = getattr(SETTINGS, key)
    assert getattr(make_settings("sqlite://", **{key: most - 1}), key) == most - 1
    with pytest.raises(ValueError, match=key.upper()):
        make_settings("sqlite://", **{key: most + 1})


def test_the_periods_are_those_of_the_register() -> None:
    found = register()

    assert {code: found.periods[code] for code in retention.periods(SETTINGS)} == retention.periods(SETTINGS)
    assert found.rules <= set(retention.periods(SETTINGS))
