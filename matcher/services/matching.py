"""Ranking the volunteers for a need and keeping what came out. The fitted ranker is made by the edge and passed in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import System
from matcher.catalogue.ranked import ranked_skills
from matcher.database import Json
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.models.suggestion import RankingRun, Suggestion
from matcher.models.volunteer import Volunteer
from matcher.queries.catalogues import fingerprints, imported_skills
from matcher.queries.ranking_inputs import barred_volunteers, changes_since, load_inputs, need_input
from matcher.queries.weights import in_force
from matcher.ranking.score import Weights
from matcher.ranking.types import Ranking, Suggested
from matcher.services.steps import lock_need

if TYPE_CHECKING:  # scikit-learn takes seconds to load, and web needs only log_change
    from matcher.ranking.ranker import Ranker

TOP = 20
# Words of people who left are worth nothing to anybody, but learning all anew takes seconds.
FORGETS_AFTER = timedelta(days=7)
RANKED = frozenset({NeedStatus.OPEN, NeedStatus.ON_HOLD})


@dataclass
class RankerState:
    """The one fitted ranker of a process, how far in the change log it has come, and the catalogues that it knows.

    `learnt_on` is the day on which it learnt all words; `knows_gone` tells that some are of people who left since.
    """

    ranker: "Ranker"
    horizon: int | None = None
    catalogues: tuple[str, ...] = ()
    learnt_on: date = date.min
    knows_gone: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking and the weights under which it was made."""

    ranking: Ranking
    weights: Weights


def catch_up(session: Session, state: RankerState, today: date) -> None:
    """Bring the fitted ranker up to date with the weights in force and the volunteers; reads only.

    Weights are taken over as they are: what was learnt of the volunteers' words does not depend on them. Other
    catalogues than before are learnt, which takes seconds, and the volunteers after them. Words of people who left or
    wrote others are forgotten within a week: all are learnt anew.
    """
    _learn_catalogues(session, state)
    if state.knows_gone and today - state.learnt_on >= FORGETS_AFTER:
        state.ranker.forget_words()
        state.horizon = None
    state.ranker.weights = in_force(session, System("ranking")).weights
    if state.horizon is None:
        horizon, _ = changes_since(session, None)
        state.ranker.fit(load_inputs(session))
        state.horizon, state.learnt_on, state.knows_gone = horizon, today, False
        return
    horizon, changed = changes_since(session, state.horizon)
    if changed:
        present = load_inputs(session, ids=changed)
        gone = {str(volunteer_id) for volunteer_id in changed} - {person.id for person in present}
        state.ranker.update(present, gone)
        state.knows_gone = True
    state.horizon = horizon


def _learn_catalogues(session: Session, state: RankerState) -> None:
    system = System("ranking")
    present = fingerprints(session, system)
    if present == state.catalogues:
        return
    state.ranker = state.ranker.taught((*ranked_skills(), *imported_skills(session, system)))
    state.catalogues, state.horizon = present, None


def rank(session: Session, state: RankerState, *, need_id: int, today: date) -> Ranked | None:
    """Rank the volunteers for a need; reads only. None when the need is not ranked in its present state."""
    need = session.get(Need, need_id, populate_existing=True)
    if need is None or need.status not in RANKED:
        return None
    barred = {str(volunteer_id) for volunteer_id in barred_volunteers(session, need, today)}
    asked = sa.select(Volunteer.id, Volunteer.times_suggested).where(Volunteer.times_suggested > 0)
    times = {str(row.id): row.times_suggested for row in session.execute(asked)}
    ranking = state.ranker.rank(need_input(need), top=TOP, today=today, barred=barred, times_suggested=times)
    return Ranked(ranking, state.ranker.weights)


