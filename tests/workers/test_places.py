"""A volunteer asks about her place, a worker answers: through the outbox, on both databases, telling no decision."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.database import transaction
from matcher.models.counterfactual import Counterfactual
from matcher.models.need import Need
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import NeededSkill, OfferedSkill, Per
from matcher.services import counterfactuals, needs
from tests import ways
from tests.factories import World
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.tasks.retention import forget_once_a_day

SKILL = "Comptabilité associative"
URI = "binome:skill/accounting/association-accounting"


def work(runtime: Runtime, world: World, kind: str) -> None:
    """Let a worker handle all rows of a kind that wait."""
    world.session.rollback()
    for row in world.messages(kind):
        if row.done_at is None:
            HANDLERS[kind].handle(runtime, row.id)
    world.session.rollback()


def a_full_need(world: World, **facts: object) -> Need:
    """A need for which six people fit well."""
    need = world.need(skills=(NeededSkill(SKILL, uri=URI),), total_hours=40.0, **facts)
    for _ in range(6):
        world.volunteer(skills=[OfferedSkill(SKILL, 3, URI)], hours=4.0, hours_per=Per.WEEK)
    return need


def ask(world: World, need: Need, volunteer: Volunteer) -> None:
    """Press the button."""
    world.act(counterfactuals.ask, world.volunteer_of(volunteer), need_id=need.id)


def answer(runtime: Runtime, world: World, need: Need, volunteer: Volunteer) -> dict[str, object]:
    """Ask, let the worker answer, and read what is kept."""
    ask(world, need, volunteer)
    work(runtime, world, "explain_place")
    kept = world.session.scalars(sa.select(Counterfactual)).one()
    assert kept.ready_at == world.now
    return dict(kept.result or {})


def test_a_worker_answers_what_was_asked(runtime: Runtime, any_world: World) -> None:
    need = a_full_need(any_world)
    volunteer = any_world.volunteer(hours=4.0)
    work(runtime, any_world, "rank_need")

    result = answer(runtime, any_world, need, volunteer)

    assert (result["outcome"], result["of"], result["left_out_by"]) == ("changes", 7, [])
    assert {"code": "add_skill", "label": SKILL, "uri": URI} in result["changes"]


def test_asking_twice_is_one_question_and_one_row(any_world: World) -> None:
    need, volunteer = a_full_need(any_world), any_world.volunteer()

    ask(any_world, need, volunteer)
    ask(any_world, need, volunteer)

    assert len(any_world.messages("explain_place")) == 1
    assert len(any_world.session.scalars(sa.select(Counterfactual)).all()) == 1


def test_a_new_question_takes_the_answer_of_the_old_one_away(runtime: Runtime, any_world: World) -> None:
    need, volunteer = a_full_need(any_world), any_world.volunteer()
    answer(runtime, any_world, need, volunteer)

    ask(any_world, need, volunteer)

    any_world.session.expire_all()
    kept = any_world.session.scalars(sa.select(Counterfactual)).one()
    assert (kept.ready_at, kept.result, kept.version) == (None, None, None)


def test_somebody_set_aside_without_knowing_reads_the_answer_of_her_profile(runtime: Runtime, any_world: World) -> None:
    need = a_full_need(any_world)
    volunteer = any_world.volunteer(hours=4.0)
    free = answer(runtime, any_world, need, volunteer)
    ways.set_aside(any_world, need, volunteer)

    assert answer(runtime, any_world, need, volunteer) == free


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [({"is_paused": True}, "paused"), ({"invitations_allowed_at": None}, "not_invited")],
)
def test_what_she_has_chosen_herself_is_told_before_any_score(
    runtime: Runtime, any_world: World, facts: dict[str, object], outcome: str
) -> None:
    need, volunteer = a_full_need(any_world), any_world.volunteer(**facts)

    assert answer(runtime, any_world, need, volunteer) == {"outcome": outcome}


def test_who_has_all_the_missions_that_she_wants_is_told_so(runtime: Runtime, any_world: World) -> None:
    volunteer = any_world.volunteer(missions_at_once=1)
    any_world.pairing(PairingStatus.ACTIVE, volunteer=volunteer)

    assert answer(runtime, any_world, a_full_need(any_world), volunteer) == {"outcome": "busy"}


def test_a_need_that_closed_meanwhile_is_told_as_such(runtime: Runtime, any_world: World) -> None:
    need, volunteer = a_full_need(any_world), any_world.volunteer()
    ask(any_world, need, volunteer)
    any_world.act(needs.hold, any_world.member(need), need_id=need.id, returns_on=None)

    work(runtime, any_world, "explain_place")

    assert any_world.session.scalars(sa.select(Counterfactual)).one().result == {"outcome": "not_open"}


def test_who_joined_the_association_meanwhile_is_told_that_it_is_hers(runtime: Runtime, any_world: World) -> None:
    need, volunteer = a_full_need(any_world), any_world.volunteer()
    ask(any_world, need, volunteer)
    any_world.join(need.association, volunteer.account)

    work(runtime, any_world, "explain_place")

    assert any_world.session.scalars(sa.select(Counterfactual)).one().result == {"outcome": "own_association"}


def test_a_question_that_was_forgotten_meanwhile_is_not_answered(runtime: Runtime, any_world: World) -> None:
    need, volunteer = a_full_need(any_world), any_world.volunteer()
    ask(any_world, need, volunteer)
    with transaction(any_world.session):
        counterfactuals.forget_all_of(any_world.session, volunteer.id)

    work(runtime, any_world, "explain_place")

    (row,) = any_world.messages("explain_place")
    assert row.outcome == "forgotten meanwhile"
    assert any_world.session.scalars(sa.select(Counterfactual)).all() == []


def test_a_question_is_forgotten_after_thirty_days(runtime: Runtime, any_world: World) -> None:
    old, young = a_full_need(any_world), any_world.need(NeedStatus.OPEN)
    volunteer = any_world.volunteer()
    ask(any_world, old, volunteer)
    any_world.now += timedelta(days=20)
    ask(any_world, young, volunteer)
    any_world.now += timedelta(days=11)

    forget_once_a_day(runtime)

    any_world.session.rollback()
    assert list(any_world.session.scalars(sa.select(Counterfactual.need_id))) == [young.id]
