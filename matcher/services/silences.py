"""A volunteer whom nobody has asked for two months is told why, and what would help: at most twice a year."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import Json, insert_into
from matcher.mail.codes import MailCode
from matcher.models.silence import SilenceTold
from matcher.models.volunteer import Volunteer
from matcher.queries.silences import SILENCE, is_silent, left_alone
from matcher.services.sending import next_opening
from matcher.services.silence_reasons import reasons_of

NOT_AGAIN_FOR = timedelta(days=183)


def due(session: Session, now: datetime, *, limit: int = 200) -> list[int]:
    """Return the volunteers who are to be told now, who has waited longest first; reads only."""
    told = sa.select(SilenceTold.volunteer_id).where(SilenceTold.told_at > now - NOT_AGAIN_FOR)
    waiting = left_alone(now).where(Volunteer.id.not_in(told))
    return list(session.scalars(waiting.order_by(Volunteer.invitations_allowed_at, Volunteer.id).limit(limit)))


def why(session: Session, now: datetime, *, volunteer_id: int) -> Mapping[str, Json] | None:
    """Return what one volunteer is to be told, None for nothing; reads only, and looks at hundreds of needs."""
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None or not is_silent(session, volunteer, now):
        return None
    today = now.astimezone(ZoneInfo(volunteer.timezone)).date()
    return {**reasons_of(session, volunteer, since=now - SILENCE, today=today)}


def tell(session: Session, now: datetime, *, volunteer_id: int, told: Mapping[str, Json] | None = None) -> bool:
    """Write to one volunteer, inside the hours at which she may be written to; False when it is not to be said now.

    Two workers at once write one mail: the row that keeps when she was told decides. What is `told` is found here
    unless the caller has done so before, while nobody waited for the database.
    """
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None or not is_silent(session, volunteer, now) or not _take(session, now, volunteer_id):
        return False
    data = {**(told or why(session, now, volunteer_id=volunteer_id) or {})}
    message = outbox.SendMail(code=MailCode.NO_PROPOSAL.value, recipient_id=volunteer.account_id, data=data)
    outbox.add(session, message, now, not_before=next_opening(volunteer, now))
    return True


def _take(session: Session, now: datetime, volunteer_id: int) -> bool:
    values = insert_into(session, SilenceTold).values(volunteer_id=volunteer_id, told_at=now)
    taken = values.on_conflict_do_update(
        index_elements=["volunteer_id"],
        set_={"told_at": now},
        where=SilenceTold.told_at <= now - NOT_AGAIN_FOR,
    )
    return session.scalar(taken.returning(SilenceTold.volunteer_id)) is not None
