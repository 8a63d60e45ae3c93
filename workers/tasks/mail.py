"""Mail tasks: compose in one transaction, hand over with none open, record in another. A crash between the two sends
the same Message-ID once more; the effect of an answer stays one."""

from matcher import outbox
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.compose import AccountMail, compose, compose_account_mail
from matcher.mail.context import MailContext
from matcher.mail.message import Message
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.sealed import unseal
from workers.rows import Claimed, Settling, row_task, settling
from workers.runtime import Runtime

# They ask somebody for something of our own accord; who stopped our mails gets the answers to her own acts only.
SOLICITING = frozenset({MailCode.INVITATION, MailCode.INVITATION_REMINDER, MailCode.STILL_FREE})


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
