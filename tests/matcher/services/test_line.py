"""The line: approved, ordered, undone, renewed, set aside; invitations within seats, caps and the sending window."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.actors import Person
from matcher.errors import (
    IllegalTransition,
    ListChanged,
    NeedIsNotOpen,
    NotAllowed,
    NotFound,
    OnceOnly,
    OwnAssociation,
    TooLate,
)
from matcher.models.branch import BranchCoordinator
from matcher.models.pairing import Decision, Pairing
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.services import answers, line, needs, sending
from matcher.services.answers import Refusal
from matcher.services.sending import SendingRules
from tests import ways
from tests.factories import World

S = PairingStatus
RULES = SendingRules()


def _queued(world: World, need_id: int) -> list[int]:
    rows = [row for row in world.messages("send_invitation") if row.done_at is None]
    return [int(str(row.payload["pairing_id"])) for row in rows]


def test_an_approval_tells_nobody_and_freezes_what_was_shown(world: World) -> None:
    need, first, second = world.need(), world.volunteer(), world.volunteer()
    ranking = world.suggest(need, [first, second])
    world.forget_mails()

    pairing = world.act(line.approve, world.coordinator(), line.Choice(need.id, second.id, ranking))

    assert (pairing.status, pairing.is_known_to_her, pairing.position) == (S.APPROVED, False, 1)
    assert world.mails() == set()
    (decision,) = world.session.query(Decision).all()
    assert [row[:2] for row in decision.shown["list"]] == [[first.id, 1], [second.id, 2]]


def test_approving_twice_is_approving_once(world: World) -> None:
    pairing = world.pairing(S.INVITED)

    assert ways.approve(world, pairing.need, pairing.volunteer) is pairing
    assert pairing.status is S.INVITED


def test_nobody_is_approved_for_her_own_association_or_a_need_that_is_not_live(world: World) -> None:
    need = world.need()
    own = world.volunteer(account=world.member(need).account)

    with pytest.raises(OwnAssociation):
        ways.approve(world, need, own)
    for status in (NeedStatus.SUBMITTED, NeedStatus.CLOSED):
        with pytest.raises(NeedIsNotOpen):
            ways.approve(world, world.need(status), world.volunteer())
    with pytest.raises(NotFound):
        world.act(line.approve, world.coordinator(), line.Choice(need.id, 999_999))
    with pytest.raises(NotAllowed):
        world.act(line.approve, world.person(), line.Choice(need.id, world.volunteer().id))


@pytest.mark.parametrize("status", [S.APPLIED, S.ACCEPTED, S.RESERVE, S.CONFIRMED, S.ACTIVE, S.COMPLETED, S.REFUSED])
def test_who_is_further_on_is_not_approved_anew(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status, need=world.need(seats=2))

    with pytest.raises(IllegalTransition):
        ways.approve(world, pairing.need, pairing.volunteer)


@pytest.mark.parametrize("status", [S.EXPIRED, S.WITHDRAWN, S.RELEASED, S.SET_ASIDE])
def test_an_ended_pairing_is_renewed_once(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)
    world.forget_mails()

    ways.approve(world, pairing.need, pairing.volunteer)
    assert pairing.status is S.APPROVED
    ways.set_aside(world, pairing.need, pairing.volunteer)
    with pytest.raises(OnceOnly):
        ways.approve(world, pairing.need, pairing.volunteer)

    assert world.mails() == set(), "she did not know that she was in the line again"


def test_a_no_is_renewed_from_its_date_on_and_never_after_never_again(world: World) -> None:
    later, never, plain = (world.pairing(S.INVITED, need=world.need()) for _ in range(3))
    for pairing, refusal in (
        (later, Refusal(ask_again_on=date(2026, 10, 1))),
        (never, Refusal(PairingReason.NEVER_AGAIN, date(2026, 10, 1))),
        (plain, Refusal()),
    ):
        world.act(answers.decline, world.volunteer_of(pairing), pairing_id=pairing.id, refusal=refusal)
    world.now = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
    with pytest.raises(OnceOnly):
        ways.approve(world, later.need, later.volunteer)
    world.now = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)

    ways.approve(world, later.need, later.volunteer)

    assert later.status is S.APPROVED
    for pairing in (never, plain):
        with pytest.raises(OnceOnly):
            ways.approve(world, pairing.need, pairing.volunteer)


@pytest.mark.parametrize(("status", "is_told"), [(S.APPROVED, False), (S.INVITED, True), (S.APPLIED, True)])
def test_who_is_set_aside_is_told_only_if_she_knew(world: World, status: PairingStatus, is_told: bool) -> None:
    pairing = world.pairing(status)
    world.forget_mails()

    ways.set_aside(world, pairing.need, pairing.volunteer)

    assert (pairing.status, pairing.reason) == (S.SET_ASIDE, PairingReason.SKILLS)
    assert world.mails() == ({("set_aside", pairing.volunteer.account_id)} if is_told else set())


@pytest.mark.parametrize("status", [S.ACCEPTED, S.RESERVE, S.CONFIRMED, S.ACTIVE])
def test_who_said_yes_is_not_set_aside(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status, need=world.need(seats=2))

    with pytest.raises(IllegalTransition):
        ways.set_aside(world, pairing.need, pairing.volunteer)


@pytest.mark.parametrize("status", [S.APPROVED, S.SET_ASIDE])
def test_a_decision_that_nobody_knows_of_is_undone(world: World, status: PairingStatus) -> None:
    pairing = world.pairing(status)
    world.forget_mails()

    world.act(line.undo, world.coordinator(), pairing_id=pairing.id)

    assert world.session.query(Pairing).count() == 0
    assert len(world.messages("advance_line")) == 1


def test_an_invitation_that_has_left_is_not_undone(world: World) -> None:
    pairing = world.pairing(S.INVITED)

    with pytest.raises(TooLate):
        world.act(line.undo, world.coordinator(), pairing_id=pairing.id)


def test_at_most_two_invitations_a_free_seat_in_the_order_of_the_line(world: World) -> None:
    need = world.need()
    approved = [world.pairing(S.APPROVED, need=need) for _ in range(4)]
    order = [approved[i].id for i in (2, 0, 3, 1)]
    world.act(line.reorder, world.coordinator(), need_id=need.id, pairing_ids=order)

    queued = world.run(line.advance, RULES, need_id=need.id)

    assert (queued, _queued(world, need.id)) == (2, order[:2])
    assert world.run(line.advance, RULES, need_id=need.id) == 0
    assert world.messages("send_invitation")[0].not_before == world.now + timedelta(seconds=10), "time for an undo"


def test_an_order_of_other_people_than_those_shown_is_refused(world: World) -> None:
    need = world.need()
    approved = [world.pairing(S.APPROVED, need=need).id for _ in range(2)]

    for wrong in (approved[:1], [*approved, 99], [approved[0], approved[0]]):
        with pytest.raises(ListChanged):
            world.act(line.reorder, world.coordinator(), need_id=need.id, pairing_ids=wrong)


def test_the_reserve_is_asked_first_then_the_line(world: World) -> None:
    held = world.pairing(S.ACCEPTED)
    reserve = [world.pairing(S.RESERVE, need=held.need) for _ in range(2)]
    approved = world.pairing(S.APPROVED, need=held.need)
    ways.withdraw(world, held)
    world.forget_mails()

    assert world.run(line.advance, RULES, need_id=held.need_id) == 0

    assert [p.status for p in (*reserve, approved)] == [S.INVITED, S.RESERVE, S.APPROVED]
    assert world.mails() == {("still_free", reserve[0].volunteer.account_id)}
    assert reserve[0].reply_by == world.now + timedelta(days=3), "three working days"
    ways.decline(world, reserve[0])
    world.run(line.advance, RULES, need_id=held.need_id)
    assert (reserve[1].status, _queued(world, held.need_id)) == (S.INVITED, [approved.id])


def test_a_line_that_waits_for_the_coordinator_moves_when_she_releases_it(world: World) -> None:
    need = world.need()
    world.pairing(S.APPROVED, need=need)
    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(total_hours=9.0))
    assert world.run(line.advance, RULES, need_id=need.id) == 0

    world.act(line.release_line, world.coordinator(), need_id=need.id)

    assert world.run(line.advance, RULES, need_id=need.id) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"invitations_allowed_at": None},
        {"is_paused": True},
        {"is_paused": True, "paused_until": date(2026, 9, 8)},
    ],
)
def test_who_does_not_want_to_be_asked_is_not_invited(world: World, facts: dict[str, object]) -> None:
    need = world.need()
    world.pairing(S.APPROVED, need=need, volunteer=world.volunteer(**facts))
    behind = world.pairing(S.APPROVED, need=need)

    world.run(line.advance, RULES, need_id=need.id)

    assert _queued(world, need.id) == [behind.id]


def test_two_invitations_in_30_days_are_the_cap(world: World) -> None:
    her = world.volunteer()
    for _ in range(2):
        world.pairing(S.INVITED, volunteer=her)
    third = world.pairing(S.APPROVED, volunteer=her)

    assert world.run(line.advance, RULES, need_id=third.need_id) == 0
    assert world.run(line.advance, SendingRules(cap=False), need_id=third.need_id) == 1
    third.queued_at = None
    world.session.commit()
    world.now += timedelta(days=30, seconds=1)
    assert world.run(line.advance, RULES, need_id=third.need_id) == 1


@pytest.mark.parametrize(
    ("now", "leaves_at"),
    [
        (datetime(2026, 9, 7, 5, 59, tzinfo=UTC), datetime(2026, 9, 7, 6, 0, tzinfo=UTC)),
        (datetime(2026, 9, 7, 17, 59, tzinfo=UTC), datetime(2026, 9, 7, 17, 59, tzinfo=UTC)),
        (datetime(2026, 9, 7, 18, 0, tzinfo=UTC), datetime(2026, 9, 8, 6, 0, tzinfo=UTC)),
        (datetime(2026, 9, 5, 18, 0, tzinfo=UTC), datetime(2026, 9, 7, 6, 0, tzinfo=UTC)),
        (datetime(2026, 7, 14, 10, 0, tzinfo=UTC), datetime(2026, 7, 15, 6, 0, tzinfo=UTC)),
    ],
    ids=["before eight", "before twenty", "at twenty", "saturday evening", "public holiday"],
)
def test_invitations_leave_from_8_to_20_and_not_on_sundays_or_holidays(
    world: World, now: datetime, leaves_at: datetime
) -> None:
    assert sending.next_opening(world.volunteer(), now) == leaves_at


@pytest.mark.parametrize(
    ("facts", "reply_by"),
    [
        ({}, datetime(2026, 9, 28, 8, 0, tzinfo=UTC)),
        ({"starts_on": date(2026, 9, 15)}, datetime(2026, 9, 11, 7, 0, tzinfo=UTC)),
        ({"answer_by": date(2026, 9, 16)}, datetime(2026, 9, 16, 18, 0, tzinfo=UTC)),
        ({"starts_on": date(2026, 9, 8)}, datetime(2026, 9, 9, 8, 0, tzinfo=UTC)),
        ({"answer_by": date(2026, 9, 12)}, datetime(2026, 9, 14, 18, 0, tzinfo=UTC)),
    ],
    ids=["15 working days", "half the time", "own date", "never under 48 h", "a Saturday is deferred"],
)
def test_an_invitation_is_to_be_answered_by(world: World, facts: dict[str, object], reply_by: datetime) -> None:
    assert sending.reply_by(world.need(**facts), world.now) == reply_by


def test_an_urgent_need_asks_people_at_short_notice_for_48_hours(world: World) -> None:
    need = world.need()
    need.is_urgent = True
    world.session.commit()
    world.pairing(S.APPROVED, need=need)
    ready = world.pairing(S.APPROVED, need=need, volunteer=world.volunteer(is_short_notice=True))

    world.run(line.advance, RULES, need_id=need.id)

    assert _queued(world, need.id) == [ready.id]
    assert sending.reply_by(need, world.now) == world.now + timedelta(hours=48)


def test_who_stands_in_a_line_that_she_reviews_keeps_her_place_whatever_order_she_sets(world: World) -> None:
    need, coordinator = world.need(), world.coordinator()
    own = world.volunteer(account=coordinator.account)
    colleague = world.account()
    world.home.coordinators.append(BranchCoordinator(account=colleague))
    world.session.commit()
    first = ways.approve(world, need, world.volunteer())
    hers = world.act(line.approve, Person(colleague), line.Choice(need.id, own.id))
    last = ways.approve(world, need, world.volunteer())

    with pytest.raises(ListChanged):
        world.act(line.reorder, coordinator, need_id=need.id, pairing_ids=[hers.id, first.id, last.id])
    world.act(line.reorder, coordinator, need_id=need.id, pairing_ids=[last.id, first.id])

    assert [each.position for each in (last, hers, first)] == [1, 2, 3]
