"""Mail tasks: compose in one transaction, hand over with none open, record in another. A crash between the two sends
the same Message-ID once more; the effect of an answer stays one."""

from datetime import datetime

from matcher import outbox
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.compose import AccountMail, compose, compose_account_mail
from matcher.mail.context import MailContext
from matcher.mail.message import Message
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.sealed import unseal
from matcher.services import line, sending
from matcher.services.steps import lock_pairing
from workers.rows import Claimed, Settling, row_task, settling
from workers.runtime import Runtime

# They ask somebody for something of our own accord; who stopped our mails gets the answers to her own acts only.
SOLICITING = frozenset({MailCode.INVITATION, MailCode.INVITATION_REMINDER, MailCode.STILL_FREE})


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
    runtime.send(message)
    with settling(runtime, claimed.row) as settled:
        line.mark_invited(settled.session, settled.now, pairing_id=pairing_id, reply_by=reply_by)
        if lock_pairing(settled.session, pairing_id).status is not PairingStatus.INVITED:
            outbox.add(settled.session, outbox.AdvanceLine(pairing.need_id), settled.now)
        settled.complete("sent")


@row_task(outbox.SendMail)
def send_mail(runtime: Runtime, claimed: Claimed[outbox.SendMail]) -> None:
    """Send one mail to one account, unless it has lost its sense meanwhile."""
    with settling(runtime, claimed.row) as settled:
        message = _mail(runtime, settled, claimed.message)
        if message is None:
            settled.complete("has no sense any more")
            return
    _hand_over(runtime, claimed, message)


@row_task(outbox.SendAccountMail)
def send_account_mail(runtime: Runtime, claimed: Claimed[outbox.SendAccountMail]) -> None:
    """Send one mail of an account itself; its link is open in this process only, and erased with the row's end."""
    asked = claimed.message
    mail = AccountMail(
        address=asked.address,
        language=asked.language,
        name=asked.name,
        outbox_id=claimed.row.id,
        about=asked.about,
    )
    link = unseal(runtime.settings, asked.sealed_link) if asked.sealed_link else None
    message = compose_account_mail(runtime.settings, runtime.links, mail, AccountMailCode(asked.code), link=link)
    _hand_over(runtime, claimed, message)


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
        settled.complete("not her turn any more")
    return message


def _mail(runtime: Runtime, settled: Settling, asked: outbox.SendMail) -> Message | None:
    code = MailCode(asked.code)
    recipient = settled.session.get(Account, asked.recipient_id)
    if recipient is None or not recipient.is_confirmed:
        return None
    if code in SOLICITING and recipient.mail_stopped_at is not None:
        return None
    context = MailContext(
        session=settled.session,
        links=runtime.links,
        settings=runtime.settings,
        now=settled.now,
        recipient=recipient,
        outbox_id=settled.row.id,
        need=settled.session.get(Need, asked.need_id) if asked.need_id is not None else None,
        pairing=settled.session.get(Pairing, asked.pairing_id) if asked.pairing_id is not None else None,
        data=asked.data,
    )
    return compose(context, code)


def _hand_over(
    runtime: Runtime, claimed: Claimed[outbox.SendMail] | Claimed[outbox.SendAccountMail], message: Message
) -> None:
    runtime.send(message)
    with settling(runtime, claimed.row) as settled:
        settled.complete("sent")
