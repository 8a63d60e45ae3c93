"""What becomes of accounts that nobody confirmed, and of people who come no more: warned, then gone.

Each rule takes a few accounts at a time and may be asked again at any moment: what was done is not found any more.
In a quarantine none takes anybody: who came back after the backup is not known, and no warning could leave.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import System
from matcher.mail.codes import AccountMailCode
from matcher.models.account import Account, account_roles
from matcher.models.association import Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import in_force
from matcher.models.states import LIVE
from matcher.models.volunteer import Volunteer
from matcher.privacy_register import Kept, Period
from matcher.services import erasures, privacy
from matcher.services.steps import record
from matcher.settings import Settings

# So many accounts a transaction: an erasure is some forty statements, and whoever reads or writes does not wait long.
MOST = 20
RETENTION = System("retention")
# Of the days that an account may wait for its confirmation; with 30 they fall on the 7th and the 21st.
FIRST_REMINDER, SECOND_REMINDER = 7 / 30, 21 / 30
# Whatever a worker slept through: nobody is deleted before she had so many days to answer.
REMINDED_BEFORE = timedelta(days=7)
WARNED_BEFORE = timedelta(days=30)
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
WARNED_ANEW = "discarded: written anew after a quarantine"
log = structlog.get_logger(__name__)
Rule: TypeAlias = Callable[[Session, Settings, datetime], int]


def remind_first(session: Session, settings: Settings, now: datetime) -> int:
    """Remind those whose address waits for its confirmation since a week; return how many."""
    return _remind(session, settings, now, _Reminder(AccountMailCode.UNCONFIRMED_FIRST, 0, FIRST_REMINDER))


def remind_again(session: Session, settings: Settings, now: datetime) -> int:
    """Remind them once more, and say on which day the account is deleted; return how many."""
    return _remind(session, settings, now, _Reminder(AccountMailCode.UNCONFIRMED_SECOND, 1, SECOND_REMINDER))


def delete_unconfirmed(session: Session, settings: Settings, now: datetime) -> int:
    """Delete accounts that were never confirmed, with all that hangs on them; return how many."""
    old = _unconfirmed(now - timedelta(days=settings.unconfirmed_days), at_least=2, quiet_since=now - REMINDED_BEFORE)
    found = _taken(session, old, _was_told())

    def delete(account: Account) -> None:
        privacy.erase_by_rule(session, RETENTION, now, account_id=account.id)
        session.flush()
        if not _is_counted_on(session, account):
            session.execute(sa.delete(Account).where(Account.id == account.id))
            session.expunge(account)

    return _each(session, found, delete)


def warn_inactive(session: Session, settings: Settings, now: datetime) -> int:
    """Tell people who were not here for long when their account will be erased; return how many."""
    day = (now - timedelta(days=settings.inactive_days) + WARNED_BEFORE).date()
    found = _taken(session, _inactive(day), Account.warnings < OF_BEING_AWAY)
    for account in found:
        _tell(session, now, account, AccountMailCode.INACTIVE_WARNING, OF_BEING_AWAY)
    return len(found)


def erase_inactive(session: Session, settings: Settings, now: datetime) -> int:
    """Erase people who did not come back after the warning; return how many."""
    day = (now - timedelta(days=settings.inactive_days)).date()
    warned = sa.and_(Account.warnings == OF_BEING_AWAY, Account.warned_on <= (now - WARNED_BEFORE).date())
    found = _taken(session, _inactive(day), warned, _was_told())

    def erase(account: Account) -> None:
        erasures.erase_as(session, RETENTION, now, settings=settings, account_id=account.id)

    return _each(session, found, erase)


def warn_anew(session: Session, now: datetime) -> int:
    """Let every warning begin again after a quarantine; return how many that had not left were given up.

    Who answered one after the backup is not known here, and while no mail left nobody had days to answer.
    """
    warned = (
        sa.select(Account).where(Account.warnings > 0).order_by(Account.id).with_for_update(of=Account, key_share=True)
    )
    for account in session.scalars(warned).unique():
        account.warned_on, account.warnings = None, 0
    code = OutboxRow.payload["code"].as_string()
    waits = sa.and_(OutboxRow.kind == outbox.SendAccountMail.kind, OutboxRow.done_at.is_(None), code.in_(WARNINGS))
    rows = session.scalars(sa.select(OutboxRow).where(waits).order_by(OutboxRow.id).with_for_update()).all()
    for row in rows:
        outbox.complete(row, now, outcome=WARNED_ANEW)
    return len(rows)


RULES: dict[str, Rule] = {
    "remind_first": remind_first,
    "remind_again": remind_again,
    "delete_unconfirmed": delete_unconfirmed,
    "warn_inactive": warn_inactive,
    "erase_inactive": erase_inactive,
}


def periods(settings: Settings) -> dict[Kept, Period]:
    """Return those periods that an installation may lower, with the days of their warnings, as they are in force."""
    reminded = tuple(round(settings.unconfirmed_days * share) for share in (FIRST_REMINDER, SECOND_REMINDER))
    return {
        Kept.UNCONFIRMED: Period(settings.unconfirmed_days, reminded),
        Kept.INACTIVE: Period(settings.inactive_days, (settings.inactive_days - WARNED_BEFORE.days,)),
        Kept.SENT: Period(settings.done_mail_days),
        Kept.INVITED: Period(settings.pending_member_days),
        Kept.LOG: Period(settings.audit_log_days),
    }


@dataclass(frozen=True, slots=True)
class _Reminder:
    code: AccountMailCode
    warnings: int
    share: float


def _each(session: Session, accounts: list[Account], do: Callable[[Account], None]) -> int:
    """Do it to each on its own; return to how many. One that fails stays as she was, and holds up none behind her."""
    done = 0
    for account_id, account in [(account.id, account) for account in accounts]:
        try:
            with session.begin_nested():
                do(account)
        except Exception as error:
            # Its text may quote a person.
            log.error("account left", account_id=account_id, error=type(error).__name__)  # noqa: TRY400
        else:
            done += 1
    return done


def _remind(session: Session, settings: Settings, now: datetime, reminder: _Reminder) -> int:
    since = now - timedelta(days=round(settings.unconfirmed_days * reminder.share))
    due = _unconfirmed(since, at_least=reminder.warnings, quiet_since=now - REMINDED_BEFORE)
    found = _taken(session, due, Account.warnings == reminder.warnings)
    for account in found:
        _tell(session, now, account, reminder.code, reminder.warnings + 1)
    return len(found)


def _tell(session: Session, now: datetime, account: Account, code: AccountMailCode, warnings: int) -> None:
    account.warned_on, account.warnings = now.date(), warnings
    mail = outbox.SendAccountMail(
        code=code.value,
        address=account.email,
        language=account.language,
        name=account.name,
        account_id=account.id,
    )
    outbox.add(session, mail, now)
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
    """People not seen since a day: who decides or acts for others, or has a pairing under way, is left alone."""
    end_of_day = datetime.combine(day, time.max, UTC)
    began = sa.and_(Account.last_active_on.is_(None), Account.create_datetime <= end_of_day)
    under_way = sa.select(Pairing.id).join(Volunteer, Volunteer.id == Pairing.volunteer_id)
    return sa.and_(
        _is_somebodys(),
        Account.confirmed_at.is_not(None),
        sa.or_(Account.last_active_on <= day, began),
        ~_decides(),
        ~sa.exists().where(Membership.account_id == Account.id),
        ~under_way.where(Volunteer.account_id == Account.id, Pairing.status.in_(LIVE)).exists(),
    )


def _is_somebodys() -> sa.ColumnElement[bool]:
    return sa.or_(Account.active, Account.suspended_at.is_not(None))


def _decides() -> sa.ColumnElement[bool]:
    coordinates = sa.exists().where(BranchCoordinator.account_id == Account.id)
    return sa.or_(coordinates, sa.exists().where(account_roles.c.account_id == Account.id))


def _was_told() -> sa.ColumnElement[bool]:
    """No warning to her waits: not for its turn, not for a mail server that is away, not set aside for a person."""
    waits = sa.exists().where(
        OutboxRow.kind == outbox.SendAccountMail.kind,
        OutboxRow.done_at.is_(None),
        OutboxRow.payload["code"].as_string().in_(WARNINGS),
        OutboxRow.payload["account_id"].as_integer() == Account.id,
    )
    return ~waits


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
