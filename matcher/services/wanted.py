"""Whether a mail that waits may still leave: asked when it is composed and again just before its content leaves.

Reads only; None stands for "yes", else the reason, as it is kept with the row of the outbox.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, load_only

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
# What a mail is about is read with what nearly each tells of, and no more; the composer loads the rest.
_TOLD = (lazyload("*"), joinedload(Need.association), joinedload(Need.branch))
_WHOSE = (lazyload("*"), joinedload(Pairing.volunteer))
_JUDGED = (
    lazyload("*"),
    load_only(Account.id, Account.email, Account.active, Account.confirmed_at, Account.mail_stopped_at),
    load_only(Need.id, Need.status),
    load_only(Pairing.id, Pairing.status, Pairing.question, Pairing.answer, Pairing.proposed_by, Pairing.finished_by),
)


class Unwanted(StrEnum):
    """Why a mail does not leave any more."""

    NOBODY = "its reader is gone"
    UNCONFIRMED = "address not confirmed"
    STOPPED = "mails stopped"
    SUPPRESSED = "address suppressed"
    UNTRUE = "has no sense any more"
    NOT_HER_TURN = "not her turn any more"
    ADDRESS_CHANGED = "address changed"


@dataclass(frozen=True, slots=True)
class Subjects:
    """Whom a mail speaks to, and of what; None what it is not about, or what is gone."""

    reader: Account | None
    need: Need | None
    pairing: Pairing | None


def subjects(session: Session, asked: outbox.SendMail) -> Subjects:
    """Return them, as they stand, for whoever composes the mail."""
    return Subjects(
        session.get(Account, asked.recipient_id),
        session.get(Need, asked.need_id, options=_TOLD) if asked.need_id is not None else None,
        session.get(Pairing, asked.pairing_id, options=_WHOSE) if asked.pairing_id is not None else None,
    )


def glimpse(session: Session, asked: outbox.SendMail) -> Subjects:
    """Return no more of them than `mail_unwanted` looks at, in one statement: a mail server is waiting meanwhile."""
    found = (
        sa.select(Account, Need, Pairing)
        .select_from(Account)
        .outerjoin(Need, Need.id == asked.need_id)
        .outerjoin(Pairing, Pairing.id == asked.pairing_id)
        .where(Account.id == asked.recipient_id)
        .options(*_JUDGED)
    )
    row = session.execute(found).one_or_none()
    return Subjects(None, None, None) if row is None else Subjects(*row)


def mail_unwanted(
    session: Session,
    settings: Settings,
    now: datetime,
    *,
    asked: outbox.SendMail,
    about: Subjects,
    address: str | None = None,
) -> Unwanted | None:
    """Tell why a mail to an account is not to leave any more; `address` is the one it was composed for."""
    code, reader = MailCode(asked.code), about.reader
    if reader is None:
        return Unwanted.NOBODY
    unwanted = reader_unwanted(reader, address, soliciting=code in SOLICITING)
    unwanted = unwanted or address_unwanted(session, settings, now, reader.email, soliciting=code in SOLICITING)
    if unwanted is not None:
        return unwanted
    if code not in ABOUT_NO_NEED and (about.need is None or not still_true(code, about.need, about.pairing)):
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
