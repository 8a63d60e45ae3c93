"""One mail a morning to each coordinator for whom something waits. The worker takes the slot of her day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from matcher import outbox
from matcher.actors import Hat, Person
from matcher.database import Json
from matcher.mail.codes import MailCode
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.outbox import JobSlot
from matcher.queries.digests import MORNING, digest, news_since

# What was not written by the evening, because nothing ran, is written the next morning.
CLOSES = time(20)
LOOKS_BACK = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Morning:
    """A coordinator whose morning has come, by the clock of one of her branches."""

    account_id: int
    branch_id: int
    day: date

    @property
    def slot(self) -> str:
        """The one run of this day."""
        return f"{self.account_id} {self.day.isoformat()}"


def mornings(session: Session, now: datetime, *, job: str) -> list[Morning]:
    """Return the coordinators whose morning has come and has had no run yet; reads only.

    Who coordinates several branches is written to once, by the clock of the first that works today.
    """
    branches = session.scalars(
        sa.select(Branch).options(selectinload(Branch.coordinators)).order_by(Branch.is_national, Branch.id)
    )
    found: dict[int, Morning] = {}
    for branch in branches:
        day = _working_day(branch, now)
        if day is not None:
            for link in branch.coordinators:
                found.setdefault(link.account_id, Morning(link.account_id, branch.id, day))
    taken = set(session.scalars(sa.select(JobSlot.slot).where(JobSlot.job == job, JobSlot.at > now - LOOKS_BACK)))
    return [morning for morning in found.values() if morning.slot not in taken]


def write(session: Session, now: datetime, morning: Morning) -> bool:
    """Write the mail of a morning when something waits; what it says is read once more when it leaves."""
    reader, home = session.get(Account, morning.account_id), session.get(Branch, morning.branch_id)
    if reader is None or home is None:
        return False
    since = news_since(home, morning.day)
    if not digest(session, Person(reader, Hat.COORDINATOR), now=now, since=since):
        return False
    data: dict[str, Json] = {"branch_id": home.id, "day": morning.day.isoformat()}
    message = outbox.SendMail(code=MailCode.COORDINATOR_DIGEST.value, recipient_id=reader.id, data=data)
    outbox.add(session, message, now)
    return True


def _working_day(branch: Branch, now: datetime) -> date | None:
    """The branch's local day while it is at work, None before eight, in the evening and on a closed day."""
    local = now.astimezone(ZoneInfo(branch.timezone))
    if not MORNING <= local.time() < CLOSES or not branch.calendar.is_working_day(local.date()):
        return None
    return local.date()
