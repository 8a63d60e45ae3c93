"""What the morning mail of a coordinator lists: hers, each need once, at most twenty lines a section."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.database import transaction
from matcher.models.branch import BranchCoordinator
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.queries.digests import MOST_LINES, Section, digest
from matcher.queries.tasks import Task
from matcher.services import needs, reviews
from tests import ways
from tests.factories import World

S = PairingStatus


def sections(world: World) -> dict[Task, Section]:
    """What the home branch's coordinator reads now."""
    world.session.rollback()
    since = world.now - timedelta(days=1)
    return {each.task: each for each in digest(world.session, world.coordinator(), now=world.now, since=since)}


def listed(world: World, task: Task) -> list[int]:
    """The needs under one heading."""
    found = sections(world).get(task)
    return [line.need_id for line in found.lines] if found else []


def ranked(world: World, *reasons: str) -> Need:
    """An open need whose ranking has left one person for each of these reasons, or nobody."""
    need = world.need()
    ranking_id = world.suggest(need, [world.volunteer() for _ in reasons])
    with transaction(world.session) as session:
        for row, code in zip(session.query(Suggestion).filter_by(ranking_id=ranking_id), reasons, strict=True):
            row.reasons = {"list": [{"code": each} for each in code.split()]}
    return need


def test_a_quiet_branch_has_nothing_to_read(world: World) -> None:
    world.need()
    world.need(NeedStatus.DRAFT)
    world.pairing(S.INVITED)
    world.pairing(S.ACCEPTED)

    assert sections(world) == {}


def test_a_need_where_several_wait_is_one_line(world: World) -> None:
    need = world.need(seats=3)
    for _ in range(3):
        world.pairing(S.APPLIED, need=need)

    section = sections(world)[Task.APPLICATION]

    assert (section.total, [line.number for line in section.lines]) == (1, [3])


def test_twenty_lines_a_section_the_most_urgent_first_and_all_are_counted(world: World) -> None:
    late = [world.need(NeedStatus.SUBMITTED) for _ in range(MOST_LINES + 3)]
    world.now += timedelta(days=1)
    soon = world.need(NeedStatus.SUBMITTED)
    with transaction(world.session):
        world.session.get_one(Need, soon.id).promised_at = world.now

    section = sections(world)[Task.NEED]

    assert (len(section.lines), section.total) == (MOST_LINES, MOST_LINES + 4)
    assert [line.need_id for line in section.lines] == [soon.id, *(need.id for need in late[: MOST_LINES - 1])]


def test_the_whole_list_is_one_statement(world: World) -> None:
    for status in (S.APPLIED, S.CONFIRMED, S.ACCEPTED):
        world.pairing(status)
    reader, asked = world.coordinator(), []
    assert not reader.account.is_administrator
    sa.event.listen(world.session.get_bind(), "before_cursor_execute", lambda *facts: asked.append(facts[2]))

    assert len(digest(world.session, reader, now=world.now, since=world.now)) == 1
    assert len([statement for statement in asked if not statement.startswith("BEGIN")]) == 1, asked


@pytest.mark.parametrize(
    ("reasons", "is_told"),
    [
        ((), True),
        (("text_only_zero",), True),
        (("text_only_zero missing_skills", "text_only_zero distance"), True),
        (("text_only_zero same_skills",), False),
        (("matched_words",), False),
        (("text_only_zero", "hours_fit"), False),
    ],
)
def test_nobody_matches_when_nobody_is_left_or_has_anything_in_common(
    any_world: World, reasons: tuple[str, ...], is_told: bool
) -> None:
    need = ranked(any_world, *reasons)

    assert listed(any_world, Task.UNMATCHED) == ([need.id] if is_told else [])


def test_a_need_is_not_said_to_match_nobody_before_it_was_ranked_or_while_somebody_is_on_the_way(world: World) -> None:
    world.need()
    world.pairing(S.APPLIED, need=ranked(world))

    assert listed(world, Task.UNMATCHED) == []


def test_after_three_weeks_it_stands_among_those_of_which_the_association_knows(world: World) -> None:
    need = ranked(world)
    assert listed(world, Task.QUIET) == []

    world.fire(need, Clock.NOBODY_YET)

    assert (listed(world, Task.UNMATCHED), listed(world, Task.QUIET)) == ([], [need.id])
    world.pairing(S.APPROVED, need=need)
    assert listed(world, Task.QUIET) == []


def test_a_need_on_hold_waits_for_her_only_when_somebody_must_act(world: World) -> None:
    world.need(NeedStatus.ON_HOLD)
    stuck = world.need()
    world.act(reviews.suspend_association, world.coordinator(), association_id=stuck.association_id)

    (line,) = sections(world)[Task.STUCK].lines

    assert line.need_id == stuck.id
    assert line.due_at is not None, "the day on which it closes"


def test_a_hold_without_a_date_waits_for_her_after_thirty_days_when_people_wait_for_it(any_world: World) -> None:
    kept, dated = any_world.pairing(S.INVITED), any_world.pairing(S.INVITED)
    alone, working = any_world.need(), any_world.pairing(S.CONFIRMED)
    day = (any_world.now + timedelta(days=60)).date()
    for need, returns_on in ((kept.need, None), (dated.need, day), (alone, None), (working.need, None)):
        any_world.act(needs.hold, any_world.member(need), need_id=need.id, returns_on=returns_on)
    held_at = any_world.now
    any_world.now = held_at + timedelta(days=29)
    assert listed(any_world, Task.HELD) == []

    any_world.now = held_at + timedelta(days=30)

    (line,) = sections(any_world)[Task.HELD].lines
    assert (line.need_id, line.since, line.due_at) == (kept.need_id, held_at, None)
    any_world.act(needs.resume, any_world.member(kept), need_id=kept.need_id)
    assert listed(any_world, Task.HELD) == []


def test_what_was_given_up_before_her_review_is_told_for_one_morning(world: World) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    world.act(needs.give_up, world.member(need), need_id=need.id)
    world.act(needs.give_up, world.member(draft := world.need(NeedStatus.DRAFT)), need_id=draft.id)

    assert listed(world, Task.GIVEN_UP) == [need.id]
    world.now += timedelta(days=2)
    assert listed(world, Task.GIVEN_UP) == []


def test_a_colleagues_needs_are_hers_until_she_leaves_the_branch(world: World) -> None:
    colleague = world.account()
    link = BranchCoordinator(branch_id=world.home.id, account_id=colleague.id)
    with transaction(world.session):
        world.session.add(link)
    pairing = world.pairing(S.APPLIED)
    with transaction(world.session):
        world.session.get_one(Need, pairing.need_id).coordinator_id = colleague.id
    assert listed(world, Task.APPLICATION) == []

    with transaction(world.session):
        world.session.delete(world.session.merge(link))

    assert listed(world, Task.APPLICATION) == [pairing.need_id]


def test_her_own_case_waits_for_another(world: World) -> None:
    pairing = world.pairing(S.APPLIED)
    world.join(pairing.need.association, world.coordinator().account)
    ways.apply(world, world.need(), world.volunteer(account=world.coordinator().account))

    assert sections(world) == {}
