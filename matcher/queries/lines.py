"""The pairings of a need as its coordinator sees them, and people found by words. Names of volunteers stay folded."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from matcher.actors import Actor
from matcher.catalogue.terms import fold
from matcher.errors import NotFound
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import PAIRING_MOVES, PairingReason, PairingStatus, PairingStep
from matcher.models.volunteer import Volunteer, VolunteerSkill
from matcher.policies import visible
from matcher.published import published, searchable
from matcher.queries.known import last_reason
from matcher.wording import pseudonym, skill_in_words

MOST_FOUND, MOST_READ, MOST_WORDS, MOST_SKILLS = 20, 500, 6, 6
_WORD = re.compile(r"[^\W_]{2,}")
# Letters that may carry an accent stand for any letter; what is found is compared exactly afterwards.
_UNSURE = str.maketrans(dict.fromkeys("aceinouy", "_"))
_WITHOUT_NAME: tuple[ORMOption, ...] = (lazyload(Pairing.need), lazyload(Pairing.volunteer, Volunteer.account))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands towards a need on which a human has decided; `came_at` is what her pseudonym rests on."""

    pairing_id: int
    status: PairingStatus
    is_known_to_her: bool
    came_at: datetime


@dataclass(frozen=True, slots=True)
class LinePerson:
    """One pairing of a need; free texts are without contacts."""

    pairing_id: int
    volunteer_id: int
    account_id: int
    name: str
    headline: str
    status: PairingStatus
    since: datetime
    is_known_to_her: bool
    is_leaving: bool
    invited_at: datetime | None
    reply_by: datetime | None
    motivation: str
    question: str
    answer: str
    reason: PairingReason | None
    ask_again_on: date | None
    still_agrees_asked_at: datetime | None
    may_renew: bool


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who may be put forward; her name is not told, even when she was found by it."""

    volunteer_id: int
    account_id: int
    name: str
    headline: str
    skills: tuple[str, ...]


def standings(session: Session, actor: Actor, need: Need) -> dict[int, Standing]:
    """Return where each paired volunteer of a need stands, by volunteer; one statement."""
    person = aliased(Volunteer)
    rows = session.execute(
        sa.select(Pairing.volunteer_id, Pairing.id, Pairing.status, Pairing.is_known_to_her, person.created_at)
        .join(person, person.id == Pairing.volunteer_id)
        .where(Pairing.need_id == need.id, visible(actor, Pairing))
    )
    return {row.volunteer_id: Standing(row.id, row.status, row.is_known_to_her, row.created_at) for row in rows}


def people_in_line(session: Session, actor: Actor, need: Need, *, language: str, today: date) -> tuple[LinePerson, ...]:
    """Return every pairing of a need, in the order of the line; one statement."""
    rows = session.scalars(
        sa.select(Pairing)
        .where(Pairing.need_id == need.id, visible(actor, Pairing))
        .order_by(Pairing.position, Pairing.id)
        .options(*_WITHOUT_NAME)
    )
    return tuple(_line_person(actor, language, pairing, today) for pairing in rows)


def find_pairing(session: Session, actor: Actor, pairing_id: int) -> Pairing:
    """Return a pairing that the actor may see; raises NotFound."""
    pairing = session.scalar(sa.select(Pairing).where(Pairing.id == pairing_id, visible(actor, Pairing)))
    if pairing is None:
        raise NotFound
    return pairing


def find_people(session: Session, actor: Actor, words: str, *, need_id: int, language: str) -> tuple[FoundPerson, ...]:
    """Return visible volunteers whose headline or skills hold every word, whatever its accents; one statement."""
    wanted = _WORD.findall(fold(words))[:MOST_WORDS]
    rows = _people(session, actor, [_holds(word) for word in wanted])
    fitting = [volunteer for volunteer in rows if all(word in fold(_text(volunteer)) for word in wanted)]
    return tuple(_found(language, volunteer, need_id) for volunteer in fitting[:MOST_FOUND])


def find_named(session: Session, actor: Actor, name: str, *, need_id: int, language: str) -> tuple[FoundPerson, ...]:
    """Return visible volunteers in whose name every word stands whole, whatever its accents; one statement.

    No part of a word finds anybody, so that no name is spelled out; the caller writes down who was found.
    """
    wanted = set(_WORD.findall(fold(name))[:MOST_WORDS])
    rows = _people(session, actor, [Account.name.ilike(f"%{word.translate(_UNSURE)}%") for word in wanted])
    fitting = [volunteer for volunteer in rows if wanted <= set(_WORD.findall(fold(volunteer.account.name)))]
    return tuple(_found(language, volunteer, need_id) for volunteer in fitting[:MOST_FOUND])


def _people(session: Session, actor: Actor, conditions: list[sa.ColumnElement[bool]]) -> list[Volunteer]:
    if not conditions:
        return []
    wanted = (
        sa.select(Volunteer)
        .join(Account, Account.id == Volunteer.account_id)
        .where(visible(actor, Volunteer), Account.active, *conditions)
        .order_by(Volunteer.id)
        .limit(MOST_READ)
        .options(contains_eager(Volunteer.account).lazyload(Account.roles), joinedload(Volunteer.skills))
    )
    return list(session.scalars(wanted).unique())


def _holds(word: str) -> sa.ColumnElement[bool]:
    pattern = f"%{word.translate(_UNSURE)}%"
    skilled = sa.exists().where(VolunteerSkill.volunteer_id == Volunteer.id, VolunteerSkill.label.ilike(pattern))
    return sa.or_(Volunteer.headline.ilike(pattern), skilled)


def _text(volunteer: Volunteer) -> str:
    return searchable(" ".join([volunteer.headline, *(skill.label for skill in volunteer.skills)]))


def _found(language: str, volunteer: Volunteer, need_id: int) -> FoundPerson:
    labels = (skill_in_words(language, skill.label, skill.uri) for skill in volunteer.skills[:MOST_SKILLS])
    return FoundPerson(
        volunteer_id=volunteer.id,
        account_id=volunteer.account_id,
        name=pseudonym(language, volunteer, need_id=need_id),
        headline=published(language, volunteer.headline),
        skills=tuple(published(language, label) for label in labels),
    )


def _line_person(actor: Actor, language: str, pairing: Pairing, today: date) -> LinePerson:
    volunteer = pairing.volunteer
    return LinePerson(
        pairing_id=pairing.id,
        volunteer_id=volunteer.id,
        account_id=volunteer.account_id,
        name=pseudonym(language, volunteer, need_id=pairing.need_id),
        headline=published(language, volunteer.headline),
        status=pairing.status,
        since=pairing.since,
        is_known_to_her=pairing.is_known_to_her,
        is_leaving=pairing.queued_at is not None,
        invited_at=pairing.invited_at,
        reply_by=pairing.reply_by,
        motivation=published(language, pairing.motivation or ""),
        question=published(language, pairing.question or ""),
        answer=published(language, pairing.answer or ""),
        reason=last_reason(actor, pairing),
        ask_again_on=pairing.ask_again_on,
        still_agrees_asked_at=pairing.still_agrees_asked_at,
        may_renew=_may_renew(pairing, today),
    )


def _may_renew(pairing: Pairing, today: date) -> bool:
    if (
        pairing.status not in PAIRING_MOVES[PairingStep.RENEW].sources
        or pairing.was_renewed
        or pairing.reason is PairingReason.NEVER_AGAIN
    ):
        return False
    asked_later = pairing.ask_again_on is None or pairing.ask_again_on > today
    return not (pairing.status is PairingStatus.DECLINED and asked_later)
