"""What becomes of accounts that nobody confirmed, and of people who come no more: warned, then gone.

Each rule takes a few accounts at a time and may be asked again at any moment: what was done is not found any more.
In a quarantine none takes anybody: who came back after the backup is not known, and no warning could leave.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import System
from matcher.errors import NotFound
from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account, account_roles
from matcher.models.association import Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import in_force
from matcher.models.states import ENGAGED, LIVE
from matcher.models.volunteer import Volunteer
from matcher.privacy_register import Kept, Period
from matcher.services import account_mails, erasures, privacy
from matcher.services.steps import record
from matcher.settings import Settings

# So many accounts are warned in a transaction, and looked for at a time: whoever reads or writes does not wait long.
MOST = 20
RETENTION = System("retention")
# Of the days that an account may wait for its confirmation; with 30 they fall on the 7th and the 21st.
FIRST_REMINDER, SECOND_REMINDER = 7 / 30, 21 / 30
# Whatever a worker slept through: nobody is deleted before she had so many days to answer.
REMINDED_BEFORE = timedelta(days=7)
WARNED_BEFORE = timedelta(days=30)
# An older warning named another day: something kept her meanwhile, and she is warned anew.
WARNING_HOLDS = timedelta(days=90)
# The number of warnings that says: of being away. Reminders to confirm an address are one and two.
OF_BEING_AWAY = 3
WARNINGS = tuple(
    code.value
    for code in (
        AccountMailCode.UNCONFIRMED_FIRST,
        AccountMailCode.UNCONFIRMED_SECOND,
        AccountMailCode.INACTIVE_WARNING,
    )
)
GIVEN_UP = "given up: written anew"
WARNED_ANEW = "discarded: written anew after a quarantine"
Rule: TypeAlias = Callable[[Session, Settings, datetime], int]


def remind_first(session: Session, settings: Settings, now: datetime) -> int:
    """Remind those whose address waits for its confirmation since a week; return how many."""
    return _remind(session, settings, now, _Reminder(AccountMailCode.UNCONFIRMED_FIRST, 0, FIRST_REMINDER))


def remind_again(session: Session, settings: Settings, now: datetime) -> int:
    """Remind them once more, and say on which day the account is deleted; return how many."""
    return _remind(session, settings, now, _Reminder(AccountMailCode.UNCONFIRMED_SECOND, 1, SECOND_REMINDER))


def warn_inactive(session: Session, settings: Settings, now: datetime) -> int:
    """Tell people who were not here for long when their account will be erased; return how many."""
    day = (now - timedelta(days=settings.inactive_days) + WARNED_BEFORE).date()
    is_warned = sa.and_(Account.warnings == OF_BEING_AWAY, Account.warned_on > (now - WARNING_HOLDS).date())
    found = _taken(session, _inactive(day), ~is_warned)
    for account in found:
        _tell(session, now, account, AccountMailCode.INACTIVE_WARNING, OF_BEING_AWAY)
    return len(found)


def begin_again(session: Session, rows: Sequence[OutboxRow]) -> None:
    """Let warnings that will never be handed over count for nothing, so that they are written anew."""
    for row in rows:
        mail = outbox.SendAccountMail.read(row.payload)
        number = WARNINGS.index(mail.code) + 1
        same = sa.update(Account).where(Account.id == mail.account_id, Account.warnings == number)
        before = 0 if number == OF_BEING_AWAY else number - 1
        session.execute(same.values(warnings=before, warned_on=None).execution_options(synchronize_session="fetch"))


def is_warning(row: OutboxRow) -> bool:
    """Tell whether a row is a mail without which nobody goes by a rule."""
    return row.kind == outbox.SendAccountMail.kind and row.payload.get("code") in WARNINGS


def lock_warned(session: Session, rows: Sequence[OutboxRow]) -> None:
    """Lock the accounts that some warnings are for, by their numbers."""
    ids = {outbox.SendAccountMail.read(row.payload).account_id for row in rows} - {None}
    warned = sa.select(Account.id).where(Account.id.in_(ids)).order_by(Account.id)
    session.execute(warned.with_for_update(key_share=True)).all()


def give_up(session: Session, now: datetime, *, parked_before: datetime) -> int:
    """Give up warnings that nobody has tried again for long, and let them begin anew; return how many."""
    old = sa.and_(_is_waiting_warning(), OutboxRow.parked_at < parked_before)
    lock_warned(session, session.scalars(sa.select(OutboxRow).where(old)).all())
    rows = session.scalars(sa.select(OutboxRow).where(old).order_by(OutboxRow.id).with_for_update()).all()
    for row in rows:
        outbox.complete(row, now, outcome=GIVEN_UP)
    begin_again(session, rows)
    return len(rows)


def warn_anew(session: Session, now: datetime) -> int:
    """Let every warning begin again after a quarantine; return how many that had not left were given up.

    Who answered one after the backup is not known here, and while no mail left nobody had days to answer.
    """
    warned = (
        sa.select(Account).where(Account.warnings > 0).order_by(Account.id).with_for_update(of=Account, key_share=True)
    )
    for account in session.scalars(warned).unique():
        account.warned_on, account.warnings = None, 0
    rows = session.scalars(
        sa.select(OutboxRow).where(_is_waiting_warning()).order_by(OutboxRow.id).with_for_update()
    ).all()
    for row in rows:
        outbox.complete(row, now, outcome=WARNED_ANEW)
    return len(rows)


RULES: dict[str, Rule] = {
    "remind_first": remind_first,
    "remind_again": remind_again,
    "warn_inactive": warn_inactive,
}


@dataclass(frozen=True, slots=True)
class Going:
    """A rule by which people go: who is due, and how one of them goes.

    Each goes in a transaction of her own, with her locks in the order of steps.py: several in one could wait for what
    somebody has in hand who waits for them.
    """

    is_due: Callable[[Settings, datetime], sa.ColumnElement[bool]]
    erase: Callable[[Session, Settings, datetime, int], None]

    def due(self, session: Session, settings: Settings, now: datetime, *, but: Collection[int] = ()) -> Sequence[int]:
        """Return the numbers of a few who are due, without some."""
        found = sa.select(Account.id).where(self.is_due(settings, now), ~in_force(), Account.id.not_in(but))
        return session.scalars(found.order_by(Account.id).limit(MOST)).all()

    def let_go(self, session: Session, settings: Settings, now: datetime, account_id: int) -> bool:
        """Let one go; False when she is not due any more."""
        try:
            privacy.lock_with_needs(session, account_id)
        except NotFound:
            return False
        still = sa.select(Account.id).where(Account.id == account_id, self.is_due(settings, now), ~in_force())
        if session.scalar(still) is None:
            return False
        self.erase(session, settings, now, account_id)
        return True


def _is_unconfirmed_too_long(settings: Settings, now: datetime) -> sa.ColumnElement[bool]:
    opened_before = now - timedelta(days=settings.unconfirmed_days)
    return sa.and_(_unconfirmed(opened_before, at_least=2, quiet_since=now - REMINDED_BEFORE), _was_told())


def _delete(session: Session, _settings: Settings, now: datetime, account_id: int) -> None:
    """Delete an account that was never confirmed, with all that hangs on it."""
    account = session.get_one(Account, account_id)
    privacy.erase_by_rule(session, RETENTION, now, account_id=account_id)
    session.flush()
    if not _is_counted_on(session, account):
        session.execute(sa.delete(Account).where(Account.id == account_id))
        session.expunge(account)


def _is_away_too_long(settings: Settings, now: datetime) -> sa.ColumnElement[bool]:
    """Who did not come back after the warning."""
    day = (now - timedelta(days=settings.inactive_days)).date()
    from_day, to_day = (now - WARNING_HOLDS).date(), (now - WARNED_BEFORE).date()
    warned = sa.and_(Account.warnings == OF_BEING_AWAY, Account.warned_on > from_day, Account.warned_on <= to_day)
    return sa.and_(_inactive(day), warned, _was_told())


def _erase(session: Session, settings: Settings, now: datetime, account_id: int) -> None:
    erasures.erase_as(session, RETENTION, now, settings=settings, account_id=account_id)


GOING: dict[str, Going] = {
    "delete_unconfirmed": Going(_is_unconfirmed_too_long, _delete),
    "erase_inactive": Going(_is_away_too_long, _erase),
}


def periods(settings: Settings) -> dict[Kept, Period]:
    """Return those periods that an installation may lower, with the days of their warnings, as they are in force."""
    reminded = tuple(round(settings.unconfirmed_days * share) for share in (FIRST_REMINDER, SECOND_REMINDER))
    return {
        Kept.UNCONFIRMED: Period(settings.unconfirmed_days, reminded),
        Kept.INACTIVE: Period(settings.inactive_days, (settings.inactive_days - WARNED_BEFORE.days,)),
        Kept.SENT: Period(settings.done_mail_days),
        Kept.INVITED: Period(settings.pending_member_days),
        Kept.ASKED: Period(settings.question_days),
        Kept.SIGNED_OUT: Period(settings.ended_sign_in_days),
        Kept.NOTED: Period(settings.note_days),
        Kept.LOG: Period(settings.audit_log_days),
    }


@dataclass(frozen=True, slots=True)
class _Reminder:
    code: AccountMailCode
    warnings: int
    share: float


def _remind(session: Session, settings: Settings, now: datetime, reminder: _Reminder) -> int:
    since = now - timedelta(days=round(settings.unconfirmed_days * reminder.share))
    due = _unconfirmed(since, at_least=reminder.warnings, quiet_since=now - REMINDED_BEFORE)
    found = _taken(session, due, Account.warnings == reminder.warnings)
    for account in found:
        _tell(session, now, account, reminder.code, reminder.warnings + 1)
    return len(found)


def _tell(session: Session, now: datetime, account: Account, code: AccountMailCode, warnings: int) -> None:
    account.warned_on, account.warnings = now.date(), warnings
    account_mails.write(session, now, account, code)
    record(session, RETENTION, now, action=code.value, subject=("account", account.id))


def _unconfirmed(opened_before: datetime, *, at_least: int, quiet_since: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        _is_somebodys(),
        Account.confirmed_at.is_(None),
        ~_decides(),
        Account.create_datetime <= opened_before,
        Account.warnings >= at_least,
        sa.or_(Account.warned_on.is_(None), Account.warned_on <= quiet_since.date()),
    )


def _inactive(day: date) -> sa.ColumnElement[bool]:
    """People not seen since a day: who decides, acts for an association with a need that anybody has touched since, or
    has a pairing under way is left alone. An association that sleeps keeps nobody; the branch hears what it leaves.
    """
    end_of_day = datetime.combine(day, time.max, UTC)
    at_work = sa.exists().where(Pairing.need_id == Need.id, Pairing.status.in_(ENGAGED)).correlate(Need)
    alive = sa.select(Need.id).join(Membership, Membership.association_id == Need.association_id)
    began = sa.and_(Account.last_active_on.is_(None), Account.create_datetime <= end_of_day)
    under_way = sa.select(Pairing.id).join(Volunteer, Volunteer.id == Pairing.volunteer_id)
    return sa.and_(
        _is_somebodys(),
        Account.confirmed_at.is_not(None),
        sa.or_(Account.last_active_on <= day, began),
        ~_decides(),
        ~alive.where(Membership.account_id == Account.id, sa.or_(Need.touched_at > end_of_day, at_work)).exists(),
        ~under_way.where(Volunteer.account_id == Account.id, Pairing.status.in_(LIVE)).exists(),
    )


def _is_somebodys() -> sa.ColumnElement[bool]:
    return sa.or_(Account.active, Account.suspended_at.is_not(None))


def _decides() -> sa.ColumnElement[bool]:
    coordinates = sa.exists().where(BranchCoordinator.account_id == Account.id)
    return sa.or_(coordinates, sa.exists().where(account_roles.c.account_id == Account.id))


def _was_told() -> sa.ColumnElement[bool]:
    """No warning to her waits: not for its turn, not for a mail server that is away, not set aside for a person."""
    hers = OutboxRow.payload["account_id"].as_integer() == Account.id
    return ~sa.exists().where(_is_waiting_warning(), hers)


def _is_waiting_warning() -> sa.ColumnElement[bool]:
    is_warning = OutboxRow.payload["code"].as_string().in_(WARNINGS)
    return sa.and_(OutboxRow.kind == outbox.SendAccountMail.kind, OutboxRow.done_at.is_(None), is_warning)


def _is_counted_on(session: Session, account: Account) -> bool:
    """A row stays, empty, when a pairing leads to it, or when SQLite would give its number to whoever comes next."""
    hers = sa.select(Volunteer.id).where(Volunteer.account_id == account.id)
    if session.scalar(sa.select(sa.exists().where(Pairing.volunteer_id.in_(hers)))):
        return True
    newest_profile = sa.select(sa.func.max(Volunteer.id)).scalar_subquery()
    is_newest = session.scalar(sa.select(sa.func.max(Account.id))) == account.id
    return is_newest or session.scalar(hers.where(Volunteer.id == newest_profile)) is not None


def _taken(session: Session, *due: sa.ColumnElement[bool]) -> list[Account]:
    """Return a few accounts, locked; those that somebody else has in hand come next time."""
    found = sa.select(Account).where(*due, ~in_force()).order_by(Account.id).limit(MOST)
    return list(session.scalars(found.with_for_update(of=Account, key_share=True, skip_locked=True)))
