"""Mails about who acts for an association. Written into the outbox of the present session."""

from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account
from matcher.models.association import Association
from web.mail_util import write_about

INVITATIONS_PATH = "/associations/invitations"


def tell_who_answers(association: Association, asker: Account) -> None:
    """Write that somebody asks to join: to its members; where none can answer, to the coordinators of its branch."""
    members = association.reachable_members
    if members:
        code, told = AccountMailCode.MEMBERSHIP_ASKED, members
    else:
        code, told = AccountMailCode.MEMBERSHIP_ASKED_COORDINATOR, association.branch.reachable_coordinators
    for account in told:
        if account.id != asker.id:
            write_about(
                association.name,
                code,
                address=account.email,
                language=account.language,
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
