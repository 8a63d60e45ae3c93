"""A decision keeps the list that was shown, even when the need has been ranked again meanwhile."""

from datetime import date

from matcher.models.pairing import Decision
from matcher.models.states import NeedStatus
from matcher.queries.ranking_inputs import load_inputs
from matcher.ranking.ranker import Ranker
from matcher.services import line, matching
from matcher.services.line import Choice
from matcher.services.matching import RankerState


def test_a_decision_on_a_list_that_was_replaced_keeps_that_list(world, session):
    need = world.need(NeedStatus.OPEN)
    people = [world.volunteer(), world.volunteer()]
    old = world.suggest(need, people)
    state = RankerState(Ranker().fit(load_inputs(session)))
    world.run(matching.store, matching.rank(session, state, need_id=need.id, today=date(2026, 9, 7)))

    world.act(line.approve, world.coordinator(need.branch), Choice(need.id, people[1].id, old))

    (decision,) = session.query(Decision).all()
    assert [row[:2] for row in decision.shown["list"]] == [[people[0].id, 1], [people[1].id, 2]]


def test_a_ranking_counts_everybody_who_could_be_considered(world, session):
    need = world.need(NeedStatus.OPEN)
    for _ in range(25):
        world.volunteer()
    state = RankerState(Ranker().fit(load_inputs(session)))
    ranking = matching.rank(session, state, need_id=need.id, today=date(2026, 9, 7)).ranking
    assert ranking.admissible + sum(ranking.excluded.values()) == 25
