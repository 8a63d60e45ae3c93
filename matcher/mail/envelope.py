"""What stands around a letter: its id, its thread, the address to which it comes back. Holds no sentence."""

from urllib.parse import urlsplit

import sqlalchemy as sa

from matcher.mail import invitations
from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.return_path import Purpose, return_path
from matcher.messages import SendInvitation
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStep
from matcher.settings import Settings

# What asks a volunteer for an answer. When it comes back she does not know that she is asked.
ASKING = frozenset({M.INVITATION, M.INVITATIONS, M.FRESH_INVITATION, M.STILL_FREE})
# What follows an invitation in her mailbox. Mails of an account, of a need and of a mission begin their own.
FOLLOWING = frozenset(
    {
        M.INVITATION_REMINDER,
        M.FRESH_INVITATION,
        M.STILL_FREE,
        M.QUESTION_ANSWERED,
        M.YES_RECEIPT,
        M.RESERVE_RECEIPT,
        M.TELEPHONE_RECEIPT,
        M.YES_LATE,
        M.YES_RELEASED,
        M.REFUSED_KINDLY,
    }
)


def host(settings: Settings) -> str:
    """The host that all our ids carry."""
    return urlsplit(settings.public_url).hostname or "localhost"


def local_id(case: PairingCase, code: M) -> str:
    """An invitation's id comes from its answer link and the number of earlier ones: its row may be queued anew.

    A mail with several has that of the one whose turn came first, whichever of them a later attempt still holds.
    """
    if code not in {M.INVITATION, M.INVITATIONS}:
        return f"binome.{case.context.outbox_id}"
    link = case.answer_link(invitations.reply_by(case))
    return _invitation_id(link.id, len(_invitations(case.pairing)))


def thread(case: PairingCase, code: M) -> dict[str, str]:
    """The headers that put a mail under the invitation which it follows; none when she was never invited."""
    invitations_so_far = _invitations(case.pairing)
    if code not in FOLLOWING or not invitations_so_far:
        return {}
    lead = _lead(case)
    link_id = _answer_link_of(case, lead)
    if link_id is None:
        return {}
    last = invitations_so_far[-1]
    earlier = [e for e in _invitations(lead) if (e.id < last.id if lead is case.pairing else e.at < last.at)]
    first = f"<{_invitation_id(link_id, len(earlier))}@{host(case.context.settings)}>"
    return {"In-Reply-To": first, "References": first}


def _answer_link_of(case: PairingCase, lead: Pairing) -> int | None:
    if lead is case.pairing and case.reader_is_volunteer:  # her links were read for the buttons
        return next((each.id for each in case.live_links if _is_to_answer(each, lead)), None)
    return case.context.session.scalar(
        sa.select(SignedLink.id)
        .where(
            SignedLink.purpose == LinkPurpose.ANSWER,
            SignedLink.pairing_id == lead.id,
            SignedLink.recipient_id == case.pairing.volunteer.account_id,
            SignedLink.revoked_at.is_(None),
        )
        .order_by(SignedLink.id)
        .limit(1)
    )


def _is_to_answer(link: SignedLink, lead: Pairing) -> bool:
    return link.purpose is LinkPurpose.ANSWER and link.pairing_id == lead.id


def _lead(case: PairingCase) -> Pairing:
    """Whose turn the mail was that carried the invitation; herself when she had it alone or its row is forgotten."""
    session, pairing = case.context.session, case.pairing
    carrier = session.get(OutboxRow, pairing.carried_by) if pairing.carried_by is not None else None
    if carrier is None or carrier.kind != SendInvitation.kind:
        return pairing
    lead = session.get(Pairing, SendInvitation.read(carrier.payload).pairing_id)
    return lead if lead is not None and lead.volunteer_id == pairing.volunteer_id else pairing


def comes_back_to(case: PairingCase, code: M) -> str | None:
    """Return the signed address for a mail about a pairing; what asks for an answer names the pairing."""
    if code not in ASKING:
        return account_comes_back_to(case.context.settings, case.context.recipient.id, case.context.recipient.email)
    return return_path(
        case.context.settings, Purpose.INVITATION, case.pairing.id, recipient=case.context.recipient.email
    )


def account_comes_back_to(settings: Settings, account_id: int, address: str) -> str | None:
    """Return the signed address for a mail that is about an account, or about a need in general."""
    return return_path(settings, Purpose.MAIL, account_id, recipient=address)


def _invitation_id(link_id: int, earlier: int) -> str:
    return f"invitation.{link_id}.{earlier}"


def _invitations(pairing: Pairing) -> list[PairingEvent]:
    return [event for event in pairing.events if event.step is PairingStep.MARK_INVITED]
