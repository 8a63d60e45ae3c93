"""Mails about who acts for an association. Written into the outbox of the present session."""

from matcher.mail.codes import AccountMailCode
from matcher.models.association import Association
from web.mail_util import write_about

INVITATIONS_PATH = "/associations/invitations"


def tell_members(association: Association) -> None:
    """Write to the members of an association that somebody asks to join."""
    for member in association.reachable_members:
        write_about(
            association.name,
            AccountMailCode.MEMBERSHIP_ASKED,
            address=member.email,
            language=member.language,
            path=f"/associations/{association.id}",
        )


def tell_invited(association: Association, address: str) -> None:
    """Write to an address, with or without an account, that it may act for an association."""
    write_about(
        association.name,
        AccountMailCode.MEMBER_INVITED,
        address=address,
        language=association.language,
        path=INVITATIONS_PATH,
    )
