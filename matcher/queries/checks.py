"""Which pairings wait for the check of their association: for its lists and counts. Reads nothing itself."""

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import ENGAGED


def waits_for_check() -> ColumnElement[bool]:
    """The condition under which the next word is the association's: it says that it has seen the check."""
    return sa.and_(
        Pairing.status.in_(ENGAGED),
        Pairing.check_seen_on.is_(None),
        Pairing.check_waived.is_(None),
        Pairing.need_id.in_(sa.select(Need.id).where(Need.meets_vulnerable)),
    )
