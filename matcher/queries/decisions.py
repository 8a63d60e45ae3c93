"""Decisions as examples for the ranking, each with its frozen list. Reads only; numbers, no text and no name."""

from collections.abc import Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.database import Json
from matcher.models.pairing import Decision, Pairing
from matcher.models.states import PairingReason, PairingStep
from matcher.policies import visible
from matcher.ranking.examples import Example, Verdict, values_of

# What a set-aside says of the person's fit for the need. Only what the formula could have known counts against her
# place: a coordinator who spares somebody, or has found somebody else, says nothing of that.
MEANING: dict[PairingReason, Verdict] = {
    PairingReason.SKILLS: Verdict.UNFIT,
    PairingReason.AVAILABILITY: Verdict.UNFIT,
    PairingReason.DISTANCE: Verdict.UNFIT,
    PairingReason.LANGUAGE: Verdict.UNFIT,
    PairingReason.NOT_MY_FIELD: Verdict.UNFIT,
    PairingReason.TOO_OFTEN_ASKED: Verdict.SILENT,  # she may fit better than anybody
    PairingReason.OTHER_PERSON_CHOSEN: Verdict.SILENT,  # one place, two who fit
    PairingReason.NO_TIME: Verdict.SILENT,  # this week, whatever her profile says
    PairingReason.NOT_NOW: Verdict.SILENT,
    PairingReason.NEED_CHANGED: Verdict.SILENT,  # the list was made for another need
    PairingReason.CHANGED_CIRCUMSTANCES: Verdict.SILENT,
    PairingReason.NO_AGREEMENT: Verdict.SILENT,  # between people, after they met
    PairingReason.NO_NEWS: Verdict.SILENT,
    PairingReason.NEVER_AGAIN: Verdict.SILENT,  # her own wish
    PairingReason.UNREACHABLE: Verdict.SILENT,  # an address, not a person
    PairingReason.OTHER: Verdict.SILENT,  # nobody knows what
}


def examples(session: Session, actor: Actor) -> list[Example]:
    """Return the decisions that the actor may see and that replay, oldest first; one statement.

    Left out: people whom no list had shown, and lists made with other parts than today's formula has.
    """
    rows = session.execute(
        sa.select(Pairing.need_id, Pairing.volunteer_id, Decision.step, Decision.reason, Decision.shown)
        .join(Pairing, Pairing.id == Decision.pairing_id)
        .where(visible(actor, Pairing))
        .order_by(Decision.id)
    )
    found = (_example(row.need_id, row.volunteer_id, _verdict(row.step, row.reason), row.shown) for row in rows)
    return [example for example in found if example is not None]


def _verdict(step: PairingStep, reason: PairingReason | None) -> Verdict:
    if step is PairingStep.SET_ASIDE:
        return MEANING[reason] if reason is not None else Verdict.SILENT
    return Verdict.WANTED


def _example(need_id: int, volunteer_id: int, verdict: Verdict, shown: Mapping[str, Json]) -> Example | None:
    weights, rows = shown.get("weights"), shown.get("list")
    if not isinstance(weights, dict) or not isinstance(rows, list):
        return None
    people = tuple(str(row[0]) for row in rows if isinstance(row, list))
    values = [values_of(_numbers(row[3]), _numbers(weights)) for row in rows if isinstance(row, list)]
    known = [each for each in values if each is not None]
    if str(volunteer_id) not in people or len(known) < len(people):
        return None
    return Example(str(need_id), str(volunteer_id), verdict, people, np.array(known, dtype=float))


def _numbers(values: Json | Sequence[Json]) -> dict[str, float]:
    if not isinstance(values, dict):
        return {}
    return {name: float(value) for name, value in values.items() if isinstance(value, int | float)}
