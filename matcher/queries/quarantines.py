"""The quarantine in force, for those who may lift it: since when, and how many mails wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine
from matcher.policies import is_administrator


@dataclass(frozen=True, slots=True)
class Held:
    """A quarantine: the moment of the restored data, and the mails written before the restore, by kind, and since.

    It cannot be lifted while it awaits the ledger.
    """

    since: datetime
    data_of: datetime
    old_kinds: Mapping[str, int]
    new_mails: int
    awaits_ledger: bool

    @property
    def old_mails(self) -> int:
        """How many mails were written before the restore."""
        return sum(self.old_kinds.values())


def held_since(session: Session, actor: Actor) -> datetime | None:
    """Return since when mails are held back; None when they are not, or when this is not the actor's to know."""
    if not is_administrator(actor):
        return None
    return session.scalar(sa.select(sa.func.min(Quarantine.since)).where(Quarantine.lifted_at.is_(None)))


def find_held(session: Session, actor: Actor) -> Held | None:
    """Return the quarantine in force with what waits, in two statements; None as above."""
    if not is_administrator(actor):
        return None
    in_force = sa.select(Quarantine).where(Quarantine.lifted_at.is_(None)).order_by(Quarantine.id)
    found = session.scalars(in_force).all()
    if not found:
        return None
    is_old = sa.case((OutboxRow.created_at < found[-1].since, 1), else_=0)
    count = sa.select(OutboxRow.kind, sa.func.count(OutboxRow.id), sa.func.sum(is_old))
    waits = sa.and_(OutboxRow.kind.in_(outbox.MAIL_KINDS), OutboxRow.done_at.is_(None))
    counted = session.execute(count.where(waits).group_by(OutboxRow.kind).order_by(OutboxRow.kind)).all()
    old_kinds = {kind: old for kind, _both, old in counted if old}
    new_mails = sum(both - old for _kind, both, old in counted)
    awaits = any(quarantine.awaits_ledger for quarantine in found)
    return Held(found[0].since, found[-1].data_of, old_kinds, new_mails, awaits)
