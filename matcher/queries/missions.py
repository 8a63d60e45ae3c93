"""Pairings as their two sides and the coordinators read them: one, or a page of a list. Contacts stand elsewhere."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql import ColumnElement

from matcher import wording
from matcher.actors import Actor, Hat, Person
from matcher.errors import NotFound
from matcher.models.association import Association, Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.need import Need
from matcher.models.pairing import Pairing, Side
from matcher.models.states import BEFORE_ENGAGEMENT, ENGAGED, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.pairing_words import Reader, Told, label_in_words, next_in_words
from matcher.policies import visible
from matcher.published import published
from matcher.queries.checks import waits_for_check
from matcher.queries.known import due_of, told
from matcher.queries.shown import shown_in

PER_PAGE = 20
P = PairingStatus
# A row names the need, the association and the pseudonym: without this each list would read branches and skills too.
_FOR_ROWS: tuple[ORMOption, ...] = (
    joinedload(Pairing.need, innerjoin=True).options(
        lazyload(Need.branch),
        lazyload(Need.skills),
        lazyload(Need.locations),
        joinedload(Need.association, innerjoin=True).selectinload(Association.memberships),
    ),
    selectinload(Pairing.events),
)


class Show(StrEnum):
    """What a list of pairings is narrowed to."""

    ALL = ""
    BEFORE = "before"
    UNDER_WAY = "under_way"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class MissionRow:
    """A pairing in a list."""

    pairing_id: int
    title: str
    lang: str
    other_side: str
    status: PairingStatus
    state: str
    next: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class MissionList:
    """One page of a list; `number` begins at 1 and lies within `pages`."""

    rows: tuple[MissionRow, ...]
    total: int
    number: int
    pages: int


def find_pairing(session: Session, actor: Actor, pairing_id: int) -> Pairing:
    """Return a pairing that the actor may see; raises NotFound."""
    pairing = session.scalar(sa.select(Pairing).where(Pairing.id == pairing_id, visible(actor, Pairing)))
    if pairing is None:
        raise NotFound
    return pairing


def list_missions(
    session: Session, actor: Person, show: Show, *, language: str, today: date, number: int = 1
) -> MissionList:
    """Return one page of the pairings of the actor under her hat, what waits for her first.

    At most four statements, six past the end.
    """
    number = max(1, number)
    found = _page_of(session, actor, show, number)
    if not found and number > 1:
        conditions = _conditions(actor, show)
        total = session.scalar(sa.select(sa.func.count(Pairing.id)).where(*conditions)) or 0
        number = max(1, -(-total // PER_PAGE))
        found = _page_of(session, actor, show, number)
    total = found[0][2] if found else 0
    due = due_of(session, [pairing for pairing, _waits, _total in found])
    rows = tuple(
        _row(told(actor, pairing, due[pairing.id], language=language, today=today), is_waiting=bool(waits))
        for pairing, waits, _total in found
    )
    return MissionList(rows, total, number, max(1, -(-total // PER_PAGE)))


def other_side(language: str, reader: Reader, pairing: Pairing) -> str:
    """Name whom the reader works with: the association, or the person by pseudonym and headline."""
    association = shown_in(language, pairing, to_her=reader is Reader.VOLUNTEER).name
    if reader is Reader.VOLUNTEER:
        return association
    name = wording.pseudonym(language, pairing.volunteer, need_id=pairing.need_id)
    if reader is Reader.COORDINATOR:
        return f"{name} · {association}"
    headline = published(language, pairing.volunteer.headline)
    return f"{name} · {headline}" if headline else name


def _page_of(session: Session, actor: Person, show: Show, number: int) -> list[tuple[Pairing, int, int]]:
    waits = _waits(actor)
    statement = (
        sa.select(Pairing, waits, sa.func.count().over())
        .where(*_conditions(actor, show))
        .order_by(waits.desc(), _rank(), Pairing.since.desc(), Pairing.id.desc())
        .limit(PER_PAGE)
        .offset(PER_PAGE * (number - 1))
        .options(*_FOR_ROWS)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def _conditions(actor: Person, show: Show) -> list[ColumnElement[bool]]:
    return [visible(actor, Pairing), _of_hat(actor), *_narrowed(show)]


def _row(words: Told, *, is_waiting: bool) -> MissionRow:
    pairing = words.pairing
    return MissionRow(
        pairing_id=pairing.id,
        title=published(words.language, pairing.need.title),
        lang=pairing.need.language,
        other_side=other_side(words.language, words.reader, pairing),
        status=words.status,
        state=label_in_words(words),
        next=next_in_words(words),
        is_waiting=is_waiting,
    )


def _of_hat(actor: Person) -> ColumnElement[bool]:
    if actor.hat is Hat.VOLUNTEER:
        return Pairing.volunteer_id.in_(sa.select(Volunteer.id).where(Volunteer.account_id == actor.account.id))
    if actor.hat is Hat.MEMBER:
        ours = sa.select(Membership.association_id).where(Membership.account_id == actor.account.id)
        return Pairing.need_id.in_(sa.select(Need.id).where(Need.association_id.in_(ours)))
    if actor.hat is Hat.COORDINATOR:
        branches = sa.select(BranchCoordinator.branch_id).where(BranchCoordinator.account_id == actor.account.id)
        return Pairing.need_id.in_(sa.select(Need.id).where(Need.branch_id.in_(branches)))
    return sa.true() if actor.account.is_administrator else sa.false()


def _narrowed(show: Show) -> tuple[ColumnElement[bool], ...]:
    if show is Show.BEFORE:
        return (Pairing.status.in_(BEFORE_ENGAGEMENT),)
    if show is Show.UNDER_WAY:
        return (Pairing.status.in_(ENGAGED),)
    return (Pairing.status.not_in(BEFORE_ENGAGEMENT | ENGAGED),) if show is Show.ENDED else ()


def _waits(actor: Person) -> ColumnElement[int]:
    """1 where the next word is the actor's own, else 0."""
    if actor.hat is Hat.VOLUNTEER:
        mine = sa.or_(
            Pairing.status == P.INVITED, Pairing.still_agrees_asked_at.is_not(None), _asked_of(Side.VOLUNTEER)
        )
    elif actor.hat is Hat.MEMBER:
        mine = sa.or_(Pairing.status == P.ACCEPTED, _asked_of(Side.ASSOCIATION), waits_for_check())
    else:
        asked = sa.and_(Pairing.status == P.INVITED, Pairing.question.is_not(None), Pairing.answer.is_(None))
        mine = sa.or_(Pairing.status == P.APPLIED, asked)
    return sa.case((mine, 1), else_=0)


def _asked_of(side: Side) -> ColumnElement[bool]:
    by_other = sa.or_(
        sa.and_(Pairing.finished_by.is_not(None), Pairing.finished_by != side),
        sa.and_(Pairing.proposed_by.is_not(None), Pairing.proposed_by != side),
    )
    return sa.and_(Pairing.status == P.ACTIVE, by_other)


def _rank() -> ColumnElement[int]:
    return sa.case((Pairing.status.in_(ENGAGED), 0), (Pairing.status.in_(BEFORE_ENGAGEMENT), 1), else_=2)
