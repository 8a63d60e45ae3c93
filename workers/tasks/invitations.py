"""Invitation tasks: the line moves, and whoever's turn it is gets her invitation, if it is still her turn.

One mail carries what has gathered for a person. It is chosen and bound to its row before the hand-over and recorded
after it, each in one transaction: a crash between the two sends the same mail with the same Message-ID again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import Json
from matcher.mail.codes import MailCode
from matcher.mail.compose import compose
from matcher.mail.context import MailContext
from matcher.mail.message import Message
from matcher.models.pairing import Pairing
from matcher.services import invitations, line, reports, sending
from matcher.services.wanted import Unwanted, address_unwanted, reader_unwanted
from workers.rows import Claimed, Settling, record, row_task, settling
from workers.runtime import Runtime
from workers.smtp import PermanentMailError
from workers.tasks.handover import hand_over, refuses_recipient

WITH_ANOTHER = "went with another"


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail that may leave, and by when each of its pairings is to be answered."""

    message: Message
    replies: Mapping[int, datetime]


@row_task(outbox.AdvanceLine)
def advance_line(runtime: Runtime, claimed: Claimed[outbox.AdvanceLine]) -> None:
    """Offer the free seats of a need to the next people in its line."""
    with settling(runtime, claimed.row) as settled:
        queued = line.advance(settled.session, settled.now, runtime.rules, need_id=claimed.message.need_id)
        settled.complete(f"{queued} queued")


@row_task(outbox.SendInvitation)
def send_invitation(runtime: Runtime, claimed: Claimed[outbox.SendInvitation]) -> None:
    """Invite the volunteer of a pairing, with what else has gathered for her, and start the clocks of her answers."""
    pairing_id = claimed.message.pairing_id
    with settling(runtime, claimed.row) as settled:
        composed = _composed(runtime, settled, pairing_id)
    if composed is None:
        return
    message, row_id = composed.message, claimed.row.id
    still_wanted = partial(
        _withdrawn, runtime=runtime, pairing_ids=list(composed.replies), address=message.recipient, row_id=row_id
    )
    try:
        withdrawn = hand_over(runtime, claimed, message, still_wanted)
    except PermanentMailError as error:
        if refuses_recipient(error):
            _give_up(runtime, claimed, composed.replies)
        raise
    record(partial(_settle, runtime, claimed, composed, withdrawn))


def _settle(
    runtime: Runtime, claimed: Claimed[outbox.SendInvitation], composed: Composed, withdrawn: str | None
) -> None:
    """Record who was invited by the mail, or take out of it what is not to leave."""
    with settling(runtime, claimed.row) as settled:
        if withdrawn is None:
            invitations.mark_mail(settled.session, settled.now, replies=composed.replies)
            settled.complete(outbox.SENT, sent_text=composed.message.kept())
        else:
            _leave_out(runtime, settled, claimed.message.pairing_id, withdrawn)


def _composed(runtime: Runtime, settled: Settling, pairing_id: int) -> Composed | None:
    """Compose what has gathered, or settle the row when nothing is to leave now."""
    session, now, row_id = settled.session, settled.now, settled.row.id
    gathered = invitations.gather(session, runtime.rules, now, pairing_id=pairing_id, row_id=row_id)
    if gathered.again_at is not None:
        settled.postpone(gathered.again_at)
        return None
    if not gathered.pairings:
        _settle_empty(settled, WITH_ANOTHER if gathered.went_with_another else Unwanted.NOT_HER_TURN)
        return None
    replies = {pairing.id: sending.reply_by(pairing.need, now) for pairing in gathered.pairings}
    message = compose(*_letter(runtime, settled, session.get_one(Pairing, pairing_id), replies))
    if message is None:
        for each in replies:
            invitations.drop_from_queue(session, now, pairing_id=each)
        settled.complete(Unwanted.NOT_HER_TURN)
        return None
    return Composed(message, replies)


def _letter(
    runtime: Runtime, settled: Settling, lead: Pairing, replies: Mapping[int, datetime]
) -> tuple[MailContext, MailCode]:
    is_alone = set(replies) == {lead.id}
    told: dict[str, Json] = {str(pairing_id): until.isoformat() for pairing_id, until in replies.items()}
    data: dict[str, Json] = {"reply_by": told[str(lead.id)]} if is_alone else {"replies": told}
    context = MailContext(
        session=settled.session,
        links=runtime.links,
        settings=runtime.settings,
        now=settled.now,
        recipient=lead.volunteer.account,
        outbox_id=settled.row.id,
        need=lead.need,
        pairing=lead,
        data=data,
    )
    return context, MailCode.INVITATION if is_alone else MailCode.INVITATIONS


def _withdrawn(session: Session, *, runtime: Runtime, pairing_ids: list[int], address: str, row_id: int) -> str | None:
    """Tell why a mail that was composed is not to leave as it is any more."""
    now = runtime.clock(session)
    pairings = [session.get(Pairing, pairing_id) for pairing_id in pairing_ids]
    for pairing in pairings:
        if pairing is None or pairing.carried_by != row_id:
            return Unwanted.NOT_HER_TURN
        unwanted = reader_unwanted(pairing.volunteer.account, address, soliciting=True)
        unwanted = unwanted or address_unwanted(session, runtime.settings, now, address, soliciting=True)
        if unwanted is not None:
            return unwanted
        if invitations.invite_by(session, runtime.rules, pairing, now, row_id=row_id) is None:
            return Unwanted.NOT_HER_TURN
    return None


def _give_up(runtime: Runtime, claimed: Claimed[outbox.SendInvitation], pairing_ids: Iterable[int]) -> None:
    """Let the lines move on without her: the mail server takes no mail for her."""
    with settling(runtime, claimed.row) as settled:
        for pairing_id in pairing_ids:
            reports.release_unreachable(settled.session, settled.now, pairing_id=pairing_id)


def _leave_out(runtime: Runtime, settled: Settling, pairing_id: int, withdrawn: str) -> None:
    """Take out of the mail what is not to leave any more; what stays in it leaves with the next attempt."""
    session, now = settled.session, settled.now
    left = invitations.gather(session, runtime.rules, now, pairing_id=pairing_id, row_id=settled.row.id)
    if left.pairings or left.again_at:
        settled.postpone(left.again_at or now)
    else:
        _settle_empty(settled, withdrawn)


def _settle_empty(settled: Settling, outcome: str) -> None:
    """End a row with which nothing leaves any more; what left with an attempt that nobody recorded is counted."""
    has_left = invitations.count_answered(settled.session, settled.now, settled.row)
    settled.complete(outbox.SENT if has_left else outcome)
