"""What waits for a coordinator, on both databases: what puts a thing on her list, and what never does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.actors import Hat, Person
from matcher.errors import NotFound
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.states import NeedStatus, PairingStatus
from matcher.policies import Action, may, visible
from matcher.queries import boards, reviews
from matcher.queries.suggestions import list_suggestions
from matcher.queries.tasks import Task
from matcher.queries.waiting import count_waiting
from matcher.services import needs
from tests.factories import World


def tasks(world: World) -> list[Task]:
    """Return what waits for the home branch's coordinator."""
    return [one.task for one in reviews.list_tasks(world.session, world.coordinator(), world.now, since=world.now)]


def test_a_yes_waits_for_her_once_she_was_written_to(any_world: World) -> None:
    pairing = any_world.pairing(PairingStatus.ACCEPTED)
    assert tasks(any_world) == []

    any_world.fire(pairing, Clock.YES_WAITS)
    any_world.fire(pairing, Clock.YES_WAITS_LONG)

    assert tasks(any_world) == [Task.YES]


def test_a_talk_and_a_mission_without_news_wait_for_her(any_world: World) -> None:
    talk = any_world.pairing(PairingStatus.CONFIRMED)
    mission = any_world.pairing(PairingStatus.ACTIVE)
    assert tasks(any_world) == []

    any_world.fire(talk, Clock.TALK_WAITS)
    any_world.fire(mission, Clock.FINISH_WAITS)

    assert tasks(any_world) == [Task.MISSION, Task.MISSION]


def test_a_line_waits_after_a_change_of_the_need(any_world: World) -> None:
    need = any_world.need(NeedStatus.OPEN)
    any_world.act(needs.edit, any_world.member(need), need_id=need.id, content=any_world.content(seats=2))

    assert tasks(any_world) == [Task.LINE]


def test_the_number_in_the_menu_is_that_of_the_list(any_world: World) -> None:
    any_world.need(NeedStatus.SUBMITTED)
    any_world.pairing(PairingStatus.APPLIED)
    coordinator = any_world.coordinator()
    counts = reviews.count_tasks(any_world.session, coordinator, any_world.now, since=any_world.now)

    assert sum(counts.values()) == 2
    assert count_waiting(any_world.session, Person(coordinator.account, Hat.COORDINATOR), any_world.now) == 2


def test_a_case_of_her_own_waits_for_another_coordinator(any_world: World) -> None:
    own = any_world.volunteer(account=any_world.coordinator().account)
    any_world.pairing(PairingStatus.APPLIED, volunteer=own)

    assert tasks(any_world) == []


def test_a_ranking_that_found_nobody_still_says_whom_it_left_out(any_world: World) -> None:
    need = any_world.need(NeedStatus.OPEN)
    ranking_id = any_world.suggest(need, [])

    found = list_suggestions(any_world.session, any_world.coordinator(), need, language="en")

    assert (found.ranking_id, found.people) == (ranking_id, ())


def test_waits_are_medians_in_days(any_world: World) -> None:
    need = any_world.need(NeedStatus.OPEN)
    any_world.now = any_world.now.replace(day=any_world.now.day + 2)
    any_world.suggest(need, [any_world.volunteer()])

    figures = boards.board(any_world.session, any_world.coordinator(), any_world.now, branch_ids=[any_world.home.id])

    assert figures.days_to_suggestions == 2.0
    assert figures.days_to_fill is None


@pytest.mark.parametrize("by", ["member", "clock"])
def test_a_draft_that_ends_unsent_stays_its_associations_alone(world: World, by: str) -> None:
    need, seen = world.need(NeedStatus.DRAFT), world.need(NeedStatus.SUBMITTED)
    world.act(needs.give_up, world.member(seen), need_id=seen.id)
    if by == "member":
        world.act(needs.give_up, world.member(need), need_id=need.id)
    else:
        world.pass_time(world.now + timedelta(days=400))
    assert need.status is NeedStatus.CLOSED

    coordinator = world.coordinator()
    listed = reviews.list_needs(world.session, coordinator, status=NeedStatus.CLOSED)
    assert [row.need_id for row in listed.needs] == [seen.id]
    assert reviews.count_needs(world.session, coordinator) == {NeedStatus.CLOSED: 1}
    for reader in (coordinator, world.administrator()):
        with pytest.raises(NotFound):
            reviews.desk_need(world.session, reader, need.id)
    assert reviews.desk_need(world.session, coordinator, seen.id) is seen
    assert not may(coordinator, Action.READ, need)
    assert not may(coordinator, Action.WRITE, need)
    assert may(world.member(need), Action.READ, need)
    visible_to_her = sa.select(Need.id).where(visible(coordinator, Need))
    assert world.session.scalars(visible_to_her).all() == [seen.id]
