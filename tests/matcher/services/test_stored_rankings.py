"""What a ranking stores of each suggestion: the score, what each part adds to it, and by which version."""

from datetime import date

import pytest
import sqlalchemy as sa

from matcher.models.suggestion import RankingRun, Suggestion
from matcher.queries.ranking_inputs import load_inputs
from matcher.ranking.ranker import VERSION, Ranker
from matcher.ranking.score import Weights
from matcher.services import matching
from matcher.services.matching import RankerState
from tests.factories import World

OTHER = Weights(text=0.1, skills=0.3, similar=0.05, availability=0.3, distance=0.15, language=0.05, level=0.05)


@pytest.mark.parametrize(("weights", "version"), [(Weights(), VERSION), (OTHER, f"{VERSION}+{OTHER.fingerprint()}")])
def test_stored_contributions_add_up_to_the_stored_score(any_world: World, weights: Weights, version: str) -> None:
    need = any_world.need()
    for _ in range(4):
        any_world.volunteer()
    session = any_world.session
    state = RankerState(Ranker(weights).fit(load_inputs(session)))
    ranked = matching.rank(session, state, need_id=need.id, today=date(2026, 9, 7))
    assert ranked is not None
    any_world.run(matching.store, ranked)

    stored = session.scalars(sa.select(Suggestion)).all()

    assert len(stored) == 4
    assert session.scalars(sa.select(RankingRun.version)).all() == [version]
    for row in stored:
        added = [float(str(row.contributions[name])) for name in Weights.names()]
        assert len(added) == len(row.contributions)
        assert abs(sum(added) - row.score) <= 1e-6
