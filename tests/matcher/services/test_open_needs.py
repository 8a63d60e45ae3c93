"""An open need: edited, filled, enough, open again, still needed, completed; who is told each time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.errors import IllegalTransition, NobodyTaken, NotAllowed, NotFound, SeatsAreHeld, SeatsBelowEngaged
from matcher.links import Subject
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.states import HoldReason, NeedStatus, PairingReason, PairingStatus
from matcher.queries.digests import digest
from matcher.queries.tasks import Task
from matcher.ranking.types import Importance, NeededSkill
from matcher.services import clocks, missions, needs
from tests import ways
from tests.factories import World

S = PairingStatus


def test_a_change_of_wording_counts_at_once_and_asks_nobody(world: World) -> None:
    yes = world.pairing(S.ACCEPTED)
    world.forget_mails()

    content = world.content(description="Mieux dit.")
    need = world.act(needs.edit, world.member(yes), need_id=yes.need_id, content=content)

    assert (need.description, need.line_waits, yes.still_agrees_asked_at) == ("Mieux dit.", False, None)
    assert world.mails() == set()
    assert len(world.messages("rank_need")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"starts_on": date(2026, 10, 1)},
        {"total_hours": 10.0},
        {"communes": ("69266",)},
        {"seats": 4},
        {"skills": (NeededSkill("Paie"),)},
    ],
)
def test_a_change_of_what_matters_halts_the_line_and_asks_those_who_said_yes(
    world: World, change: dict[str, object]
) -> None:
    need = world.need(seats=3)
    asked = [world.pairing(S.ACCEPTED, need=need), world.pairing(S.CONFIRMED, need=need)]
    for status in (S.INVITED, S.APPLIED):
        world.pairing(status, need=need)
    world.forget_mails()

    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(**{"seats": 3, **change}))

    assert need.line_waits
    assert len(world.messages("rank_need")) == 1
    assert world.mails() == {("need_changed", p.volunteer.account_id) for p in asked}
    assert all(p.still_agrees_asked_at == world.now for p in asked)


def test_a_useful_skill_more_changes_nothing_for_those_who_said_yes(world: World) -> None:
    yes = world.pairing(S.ACCEPTED)
    world.forget_mails()
    skills = (NeededSkill("Tableur", Importance.USEFUL),)

    world.act(needs.edit, world.member(yes), need_id=yes.need_id, content=world.content(skills=skills))

    assert world.mails() == set()


def test_the_same_skills_and_places_are_saved_again_in_another_order(any_world: World) -> None:
    skills = (NeededSkill("Compta"), NeededSkill("Paie"))
    need = any_world.need(skills=skills, communes=("69123", "69266"))
    content = any_world.content(skills=(*reversed(skills), NeededSkill("Compta")), communes=("69266", "69123"))

    any_world.act(needs.edit, any_world.member(need), need_id=need.id, content=content)

    assert sorted(skill.label for skill in need.skills) == ["Compta", "Paie"]
    assert [place.commune for place in need.locations] == ["69266", "69123"]


def test_seats_never_go_below_those_held_and_taken(world: World) -> None:
    need = world.need(seats=3)
    world.pairing(S.ACCEPTED, need=need)
    world.pairing(S.CONFIRMED, need=need)

    with pytest.raises(SeatsBelowEngaged):
        world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(seats=1))
    world.act(needs.edit, world.member(need), need_id=need.id, content=world.content(seats=2))

    assert (need.seats, need.status) == (2, NeedStatus.OPEN)


def test_an_open_need_whose_seats_are_lowered_to_those_taken_is_filled(world: World) -> None:
    need = world.need(seats=2)
    world.pairing(S.CONFIRMED, need=need)

    world.act(needs.edit, world.coordinator(), need_id=need.id, content=world.content(seats=1))

    assert need.status is NeedStatus.FILLED


def test_the_last_confirmation_fills_the_need_and_releases_those_who_were_asked(world: World) -> None:
    need = world.need(seats=2)
    applied, invited, approved = (world.pairing(s, need=need) for s in (S.APPLIED, S.INVITED, S.APPROVED))
    world.pairing(S.CONFIRMED, need=need)
    last = world.pairing(S.ACCEPTED, need=need)
    reserve = world.pairing(S.RESERVE, need=need)
    assert need.status is NeedStatus.OPEN, "one seat is held, not taken"
    world.forget_mails()

    ways.confirm(world, last)

    assert need.status is NeedStatus.FILLED
    assert [p.status for p in (applied, invited, approved, reserve)] == [S.RELEASED, S.RELEASED, S.APPROVED, S.RESERVE]
    assert world.mails() == {
        ("need_filled", applied.volunteer.account_id),
        ("need_filled", invited.volunteer.account_id),
        ("reserve_waits", reserve.volunteer.account_id),
        ("introduced", last.volunteer.account_id),
        ("introduced", world.member(need).account.id),
        ("confirmed_coordinator", world.coordinator().account.id),
    }


def test_a_seat_that_frees_opens_the_need_again(world: World) -> None:
    gone = world.pairing(S.CONFIRMED)
    need = gone.need
    assert need.status is NeedStatus.FILLED
    world.forget_mails()

    reason = PairingReason.CHANGED_CIRCUMSTANCES
    world.act(missions.withdraw_after_talk, world.volunteer_of(gone), pairing_id=gone.id, reason=reason)

    assert (need.status, need.taken) == (NeedStatus.OPEN, 0)
    assert ("need_reopened_coordinator", world.coordinator().account.id) in world.mails()
    assert [row.payload["need_id"] for row in world.messages("advance_line")] == [need.id]


def test_enough_lowers_the_seats_and_fills_the_need(world: World) -> None:
    need = world.need(seats=3)
    world.pairing(S.CONFIRMED, need=need)
    invited = world.pairing(S.INVITED, need=need)
    world.forget_mails()

    world.act(needs.enough, world.member(need), need_id=need.id)

    assert (need.status, need.seats, invited.status) == (NeedStatus.FILLED, 1, S.RELEASED)
    assert world.mails() == {("need_filled", invited.volunteer.account_id)}


def test_enough_needs_somebody_taken_and_nobody_held(world: World) -> None:
    need = world.need(seats=3)
    with pytest.raises(NobodyTaken):
        world.act(needs.enough, world.member(need), need_id=need.id)
    world.pairing(S.CONFIRMED, need=need)
    world.pairing(S.ACCEPTED, need=need)

    with pytest.raises(SeatsAreHeld):
        world.act(needs.enough, world.member(need), need_id=need.id)
    with pytest.raises(NotAllowed):
        world.act(needs.enough, world.coordinator(), need_id=need.id)


def test_after_30_silent_days_the_contact_is_asked_and_10_working_days_later_it_is_on_hold(world: World) -> None:
    association = world.association(members=2)
    need = world.need(association=association)
    opened = world.now
    world.forget_mails()

    world.fire(need, Clock.ASK_STILL_NEEDED)
    assert world.now == opened + timedelta(days=30)
    assert world.mails() == {("still_needed", world.member(need).account.id)}
    world.forget_mails()
    world.fire(need, Clock.HOLD_SILENT)

    assert world.now == datetime(2026, 10, 21, 8, 0, tzinfo=UTC)
    assert (need.status, need.hold_reason) == (NeedStatus.ON_HOLD, HoldReason.ASSOCIATION_SILENT)
    assert world.mails() == {("need_held_silent", account.id) for account in association.members}
    (section,) = digest(world.session, world.coordinator(), now=world.now, since=world.now)
    assert (section.task, section.lines[0].need_id) == (Task.STUCK, need.id), "the coordinator reads it in the morning"
    assert section.lines[0].due_at == clocks.due_at(world.session, need, Clock.EXPIRE_HOLD)


def test_still_needed_gives_30_more_days_by_page_or_link(world: World) -> None:
    need = world.need()
    holder = world.holder(LinkPurpose.STILL_NEEDED, world.member(need).account, Subject(need_id=need.id))
    for actor in (world.member(need), holder):
        world.fire(need, Clock.ASK_STILL_NEEDED)

        world.act(needs.confirm_still_needed, actor, need_id=need.id)

        assert set(clocks.running(world.session, need)) == {Clock.ASK_STILL_NEEDED, Clock.NOBODY_YET}
        assert clocks.due_at(world.session, need, Clock.ASK_STILL_NEEDED) >= world.now + timedelta(days=30)


def test_still_needed_does_not_open_a_held_need_and_is_not_a_strangers_to_say(world: World) -> None:
    need = world.need(NeedStatus.ON_HOLD)

    with pytest.raises(IllegalTransition):
        world.act(needs.confirm_still_needed, world.member(need), need_id=need.id)
    with pytest.raises(NotFound):
        world.act(needs.confirm_still_needed, world.person(), need_id=need.id)


def test_activity_puts_the_question_off(world: World) -> None:
    pairing = world.pairing(S.INVITED)
    need = pairing.need
    world.now += timedelta(days=10)

    ways.accept(world, pairing)

    assert clocks.due_at(world.session, need, Clock.ASK_STILL_NEEDED) == datetime(2026, 10, 19, 8, 0, tzinfo=UTC)


def test_only_the_associations_own_act_answers_the_question(world: World) -> None:
    need = world.need(seats=2)
    volunteer = world.volunteer()
    world.fire(need, Clock.ASK_STILL_NEEDED)

    yes = world.pairing(S.ACCEPTED, need=need, volunteer=volunteer)
    assert Clock.HOLD_SILENT in clocks.running(world.session, need)
    ways.confirm(world, yes)

    assert set(clocks.running(world.session, need)) == {Clock.ASK_STILL_NEEDED, Clock.NOBODY_YET}


def test_a_need_is_completed_when_all_taken_have_ended(world: World) -> None:
    need = world.need(seats=2)
    world.pairing(S.COMPLETED, need=need)
    last = world.pairing(S.ACTIVE, need=need)
    sleeping = world.pairing(S.APPROVED, need=world.need())
    assert need.status is NeedStatus.FILLED
    world.forget_mails()

    ways.finish(world, last)

    assert (need.status, need.ended_at, sleeping.status) == (NeedStatus.COMPLETED, world.now, S.APPROVED)
    assert ("need_completed", world.member(need).account.id) in world.mails()


def test_when_the_last_one_fails_the_seat_frees_and_the_need_opens(world: World) -> None:
    need = world.need(seats=2)
    world.pairing(S.COMPLETED, need=need)
    last = world.pairing(S.ACTIVE, need=need)

    ways.abandon(world, last)

    assert (need.status, need.taken) == (NeedStatus.OPEN, 1)
