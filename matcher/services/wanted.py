"""Whether a mail that waits may still leave: asked when it is composed and again just before its content leaves.

Reads only; None stands for "yes", else the reason, as it is kept with the row of the outbox.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer, joinedload, lazyload, load_only

from matcher import outbox
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.mail.sense import ABOUT_NO_NEED, still_true
from matcher.models.account import Account, account_roles
from matcher.models.association import Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer
from matcher.services.suppression import closed, closed_at, is_not_solicited, is_suppressed
from matcher.settings import Settings

Ts = TypeVarTuple("Ts")
Pairing_ = aliased(Pairing)
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
UNTRUE_ONCE_CONFIRMED = frozenset(
    {AccountMailCode.CONFIRM_ADDRESS, AccountMailCode.UNCONFIRMED_FIRST, AccountMailCode.UNCONFIRMED_SECOND}
)
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
_OF_READER = tuple(
    map(
        defer,
        (
            Account.password,
            Account.fs_uniquifier,
            Account.create_datetime,
            Account.update_datetime,
            Account.tf_primary_method,
            Account.tf_totp_secret,
            Account.tf_last_counter,
            Account.mf_recovery_codes,
            Account.adult_declared_at,
        ),
    )
)
_OF_NEED = (
    lazyload("*"),
    *map(
        defer, (Need.submitted_text, Need.review_points, Need.form_key, Need.edition, Need.written_in, Need.author_id)
    ),
    *map(defer, (Need.touched_at, Need.submitted_at, Need.ended_at, Need.held, Need.line_waits)),
    joinedload(Need.association, innerjoin=False),
    joinedload(Need.branch, innerjoin=False),
)
_OF_PAIRING = (
    *map(defer, (Pairing.begun_by, Pairing.begun_at, Pairing.finished_by, Pairing.finished_at, Pairing.hours_done)),
    *map(defer, (Pairing.has_reapplied, Pairing.was_renewed, Pairing.was_reinvited, Pairing.still_agrees_asked_at)),
    joinedload(Pairing.volunteer, innerjoin=False),
)
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

    reader: Account | None = None
    need: Need | None = None
    is_concerned: bool = False
    pairing: Pairing | None = None


def subjects(session: Session, asked: outbox.SendMail) -> Subjects:
    """Return them, as they stand, for whoever composes the mail."""
    if asked.pairing_id is None:
        alone = session.execute(_told(), _numbers(asked)).one_or_none()
        return Subjects() if alone is None else Subjects(*alone)
    found = session.execute(_told_of_pairing(), _numbers(asked)).one_or_none()
    return Subjects() if found is None else Subjects(*found)


def mail_unwanted(
    session: Session, settings: Settings, now: datetime, *, asked: outbox.SendMail, about: Subjects
) -> Unwanted | None:
    """Tell why a mail to an account is not to be composed any more."""
    code, reader = MailCode(asked.code), about.reader
    unwanted = Unwanted.NOBODY if reader is None else reader_unwanted(reader, None, soliciting=code in SOLICITING)
    unwanted = unwanted or _not_concerned(about)
    if unwanted is None and reader is not None:
        unwanted = address_unwanted(session, settings, now, reader.email, soliciting=code in SOLICITING)
    return unwanted or _unwanted_of(code, about)


def still_unwanted(
    session: Session, settings: Settings, now: datetime, *, asked: outbox.SendMail, address: str
) -> Unwanted | None:
    """Tell why a mail composed for an address is not to leave any more, in one statement: a mail server waits."""
    code = MailCode(asked.code)
    given = _numbers(asked) | closed_at(settings, address, now)
    found = session.execute(_judged(soliciting=code in SOLICITING), given).one_or_none()
    if found is None:
        return Unwanted.NOBODY
    is_closed, reader, need, is_concerned, pairing = found
    about = Subjects(reader, need, is_concerned, pairing)
    unwanted = reader_unwanted(reader, address, soliciting=code in SOLICITING) or _not_concerned(about)
    return unwanted or (Unwanted.SUPPRESSED if is_closed else _unwanted_of(code, about))


def _not_concerned(about: Subjects) -> Unwanted | None:
    """Who has left since a mail about a need was written is told nothing more of others."""
    return None if about.need is None or about.is_concerned else Unwanted.NOBODY


def _unwanted_of(code: MailCode, about: Subjects) -> Unwanted | None:
    """Tell whether a mail has lost its sense."""
    makes_sense = code in ABOUT_NO_NEED or (about.need is not None and still_true(code, about.need, about.pairing))
    return None if makes_sense else Unwanted.UNTRUE


def _numbers(asked: outbox.SendMail) -> dict[str, object]:
    return {"reader": asked.recipient_id, "need": asked.need_id, "pairing": asked.pairing_id}


@cache
def _told() -> sa.Select[Account, Need, bool]:
    """Each of these statements is made once: making one takes longer than carrying it out."""
    return _about(sa.select(Account, Need, _is_concerned())).options(*_OF_READER, *_OF_NEED)


@cache
def _told_of_pairing() -> sa.Select[Account, Need, bool, Pairing]:
    found = sa.select(Account, Need, _is_concerned(), Pairing)
    return _with_pairing(_about(found)).options(*_OF_READER, *_OF_NEED, *_OF_PAIRING)


@cache
def _judged(*, soliciting: bool) -> sa.Select[bool, Account, Need, bool, Pairing]:
    found = sa.select(closed(soliciting=soliciting), Account, Need, _is_concerned(), Pairing)
    return _with_pairing(_about(found)).options(*_JUDGED)


def _is_concerned() -> sa.ColumnElement[bool]:
    """The reader acts for the need's association or branch, administers, or has been paired with the need."""
    paired = sa.exists().where(Pairing_.need_id == Need.id, Pairing_.volunteer_id == Volunteer.id)
    hers = paired.correlate(Need, Volunteer)
    return sa.or_(
        Need.id.is_(None),
        sa.exists().where(Membership.association_id == Need.association_id, Membership.account_id == Account.id),
        sa.exists().where(BranchCoordinator.branch_id == Need.branch_id, BranchCoordinator.account_id == Account.id),
        sa.exists().where(account_roles.c.account_id == Account.id),
        sa.exists().where(Volunteer.account_id == Account.id, hers),
    )


def _about(selected: sa.Select[*Ts]) -> sa.Select[*Ts]:
    of_need = Need.id == sa.bindparam("need", type_=sa.Integer)
    its_reader = Account.id == sa.bindparam("reader", type_=sa.Integer)
    return selected.select_from(Account).outerjoin(Need, of_need).where(its_reader)


def _with_pairing(selected: sa.Select[*Ts]) -> sa.Select[*Ts]:
    return selected.outerjoin(Pairing, Pairing.id == sa.bindparam("pairing", type_=sa.Integer))


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
        # Whom somebody else invites is solicited: whoever complained of our mails is left in peace.
        is_solicited = asked.code == AccountMailCode.MEMBER_INVITED
        unwanted = address_unwanted(session, settings, now, asked.address, soliciting=is_solicited)
    if unwanted is not None or asked.account_id is None:
        return unwanted
    reader = session.get(Account, asked.account_id)
    if reader is None or not reader.active:
        return Unwanted.NOBODY
    if asked.code in UNTRUE_ONCE_CONFIRMED and reader.is_confirmed:
        return Unwanted.UNTRUE
    return None
