"""Invitation tasks: the line moves, and whoever's turn it is gets her invitation, if it is still her turn."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from matcher import outbox
from matcher.mail.codes import MailCode
from matcher.mail.compose import compose
from matcher.mail.context import MailContext
from matcher.mail.message import Message
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.services import line, sending
from matcher.services.steps import lock_pairing
from matcher.services.wanted import Unwanted, address_unwanted, reader_unwanted
from workers.rows import Claimed, Settling, row_task, settling
from workers.runtime import Runtime
from workers.tasks.handover import hand_over


@row_task(outbox.AdvanceLine)
def advance_line(runtime: Runtime, claimed: Claimed[outbox.AdvanceLine]) -> None:
    """Offer the free seats of a need to the next people in its line."""
    with settling(runtime, claimed.row) as settled:
        queued = line.advance(settled.session, settled.now, runtime.rules, need_id=claimed.message.need_id)
        settled.complete(f"{queued} queued")


@row_task(outbox.SendInvitation)
def send_invitation(runtime: Runtime, claimed: Claimed[outbox.SendInvitation]) -> None:
    """Invite the volunteer of a pairing if it is still her turn, and start the clocks of her answer."""
    pairing_id = claimed.message.pairing_id
    with settling(runtime, claimed.row) as settled:
        pairing = lock_pairing(settled.session, pairing_id)
        reply_by = sending.reply_by(pairing.need, settled.now)
        message = _invitation(runtime, settled, pairing, reply_by)
    if message is None:
        return
    still_wanted = partial(_withdrawn, runtime=runtime, pairing_id=pairing_id, address=message.recipient)
    withdrawn = hand_over(runtime, claimed, message, still_wanted)
    with settling(runtime, claimed.row) as settled:
        if withdrawn is not None:
            line.drop_from_queue(settled.session, settled.now, pairing_id=pairing_id)
            settled.complete(withdrawn)
            return
        line.mark_invited(settled.session, settled.now, pairing_id=pairing_id, reply_by=reply_by)
        if lock_pairing(settled.session, pairing_id).status is not PairingStatus.INVITED:
            outbox.add(settled.session, outbox.AdvanceLine(pairing.need_id), settled.now)
        settled.complete("sent")


def _withdrawn(session: Session, *, runtime: Runtime, pairing_id: int, address: str) -> str | None:
    """Tell why an invitation that was composed is not to leave any more."""
    pairing = session.get(Pairing, pairing_id)
    if pairing is None:
        return Unwanted.NOT_HER_TURN
    now = runtime.clock(session)
    unwanted = reader_unwanted(pairing.volunteer.account, address, soliciting=True)
    unwanted = unwanted or address_unwanted(session, runtime.settings, now, address, soliciting=True)
    if unwanted is not None:
        return unwanted
    is_her_turn = line.invite_by(session, runtime.rules, pairing, now) is not None
    return None if is_her_turn else Unwanted.NOT_HER_TURN


def _invitation(runtime: Runtime, settled: Settling, pairing: Pairing, reply_by: datetime) -> Message | None:
    """Compose the invitation, or settle the row when it is not to leave now."""
    session, now = settled.session, settled.now
    leaves_at = line.invite_by(session, runtime.rules, pairing, now)
    if leaves_at is not None and leaves_at > now:
        settled.postpone(leaves_at)
        return None
    context = MailContext(
        session=session,
        links=runtime.links,
        settings=runtime.settings,
        now=now,
        recipient=pairing.volunteer.account,
        outbox_id=settled.row.id,
        need=pairing.need,
        pairing=pairing,
        data={"reply_by": reply_by.isoformat()},
    )
    message = compose(context, MailCode.INVITATION) if leaves_at is not None else None
    if message is None:
        line.drop_from_queue(session, now, pairing_id=pairing.id)
        settled.complete(Unwanted.NOT_HER_TURN)
    return message
