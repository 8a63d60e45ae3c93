"""The check that an association makes before somebody meets minors or vulnerable people: that it was seen, or why not.

Never the document, its result or its number: there is no place for them.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.errors import CheckIsAwaited, IllegalTransition, InvalidDates, NotAllowed
from matcher.models.need import Need
from matcher.models.pairing import Pairing, Side
from matcher.models.states import ENGAGED, CheckWaiver, PairingStatus
from matcher.services import clocks
from matcher.services.audiences import paired
from matcher.services.missions import side_of
from matcher.services.seats import SAID_YES
from matcher.services.steps import lock_pairing, record


def declare(session: Session, actor: Actor, now: datetime, *, pairing_id: int, check: date | CheckWaiver) -> Pairing:
    """Say for the association when it saw the check, or why none is required; the two have their time to begin anew.

    Raises NotAllowed for anybody else, IllegalTransition where no check is awaited, InvalidDates for a day to come.
    The same declaration twice is once; another one takes its place until the work begins. A mission that was already
    under way when its need came to ask for a check is declared late, once.
    """
    pairing = lock_pairing(session, pairing_id)
    if side_of(actor, pairing) is not Side.ASSOCIATION:
        raise NotAllowed
    is_late = pairing.status is PairingStatus.ACTIVE and pairing.waits_for_check
    if not (pairing.status is PairingStatus.CONFIRMED or is_late) or not pairing.need.meets_vulnerable:
        raise IllegalTransition(status=pairing.status.value, step="declare_check")
    waived = check if isinstance(check, CheckWaiver) else None
    seen_on = None if isinstance(check, CheckWaiver) else check
    if seen_on is not None and seen_on > now.astimezone(ZoneInfo(pairing.need.timezone)).date():
        raise InvalidDates(field="seen_on")
    if (pairing.check_seen_on, pairing.check_waived) == (seen_on, waived):
        return pairing
    if pairing.waits_for_check and not is_late:
        clocks.enter_state(session, pairing, now)
    pairing.check_seen_on, pairing.check_waived = seen_on, waived
    reason = waived.value if waived else None
    record(session, actor, now, action="declare_check", subject=("pairing", pairing.id), reason=reason)
    return pairing


def require_still_told(session: Session, need: Need, meets_vulnerable: bool) -> None:
    """Raise CheckIsAwaited when a need would no longer ask for a check while somebody has said yes or is at work."""
    if need.meets_vulnerable and not meets_vulnerable and paired(session, need, SAID_YES | ENGAGED):
        raise CheckIsAwaited(field="meets_vulnerable")
