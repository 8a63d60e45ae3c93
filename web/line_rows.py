"""The line of a need as its template shows it: groups of people, each with notes in words. No reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from matcher import wording
from matcher.actors import Actor
from matcher.labels import code_label, status_label
from matcher.models.states import ENGAGED, PairingStatus
from matcher.queries.lines import FoundPerson, LinePerson, Standing
from matcher.services.held_people import HeldBack
from web.desk import PAIRING_KINDS, UNDOABLE, day_of
from web.need_cards import language
from web.waiting_words import waiting_in_words

S = PairingStatus
MISSIONS = (S.CONFIRMED, S.ACTIVE, S.COMPLETED)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One person of the line; what may be done with her, apart from the reader's own rights."""

    pairing_id: int
    volunteer_id: int
    name: str
    pseudonym: str
    status: str
    state: str
    state_kind: str
    notes: list[str]
    motivation: str
    question: str
    answer: str
    is_reader: bool
    asks: bool
    may_answer: bool
    may_take_up: bool
    may_set_aside: bool
    may_undo: bool
    may_confirm: bool
    may_abandon: bool
    may_renew: bool
    has_mission: bool
    up: str
    down: str


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the line with its heading; `is_ordered` where the coordinator sets the order."""

    code: str
    title: str
    rows: list[LineRow]
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class FoundRow:
    """Somebody found by words; `state` when somebody has decided about her for this need."""

    volunteer_id: int
    name: str
    headline: str
    skills: tuple[str, ...]
    is_reader: bool
    state: str | None
    state_kind: str


def groups_of(actor: Actor, people: Sequence[LinePerson], today: date, held: Mapping[int, HeldBack]) -> list[Group]:
    """Return the people of a need in groups, those that wait for the coordinator first; `held` says who is kept."""
    waiting = [one.pairing_id for one in people if one.status is S.APPROVED]
    rows = [(one, _row(actor, one, waiting, today, held.get(one.pairing_id))) for one in people]
    groups = [
        Group(code, title, [row for one, row in rows if chosen(one)], code == "line")
        for code, title, chosen in (
            ("applications", gettext("They have applied"), lambda p: p.status is S.APPLIED),
            ("questions", gettext("They ask a question"), _asks),
            ("yes", gettext("They have said yes and wait for the association"), lambda p: p.status is S.ACCEPTED),
            ("invited", gettext("Invited"), lambda p: p.status is S.INVITED and not _asks(p)),
            ("line", gettext("In the line, in this order"), lambda p: p.status is S.APPROVED),
            ("reserve", gettext("In reserve"), lambda p: p.status is S.RESERVE),
            ("missions", gettext("Missions"), lambda p: p.status in MISSIONS),
            ("ended", gettext("Set aside or ended"), lambda p: _is_over(p.status)),
        )
    ]
    return [group for group in groups if group.rows]


def found_rows(actor: Actor, people: Sequence[FoundPerson], standings: Mapping[int, Standing]) -> list[FoundRow]:
    """Return people found by words, each with what was decided about her."""
    return [_found_row(actor, one, standings.get(one.volunteer_id)) for one in people]


def moved(order: Sequence[int], pairing_id: int, step: int) -> list[int]:
    """Return an order in which one pairing has gone up (-1) or down (+1) by one place."""
    ids = list(order)
    if pairing_id not in ids:
        return ids
    place = ids.index(pairing_id)
    other = min(max(place + step, 0), len(ids) - 1)
    ids[place], ids[other] = ids[other], ids[place]
    return ids


def _row(actor: Actor, one: LinePerson, waiting: Sequence[int], today: date, held: HeldBack | None) -> LineRow:
    place = waiting.index(one.pairing_id) if one.pairing_id in waiting else -1
    return LineRow(
        pairing_id=one.pairing_id,
        volunteer_id=one.volunteer_id,
        name=f"{one.name} · {one.headline}" if one.headline else one.name,
        pseudonym=one.name,
        status=one.status.value,
        state=status_label(language(), one.status),
        state_kind=PAIRING_KINDS.get(one.status, "neutral"),
        notes=[*_notes(one, today), *([waiting_in_words(held, today)] if held else [])],
        motivation=one.motivation,
        question=one.question,
        answer=one.answer,
        is_reader=one.account_id == actor.account_id,
        asks=_asks(one),
        may_answer=one.status in {S.APPROVED, S.INVITED},
        may_take_up=one.status is S.APPLIED,
        may_set_aside=one.status in {S.APPLIED, S.APPROVED, S.INVITED},
        may_undo=one.status in UNDOABLE and not one.is_known_to_her,
        may_confirm=one.status is S.ACCEPTED,
        may_abandon=one.status in ENGAGED,
        may_renew=one.may_renew,
        has_mission=one.status in MISSIONS,
        up=gettext("Move up") if place > 0 else "",
        down=gettext("Move down") if 0 <= place < len(waiting) - 1 else "",
    )


def _found_row(actor: Actor, one: FoundPerson, standing: Standing | None) -> FoundRow:
    return FoundRow(
        volunteer_id=one.volunteer_id,
        name=one.name,
        headline=one.headline,
        skills=one.skills,
        is_reader=one.account_id == actor.account_id,
        state=status_label(language(), standing.status) if standing else None,
        state_kind=PAIRING_KINDS.get(standing.status, "neutral") if standing else "neutral",
    )


def _notes(one: LinePerson, today: date) -> list[str]:
    notes = [gettext("Since %(day)s", day=day_of(one.since, today))]
    if one.status is S.INVITED and one.reply_by is not None:
        moment = wording.moment_in_words(language(), one.reply_by, wording.HOME_ZONE, today)
        notes.append(gettext("Answer expected by %(moment)s", moment=moment))
    if one.status is S.APPROVED and one.is_leaving:
        notes.append(gettext("The invitation is about to leave"))
    if one.still_agrees_asked_at is not None:
        notes.append(gettext("Asked for a new yes since the need has changed"))
    if one.reason is not None and _is_over(one.status):
        notes.append(gettext("Reason: %(reason)s", reason=code_label(language(), one.reason)))
    if one.ask_again_on is not None and one.status is S.DECLINED:
        notes.append(gettext("May be asked again from %(day)s", day=wording.day_in_words(language(), one.ask_again_on)))
    return notes


def _asks(one: LinePerson) -> bool:
    return one.status is S.INVITED and bool(one.question) and not one.answer


def _is_over(status: PairingStatus) -> bool:
    return status in {S.SET_ASIDE, S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.REFUSED, S.RELEASED, S.ABANDONED}
