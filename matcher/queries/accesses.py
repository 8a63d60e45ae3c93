"""Who looked at what and who did what, out of the audit log: to each reader what concerns her. Codes and ids only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, lazyload
from sqlalchemy.sql import ColumnElement

from matcher.access_codes import (
    ABOUT_HER,
    OF_ASSOCIATION,
    OF_BRANCH,
    OF_LINE,
    OF_PARTIES,
    RIGHTS,
    AccessReason,
    OnBehalf,
    Opened,
)
from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.models.association import Association, Membership
from matcher.models.audit import AuditEntry
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.need import Need
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require, visible
from matcher.queries.associations import get
from matcher.queries.own_pairings import was_told
from matcher.queries.tasks import own_branches

PER_PAGE = 20
OPENINGS = tuple(each.value for each in Opened)
BY_ADMINISTRATORS = frozenset({*RIGHTS, Opened.ACCOUNT.value, Opened.CLOSED_ADDRESS.value})
BY_COORDINATORS = frozenset({*OPENINGS, *OF_BRANCH, *OF_LINE}) - {*OF_PARTIES}
NOTES = ("write_note", "take_out_note")
Condition = ColumnElement[bool]


class By(StrEnum):
    """In what capacity somebody acted."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    PERSON = "person"
    LINK = "link"
    SYSTEM = "system"


class Show(StrEnum):
    """Which entries an administrator wants to see."""

    ALL = "all"
    OPENINGS = "openings"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Access:
    """One entry; `branches` are those that a coordinator who acted looks after today."""

    id: int
    at: datetime
    by: By
    account_id: int | None
    branches: tuple[Branch, ...]
    action: str
    subject_kind: str
    subject_id: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class AccessList:
    """A page of entries, the latest first."""

    rows: tuple[Access, ...]
    number: int
    pages: int
    total: int


def own(session: Session, actor: Actor, *, number: int) -> AccessList:
    """Return who looked at the actor's own data, and what was decided about her, by others; three statements."""
    return _page(session, [about(actor.account_id or 0)], number)


def about(me: int) -> Condition:
    """An entry is somebody else's look at an account's data, or a decision about her or a right of hers."""
    hers = sa.select(Volunteer.id).where(Volunteer.account_id == me)
    decided = sa.and_(
        _of("pairing", sa.select(Pairing.id).where(Pairing.volunteer_id.in_(hers), Pairing.is_known_to_her)),
        AuditEntry.action.in_(ABOUT_HER),
        _is_told(),
    )
    then_hers = sa.select(Membership.association_id).where(
        Membership.account_id == me, Membership.joined_at <= AuditEntry.at
    )
    about_her = sa.or_(
        _of("volunteer", hers),
        sa.and_(AuditEntry.subject_kind == "account", AuditEntry.subject_id == me),
        _of("association", then_hers.correlate(AuditEntry)),
    )
    looked = sa.and_(about_her, AuditEntry.action.in_([*OPENINGS, *RIGHTS]))
    by_others = AuditEntry.account_id.is_distinct_from(me)
    return sa.and_(sa.or_(looked, decided, _shown_once(me)), by_others)


def _shown_once(me: int) -> Condition:
    """Contacts of hers that were opened before each person shown had an entry: that of the mission stands for them."""
    of_hers = sa.select(Pairing.id).join(Volunteer).join(Need, Need.id == Pairing.need_id)
    missions = of_hers.where(sa.or_(Volunteer.account_id == me, Need.contact_id == me))
    each = aliased(AuditEntry)
    named = sa.exists().where(
        each.action == AuditEntry.action,
        each.subject_kind == "account",
        each.at == AuditEntry.at,
        each.account_id.is_not_distinct_from(AuditEntry.account_id),
    )
    return sa.and_(_of("pairing", missions), AuditEntry.action == Opened.CONTACTS.value, ~named)


def _is_told() -> Condition:
    """What was decided in silence, before the need had reached her, is not hers to read (queries/known.py)."""
    before = sa.or_(AuditEntry.reason.is_(None), AuditEntry.reason == PairingStatus.APPROVED.value)
    earlier = aliased(PairingEvent)
    reached = sa.exists().where(
        earlier.pairing_id == AuditEntry.subject_id, earlier.at < AuditEntry.at, was_told(earlier)
    )
    return sa.or_(sa.not_(sa.and_(AuditEntry.action == "set_aside", before)), reached.correlate(AuditEntry))


def of_association(session: Session, actor: Actor, association_id: int, *, number: int) -> AccessList:
    """Return what was done about an association, and who opened its people's contacts; raises NotFound for others."""
    association = get(session, actor, association_id)
    if not _reads(actor, association):
        raise NotFound
    needs = sa.select(Need.id).where(Need.association_id == association_id)
    missions = sa.select(Pairing.id).where(Pairing.need_id.in_(needs))
    itself = sa.and_(AuditEntry.subject_kind == "association", AuditEntry.subject_id == association_id)
    joined = f"association:{association_id}"
    looked = [*(each for each in OPENINGS if each != Opened.FOUND.value), *OF_ASSOCIATION]
    about_it = sa.or_(
        sa.and_(sa.or_(itself, _of("need", needs)), AuditEntry.action.in_(looked)),
        sa.and_(_of("pairing", missions), AuditEntry.action == Opened.CONTACTS.value),
        sa.and_(AuditEntry.action == "join_association", AuditEntry.reason == joined),
    )
    return _page(session, [about_it], number)


