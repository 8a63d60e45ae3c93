"""Opening a signed link: is it genuine, in time, and its holder still here. It never signs anybody in."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.errors import LinkExpired, LinkRevoked
from matcher.links import Links
from matcher.models.link import LinkPurpose, SignedLink


def open_link(session: Session, links: Links, now: datetime, *, token: str, purpose: LinkPurpose) -> SignedLink:
    """Return the link of a token and change nothing; raises NotFound, LinkRevoked or LinkExpired."""
    link = links.read(session, token, purpose)
    if not link.recipient.active:
        raise LinkRevoked
    if link.expires_at is not None and link.expires_at <= now:
        raise LinkExpired
    return link


def mark_used(link: SignedLink, now: datetime) -> None:
    """Record that something was done by a link; the first time counts."""
    link.used_at = link.used_at or now
