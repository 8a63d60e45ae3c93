"""Mail tasks: compose in one transaction, hand over with none open, record in another. A crash between the two sends
the same Message-ID once more; the effect of an answer stays one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.compose import AccountMail, compose, compose_account_mail
from matcher.mail.context import MailContext
from matcher.mail.message import Message
from matcher.models.volunteer import Volunteer
from matcher.sealed import unseal
from matcher.services.sending import next_opening
from matcher.services.wanted import (
    SOLICITING,
    Subjects,
    Unwanted,
    account_mail_unwanted,
    mail_unwanted,
    still_unwanted,
    subjects,
)
from workers.rows import Claimed, M, Settling, finish, record, row_task, settling
from workers.runtime import Runtime
from workers.tasks.handover import StillWanted, hand_over


@row_task(outbox.SendMail)
def send_mail(runtime: Runtime, claimed: Claimed[outbox.SendMail]) -> None:
    """Send one mail to one account, unless it has lost its sense meanwhile."""
    asked = claimed.message
    with settling(runtime, claimed.row) as settled:
        opens_at = _opens_at(runtime, settled, asked)
        if opens_at > settled.now:
            settled.postpone(opens_at)
            return
        about = subjects(settled.session, asked)
        unwanted = mail_unwanted(settled.session, runtime.settings, settled.now, asked=asked, about=about)
        message = _composed(runtime, settled, asked, about) if unwanted is None else None
        if message is None:
            settled.complete(unwanted or Unwanted.UNTRUE)
            return

    def still_wanted(session: Session) -> str | None:
        now, address = runtime.clock(session), message.recipient
        return still_unwanted(session, runtime.settings, now, asked=asked, address=address)

    _deliver(runtime, claimed, message, still_wanted)


@row_task(outbox.SendAccountMail)
def send_account_mail(runtime: Runtime, claimed: Claimed[outbox.SendAccountMail]) -> None:
    """Send one mail of an account itself; its link is open in this process only, and erased with the row's end."""
    asked = claimed.message

    def still_wanted(session: Session) -> str | None:
        return account_mail_unwanted(session, runtime.settings, runtime.clock(session), asked=asked)

    with settling(runtime, claimed.row) as settled:
        unwanted = still_wanted(settled.session)
        if unwanted is not None:
            settled.complete(unwanted)
            return
    _deliver(runtime, claimed, _account_mail(runtime, claimed), still_wanted)


def _account_mail(runtime: Runtime, claimed: Claimed[outbox.SendAccountMail]) -> Message:
    asked = claimed.message
    mail = AccountMail(
        address=asked.address,
        language=asked.language,
        name=asked.name,
        outbox_id=claimed.row.id,
        about=asked.about,
        account_id=asked.account_id,
    )
    link = unseal(runtime.settings, asked.sealed_link) if asked.sealed_link else None
    return compose_account_mail(runtime.settings, runtime.links, mail, AccountMailCode(asked.code), link=link)


def _opens_at(runtime: Runtime, settled: Settling, asked: outbox.SendMail) -> datetime:
    """Return when a mail may leave: now, but what asks a volunteer of our own accord waits for her open hours."""
    if not runtime.rules.window or MailCode(asked.code) not in SOLICITING:
        return settled.now
    volunteer = settled.session.scalar(sa.select(Volunteer).where(Volunteer.account_id == asked.recipient_id))
    return next_opening(volunteer, settled.now) if volunteer is not None else settled.now


def _composed(runtime: Runtime, settled: Settling, asked: outbox.SendMail, about: Subjects) -> Message | None:
    assert about.reader is not None  # else the mail is not wanted
    context = MailContext(
        session=settled.session,
        links=runtime.links,
        settings=runtime.settings,
        now=settled.now,
        recipient=about.reader,
        outbox_id=settled.row.id,
        need=about.need,
        pairing=about.pairing,
        data=asked.data,
    )
    return compose(context, MailCode(asked.code))


def _deliver(runtime: Runtime, claimed: Claimed[M], message: Message, still_wanted: StillWanted) -> None:
    withdrawn = hand_over(runtime, claimed, message, still_wanted)
    kept = message.kept() if withdrawn is None else None
    record(lambda: finish(runtime, claimed.row, withdrawn or outbox.SENT, sent_text=kept))
