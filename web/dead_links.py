"""What is told of a link that does nothing: why, what helps, whom to ask. Nothing of what the link was about."""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from matcher.errors import LinkIsOver, LinkRevoked, NoStanding
from matcher.i18n import marked as _
from matcher.link_rights import Standing
from matcher.models.link import LinkPurpose
from matcher.published import published
from web.extensions import db
from web.need_cards import language

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
class Instead:
    """Where the same is done by whoever signs in."""

    endpoint: str = "account.show"
    label: str = _("Sign in and see my account")
    name: str | None = None


ACCOUNT = Instead()
MISSIONS = Instead("missions.index", _("Sign in and see my missions"))
NEEDS = Instead("my_needs.index", _("Sign in and see my needs"))
OVER: dict[LinkPurpose, tuple[str, Instead]] = {
    LinkPurpose.ANSWER: (_("Sign in to see where this stands, and what you may still answer."), MISSIONS),
    LinkPurpose.NOT_WHAT_I_SAID: (
        _("Sign in to see what was recorded. If it is not what you said, write to your branch: a person reads it."),
        MISSIONS,
    ),
    LinkPurpose.REPLY_TO_YES: (_("Sign in to see who has said yes, and to answer."), NEEDS),
    LinkPurpose.STILL_NEEDED: (_("Sign in and open your need: its page says where it stands."), NEEDS),
    LinkPurpose.MAIL_CHOICES: (
        _("Newer e-mails hold a fresh link. You can also sign in and choose there."),
        Instead("volunteers.section", _("Sign in and choose"), "mail"),
    ),
    LinkPurpose.STILL_TRUE: (
        _("Sign in and say when you have time now."),
        Instead("volunteers.section", _("Sign in and say it"), "time"),
    ),
    LinkPurpose.ADDRESS_WORKS: (
        _("Sign in: as long as our e-mails come back, your account offers to send you a fresh link."),
        ACCOUNT,
    ),
}


@dataclass(frozen=True, slots=True)
class DeadLink:
    """What the page of a dead link prints."""

    why: str
    next: str
    mailbox: str
    url: str
    label: str


def tell_of_dead_links(blueprint: Blueprint) -> None:
    """Let a link that does nothing say why, on a page that shows nothing else."""

    @blueprint.errorhandler(LinkRevoked)
    def withdrawn(error: LinkRevoked) -> tuple[str, int]:
        return _page(_withdrawn(error))

    @blueprint.errorhandler(LinkIsOver)
    def over(error: LinkIsOver) -> tuple[str, int]:
        then, instead = OVER[LinkPurpose(str(error.data["purpose"]))]
        return _page(_shown(gettext("The time of this link is over. Nothing was changed."), gettext(then), "", instead))


def _page(link: DeadLink) -> tuple[str, int]:
    db.session.rollback()
    return render_template("links/dead.html", link=link), 410


def _withdrawn(error: LinkRevoked) -> DeadLink:
    standing = error.data.get("standing") if isinstance(error, NoStanding) else None
    why, then = WHY.get(Standing(str(standing)), WITHDRAWN) if standing else WITHDRAWN
    association = published(language(), str(error.data.get("association", "")))
    mailbox = str(error.data.get("mailbox", ""))
    return _shown(gettext(why, association=association), gettext(then), mailbox, ACCOUNT)


def _shown(why: str, then: str, mailbox: str, instead: Instead) -> DeadLink:
    url = url_for(instead.endpoint, name=instead.name) if instead.name else url_for(instead.endpoint)
    return DeadLink(why, then, mailbox, url, gettext(instead.label))
