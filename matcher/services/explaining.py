"""Answering a volunteer's question about her place, with the fitted ranker of a worker. Web never loads this.

What a coordinator has decided of her is neither told nor hinted at: the answer is about her profile alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import Json
from matcher.models.counterfactual import Counterfactual
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.suggestion import RankingRun, Suggestion
from matcher.models.volunteer import Volunteer
from matcher.queries.ranking_inputs import WORKING, barred_volunteers, load_inputs, need_input
from matcher.ranking.counterfactual import PLACES, Aim, Outcome, smallest_change
from matcher.services.matching import RankerState
from matcher.wording import skill_in_words


@dataclass(frozen=True, slots=True)
class Explained:
    """What came out for one person and one need, as it is stored, and when what it rests on was read."""

    need_id: int
    volunteer_id: int
    at: datetime
    result: dict[str, Json]
    version: str


def explain(session: Session, state: RankerState, now: datetime, *, need_id: int, volunteer_id: int) -> Explained:
    """Find the smallest change that would bring somebody among the first five; reads only.

    The ranker has caught up. What she has said herself (a pause, no invitations, as many missions as she wants) or
    what has changed meanwhile is the answer where it stands before any score.
    """
    need = session.get(Need, need_id, populate_existing=True)
    volunteer = session.get(Volunteer, volunteer_id, populate_existing=True)
    result: dict[str, Json] = {"outcome": "not_open"}
    if need is not None and volunteer is not None and need.is_open:
        before = _stands_before(session, need, volunteer, now.date())
        result = {"outcome": before} if before else _computed(session, state, need, volunteer, now.date())
    return Explained(need_id, volunteer_id, now, result, state.ranker.version)


def store(session: Session, explained: Explained) -> bool:
    """Keep the answer beside its question; False when the question was forgotten meanwhile."""
    asked = session.scalar(
        sa.select(Counterfactual)
        .where(Counterfactual.need_id == explained.need_id, Counterfactual.volunteer_id == explained.volunteer_id)
        .with_for_update()
    )
    if asked is None:
        return False
    asked.ready_at, asked.result, asked.version = explained.at, explained.result, explained.version
    return True


def _stands_before(session: Session, need: Need, volunteer: Volunteer, today: date) -> str | None:
    """Return what she knows herself and what no change of her skills, time or places would move."""
    if need.association.has_member(volunteer.account_id):
        return "own_association"
    if volunteer.is_paused_on(today):
        return "paused"
    if volunteer.invitations_allowed_at is None:
        return "not_invited"
    running = sa.select(sa.func.count(Pairing.id)).where(
        Pairing.volunteer_id == volunteer.id, Pairing.status.in_(WORKING)
    )
    return "busy" if (session.scalar(running) or 0) >= volunteer.missions_at_once else None


def _computed(session: Session, state: RankerState, need: Need, volunteer: Volunteer, today: date) -> dict[str, Json]:
    described = load_inputs(session, ids=[volunteer.id])
    if not described:
        return {"outcome": "unconfirmed"}
    barred = barred_volunteers(session, need, today) - {volunteer.id}
    aim = Aim(
        fifth_score=_fifth_score(session, need, volunteer),
        today=today,
        barred=frozenset(str(each) for each in barred),
        labels={each.label: skill_in_words(volunteer.language, each.label, each.uri) for each in need.skills},
    )
    found = smallest_change(state.ranker, need_input(need), described[0], aim=aim)
    rank = _present_rank(session, need, volunteer)
    if rank is not None and rank <= PLACES:
        # The list has her among the first, perhaps by a draw that she won: that is what counts, not what might be.
        found = replace(found, outcome=Outcome.ALREADY, changes=(), place=rank)
    changes: list[Json] = [{"code": each.code.value, **_plain(each.data)} for each in found.changes]
    return {
        "outcome": found.outcome.value,
        "changes": changes,
        "place": found.place,
        "of": found.of,
        "left_out_by": list(found.left_out_by),
    }


def _fifth_score(session: Session, need: Need, volunteer: Volunteer) -> float | None:
    """Return the stored fifth score of the others, None when fewer are suggested."""
    others = sa.select(Suggestion.score).where(Suggestion.need_id == need.id, Suggestion.volunteer_id != volunteer.id)
    return session.scalar(others.order_by(Suggestion.rank).offset(PLACES - 1).limit(1))


def _present_rank(session: Session, need: Need, volunteer: Volunteer) -> int | None:
    """Return her rank in the stored list, None when she is not in it or has changed her profile since."""
    return session.scalar(
        sa.select(Suggestion.rank)
        .join(RankingRun, RankingRun.id == Suggestion.ranking_id)
        .where(Suggestion.need_id == need.id, Suggestion.volunteer_id == volunteer.id)
        .where(RankingRun.at >= volunteer.touched_at)
    )


def _plain(data: Mapping[str, object]) -> dict[str, Json]:
    """Return data of a change as it is stored."""
    return {
        name: [str(each) for each in value] if isinstance(value, list) else value
        for name, value in data.items()
        if value is None or isinstance(value, str | int | float | list)
    }
