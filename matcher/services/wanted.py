"""Whether a mail that waits may still leave: asked when it is composed and again just before its content leaves.

Reads only; None stands for "yes", else the reason, as it is kept with the row of the outbox.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session, lazyload

from matcher import outbox
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.sense import ABOUT_NO_NEED, still_true
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.services.suppression import is_not_solicited, is_suppressed
from matcher.settings import Settings

# They ask somebody for something of our own accord; who stopped our mails gets the answers to her own acts only.
SOLICITING = frozenset(
    {
        MailCode.INVITATION,
        MailCode.INVITATIONS,
        MailCode.INVITATION_REMINDER,
        MailCode.STILL_FREE,
        MailCode.STILL_TRUE,
        MailCode.NO_PROPOSAL,
    }
)

# Somebody has just typed the address and waits: the one way in which a closed address proves that it works again.
ASKED_BY_HAND = frozenset(
    {
        AccountMailCode.CONFIRM_ADDRESS,
        AccountMailCode.ALREADY_REGISTERED,
        AccountMailCode.RESET_PASSWORD,
        AccountMailCode.CHANGE_ADDRESS,
        AccountMailCode.ADDRESS_WORKS,
    }
)
# What a mail is asked about is read without all that hangs on it; the composer loads what it tells of.
ALONE = (lazyload("*"),)


class Unwanted(StrEnum):
    """Why a mail does not leave any more."""

    NOBODY = "its reader is gone"
    UNCONFIRMED = "address not confirmed"
    STOPPED = "mails stopped"
    SUPPRESSED = "address suppressed"
    UNTRUE = "has no sense any more"
    NOT_HER_TURN = "not her turn any more"
    ADDRESS_CHANGED = "address changed"


def mail_unwanted(
    session: Session, settings: Settings, now: datetime, *, asked: outbox.SendMail, address: str | None = None
) -> Unwanted | None:
    """Tell why a mail to an account is not to leave any more; `address` is the one it was composed for."""
    code = MailCode(asked.code)
    reader = session.get(Account, asked.recipient_id)
    if reader is None:
        return Unwanted.NOBODY
    unwanted = reader_unwanted(reader, address, soliciting=code in SOLICITING)
    unwanted = unwanted or address_unwanted(session, settings, now, reader.email, soliciting=code in SOLICITING)
    if unwanted is not None:
        return unwanted
    if code in ABOUT_NO_NEED:
        return None
    need = session.get(Need, asked.need_id, options=ALONE) if asked.need_id is not None else None
    pairing = session.get(Pairing, asked.pairing_id, options=ALONE) if asked.pairing_id is not None else None
    if need is None or not still_true(code, need, pairing):
        return Unwanted.UNTRUE
    return None


def reader_unwanted(reader: Account, address: str | None, *, soliciting: bool) -> Unwanted | None:
    """Tell why an account is not written to any more, at this address if one is given."""
    if not reader.active:
        return Unwanted.NOBODY
    if not reader.is_confirmed:
        return Unwanted.UNCONFIRMED
    if soliciting and reader.mail_stopped_at is not None:
        return Unwanted.STOPPED
    if address is not None and reader.email != address:
        return Unwanted.ADDRESS_CHANGED
    return None


def address_unwanted(
    session: Session, settings: Settings, now: datetime, address: str, *, soliciting: bool
) -> Unwanted | None:
    """Tell why an address is not written to: mails came back from it, or its owner complained of what we sent."""
    is_closed = is_not_solicited if soliciting else is_suppressed
    return Unwanted.SUPPRESSED if is_closed(session, settings, address, now) else None


def account_mail_unwanted(
    session: Session, settings: Settings, now: datetime, *, asked: outbox.SendAccountMail
) -> Unwanted | None:
    """Tell why a mail of an account itself is not to leave any more; who has none yet is written to all the same."""
    unwanted = None
    if asked.code not in ASKED_BY_HAND:
        unwanted = address_unwanted(session, settings, now, asked.address, soliciting=False)
    if unwanted is not None or asked.account_id is None:
        return unwanted
    reader = session.get(Account, asked.account_id)
    if reader is None or not reader.active:
        return Unwanted.NOBODY
    if asked.code == AccountMailCode.CONFIRM_ADDRESS and reader.is_confirmed:
        return Unwanted.UNTRUE
    return None