def of_branches(session: Session, actor: Actor, *, number: int) -> AccessList:
    """Return the entries about the people, needs and associations of the actor's branches, her own cases apart."""
    me, branches = actor.account_id or 0, own_branches(actor)
    people = sa.select(Volunteer.id).where(Volunteer.branch_id.in_(branches), Volunteer.account_id != me)
    ours = sa.select(Membership.association_id).where(Membership.account_id == me)
    associations = sa.select(Association.id).where(Association.branch_id.in_(branches), Association.id.not_in(ours))
    needs = sa.select(Need.id).where(
        Need.branch_id.in_(branches), Need.association_id.not_in(ours), visible(actor, Need)
    )
    hers = sa.select(Volunteer.id).where(Volunteer.account_id == me)
    pairings = sa.select(Pairing.id).where(Pairing.need_id.in_(needs), Pairing.volunteer_id.not_in(hers))
    rights = [f"branch:{branch_id}" for branch_id in session.scalars(branches)]
    about_them = sa.or_(
        _of("volunteer", people),
        _of("association", associations),
        _of("need", needs),
        _of("pairing", pairings),
        AuditEntry.reason.in_(rights),
    )
    not_hers = AuditEntry.reason.is_distinct_from(f"volunteer:{session.scalar(hers) or 0}")
    colleagues = sa.select(BranchCoordinator.account_id).where(BranchCoordinator.branch_id.in_(branches))
    noted_here = sa.or_(AuditEntry.action.not_in(NOTES), AuditEntry.account_id.in_(colleagues))
    told = [*OPENINGS, *OF_ASSOCIATION, *OF_LINE, *RIGHTS]
    return _page(session, [about_them, not_hers, noted_here, AuditEntry.action.in_(told)], number)


def everything(session: Session, actor: Actor, show: Show, *, number: int) -> AccessList:
    """Return the whole log, or a part of it, to administrators; raises NotFound for others."""
    require(actor, Action.READ, AuditEntry())
    chosen = {
        Show.OPENINGS: (*OPENINGS, "make_backup"),
        Show.RIGHTS: (*RIGHTS, "join_association", "admit_member", "leave"),
    }
    return _page(session, [AuditEntry.action.in_(chosen[show])] if show in chosen else [], number)


def _reads(actor: Actor, association: Association) -> bool:
    return actor.account_id is not None and association.has_member(actor.account_id)


def _of(kind: str, ids: sa.Select[int]) -> Condition:
    return sa.and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids))


def _page(session: Session, conditions: Sequence[Condition], number: int) -> AccessList:
    total = session.scalar(sa.select(sa.func.count(AuditEntry.id)).where(*conditions)) or 0
    pages = max(1, -(-total // PER_PAGE))
    number = min(number, pages)
    wanted = sa.select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc())
    entries = session.scalars(wanted.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    looked_after = _branches_of(session, {each.account_id for each in entries if each.account_id is not None})
    return AccessList(tuple(_access(each, looked_after) for each in entries), number, pages, total)


def _branches_of(session: Session, account_ids: set[int]) -> dict[int, tuple[Branch, ...]]:
    rows = session.execute(
        sa.select(BranchCoordinator.account_id, Branch)
        .join(Branch, Branch.id == BranchCoordinator.branch_id)
        .where(BranchCoordinator.account_id.in_(account_ids))
        .order_by(Branch.id)
        .options(lazyload(Branch.departments), lazyload(Branch.coordinators))
    )
    found: dict[int, tuple[Branch, ...]] = {}
    for account_id, branch in rows:
        found[account_id] = (*found.get(account_id, ()), branch)
    return found


def _access(entry: AuditEntry, looked_after: dict[int, tuple[Branch, ...]]) -> Access:
    by = _by(entry)
    return Access(
        id=entry.id,
        at=entry.at,
        by=by,
        account_id=entry.account_id,
        branches=looked_after.get(entry.account_id or 0, ()) if by is By.COORDINATOR else (),
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        reason=entry.reason,
    )


def _by(entry: AuditEntry) -> By:
    """Tell it from the entry alone, whatever rights the account has today: only administrators say why they look."""
    for kind in (By.SYSTEM, By.LINK):
        if entry.actor.startswith(f"{kind.value}:"):
            return kind
    if entry.action in BY_ADMINISTRATORS or entry.reason in set(AccessReason):
        return By.ADMINISTRATOR
    for_branch = entry.action in BY_COORDINATORS or entry.reason == OnBehalf.BRANCH.value
    return By.COORDINATOR if for_branch else By.PERSON
