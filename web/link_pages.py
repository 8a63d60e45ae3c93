"""What all pages behind a signed link share: how the link is read, and how often. It signs nobody in."""

from flask import Blueprint
from sqlalchemy.orm import Session

from matcher.errors import LinkIsOver, LinkRevoked, NotFound
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.services.links import open_link
from web.dead_links import tell_of_dead_links
from web.extensions import limiter
from web.runtime import now, runtime

OFTEN = "60/minute;600/hour"
# What a press meets that is told on a page of its own, never beside the buttons of the page it came from.
DEAD = (NotFound, LinkRevoked, LinkIsOver)


def link_blueprint(name: str, module: str) -> Blueprint:
    """Make a blueprint whose pages are opened so often at most, and say why a link does nothing."""
    blueprint = Blueprint(name, module)
    limiter.limit(OFTEN)(blueprint)
    tell_of_dead_links(blueprint)
    return blueprint


def opened(session: Session, token: str, purpose: LinkPurpose) -> SignedLink:
    """Return the link of a token; raises NotFound, LinkRevoked, NoStanding or LinkIsOver."""
    return open_link(session, runtime().links, now(), token=token, purpose=purpose)


def pairing_of(link: SignedLink) -> Pairing:
    """Return the pairing that a link is about; raises NotFound when it is gone."""
    if link.pairing is None:
        raise NotFound
    return link.pairing


def need_of(link: SignedLink) -> Need:
    """Return the need that a link is about; raises NotFound when it is gone."""
    if link.need is None:
        raise NotFound
    return link.need
