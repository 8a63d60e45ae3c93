"""The two tables of steps: what they allow is what STATES says, all else is refused, and every step leaves a trace."""

from datetime import UTC, datetime

import pytest

from matcher.errors import IllegalTransition, SeatsBelowEngaged
from matcher.models.history import Trace
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import (
    NEED_MOVES,
    PAIRING_MOVES,
    Door,
    NeedStatus,
    NeedStep,
    PairingStatus,
    PairingStep,
)

NOON = datetime(2026, 9, 7, 10, 0, tzinfo=UTC)
TRACE = Trace(NOON, door=Door.PAGE, reason="other")
# Written from the document, not from the code: from which state which others can be reached in one step.
NEED_ARROWS = {
    "draft": "submitted closed",
    "changes_requested": "submitted closed",
    "submitted": "open changes_requested closed",
    "open": "filled on_hold closed",
    "filled": "open on_hold completed closed",
    "on_hold": "open filled closed completed",
    "completed": "",
    "closed": "",
}
PAIRING_ARROWS = {
    None: "applied approved set_aside",
    "applied": "accepted reserve set_aside withdrawn released",
    "approved": "invited accepted reserve declined set_aside released",
    "invited": "invited accepted reserve declined expired set_aside released",
    "reserve": "invited withdrawn released",
    "accepted": "confirmed refused withdrawn released invited",
    "confirmed": "active refused withdrawn abandoned",
    "active": "confirmed completed abandoned",
    "completed": "",
    "declined": "applied approved invited",
    "expired": "invited applied approved",
    "withdrawn": "applied approved",
    "released": "applied approved",
    "set_aside": "applied approved",
    "refused": "",
    "abandoned": "",
}
ILLEGAL_FOR_NEEDS = [(step, s) for step in NeedStep for s in NeedStatus if s not in NEED_MOVES[step].sources]
ILLEGAL_FOR_PAIRINGS = [
    (step, s) for step in PairingStep for s in (None, *PairingStatus) if s not in PAIRING_MOVES[step].sources
]


def _need(status: NeedStatus = NeedStatus.OPEN, *, seats: int = 2, held: int = 0, taken: int = 0) -> Need:
    return Need(status=status, seats=seats, held=held, taken=taken)


def test_needs_reach_from_each_state_what_the_document_says() -> None:
    arrows = {s.value: {m.target for m in NEED_MOVES.values() if s in m.sources} for s in NeedStatus}

    assert arrows == {source: set(targets.split()) for source, targets in NEED_ARROWS.items()}


def test_pairings_reach_from_each_state_what_the_document_says() -> None:
    sources = (None, *PairingStatus)
    arrows = {s: {m.target for m in PAIRING_MOVES.values() if s in m.sources} for s in sources}

    assert arrows == {source: set(targets.split()) for source, targets in PAIRING_ARROWS.items()}


def test_each_step_stands_in_its_table() -> None:
    assert set(NEED_MOVES) == set(NeedStep)
    assert set(PAIRING_MOVES) == set(PairingStep)


@pytest.mark.parametrize(("step", "status"), ILLEGAL_FOR_NEEDS)
def test_a_step_from_any_other_state_of_a_need_is_refused_and_changes_nothing(
    step: NeedStep, status: NeedStatus
) -> None:
    need = _need(status)

    with pytest.raises(IllegalTransition):
        need.take(step, TRACE)

    assert need.status is status
    assert need.events == []


@pytest.mark.parametrize(("step", "status"), ILLEGAL_FOR_PAIRINGS)
def test_a_step_from_any_other_state_of_a_pairing_is_refused_and_changes_nothing(
    step: PairingStep, status: PairingStatus | None
) -> None:
    pairing = Pairing(need=_need(held=1, taken=1), status=status)

    with pytest.raises(IllegalTransition):
        pairing.take(step, TRACE)

    assert pairing.status is status
    assert (pairing.need.held, pairing.need.taken, pairing.events) == (1, 1, [])


def test_a_step_of_a_need_records_who_when_where_and_why() -> None:
    need = _need(NeedStatus.SUBMITTED)

    need.take(NeedStep.OPEN, Trace(NOON, 7, Door.LINK, "because"))

    (event,) = need.events
    assert (event.at, event.account_id, event.door, event.reason) == (NOON, 7, Door.LINK, "because")
    assert (event.step, event.source, event.target) == (NeedStep.OPEN, NeedStatus.SUBMITTED, NeedStatus.OPEN)


def test_a_step_of_a_pairing_records_who_when_where_and_why() -> None:
    pairing = Pairing(need=_need(), status=PairingStatus.INVITED)

    pairing.take(PairingStep.ACCEPT, Trace(NOON, 7, Door.TELEPHONE, "other"))

    (event,) = pairing.events
    assert (event.at, event.account_id, event.door, event.reason) == (NOON, 7, Door.TELEPHONE, "other")
    assert (event.source, event.target) == (PairingStatus.INVITED, PairingStatus.ACCEPTED)


@pytest.mark.parametrize(
    ("step", "status", "held", "taken"),
    [
        (PairingStep.ACCEPT, PairingStatus.INVITED, 2, 1),
        (PairingStep.JOIN_RESERVE, PairingStatus.INVITED, 1, 1),
        (PairingStep.CONFIRM, PairingStatus.ACCEPTED, 0, 2),
        (PairingStep.WITHDRAW, PairingStatus.ACCEPTED, 0, 1),
        (PairingStep.BEGIN, PairingStatus.CONFIRMED, 1, 1),
        (PairingStep.COMPLETE, PairingStatus.ACTIVE, 1, 1),
        (PairingStep.ABANDON, PairingStatus.ACTIVE, 1, 0),
        (PairingStep.REFUSE_AFTER_TALK, PairingStatus.CONFIRMED, 1, 0),
        (PairingStep.APPLY, PairingStatus.WITHDRAWN, 1, 1),
    ],
)
def test_seats_are_held_by_a_yes_taken_by_a_confirmation_and_freed_by_an_end(
    step: PairingStep, status: PairingStatus, held: int, taken: int
) -> None:
    pairing = Pairing(need=_need(seats=3, held=1, taken=1), status=status)

    pairing.take(step, TRACE)

    assert (pairing.need.held, pairing.need.taken) == (held, taken)


def test_seats_go_down_to_those_engaged_and_never_below() -> None:
    need = _need(seats=5, held=1, taken=1)

    need.change_seats(2)
    with pytest.raises(SeatsBelowEngaged):
        need.change_seats(1)

    assert need.seats == 2
