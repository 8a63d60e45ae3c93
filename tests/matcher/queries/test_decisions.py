"""Decisions as examples: each keeps the list that was shown, so that it replays exactly, and says what it means."""

from dataclasses import asdict
from datetime import date

import numpy as np
import pytest
import sqlalchemy as sa

from matcher.actors import System
from matcher.models.pairing import Decision
from matcher.models.states import NeedStatus, PairingReason
from matcher.models.volunteer import Volunteer
from matcher.queries.decisions import MEANING, examples
from matcher.queries.ranking_inputs import load_inputs
from matcher.ranking.examples import Verdict
from matcher.ranking.ranker import Ranker
from matcher.ranking.replay import Agreement, replayed, vector
from matcher.ranking.score import WEIGHTS
from matcher.services import line, matching, privacy
from matcher.services.line import Choice
from matcher.services.matching import RankerState
from tests.decided import drawn, other_weights, show
from tests.factories import World

READER = System("tune")


def people(world: World, number: int = 3) -> list[Volunteer]:
    """Some volunteers."""
    return [world.volunteer() for _ in range(number)]


def random() -> np.random.Generator:
    """The same chance each time."""
    return np.random.default_rng(1)


def test_a_decision_on_a_real_ranking_replays_to_the_scores_that_were_shown(any_world: World) -> None:
    need, (first, second) = any_world.need(), people(any_world, 2)
    session = any_world.session
    state = RankerState(Ranker().fit(load_inputs(session)))
    ranked = matching.rank(session, state, need_id=need.id, today=date(2026, 9, 7))
    assert ranked is not None
    ranking_id = any_world.run(matching.store, ranked)
    coordinator = any_world.coordinator(need.branch)
    any_world.act(line.approve, coordinator, Choice(need.id, first.id, ranking_id))
    choice = Choice(need.id, second.id, ranking_id)
    any_world.act(line.set_aside, coordinator, choice, reason=PairingReason.SKILLS)

    found = examples(session, READER)

    assert [(e.person, e.verdict) for e in found] == [
        (str(first.id), Verdict.WANTED),
        (str(second.id), Verdict.UNFIT),
    ]
    scores = [suggested.score for suggested in ranked.ranking.suggestions]
    for example in found:
        assert list(example.people) == [suggested.volunteer_id for suggested in ranked.ranking.suggestions]
        assert example.values @ vector(WEIGHTS) == pytest.approx(scores, abs=1e-6)
    assert Agreement.PAIRS in replayed(found, other_weights()).samples


def test_every_reason_has_its_meaning_and_only_fit_counts_against_somebody() -> None:
    assert set(MEANING) == set(PairingReason)
    assert {reason for reason, meaning in MEANING.items() if meaning is Verdict.UNFIT} == {
        PairingReason.SKILLS,
        PairingReason.AVAILABILITY,
        PairingReason.DISTANCE,
        PairingReason.LANGUAGE,
        PairingReason.NOT_MY_FIELD,
    }
    assert Verdict.WANTED not in MEANING.values()


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [(PairingReason.TOO_OFTEN_ASKED, Verdict.SILENT), (PairingReason.DISTANCE, Verdict.UNFIT)],
)
def test_a_set_aside_says_what_its_reason_says(world: World, reason: PairingReason, verdict: Verdict) -> None:
    need, (person,) = world.need(), people(world, 1)
    choice = Choice(need.id, person.id, show(world, need, [person], drawn(random(), 1)))
    world.act(line.set_aside, world.coordinator(need.branch), choice, reason=reason)
    assert [example.verdict for example in examples(world.session, READER)] == [verdict]


def test_an_approval_after_a_set_aside_keeps_both_reasons_apart(world: World) -> None:
    need, (person,) = world.need(), people(world, 1)
    choice = Choice(need.id, person.id, show(world, need, [person], drawn(random(), 1)))
    world.act(line.set_aside, world.coordinator(need.branch), choice, reason=PairingReason.SKILLS)
    world.act(line.approve, world.coordinator(need.branch), choice)
    verdicts = [example.verdict for example in examples(world.session, READER)]
    assert verdicts == [Verdict.UNFIT, Verdict.WANTED]


def test_a_decision_that_was_taken_back_is_no_example(world: World) -> None:
    need, (person,) = world.need(), people(world, 1)
    choice = Choice(need.id, person.id, show(world, need, [person], drawn(random(), 1)))
    pairing = world.act(line.approve, world.coordinator(need.branch), choice)
    world.act(line.undo, world.coordinator(need.branch), pairing_id=pairing.id)
    assert examples(world.session, READER) == []


def test_somebody_put_forward_by_name_is_no_example(world: World) -> None:
    need, (shown, unseen) = world.need(), people(world, 2)
    ranking_id = show(world, need, [shown], drawn(random(), 1))
    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, unseen.id, ranking_id))
    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, shown.id))
    assert examples(world.session, READER) == []


def test_the_list_of_another_need_is_not_frozen(world: World) -> None:
    need, other, (person,) = world.need(), world.need(), people(world, 1)
    elsewhere = show(world, other, [person], drawn(random(), 1))
    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, person.id, elsewhere))
    assert examples(world.session, READER) == []


def test_a_list_made_with_other_weights_gives_the_same_values(world: World) -> None:
    need, (person,) = world.need(), people(world, 1)
    values = drawn(random(), 1)
    ranking_id = show(world, need, [person], values, other_weights())
    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, person.id, ranking_id))
    (example,) = examples(world.session, READER)
    assert example.values == pytest.approx(values)


def test_a_list_from_before_the_weights_were_kept_is_left_out(world: World) -> None:
    need, (person,) = world.need(), people(world, 1)
    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, person.id, world.suggest(need, [person])))
    assert examples(world.session, READER) == []


def test_an_erased_volunteer_leaves_numbers_that_lead_to_nobody(world: World) -> None:
    need, (stays, leaves) = world.need(), people(world, 2)
    ranking_id = show(world, need, [leaves, stays], drawn(random(), 2))
    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, stays.id, ranking_id))
    world.act(privacy.erase_account, world.volunteer_of(leaves))

    (example,) = examples(world.session, READER)

    gone = world.session.get_one(Volunteer, leaves.id, populate_existing=True)
    assert example.people == (str(leaves.id), str(stays.id))
    assert (gone.headline, gone.description, list(gone.skills), list(gone.locations)) == ("", "", [], [])
    assert (gone.account.name, gone.account.active) == ("", False)
    assert gone.account.email.endswith("@erased.invalid")


def test_a_frozen_list_holds_numbers_and_names_of_parts_only(world: World) -> None:
    need = world.need(NeedStatus.OPEN)
    people(world, 2)
    session = world.session
    state = RankerState(Ranker().fit(load_inputs(session)))
    ranked = matching.rank(session, state, need_id=need.id, today=date(2026, 9, 7))
    assert ranked is not None
    ranking_id = world.run(matching.store, ranked)
    volunteer_id = int(ranked.ranking.suggestions[0].volunteer_id)
    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, volunteer_id, ranking_id))

    texts = frozen_texts(world)

    assert texts == {*asdict(WEIGHTS), "version", "weights", "list", ranked.ranking.version}


def frozen_texts(world: World) -> set[str]:
    """Every text in the frozen lists, keys and values."""
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            found.update(value)
            walk(list(value.values()))
        elif isinstance(value, list):
            for each in value:
                walk(each)

    for (shown,) in world.session.execute(sa.select(Decision.shown)):
        walk(shown)
    return found
