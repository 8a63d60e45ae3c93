"""What the volunteer's answer page is told: the need, who chose her and why, and in which situation she reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import Json
from matcher.models.account import Account
from matcher.models.pairing import Pairing
from matcher.models.states import CONTACTS_OPEN, NeedStatus, PairingStatus, PairingStep
from matcher.models.suggestion import Suggestion
from matcher.published import published
from matcher.queries.shown import shown_in
from matcher.reason_words import Place, reasons_in_words

CHOSEN = frozenset({PairingStep.APPROVE, PairingStep.RENEW})
P, N = PairingStatus, NeedStatus


class Situation(StrEnum):
    """The situations in which the answer page says something of its own."""

    ASKED = "asked"
    ASKED_ON_HOLD = "asked_on_hold"
    APPLIED = "applied"
    ACCEPTED = "accepted"
    RESERVE = "reserve"
    DECLINED = "declined"
    EXPIRED = "expired"
    EXPIRED_AGAIN = "expired_again"
    TAKEN = "taken"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    FREE = "free"
    MISSION = "mission"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Choice:
    """Who put her forward and why, in words; `reasons` are empty when the ranking has gone."""

    chooser: str
    reasons: tuple[str, ...]


def situation_of(pairing: Pairing) -> Situation:
    """Return what the answer page of a pairing is about now."""
    status = pairing.status
    if status in CONTACTS_OPEN:
        return Situation.MISSION
    if status in {P.APPROVED, P.INVITED}:
        return _asked(pairing)
    if status in {P.EXPIRED, P.RELEASED}:
        return _over(pairing)
    same_name = {P.APPLIED, P.ACCEPTED, P.RESERVE, P.DECLINED}
    return Situation(status.value) if status in same_name else Situation.ENDED


def choice_of(session: Session, pairing: Pairing, *, language: str) -> Choice | None:
    """Return who chose the volunteer and why; None when she applied of her own accord."""
    if not any(event.step in CHOSEN for event in pairing.events):
        return None
    chooser = session.get(Account, pairing.decided_by_id) if pairing.decided_by_id else pairing.need.coordinator
    branch = pairing.need.branch.name(language)
    name = published(language, chooser.name) if chooser else ""
    tellable = shown_in(language, pairing, to_her=True).tellable(_stored_reasons(session, pairing))
    words = reasons_in_words(language, Place.ANSWER_PAGE, tellable)
    return Choice(f"{name} ({branch})" if name else branch, tuple(published(language, text) for text in words))


def first_name(account: Account) -> str:
    """Return the first word of a name: enough to know whom a link is for, too little to find her."""
    return account.name.split()[0] if account.name.split() else ""


def _asked(pairing: Pairing) -> Situation:
    if pairing.need.status is N.OPEN:
        return Situation.ASKED
    is_on_hold = pairing.need.status is N.ON_HOLD and not pairing.need.association.is_suspended
    return Situation.ASKED_ON_HOLD if is_on_hold else _over(pairing)


def _over(pairing: Pairing) -> Situation:
    need = pairing.need
    if need.status in {N.FILLED, N.COMPLETED}:
        return Situation.TAKEN
    if need.status is N.CLOSED:
        return Situation.CLOSED
    if need.status is not N.OPEN or need.association.is_suspended:
        return Situation.ON_HOLD
    if pairing.status is P.RELEASED:
        return Situation.FREE
    return Situation.EXPIRED_AGAIN if pairing.was_reinvited else Situation.EXPIRED


def _stored_reasons(session: Session, pairing: Pairing) -> list[Mapping[str, Json]]:
    stored = session.scalar(
        sa.select(Suggestion.reasons).where(
            Suggestion.need_id == pairing.need_id, Suggestion.volunteer_id == pairing.volunteer_id
        )
    )
    listed = stored.get("list") if stored else None
    return [reason for reason in listed if isinstance(reason, dict)] if isinstance(listed, list) else []
