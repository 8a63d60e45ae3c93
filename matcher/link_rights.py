"""What a signed link still lends: how its recipient stands today to what it is about, and how long it lasts. No reads
but of the link's own rows, no words.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from matcher.models.association import Association, AssociationStatus
from matcher.models.link import LinkPurpose, SignedLink

FOR_ASSOCIATION = frozenset({LinkPurpose.REPLY_TO_YES, LinkPurpose.STILL_NEEDED})
FOR_VOLUNTEER = frozenset({LinkPurpose.ANSWER, LinkPurpose.NOT_WHAT_I_SAID})
# How long a link lasts after the mail that carries it. Those of a running clock outlast that clock, even when it stood
# still for a month; the answer to an invitation ends with its own date, when it has one. Unsubscribing never ends: the
# law asks for it, and mail programs offer it for as long as they keep the mail.
LASTS: dict[LinkPurpose, timedelta | None] = {
    LinkPurpose.ANSWER: None,
    LinkPurpose.REPLY_TO_YES: timedelta(days=60),
    LinkPurpose.STILL_NEEDED: timedelta(days=30),
    LinkPurpose.NOT_WHAT_I_SAID: timedelta(days=30),
    LinkPurpose.UNSUBSCRIBE: None,
    LinkPurpose.MAIL_CHOICES: timedelta(days=365),
    LinkPurpose.STILL_TRUE: timedelta(days=30),
    LinkPurpose.ADDRESS_WORKS: timedelta(days=30),
}
# Many mails carry the same link: its row is not written anew for a few days more.
WORTH_WRITING = timedelta(days=7)


class Standing(StrEnum):
    """How the recipient of a link stands to its subject; only `GOOD` lends anything."""

    GOOD = "good"
    GONE = "gone"
    FOREIGN = "foreign"
    LEFT = "left"
    SUSPENDED = "suspended"
    CLOSED = "closed"


def stands(link: SignedLink) -> bool:
    """True while the recipient has the right that the link lends."""
    return standing_of(link) is Standing.GOOD


def standing_of(link: SignedLink) -> Standing:
    """Return how the recipient stands today: whoever has left, or whose account or association was closed, lost it."""
    if link.recipient.is_erased or (not link.recipient.active and link.purpose is not LinkPurpose.UNSUBSCRIBE):
        return Standing.GONE
    if link.purpose in FOR_VOLUNTEER:
        is_hers = link.pairing is not None and link.pairing.volunteer.account_id == link.recipient_id
        return Standing.GOOD if is_hers else Standing.FOREIGN
    if link.purpose in FOR_ASSOCIATION:
        association = association_of(link)
        return Standing.FOREIGN if association is None else _for(association, link.recipient_id)
    return Standing.GOOD


def ends_at(link: SignedLink) -> datetime | None:
    """Return when a link ends, None for one that does not; a row from before there were dates is judged by its age."""
    if link.purpose is LinkPurpose.UNSUBSCRIBE:
        return None
    return link.expires_at or expiry(link.purpose, link.created_at)


def expiry(purpose: LinkPurpose, sent_at: datetime) -> datetime | None:
    """Return when a link of a mail that is sent now ends by itself."""
    lasts = LASTS[purpose]
    return sent_at + lasts if lasts is not None else None


def renewed(link: SignedLink, now: datetime) -> datetime | None:
    """Return the end of a link that is sent once more: the present one when little would be gained."""
    wanted = expiry(link.purpose, now)
    if wanted is None or link.expires_at is None:
        return wanted
    return wanted if wanted - link.expires_at > WORTH_WRITING else link.expires_at


def association_of(link: SignedLink) -> Association | None:
    """Return the association for which the link's recipient acts, None when the link is not about one."""
    need = link.pairing.need if link.pairing is not None else link.need
    return need.association if need is not None and link.purpose in FOR_ASSOCIATION else None


def _for(association: Association, account_id: int) -> Standing:
    if not association.has_member(account_id):
        return Standing.LEFT
    if association.status is AssociationStatus.SUSPENDED:
        return Standing.SUSPENDED
    return Standing.CLOSED if association.status is AssociationStatus.CLOSED else Standing.GOOD
