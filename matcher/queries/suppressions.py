"""Which addresses are closed: to its owner her own, to administrators the figures. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.models.account import Account
from matcher.models.suppression import MailReport, ReportOutcome, Suppression, SuppressionReason
from matcher.policies import Action, require

COUNTED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Closed:
    """An address that is not written to: since when, and until when if it is not for good."""

    reason: SuppressionReason
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Owner:
    """An account whose mails come back; its name is opened by services/accesses.py."""

    account_id: int
    closed: Closed


@dataclass(frozen=True, slots=True)
class Figures:
    """What administrators see: closed addresses by reason, what came back of late, and whose mails come back."""

    closed: dict[SuppressionReason, int]
    reports: dict[ReportOutcome, int]
    owners: tuple[Owner, ...]
    more_owners: int


MOST_OWNERS = 50


def own_closed(session: Session, actor: Actor, now: datetime) -> Closed | None:
    """Return why the actor's own mails come back, None while they arrive; one statement. A complaint is no bounce."""
    row = session.execute(
        sa.select(Suppression.reason, Suppression.since, Suppression.until)
        .where(
            Suppression.account_id == actor.account_id,
            Suppression.reason != SuppressionReason.COMPLAINT,
            sa.or_(Suppression.until.is_(None), Suppression.until > now),
        )
        .order_by(Suppression.until.is_not(None))
        .limit(1)
    ).first()
    return Closed(row.reason, row.since, row.until) if row is not None else None


def figures(session: Session, actor: Actor, now: datetime) -> Figures:
    """Return what administrators see, in three statements; raises NotFound for others."""
    require(actor, Action.READ, Suppression())
    stands = sa.or_(Suppression.until.is_(None), Suppression.until > now)
    closed = session.execute(
        sa.select(Suppression.reason, sa.func.count(Suppression.id)).where(stands).group_by(Suppression.reason)
    )
    came_back = session.execute(
        sa.select(MailReport.outcome, sa.func.count(MailReport.id))
        .where(MailReport.at > now - COUNTED)
        .group_by(MailReport.outcome)
    )
    owners = session.execute(
        sa.select(
            Suppression.account_id, Suppression.reason, Suppression.since, Suppression.until,
            sa.func.count().over().label("total"),
        )
        .where(stands, Suppression.account_id.is_not(None), Suppression.reason != SuppressionReason.COMPLAINT)
        .order_by(Suppression.since.desc(), Suppression.id)
        .limit(MOST_OWNERS)
    ).all()  # fmt: skip
    return Figures(
        closed={row[0]: row[1] for row in closed},
        reports={row[0]: row[1] for row in came_back},
        owners=tuple(Owner(o.account_id, Closed(o.reason, o.since, o.until)) for o in owners),
        more_owners=owners[0].total - len(owners) if owners else 0,
    )


def names_of_owners(session: Session, actor: Actor, now: datetime) -> dict[int, str]:
    """Return the names of the accounts that `figures` lists; the caller writes down who asks. Four statements."""
    shown = [owner.account_id for owner in figures(session, actor, now).owners]
    named = session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(shown)))
    return {row.id: row.name for row in named}
