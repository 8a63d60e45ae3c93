"""What all pages behind a signed link share: how the link is read, how often, and the headers. It signs nobody in."""

from flask import Blueprint, Response, request
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
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def link_blueprint(name: str, module: str) -> Blueprint:
    """Make a blueprint whose pages keep their address to themselves and are opened so often at most."""
    blueprint = Blueprint(name, module)
    limiter.limit(OFTEN)(blueprint)

    @blueprint.after_request
    def keep_to_itself(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    tell_of_dead_links(blueprint)
    return blueprint


def keep_tokens_of_accounts(blueprint: Blueprint) -> None:
    """Let every other page whose address holds a token keep it to itself too, those of accounts among them."""

    @blueprint.after_app_request
    def keep_to_itself(response: Response) -> Response:
        if "token" in (request.view_args or {}):
            response.headers.update(HEADERS)
        return response


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
