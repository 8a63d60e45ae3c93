"""Ranking tasks: they read and rank without a lock on the database, and write what came out in one transaction."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.suggestion import RankingRun
from matcher.services import matching
from workers.rows import Claimed, row_task, settling
from workers.runtime import Runtime

# Other weights or skills touch all needs: in small lots, so that what somebody is waiting for is ranked in between.
BATCH = 25
PAUSE = timedelta(seconds=5)


@row_task(outbox.RankNeed)
def rank_need(runtime: Runtime, claimed: Claimed[outbox.RankNeed]) -> None:
    """Rank the volunteers for a need and keep what came out."""
    began, ranked = _rank(runtime, claimed.message.need_id)
    with settling(runtime, claimed.row) as settled:
        if ranked is None:
            settled.complete("not ranked in this state")
        elif _was_ranked_since(settled.session, claimed.message.need_id, began):
            # Another worker, which may have read newer facts, was quicker: both are replaced by one more ranking.
            outbox.add(settled.session, claimed.message, settled.now)
            settled.complete("overtaken")
        else:
            matching.store(settled.session, settled.now, ranked)
            settled.complete("ranked")


@row_task(outbox.RankOpenNeeds)
def rank_open_needs(runtime: Runtime, claimed: Claimed[outbox.RankOpenNeeds]) -> None:
    """Ask for a new ranking of the next needs, and for those after them a little later."""
    with settling(runtime, claimed.row) as settled:
        need_ids = matching.ranked_needs(settled.session, after_id=claimed.message.after_id, limit=BATCH)
        for need_id in need_ids:
            outbox.add(settled.session, outbox.RankNeed(need_id), settled.now)
        if len(need_ids) == BATCH:
            rest = outbox.RankOpenNeeds(after_id=need_ids[-1])
            outbox.add(settled.session, rest, settled.now, not_before=settled.now + PAUSE)
        settled.complete(f"{len(need_ids)} needs")


@row_task(outbox.RefreshVolunteer)
def refresh_volunteer(runtime: Runtime, claimed: Claimed[outbox.RefreshVolunteer]) -> None:
    """Ask for a new ranking of each open need that a volunteer's change may touch."""
    volunteer_id = claimed.message.volunteer_id
    with runtime.ranker_lock, runtime.sessions() as session:
        today = runtime.clock(session).date()
        matching.catch_up(session, runtime.ranker, today)
        need_ids = matching.touched_needs(session, runtime.ranker, volunteer_id=volunteer_id, today=today)
    with settling(runtime, claimed.row) as settled:
        for need_id in need_ids:
            outbox.add(settled.session, outbox.RankNeed(need_id), settled.now)
        settled.complete(f"{len(need_ids)} needs")


def _rank(runtime: Runtime, need_id: int) -> tuple[datetime, matching.Ranked | None]:
    with runtime.ranker_lock, runtime.sessions() as session:
        began = runtime.clock(session)
        matching.catch_up(session, runtime.ranker, began.date())
        return began, matching.rank(session, runtime.ranker, need_id=need_id, today=began.date())


def _was_ranked_since(session: Session, need_id: int, began: datetime) -> bool:
    later = sa.select(RankingRun.id).where(RankingRun.need_id == need_id, RankingRun.at > began)
    return session.scalar(later.limit(1)) is not None
