"""Signed links in use: opening one, asking again whether its recipient may, and withdrawing one or all. Signs nobody
in; which mail carries which link is said in mail/.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.errors import LinkIsOver, LinkRevoked, NoStanding, NotFound
from matcher.link_rights import FOR_ASSOCIATION, Standing, association_of, ends_at, standing_of
from matcher.links import Links
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.services.accounts import own_account
from matcher.services.steps import record


def open_link(session: Session, links: Links, now: datetime, *, token: str, purpose: LinkPurpose) -> SignedLink:
    """Return the link of a token and change nothing; raises NotFound, LinkRevoked, NoStanding or LinkIsOver."""
    link = links.find(session, token, purpose)
    # Whoever was sent it learns why it does nothing: that it was withdrawn says less than that she has left.
    _require_standing(link)
    # Mail programs offer « no more » for as long as they keep the mail: a withdrawn link goes on stopping, only that.
    if link.revoked_at is not None and purpose is not LinkPurpose.UNSUBSCRIBE:
        raise LinkRevoked
    until = ends_at(link)
    if until is not None and until <= now:
        raise LinkIsOver(purpose=link.purpose.value)
    return link


def mark_used(link: SignedLink, now: datetime) -> None:
    """Record that something was done by a link; the first time counts."""
    link.used_at = link.used_at or now


def revoke(session: Session, actor: Actor, now: datetime, *, link_id: int) -> None:
    """Withdraw one of one's own links; raises NotFound for somebody else's. Twice is once."""
    link = session.get(SignedLink, link_id)
    if link is None or link.recipient_id != own_account(actor).id:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at = now
        record(session, actor, now, action="revoke_link", subject=("signed_link", link.id))


def revoke_all(session: Session, actor: Actor, now: datetime) -> None:
    """Withdraw all links in one's own mails; the next mails carry fresh ones. Twice is once."""
    account = own_account(actor)
    if _revoke(session, now, account.id):
        record(session, actor, now, action="revoke_links", subject=("account", account.id))


def revoke_of(session: Session, now: datetime, *, account_id: int) -> None:
    """Withdraw all links in the mails of an account, because of what somebody else decided about it."""
    _revoke(session, now, account_id)


def revoke_of_association(session: Session, now: datetime, *, account_id: int, association_id: int) -> None:
    """Withdraw what an account was sent for an association, because it acts for it no more."""
    needs = sa.select(Need.id).where(Need.association_id == association_id)
    pairings = sa.select(Pairing.id).where(Pairing.need_id.in_(needs))
    about = sa.or_(SignedLink.need_id.in_(needs), SignedLink.pairing_id.in_(pairings))
    _revoke(session, now, account_id, SignedLink.purpose.in_(FOR_ASSOCIATION), about)


def _revoke(session: Session, now: datetime, account_id: int, *which: sa.ColumnElement[bool]) -> bool:
    live = sa.update(SignedLink).where(SignedLink.recipient_id == account_id, SignedLink.revoked_at.is_(None), *which)
    ended = session.scalars(live.values(revoked_at=now).returning(SignedLink.id))
    return bool(ended.all())


def _require_standing(link: SignedLink) -> None:
    standing, association = standing_of(link), association_of(link)
    if standing is Standing.GOOD:
        return
    if association is None:
        raise NoStanding(standing=standing.value)
    raise NoStanding(standing=standing.value, association=association.name, mailbox=association.branch.mailbox)
