"""How far the search for one need has come: counts for those who answer for it. Names of volunteers never pass here."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.need import Need
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStatus, PairingStep
from matcher.models.suggestion import RankingRun, Suggestion


@dataclass(frozen=True, slots=True)
class Progress:
    """People compared and suggested; asked, and what came of it; suggested people on whom nobody has decided yet."""

    compared: int
    suggested: int
    asked: int
    declined: int
    expired: int
    left: int
    undecided: int


def progress_of(session: Session, need: Need) -> Progress:
    """Return the counts of a need; three statements."""
    compared = sa.select(RankingRun.considered).where(RankingRun.need_id == need.id)
    latest = session.scalar(compared.order_by(RankingRun.at.desc(), RankingRun.id.desc()).limit(1))
    decided = sa.select(Pairing.volunteer_id).where(Pairing.need_id == need.id)
    count = sa.func.count(Suggestion.id)
    listed = session.execute(
        sa.select(count, count.filter(Suggestion.volunteer_id.not_in(decided))).where(Suggestion.need_id == need.id)
    ).one()
    asked, declined, expired, left = session.execute(_of_pairings(need)).one()
    return Progress(latest or 0, listed[0], asked, declined, expired, left, listed[1])


def _of_pairings(need: Need) -> sa.Select[int, int, int, int]:
    was_asked = sa.exists().where(PairingEvent.pairing_id == Pairing.id, PairingEvent.step == PairingStep.MARK_INVITED)
    left = {PairingStatus.WITHDRAWN, PairingStatus.REFUSED, PairingStatus.RELEASED, PairingStatus.ABANDONED}
    count = sa.func.count(Pairing.id)
    return sa.select(
        count.filter(was_asked),
        count.filter(Pairing.status == PairingStatus.DECLINED),
        count.filter(Pairing.status == PairingStatus.EXPIRED),
        count.filter(Pairing.status.in_(left)),
    ).where(Pairing.need_id == need.id)
