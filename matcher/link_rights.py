"""What a signed link still lends: how its recipient stands today to what it is about, and how long it lasts. No reads
but of the link's own rows, no words.
"""

from enum import StrEnum

from matcher.models.association import Association, AssociationStatus
from matcher.models.link import LinkPurpose, SignedLink

FOR_ASSOCIATION = frozenset({LinkPurpose.REPLY_TO_YES, LinkPurpose.STILL_NEEDED})
FOR_VOLUNTEER = frozenset({LinkPurpose.ANSWER, LinkPurpose.NOT_WHAT_I_SAID})


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
    if not link.recipient.active:
        return Standing.GONE
    if link.purpose in FOR_VOLUNTEER:
        is_hers = link.pairing is not None and link.pairing.volunteer.account_id == link.recipient_id
        return Standing.GOOD if is_hers else Standing.FOREIGN
    if link.purpose in FOR_ASSOCIATION:
        association = association_of(link)
        return Standing.FOREIGN if association is None else _for(association, link.recipient_id)
    return Standing.GOOD


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
