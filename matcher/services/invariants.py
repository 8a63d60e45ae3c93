"""What must always hold of rows, needs, pairings and clocks: mended where that is safe, else told. It sends nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.account import Account
from matcher.models.alert import AlertCode
from matcher.models.deadline import Deadline
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import in_force
from matcher.models.states import HELD, TAKEN, NeedStatus, PairingStatus
from matcher.models.suggestion import RankingRun
from matcher.models.volunteer import Volunteer
from matcher.services import clocks, endings, invitations

LATE = timedelta(minutes=15)
RANKED_WITHIN = timedelta(minutes=30)
# Longer than a mail is in hand, and than the checks are ever away.
IN_HAND = timedelta(days=1)
TOLD_AT_MOST = 20
# The states into which a pairing comes only after a coordinator has decided for it.
DECIDED = TAKEN | HELD | {PairingStatus.INVITED, PairingStatus.RESERVE, PairingStatus.APPROVED}
# So long an invitation that was set aside keeps its turn, for a person to try it again.
PARKED_KEEPS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Broken:
    """One invariant that does not hold for one subject: how many stand where they must not, and the first of them."""

    code: AlertCode
    subject: str
    ids: tuple[int, ...]
    count: int


def mend(session: Session, now: datetime) -> Mapping[str, int]:
    """Mend what can be mended without asking anybody; return how many of each, what needed nothing left out."""
    mended = {name: repair(session, now) for name, repair in REPAIRS.items()}
    return {name: number for name, number in mended.items() if number}


def broken(session: Session, now: datetime) -> list[Broken]:
    """Return what stands where it must not and waits for a person; reads only."""
    return [each for look in LOOKS for each in look(session, now)]


def _end_long_leases(session: Session, now: datetime) -> int:
    """A lease far ahead comes from a clock that went back; nobody would take the row for that long."""
    ended = sa.update(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.lease_until > now + 2 * outbox.LEASE)
    return len(session.execute(ended.values(lease_until=None).returning(OutboxRow.id)).all())


def _park_used_up(session: Session, now: datetime) -> int:
    """Nobody would claim a row whose last attempt was killed, and nobody would know."""
    rows = outbox.exhausted(session, now)
    for row in rows:
        reason = outbox.ParkReason.CUT_SHORT
        outbox.park(row, now, reason=reason, outcome="the last attempt ended without a word")
    return len(rows)


def _give_lost_turns_back(session: Session, now: datetime) -> int:
    """A pairing that is queued without a row that would invite her, or with one long set aside, holds up its line."""
    still_leaves = sa.and_(
        OutboxRow.done_at.is_(None), sa.or_(OutboxRow.parked_at.is_(None), OutboxRow.parked_at > now - PARKED_KEEPS)
    )
    own = sa.exists().where(
        OutboxRow.kind == outbox.SendInvitation.kind, OutboxRow.key == sa.cast(Pairing.id, sa.String), still_leaves
    )
    carrier = sa.exists().where(OutboxRow.id == Pairing.carried_by, still_leaves)
    queued = sa.select(Pairing.id).where(Pairing.queued_at.is_not(None), Pairing.status == PairingStatus.APPROVED)
    pairings = invitations.lock_in_order(session, session.scalars(queued.where(~own, ~carrier)).all())
    for pairing in pairings:
        pairing.carried_by = None
        invitations.drop_from_queue(session, now, pairing_id=pairing.id)
    return len(pairings)


def _ask_for_rankings(session: Session, now: datetime) -> int:
    """An open need that was never ranked, and nobody asks for its ranking."""
    need_ids = session.scalars(sa.select(Need.id).where(_never_ranked(), ~_ranking_waits())).all()
    for need_id in need_ids:
        outbox.add(session, outbox.RankNeed(need_id), now)
    return len(need_ids)


def _erase_kept_links(session: Session, _now: datetime) -> int:
    """The link of an account's mail is erased with the row's end."""
    kept = OutboxRow.payload["sealed_link"].as_string().is_not(None)
    done = sa.select(OutboxRow).where(OutboxRow.kind == outbox.SendAccountMail.kind, OutboxRow.done_at.is_not(None))
    rows = session.scalars(done.where(kept)).all()
    for row in rows:
        row.payload = {**row.payload, "sealed_link": None}
    return len(rows)


def _forget_what_was_in_hand(session: Session, now: datetime) -> int:
    """A mail that was in hand while somebody was erased says nothing of her afterwards."""
    erased = sa.select(Account.id).where(~Account.active, Account.suspended_at.is_(None))
    about_her = sa.select(Pairing.id).join(Volunteer).where(Volunteer.account_id.in_(erased))
    hers = sa.or_(
        *(OutboxRow.payload[key].as_integer().in_(erased) for key in ("recipient_id", "account_id")),
        OutboxRow.payload["pairing_id"].as_integer().in_(about_her),
    )
    said = sa.update(OutboxRow).where(OutboxRow.done_at >= now - IN_HAND, OutboxRow.sent_text.is_not(None), hers)
    return len(session.execute(said.values(sent_text=None).returning(OutboxRow.id)).all())


def _let_clocks_run(session: Session, now: datetime) -> int:
    """A clock that stayed still when its need was opened again runs on, later by the time that it stood still."""
    pairings = invitations.lock_in_order(session, session.scalars(endings.standing_still()).all())
    still = [pairing for pairing in pairings if pairing.need.status is not NeedStatus.ON_HOLD]
    for pairing in still:
        clocks.resume(session, pairing, now)
    return len(still)


def _never_ranked() -> sa.ColumnElement[bool]:
    return sa.and_(Need.status == NeedStatus.OPEN, ~sa.exists().where(RankingRun.need_id == Need.id))


def _ranking_waits() -> sa.Exists:
    return sa.exists().where(
        OutboxRow.kind == outbox.RankNeed.kind,
        OutboxRow.key == sa.cast(Need.id, sa.String),
        OutboxRow.done_at.is_(None),
    )


def _rows_late(session: Session, now: datetime) -> list[Broken]:
    """Rows that may be claimed and that no worker takes; in a quarantine mails wait on purpose."""
    is_free = sa.or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now)
    may_leave = sa.or_(OutboxRow.kind.not_in(outbox.MAIL_KINDS), ~in_force())
    rows = sa.select(OutboxRow.kind, OutboxRow.id).where(OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_(None))
    return _grouped(session, AlertCode.ROWS_LATE, rows.where(OutboxRow.not_before < now - LATE, is_free, may_leave))


def _rows_parked(session: Session, now: datetime) -> list[Broken]:
    """Rows that were set aside and wait for the decision of an administrator."""
    rows = sa.select(OutboxRow.kind, OutboxRow.id).where(OutboxRow.done_at.is_(None))
    return _grouped(session, AlertCode.ROWS_PARKED, rows.where(OutboxRow.parked_at < now - LATE))


def _needs_unranked(session: Session, now: datetime) -> list[Broken]:
    """Open needs for whose first ranking somebody has waited for too long."""
    asked_long_ago = _ranking_waits().where(OutboxRow.created_at < now - RANKED_WITHIN)
    return _grouped(session, AlertCode.NEEDS_UNRANKED, _needs().where(_never_ranked(), asked_long_ago))


def _needs_full(session: Session, _now: datetime) -> list[Broken]:
    """A need whose seats are taken is filled at once, and is never open."""
    taken = sa.select(sa.func.count(Pairing.id)).where(Pairing.need_id == Need.id, Pairing.status.in_(TAKEN))
    is_full = sa.and_(Need.status == NeedStatus.OPEN, taken.scalar_subquery() >= Need.seats)
    return _grouped(session, AlertCode.NEEDS_FULL, _needs().where(is_full))


def _clocks_late(session: Session, now: datetime) -> list[Broken]:
    """Clocks that fell due and have had no effect; in a quarantine they stand still on purpose."""
    late = sa.select(Deadline.clock, Deadline.id).where(Deadline.paused_at.is_(None), Deadline.due_at < now - LATE)
    return _grouped(session, AlertCode.CLOCKS_LATE, late.where(~in_force()))


def _clocks_missing(session: Session, now: datetime) -> list[Broken]:
    """Pairings and needs in a state that nothing would end; the words for states tell the two apart."""
    without = (endings.pairings_without_end(now), endings.needs_without_end(now))
    return [each for rows in without for each in _grouped(session, AlertCode.CLOCKS_MISSING, rows)]


def _decided_by_nobody(session: Session, _now: datetime) -> list[Broken]:
    """Nobody is invited, and nobody's yes counts, without a person who decided it (GDPR, article 22)."""
    rows = sa.select(Pairing.status, Pairing.id).where(Pairing.status.in_(DECIDED), Pairing.decided_by_id.is_(None))
    return _grouped(session, AlertCode.DECIDED_BY_NOBODY, rows)


def _needs() -> sa.Select[str, int]:
    return sa.select(sa.literal("need"), Need.id)


def _grouped(session: Session, code: AlertCode, rows: sa.Select[str, int]) -> list[Broken]:
    found: dict[str, list[int]] = {}
    for subject, subject_id in session.execute(rows.order_by(sa.literal_column("2"))):
        found.setdefault(str(subject), []).append(subject_id)
    return [Broken(code, subject, tuple(ids[:TOLD_AT_MOST]), len(ids)) for subject, ids in found.items()]


REPAIRS: dict[str, Callable[[Session, datetime], int]] = {
    "long_leases": _end_long_leases,
    "used_up_attempts": _park_used_up,
    "lost_turns": _give_lost_turns_back,
    "unasked_rankings": _ask_for_rankings,
    "kept_links": _erase_kept_links,
    "told_of_erased": _forget_what_was_in_hand,
    "still_clocks": _let_clocks_run,
}
LOOKS: tuple[Callable[[Session, datetime], list[Broken]], ...] = (
    _rows_late,
    _rows_parked,
    _needs_unranked,
    _needs_full,
    _clocks_late,
    _clocks_missing,
    _decided_by_nobody,
)
