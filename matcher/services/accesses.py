"""The one way to see names and contacts: who looks at whom is written down before anything is shown.

A coordinator looks within her branches, an administrator says why. Nothing here decides who may; policies.py does.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.access_codes import AccessReason, Opened
from matcher.actors import Actor
from matcher.errors import ReasonIsMissing
from matcher.models.association import Association
from matcher.models.suppression import Suppression
from matcher.policies import Action, is_administrator, require
from matcher.queries import suppressions
from matcher.services.associations import locked
from matcher.services.steps import record


def must_say_why(actor: Actor) -> bool:
    """True for an administrator, whatever else she is: no branch limits at whom she may look."""
    return is_administrator(actor)


def write_down(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    opened: Opened,
    subjects: Iterable[tuple[str, int]],
    reason: AccessReason | None,
) -> None:
    """Write who opens what of whom, one entry each; raises ReasonIsMissing. The caller has asked who may."""
    if must_say_why(actor) and reason is None:
        raise ReasonIsMissing
    for subject in subjects:
        record(session, actor, now, action=opened.value, subject=subject, reason=reason.value if reason else None)


def open_members(
    session: Session, actor: Actor, now: datetime, *, association_id: int, reason: AccessReason | None
) -> Association:
    """Return an association whose members' names and addresses may be shown now; raises NotFound, NotAllowed."""
    association = locked(session, association_id)
    require(actor, Action.OPEN_MEMBERS, association)
    subject = ("association", association.id)
    write_down(session, actor, now, opened=Opened.MEMBERS, subjects=[subject], reason=reason)
    return association


def open_closed_addresses(
    session: Session, actor: Actor, now: datetime, *, reason: AccessReason | None
) -> dict[int, str]:
    """Return the names of those whose mails come back, by account; raises NotFound for others."""
    require(actor, Action.LIFT, Suppression())
    names = suppressions.names_of_owners(session, actor, now)
    subjects = [("account", account_id) for account_id in names]
    write_down(session, actor, now, opened=Opened.CLOSED_ADDRESS, subjects=subjects, reason=reason)
    return names
