"""A need on hold: sending and clocks stop, missions go on; how it opens again, closes, or lapses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.errors import AssociationIsSuspended, IllegalTransition, InvalidDates, NeedIsNotOpen, NotFound
from matcher.models.association import AssociationStatus
from matcher.models.deadline import Clock
from matcher.models.states import EndReason, HoldReason, NeedStatus, PairingStatus
from matcher.queries.acts import Act, acts_of
from matcher.services import answers, clocks, line, missions, needs, reviews
from matcher.services.sending import SendingRules
from tests import ways
from tests.factories import World

S = PairingStatus


def _hold(world: World, need_id: int, returns_on: date | None = None) -> None:
    world.act(needs.hold, world.coordinator(), need_id=need_id, returns_on=returns_on)


def test_a_hold_tells_those_who_wait_once_and_stops_their_clocks(world: World) -> None:
    need = world.need(seats=2)
    waiting = [world.pairing(s, need=need) for s in (S.APPLIED, S.INVITED, S.ACCEPTED)]
    unaware = world.pairing(S.APPROVED, need=need)
    mission = world.pairing(S.CONFIRMED, need=need)
    world.forget_mails()

    _hold(world, need.id)

    assert (need.status, need.hold_reason) == (NeedStatus.ON_HOLD, HoldReason.COORDINATOR_ASKED)
    assert world.mails() == {("need_on_hold", p.volunteer.account_id) for p in (*waiting, mission)}
    assert all(clocks.running(world.session, p) == {} for p in (*waiting, unaware))
    assert Clock.ASK_TALKED in clocks.running(world.session, mission), "missions go on"
    assert clocks.running(world.session, need) == {}
    assert world.run(line.advance, SendingRules(), need_id=need.id) == 0


def test_the_clocks_run_again_later_by_the_time_that_they_stood_still(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    due = clocks.due_at(world.session, pairing, Clock.EXPIRE_INVITED)
    world.now += timedelta(days=1)
    _hold(world, pairing.need_id)
    world.now += timedelta(days=7)

    world.act(needs.resume, world.member(pairing), need_id=pairing.need_id)

    assert clocks.running(world.session, pairing)[Clock.EXPIRE_INVITED] == due + timedelta(days=7)
    assert pairing.reply_by == due + timedelta(days=7), "the page and the reminder name the same date"


def test_what_would_fall_due_on_a_closed_day_after_a_hold_falls_due_on_the_next_working_day(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)
    assert clocks.due_at(world.session, pairing, Clock.YES_WAITS) == datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
    _hold(world, pairing.need_id)
    world.now += timedelta(days=2)

    world.act(needs.resume, world.coordinator(), need_id=pairing.need_id)

    assert clocks.running(world.session, pairing)[Clock.YES_WAITS] == datetime(2026, 9, 14, 8, 0, tzinfo=UTC)


def test_a_yes_given_during_a_hold_waits_with_it(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    _hold(world, pairing.need_id)

    ways.accept(world, pairing)

    assert pairing.status is S.ACCEPTED
    assert world.pass_time(world.now + timedelta(days=30)) == []
    world.act(needs.resume, world.coordinator(), need_id=pairing.need_id)
    assert Clock.YES_WAITS in clocks.running(world.session, pairing)


def test_an_invitation_whose_question_waits_stays_still_after_a_hold(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    world.act(answers.ask, world.volunteer_of(pairing), pairing_id=pairing.id, question="Le soir ?")
    _hold(world, pairing.need_id)

    world.act(needs.resume, world.coordinator(), need_id=pairing.need_id)

    assert set(clocks.running(world.session, pairing)) == {Clock.QUESTION_WAITS}


def test_a_resumed_need_is_ranked_again_and_the_contact_told(world: World) -> None:
    need = world.need(NeedStatus.ON_HOLD)
    world.forget_mails()

    world.act(needs.resume, world.member(need), need_id=need.id)

    assert (need.status, need.hold_reason) == (NeedStatus.OPEN, None)
    assert world.mails() == {("need_resumed", world.member(need).account.id)}
    assert (len(world.messages("rank_need")), len(world.messages("advance_line"))) == (1, 1)
    assert Clock.ASK_STILL_NEEDED in clocks.running(world.session, need)


def test_a_resumed_need_whose_seats_are_all_taken_is_filled_and_releases_the_asked(world: World) -> None:
    yes = world.pairing(S.ACCEPTED)
    need = yes.need
    invited = world.pairing(S.INVITED, need=need)
    _hold(world, need.id)
    ways.confirm(world, yes)
    assert need.status is NeedStatus.ON_HOLD, "a hold keeps its name whatever the seats"
    world.forget_mails()

    world.act(needs.resume, world.member(need), need_id=need.id)

    assert (need.status, invited.status) == (NeedStatus.FILLED, S.RELEASED)
    assert ("need_filled", invited.volunteer.account_id) in world.mails()


def test_a_held_need_with_all_seats_taken_is_completed_by_the_last_end(world: World) -> None:
    mission = world.pairing(S.ACTIVE)
    _hold(world, mission.need_id)

    ways.finish(world, mission)

    assert mission.need.status is NeedStatus.COMPLETED


def test_a_suspended_association_holds_its_needs_and_resumes_none(world: World) -> None:
    pairing = world.pairing(S.ACTIVE)
    need = world.need(association=pairing.need.association)
    draft = world.need(NeedStatus.DRAFT, association=need.association)

    world.act(reviews.suspend_association, world.coordinator(), association_id=need.association_id)

    assert need.association.status is AssociationStatus.SUSPENDED
    held = (NeedStatus.ON_HOLD, HoldReason.ASSOCIATION_SUSPENDED)
    assert (need.status, need.hold_reason) == (pairing.need.status, pairing.need.hold_reason) == held
    assert (pairing.status, draft.status) == (S.ACTIVE, NeedStatus.DRAFT)
    with pytest.raises(AssociationIsSuspended):
        world.act(needs.resume, world.member(need), need_id=need.id)


def test_a_hold_by_the_system_is_warned_and_closes_after_30_days(world: World) -> None:
    association = world.association(members=2)
    need = world.need(association=association)
    invited = world.pairing(S.INVITED, need=need)
    world.act(reviews.suspend_association, world.coordinator(), association_id=association.id)
    held_at = world.now
    world.forget_mails()

    world.fire(need, Clock.WARN_HOLD)
    assert world.now == held_at + timedelta(days=23)
    assert world.mails() == {("hold_warning", account.id) for account in association.members}
    world.forget_mails()
    world.fire(need, Clock.EXPIRE_HOLD)

    assert world.now == held_at + timedelta(days=30)
    assert (need.status, need.end_reason, invited.status) == (NeedStatus.CLOSED, EndReason.NO_ANSWER, S.RELEASED)
    assert world.mails() == {("need_closed", invited.volunteer.account_id)}


def test_a_members_date_of_return_counts_and_without_one_nothing_lapses(world: World) -> None:
    dated, open_ended = world.need(), world.need(NeedStatus.ON_HOLD)
    _hold(world, dated.id, date(2026, 10, 1))

    assert clocks.running(world.session, dated) == {
        Clock.WARN_HOLD: datetime(2026, 10, 26, 9, 0, tzinfo=UTC),
        Clock.EXPIRE_HOLD: datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
    }, "30 days after 1 October is a Saturday; the next working day is Monday 2 November"
    assert clocks.running(world.session, open_ended) == {}


def test_a_date_of_return_that_has_gone_by_is_refused(world: World) -> None:
    with pytest.raises(InvalidDates):
        _hold(world, world.need().id, world.now.date())


def test_a_held_need_does_not_close_while_a_mission_runs(world: World) -> None:
    need = world.need(seats=2)
    world.pairing(S.ACTIVE, need=need)
    world.act(reviews.suspend_association, world.coordinator(), association_id=need.association_id)

    world.fire(need, Clock.EXPIRE_HOLD)

    assert need.status is NeedStatus.ON_HOLD
    assert Clock.EXPIRE_HOLD in clocks.running(world.session, need)


@pytest.mark.parametrize("status", [NeedStatus.OPEN, NeedStatus.ON_HOLD])
def test_a_closed_need_releases_who_waits_and_missions_go_on(world: World, status: NeedStatus) -> None:
    need = world.need(seats=2)
    waiting = [world.pairing(s, need=need) for s in (S.APPLIED, S.APPROVED, S.INVITED, S.ACCEPTED)]
    mission = world.pairing(S.CONFIRMED, need=need)
    if status is NeedStatus.ON_HOLD:
        _hold(world, need.id)
    world.forget_mails()

    world.act(needs.close, world.member(need), need_id=need.id, reason=EndReason.NOBODY_FOUND)

    assert (need.status, need.end_reason) == (NeedStatus.CLOSED, EndReason.NOBODY_FOUND)
    assert {p.status for p in waiting} == {S.RELEASED}
    assert all(p.reason is None for p in waiting), "the reason is the need's"
    known = [p for p in (*waiting, mission) if p.is_known_to_her]
    assert world.mails() == {("need_closed", p.volunteer.account_id) for p in known}
    ways.begin(world, mission)
    ways.finish(world, mission)
    assert (mission.status, need.status) == (S.COMPLETED, NeedStatus.CLOSED)


def test_a_filled_need_is_not_closed(world: World) -> None:
    need = world.need(NeedStatus.FILLED)

    with pytest.raises(IllegalTransition):
        world.act(needs.close, world.member(need), need_id=need.id, reason=EndReason.GIVEN_UP)


def test_only_members_and_coordinators_hold_and_close(world: World) -> None:
    need = world.need(NeedStatus.ON_HOLD)

    for stranger in (world.person(), world.coordinator(world.national), world.member(world.association())):
        with pytest.raises(NotFound):
            world.act(needs.resume, stranger, need_id=need.id)
        with pytest.raises(NotFound):
            world.act(needs.close, stranger, need_id=need.id, reason=EndReason.GIVEN_UP)


def test_a_yes_without_an_answer_in_10_working_days_is_released_and_the_need_held(world: World) -> None:
    administrator = world.administrator()
    association = world.association(members=2)
    pairing = world.pairing(S.ACCEPTED, need=world.need(association=association))
    members = [account.id for account in association.members]
    told = {}
    for clock in (Clock.YES_WAITS, Clock.YES_WAITS_LONG, Clock.RELEASE_YES):
        world.forget_mails()
        world.fire(pairing, clock)
        told[world.now.day] = world.mails()

    her = pairing.volunteer.account_id
    assert told == {
        10: {("yes_to_members", member) for member in members},
        14: {("yes_late", her)},
        21: {("yes_released", her), *(("need_held_silent", member) for member in members)},
    }
    assert administrator.account.id not in {account_id for _, account_id in set.union(*told.values())}
    assert (pairing.status, pairing.need.status, pairing.need.held) == (S.RELEASED, NeedStatus.ON_HOLD, 0)
    assert pairing.need.hold_reason is HoldReason.ASSOCIATION_SILENT


def test_the_coordinator_may_confirm_during_a_hold(world: World) -> None:
    pairing = world.pairing(S.ACCEPTED)
    _hold(world, pairing.need_id)

    world.act(missions.confirm, world.coordinator(), pairing_id=pairing.id)

    assert (pairing.status, pairing.need.status) == (S.CONFIRMED, NeedStatus.ON_HOLD)
    assert Clock.ASK_TALKED in clocks.running(world.session, pairing)


def test_a_suspended_association_is_brought_nobody_by_any_door(world: World) -> None:
    accepted = world.pairing(S.ACCEPTED)
    need = accepted.need
    invited = world.pairing(S.INVITED, need=need)
    world.act(reviews.suspend_association, world.coordinator(), association_id=need.association_id)

    for actor in (world.member(need), world.coordinator()):
        with pytest.raises(AssociationIsSuspended):
            world.act(missions.confirm, actor, pairing_id=accepted.id)
    with pytest.raises(NeedIsNotOpen):
        ways.accept(world, invited)
    with pytest.raises(NeedIsNotOpen):
        world.act(answers.accept_by_telephone, world.coordinator(), pairing_id=invited.id)

    assert (accepted.status, invited.status) == (S.ACCEPTED, S.INVITED)
    assert Act.CONFIRM not in acts_of(world.member(need), accepted, world.now)
    assert Act.CONFIRM_BY_TELEPHONE not in acts_of(world.coordinator(), accepted, world.now)
    assert Act.YES not in acts_of(world.volunteer_of(invited), invited, world.now)


def test_a_no_reaches_a_suspended_association_and_its_missions_go_on(world: World) -> None:
    mission = world.pairing(S.CONFIRMED)
    invited = world.pairing(S.INVITED, need=world.need(association=mission.need.association))
    world.act(reviews.suspend_association, world.coordinator(), association_id=mission.need.association_id)

    ways.decline(world, invited)
    ways.begin(world, mission)

    assert (invited.status, mission.status) == (S.DECLINED, S.ACTIVE)
