"""What a volunteer knows of her pairings, as SQL for the copy of her data: the same as known.py tells on pages.

What is decided about her without a word to her, such as a second round, is not in it before she is told; that she
was set aside is, once the need had reached her before.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from matcher.models.deadline import Deadline
from matcher.models.note import Note
from matcher.models.pairing import Decision, Pairing, PairingEvent
from matcher.models.states import PairingReason, PairingStatus, PairingStep
from matcher.queries.known import IN_SILENCE

Columns = Mapping[str, ColumnElement[object]]


def is_told(event: type[PairingEvent] = PairingEvent) -> ColumnElement[bool]:
    """The condition that she knows of a step; known.py asks the same of one that is loaded."""
    earlier = aliased(PairingEvent)
    reached = sa.exists().where(earlier.pairing_id == event.pairing_id, earlier.id < event.id, was_told(earlier))
    is_later_round = sa.and_(event.step == PairingStep.SET_ASIDE, reached.correlate(event))
    return sa.or_(was_told(event), is_later_round)


def was_told(event: type[PairingEvent]) -> ColumnElement[bool]:
    """The condition that a step is none of those that are taken without a word to her."""
    before = sa.or_(event.source.is_(None), event.source == PairingStatus.APPROVED)
    in_silence = sa.and_(event.step.in_(IN_SILENCE), before)
    return sa.and_(event.target != PairingStatus.APPROVED, sa.not_(in_silence))


def decision_is_told() -> ColumnElement[bool]:
    """The condition that she was told of the step that a decision was."""
    same = sa.and_(
        PairingEvent.pairing_id == Decision.pairing_id,
        PairingEvent.step == Decision.step,
        PairingEvent.at == Decision.at,
    )
    return sa.exists().where(same, is_told()).correlate(Decision)


def deadline_is_told() -> ColumnElement[bool]:
    """The condition that a clock belongs to a state that she knows of."""
    return sa.exists().where(Pairing.id == Deadline.pairing_id, _is_caught_up()).correlate(Deadline)


def of_pairing() -> Columns:
    """The columns of a pairing that say where it stands, as she was told last."""
    caught_up, last = _is_caught_up(), aliased(PairingEvent)
    known_last = sa.select(last).where(last.id == _last_told()).correlate(Pairing)
    return {
        "status": sa.func.coalesce(known_last.with_only_columns(last.target).scalar_subquery(), Pairing.status),
        "since": sa.func.coalesce(known_last.with_only_columns(last.at).scalar_subquery(), Pairing.since),
        "reason": sa.case(
            (caught_up, sa.type_coerce(Pairing.reason, sa.String)),
            else_=known_last.with_only_columns(_reason_of(last)).scalar_subquery(),
        ),
        "was_renewed": sa.case((caught_up, Pairing.was_renewed)),
    }


def of_step() -> Columns:
    """The reason of a step, where it is one that people give."""
    return {"reason": _reason_of(PairingEvent)}


def of_note() -> Columns:
    """The pairing that a note is about, once she knows of it."""
    known = sa.select(Pairing.id).where(Pairing.id == Note.pairing_id, Pairing.is_known_to_her)
    return {"pairing_id": known.correlate(Note).scalar_subquery()}


def _reason_of(event: type[PairingEvent]) -> ColumnElement[object]:
    return sa.case((event.reason.in_([each.value for each in PairingReason]), event.reason))


def _last_told() -> sa.ScalarSelect[int]:
    told = aliased(PairingEvent)
    last = sa.select(sa.func.max(told.id)).where(told.pairing_id == Pairing.id, is_told(told))
    return last.correlate(Pairing).scalar_subquery()


def _is_caught_up() -> ColumnElement[bool]:
    """She was told of the last step, whatever it was."""
    later, told = aliased(PairingEvent), sa.func.coalesce(_last_told(), 0)
    return ~sa.exists().where(later.pairing_id == Pairing.id, later.id > told).correlate(Pairing)
