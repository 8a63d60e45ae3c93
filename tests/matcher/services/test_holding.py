"""Who is held back: her limit, pause, rest and pace keep her place and never hold up the line."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher import outbox
from matcher.database import transaction
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Commitment, MailPace, Volunteer
from matcher.services import accounts, holding, line, volunteers, waking
from matcher.services.holding import Held, Mailed
from matcher.services.profile_content import ProfileTime
from matcher.services.sending import SendingRules
from tests import ways
from tests.factories import World

S = PairingStatus
RULES = SendingRules()
MONDAY_10 = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)  # ten o’clock in Paris


def _queued(world: World, need_id: int) -> list[int]:
    world.run(line.advance, RULES, need_id=need_id)
    waiting = [row for row in world.messages("send_invitation") if row.done_at is None]
    return [int(str(row.payload["pairing_id"])) for row in waiting]


def _look(world: World, need_id: int) -> bool:
    """Tell whether a line is to be looked at again, and let that be done."""
    rows = [row for row in world.messages("advance_line") if row.done_at is None and row.payload["need_id"] == need_id]
    with transaction(world.session):
        for row in rows:
            outbox.complete(row, world.now)
    return bool(rows)


def _sent(*days_ago: float) -> Mailed:
    return Mailed(tuple(sorted(MONDAY_10 - timedelta(days=days) for days in days_ago)))


def _at_her_limit(world: World) -> Volunteer:
    her = world.volunteer()
    for _ in range(2):
        world.pairing(S.INVITED, volunteer=her)
    return her


@pytest.mark.parametrize("held", ["limit", "pause", "rest", "daily", "weekly"])
def test_who_is_held_back_keeps_her_place_while_the_next_two_are_invited(any_world: World, held: str) -> None:
    """Three people on both databases: the first is held back, the other two are invited, she stays in front."""
    world = any_world
    facts: dict[str, dict[str, object]] = {
        "limit": {},
        "pause": {"is_paused": True, "paused_until": date(2026, 9, 20)},
        "rest": {"rests_until": world.now + timedelta(days=14)},
        "daily": {"mail_pace": MailPace.DAILY},
        "weekly": {"mail_pace": MailPace.WEEKLY},
    }
    her = _at_her_limit(world) if held == "limit" else world.volunteer(**facts[held])
    need = world.need(seats=1)
    people = [her, world.volunteer(), world.volunteer()]
    first, *others = [world.pairing(S.APPROVED, need=need, volunteer=each) for each in people]
    world.now = datetime(2026, 9, 7, 12, 0, tzinfo=UTC)

    assert _queued(world, need.id) == [each.id for each in others]

    assert (first.status, first.queued_at) == (S.APPROVED, None)
    assert first.position < min(each.position for each in others)
    assert her.wakes_at is not None
    assert her.wakes_at > world.now


def test_when_her_day_comes_she_is_invited_before_those_behind_her(any_world: World) -> None:
    world = any_world
    her = world.volunteer(rests_until=world.now + timedelta(days=14))
    need = world.need(seats=1)
    first = world.pairing(S.APPROVED, need=need, volunteer=her)
    behind = [world.pairing(S.APPROVED, need=need) for _ in range(3)]
    assert _queued(world, need.id) == [behind[0].id, behind[1].id]
    for each in behind[:2]:
        ways.invite(world, each)
    world.forget_mails()
    world.now += timedelta(days=14)

    assert world.run(waking.wake_due) == 1
    assert [row.key for row in world.messages("advance_line")] == [str(need.id)]
    assert _queued(world, need.id) == [], "two invitations stand for the one seat"
    ways.decline(world, behind[0])

    assert _queued(world, need.id) == [first.id], "and not the one behind her"


def test_who_takes_urgent_needs_from_now_on_is_asked_without_waiting_for_another_cause(world: World) -> None:
    need = world.need()
    with transaction(world.session):
        need.is_urgent = True
    her = ways.approve(world, need, world.volunteer())
    assert _look(world, need.id)
    assert _queued(world, need.id) == []

    time = ProfileTime(commitment=Commitment.ASK, is_short_notice=True)
    world.act(volunteers.save_time, world.volunteer_of(her), volunteer_id=her.volunteer_id, time=time)
    assert _look(world, need.id)
    assert _queued(world, need.id) == [her.id]


def test_who_confirms_her_address_is_asked_without_waiting_for_another_cause(world: World) -> None:
    account = world.account(is_confirmed=False)
    her = ways.approve(world, world.need(), world.volunteer(account=account))
    assert _look(world, her.need_id)
    assert _queued(world, her.need_id) == []

    with transaction(world.session) as session:
        account.confirmed_at = world.now
        accounts.tell_rankers(session, world.now, account_id=account.id)
    assert _look(world, her.need_id)
    assert _queued(world, her.need_id) == [her.id]


def test_waking_looks_once_at_each_and_leaves_others_asleep(any_world: World) -> None:
    soon, late = (any_world.volunteer(wakes_at=any_world.now + timedelta(hours=hours)) for hours in (1, 3))
    any_world.now += timedelta(hours=2)

    assert any_world.run(waking.wake_due) == 1
    assert any_world.run(waking.wake_due) == 0
    assert (soon.wakes_at, late.wakes_at) == (None, any_world.now + timedelta(hours=1))


@pytest.mark.parametrize(
    ("most", "sent", "until"),
    [
        (2, _sent(1), None),
        (2, _sent(1, 20), timedelta(days=10)),
        (2, _sent(1, 29.5), timedelta(days=0.5)),
        (2, _sent(1, 30), None),
        (2, _sent(1, 2, 20), timedelta(days=28)),
        (4, _sent(1, 2, 20), None),
        (4, _sent(1, 2, 20, 25), timedelta(days=5)),
        (8, _sent(*range(1, 9)), timedelta(days=22)),
        (None, _sent(*range(1, 20)), None),
    ],
)
def test_the_limit_is_hers_and_counts_thirty_days(
    world: World, most: int | None, sent: Mailed, until: timedelta | None
) -> None:
    volunteer = world.volunteer()
    volunteer.most_invitations = most

    hold = holding.hold_at(volunteer, sent, MONDAY_10)

    assert (hold and (hold.why, hold.until)) == (until and (Held.LIMIT, MONDAY_10 + until))


def test_after_the_limit_ends_exactly_one_more_mail_may_leave(world: World) -> None:
    volunteer, sent = world.volunteer(), _sent(1, 20)
    hold = holding.hold_at(volunteer, sent, MONDAY_10)
    assert hold is not None
    assert hold.until is not None

    assert holding.hold_at(volunteer, sent, hold.until - timedelta(microseconds=1)) is not None
    assert holding.hold_at(volunteer, sent, hold.until) is None
    again = holding.hold_at(volunteer, Mailed((*sent.sent, hold.until)), hold.until)
    assert again is not None
    assert again.why is Held.LIMIT


@pytest.mark.parametrize(
    ("pace", "moment", "until"),
    [
        (MailPace.DAILY, datetime(2026, 9, 7, 5, 59, tzinfo=UTC), datetime(2026, 9, 7, 6, 0, tzinfo=UTC)),
        (MailPace.DAILY, datetime(2026, 9, 7, 6, 0, tzinfo=UTC), None),
        (MailPace.DAILY, datetime(2026, 9, 7, 9, 59, tzinfo=UTC), None),
        (MailPace.DAILY, datetime(2026, 9, 7, 10, 0, tzinfo=UTC), datetime(2026, 9, 8, 6, 0, tzinfo=UTC)),
        (MailPace.DAILY, datetime(2026, 9, 5, 12, 0, tzinfo=UTC), datetime(2026, 9, 7, 6, 0, tzinfo=UTC)),
        (MailPace.WEEKLY, datetime(2026, 9, 7, 8, 0, tzinfo=UTC), datetime(2026, 9, 8, 6, 0, tzinfo=UTC)),
        (MailPace.WEEKLY, datetime(2026, 9, 8, 8, 0, tzinfo=UTC), None),
        (MailPace.WEEKLY, datetime(2026, 9, 9, 8, 0, tzinfo=UTC), datetime(2026, 9, 15, 6, 0, tzinfo=UTC)),
        # The 14th of July is a Tuesday in 2026: the weekly mail comes on the day after.
        (MailPace.WEEKLY, datetime(2026, 7, 13, 8, 0, tzinfo=UTC), datetime(2026, 7, 15, 6, 0, tzinfo=UTC)),
        (MailPace.WEEKLY, datetime(2026, 7, 15, 8, 0, tzinfo=UTC), None),
    ],
)
def test_a_pace_lets_mails_leave_in_its_morning_only(
    world: World, pace: MailPace, moment: datetime, until: datetime | None
) -> None:
    hold = holding.hold_at(world.volunteer(mail_pace=pace), Mailed(), moment)

    assert (hold and (hold.why, hold.until)) == (until and (Held.PACE, until))


def test_a_morning_has_one_mail(world: World) -> None:
    volunteer = world.volunteer(mail_pace=MailPace.DAILY)
    at_nine = datetime(2026, 9, 7, 7, 0, tzinfo=UTC)

    hold = holding.hold_at(volunteer, Mailed((at_nine,)), at_nine + timedelta(minutes=5))

    assert hold is not None
    assert hold.until == datetime(2026, 9, 8, 6, 0, tzinfo=UTC)


def test_the_next_possible_moment_respects_all_that_holds_her(world: World) -> None:
    volunteer = world.volunteer(
        mail_pace=MailPace.WEEKLY,
        is_paused=True,
        paused_until=date(2026, 9, 9),
        rests_until=MONDAY_10 + timedelta(days=4),
    )

    # The pause ends on Wednesday the 9th, the rest on Friday, her limit on Thursday the 17th; her day is Tuesday.
    possible = holding.next_possible(volunteer, _sent(20, 3), MONDAY_10)

    assert possible == datetime(2026, 9, 22, 6, 0, tzinfo=UTC)


def test_who_does_not_want_to_be_invited_has_no_next_moment(world: World) -> None:
    assert holding.next_possible(world.volunteer(invitations_allowed_at=None), Mailed(), MONDAY_10) is None
    assert holding.next_possible(world.volunteer(is_paused=True), Mailed(), MONDAY_10) is None
