"""What all pages behind a signed link share: how the link is read, how often, and the headers. It signs nobody in."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext
from sqlalchemy.orm import Session

from matcher.errors import LinkRevoked, NoStanding, NotFound
from matcher.i18n import marked as _
from matcher.link_rights import Standing
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.published import published
from matcher.services.links import open_link
from web.extensions import db, limiter
from web.need_cards import language
from web.runtime import now, runtime

OFTEN = "60/minute;600/hour"
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


# Why a link lends nothing, and what helps.
WHY: dict[Standing, tuple[str, str]] = {
    Standing.LEFT: (
        _("You do not act for %(association)s any more, so this link does nothing. Nothing was changed."),
        _("If you should act for it again, ask one of its members to invite you."),
    ),
    Standing.SUSPENDED: (
        _("%(association)s is suspended for the moment, so this link does nothing. Nothing was changed."),
        _("Your branch knows why, and what happens next."),
    ),
    Standing.CLOSED: (
        _("%(association)s is closed on Binôme, so this link does nothing any more. Nothing was changed."),
        _("If you think that this is a mistake, ask your branch."),
    ),
}
WITHDRAWN = (
    _("This link is no longer valid. Nothing was changed."),
    _("Newer e-mails may hold a fresh one. You can also sign in and do the same there."),
)


@dataclass(frozen=True, slots=True)
class DeadLink:
    """What is told of a link that lends nothing: why, what helps, and whom to ask; nothing of what it was about."""

    why: str
    next: str
    mailbox: str


def link_blueprint(name: str, module: str) -> Blueprint:
    """Make a blueprint whose pages keep their address to themselves and are opened so often at most."""
    blueprint = Blueprint(name, module)
    limiter.limit(OFTEN)(blueprint)

    @blueprint.after_request
    def keep_to_itself(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @blueprint.errorhandler(LinkRevoked)
    def tell_why(error: LinkRevoked) -> tuple[str, int]:
        db.session.rollback()
        return render_template("links/dead.html", link=dead_link(error)), 410

    return blueprint


def dead_link(error: LinkRevoked) -> DeadLink:
    """Return in words why a link lends nothing."""
    standing = error.data.get("standing") if isinstance(error, NoStanding) else None
    why, then = WHY.get(Standing(str(standing)), WITHDRAWN) if standing else WITHDRAWN
    association = published(language(), str(error.data.get("association", "")))
    return DeadLink(gettext(why, association=association), gettext(then), str(error.data.get("mailbox", "")))


def opened(session: Session, token: str, purpose: LinkPurpose) -> SignedLink:
    """Return the link of a token; raises NotFound, LinkRevoked, NoStanding or LinkExpired."""
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
