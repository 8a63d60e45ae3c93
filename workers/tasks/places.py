"""The task that answers a volunteer who asked about her place for a need."""

from matcher import outbox
from matcher.services import explaining, matching
from workers.rows import Claimed, row_task, settling
from workers.runtime import Runtime


@row_task(outbox.ExplainPlace)
def explain_place(runtime: Runtime, claimed: Claimed[outbox.ExplainPlace]) -> None:
    """Find what would bring somebody among the first, and keep it for her."""
    need_id, volunteer_id = claimed.message.need_id, claimed.message.volunteer_id
    with runtime.ranker_lock, runtime.sessions() as session:
        now = runtime.clock(session)
        matching.catch_up(session, runtime.ranker, now.date())
        explained = explaining.explain(session, runtime.ranker, now, need_id=need_id, volunteer_id=volunteer_id)
    with settling(runtime, claimed.row) as settled:
        is_kept = explaining.store(settled.session, explained)
        settled.complete("explained" if is_kept else "forgotten meanwhile")