def store(session: Session, now: datetime, ranked: Ranked) -> int | None:
    """Replace the need's suggestions by a ranking's; hard filters that changed meanwhile are checked again.

    Returns the ranking's id, or None when the need is no longer ranked.
    """
    ranking = ranked.ranking
    need = lock_need(session, int(ranking.need_id))
    if need.status not in RANKED:
        return None
    barred = barred_volunteers(session, need, now.date())
    present = set(session.scalars(sa.select(Volunteer.id).where(Volunteer.id.in_(_ids(ranking)))))
    kept = [s for s in ranking.suggestions if int(s.volunteer_id) in present - barred]
    before = set(session.scalars(sa.select(Suggestion.volunteer_id).where(Suggestion.need_id == need.id)))
    run = RankingRun(
        need_id=need.id,
        at=now,
        version=ranking.version,
        considered=ranking.admissible + sum(ranking.excluded.values()),
        excluded=dict(ranking.excluded),
        shown={"version": ranking.version, "weights": asdict(ranked.weights), "list": _numbers(kept)},
    )
    session.execute(sa.delete(Suggestion).where(Suggestion.need_id == need.id))
    session.add(run)
    session.flush()
    session.add_all(_suggestion(run, suggested, rank_now) for rank_now, suggested in enumerate(kept, start=1))
    new = {int(s.volunteer_id) for s in kept} - before
    session.execute(
        sa.update(Volunteer).where(Volunteer.id.in_(new)).values(times_suggested=Volunteer.times_suggested + 1)
    )
    return run.id


def touched_needs(session: Session, state: RankerState, *, volunteer_id: int, today: date) -> list[int]:
    """Return the open needs whose suggestions a volunteer's change may alter; reads only.

    They are those that suggest her now, and those whose last suggested score her new one reaches.
    """
    alone = state.ranker.narrowed({str(volunteer_id)})
    bars = _bars(session)
    suggested = set(session.scalars(sa.select(Suggestion.need_id).where(Suggestion.volunteer_id == volunteer_id)))
    open_needs = session.scalars(sa.select(Need).where(Need.status == NeedStatus.OPEN).order_by(Need.id)).all()
    nothing = _Bar(0.0, 1.0)
    return [
        need.id
        for need in open_needs
        if need.id in suggested or _reaches(alone, need, bars.get(need.id, nothing), today)
    ]


def ranked_needs(session: Session, *, after_id: int, limit: int) -> list[int]:
    """Return the ids of the next needs that are ranked in their present state, in order; reads only."""
    rows = sa.select(Need.id).where(Need.status.in_(RANKED), Need.id > after_id)
    return list(session.scalars(rows.order_by(Need.id).limit(limit)))


@dataclass(frozen=True, slots=True)
class _Bar:
    """What a person must reach to be suggested: the last score, and the most that likeness to the best gave anybody."""

    score: float
    similar: float


def _bars(session: Session) -> dict[int, _Bar]:
    """Return the bar of each open need whose list is full."""
    suggested = sa.select(Suggestion.need_id, Suggestion.score, Suggestion.contributions)
    rows = session.execute(suggested.join(Need, Need.id == Suggestion.need_id).where(Need.status == NeedStatus.OPEN))
    lists: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for need_id, score, contributions in rows:
        similar = contributions.get("similar", 0.0)
        lists[need_id].append((score, float(similar) if isinstance(similar, (int, float)) else 0.0))
    return {
        need_id: _Bar(min(score for score, _ in told), max(similar for _, similar in told))
        for need_id, told in lists.items()
        if len(told) >= TOP
    }


def _suggestion(run: RankingRun, suggested: Suggested, rank_now: int) -> Suggestion:
    reasons: list[Json] = [{"code": r.code, **_plain(r.data)} for r in suggested.reasons]
    return Suggestion(
        ranking_id=run.id,
        need_id=run.need_id,
        volunteer_id=int(suggested.volunteer_id),
        rank=rank_now,
        score=suggested.score,
        text_score=suggested.text_score,
        availability_score=suggested.availability_score,
        distance_km=suggested.distance_km,
        contributions=dict(suggested.contributions),
        reasons={"list": reasons},
    )


def _reaches(alone: "Ranker", need: Need, bar: _Bar, today: date) -> bool:
    """Tell whether a person alone reaches the bar, as like the best as the likest of them at most."""
    score = alone.score_without_others(need_input(need), today=today)
    return score is not None and score + bar.similar >= bar.score


def _ids(ranking: Ranking) -> list[int]:
    return [int(s.volunteer_id) for s in ranking.suggestions]


def _numbers(kept: Sequence[Suggested]) -> list[Json]:
    return [[int(s.volunteer_id), rank, s.score, dict(s.contributions)] for rank, s in enumerate(kept, start=1)]


def _plain(data: object) -> dict[str, Json]:
    return dict(data) if isinstance(data, dict) else {}
