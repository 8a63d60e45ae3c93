"""Signed links in use: opening one, asking again whether its recipient may, and withdrawing one or all. Signs nobody
in; which mail carries which link is said in mail/.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.errors import LinkIsOver, LinkRevoked, NoStanding
from matcher.link_rights import FOR_ASSOCIATION, Standing, association_of, ends_at, standing_of
from matcher.links import Links
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing


def open_link(session: Session, links: Links, now: datetime, *, token: str, purpose: LinkPurpose) -> SignedLink:
    """Return the link of a token and change nothing; raises NotFound, LinkRevoked, NoStanding or LinkIsOver."""
    link = links.find(session, token, purpose)
    # Whoever was sent it learns why it does nothing: that it was withdrawn says less than that she has left.
    _require_standing(link)
    if link.revoked_at is not None:
        raise LinkRevoked
    until = ends_at(link)
    if until is not None and until <= now:
        raise LinkIsOver(purpose=link.purpose.value)
    return link


def mark_used(link: SignedLink, now: datetime) -> None:
    """Record that something was done by a link; the first time counts."""
    link.used_at = link.used_at or now


def revoke_of_association(session: Session, now: datetime, *, account_id: int, association_id: int) -> None:
    """Withdraw what an account was sent for an association, because it acts for it no more."""
    needs = sa.select(Need.id).where(Need.association_id == association_id)
    pairings = sa.select(Pairing.id).where(Pairing.need_id.in_(needs))
    about = sa.or_(SignedLink.need_id.in_(needs), SignedLink.pairing_id.in_(pairings))
    _revoke(session, now, account_id, SignedLink.purpose.in_(FOR_ASSOCIATION), about)


def _revoke(session: Session, now: datetime, account_id: int, *which: sa.ColumnElement[bool]) -> None:
    live = sa.update(SignedLink).where(SignedLink.recipient_id == account_id, SignedLink.revoked_at.is_(None), *which)
    session.execute(live.values(revoked_at=now).execution_options(synchronize_session="fetch"))


def _require_standing(link: SignedLink) -> None:
    standing, association = standing_of(link), association_of(link)
    if standing is Standing.GOOD:
        return
    if association is None:
        raise NoStanding(standing=standing.value)
    raise NoStanding(standing=standing.value, association=association.name, mailbox=association.branch.mailbox)
