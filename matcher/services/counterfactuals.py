"""A volunteer asks what would bring her among the first for a need; here the question, in explaining.py the answer."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import Actor, Person
from matcher.database import delete_few, insert_into
from matcher.errors import (
    AddressNotConfirmed,
    AlreadyAnswered,
    DomainError,
    NeedIsNotOpen,
    NotFound,
    OwnAssociation,
    ProfileIsMissing,
)
from matcher.models.counterfactual import Counterfactual
from matcher.models.need import Need
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, require
from matcher.queries.standing import Stand, standing

REFUSALS: dict[Stand, type[DomainError]] = {
    Stand.OWN: OwnAssociation,
    Stand.UNCONFIRMED: AddressNotConfirmed,
    Stand.NO_PROFILE: ProfileIsMissing,
    Stand.ANSWERED: AlreadyAnswered,
}


def ask(session: Session, actor: Actor, now: datetime, *, need_id: int) -> None:
    """Ask the workers about one's own place for an open need; a question before it is asked anew.

    Raises NotFound, NotAllowed, NeedIsNotOpen, OwnAssociation, AddressNotConfirmed, ProfileIsMissing, AlreadyAnswered.
    """
    need = session.get(Need, need_id)
    if need is None:
        raise NotFound
    require(actor, Action.READ, need)
    require(actor, Action.ASK_OWN_PLACE, need)
    refusal = REFUSALS.get(standing(session, actor, need).stand)
    if refusal is not None:
        raise refusal
    if not need.is_open:
        raise NeedIsNotOpen(status=need.status.value)
    volunteer_id = _own_id(session, actor)
    _keep(session, now, need.id, volunteer_id)
    outbox.add(session, outbox.ExplainPlace(need.id, volunteer_id), now)


def forget_asked_before(session: Session, moment: datetime) -> int:
    """Delete a few of the questions that were asked before a moment, with their answers; return how many."""
    return delete_few(session, Counterfactual, Counterfactual.asked_at < moment)


def forget_all_of(session: Session, volunteer_id: int) -> None:
    """Delete all that a volunteer asked."""
    session.execute(sa.delete(Counterfactual).where(Counterfactual.volunteer_id == volunteer_id))


def _own_id(session: Session, actor: Actor) -> int:
    account_id = actor.account_id if isinstance(actor, Person) else None
    volunteer_id = session.scalar(sa.select(Volunteer.id).where(Volunteer.account_id == account_id))
    if volunteer_id is None:
        raise ProfileIsMissing
    return volunteer_id


def _keep(session: Session, now: datetime, need_id: int, volunteer_id: int) -> None:
    """Write the question; two at once, from two windows, are one."""
    asked = {"asked_at": now, "ready_at": None, "result": None, "version": None}
    row = insert_into(session, Counterfactual).values(need_id=need_id, volunteer_id=volunteer_id, **asked)
    session.execute(row.on_conflict_do_update(index_elements=["need_id", "volunteer_id"], set_=asked))
