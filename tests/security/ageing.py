"""Many accounts of all ages, walked through months day by day: what is warned and let go, and on which day."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.outbox import OutboxRow
from matcher.models.volunteer import Volunteer
from matcher.services import activity
from matcher.services.retention import GOING, MOST, RULES
from matcher.settings import Settings

NAMES = (*RULES, *GOING)


def once(session: Session, settings: Settings, now: datetime, name: str) -> int:
    """Let one rule take its few; return how many."""
    if name in RULES:
        return RULES[name](session, settings, now)
    going = GOING[name]
    return sum([going.let_go(session, settings, now, each) for each in going.due(session, settings, now)])


@dataclass
class Aged:
    """One person as the test knows her: her age decides, not what the service keeps."""

    opened: date
    seen: date | None
    is_confirmed: bool
    comes_back: bool
    warned: list[date] = field(default_factory=list)

    @property
    def last(self) -> date:
        """The day from which hers are counted: visits count for nothing until her address is confirmed."""
        return (self.is_confirmed and self.seen) or self.opened


@dataclass
class Walk:
    """The people, and what was found wrong with their days. With rules applied each day nobody needs a `slack`."""

    session: Session
    settings: Settings
    now: datetime
    slack: timedelta
    people: dict[int, Aged] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)

    def enter(self, number: int, seed: int) -> None:
        """Enter accounts: half of them never confirmed, some not seen for up to three years."""
        dice = random.Random(seed)
        branch = self.session.scalars(sa.select(Branch.id).where(Branch.is_national)).one()
        with transaction(self.session) as session:
            for each in range(number):
                is_confirmed = each % 2 == 0
                opened = self.now + timedelta(days=dice.randrange(-300, 300) if is_confirmed else dice.randrange(45))
                account = _account(each, opened, is_confirmed=is_confirmed)
                session.add(account)
                session.flush()
                if is_confirmed:
                    session.add(_volunteer(account, branch, opened))
                self.people[account.id] = Aged(
                    opened.date(), account.last_active_on, is_confirmed=is_confirmed, comes_back=each % 6 in {0, 1}
                )

    def day(self, now: datetime) -> None:
        """Let one day pass, then look at everybody."""
        self.now = now
        for name in NAMES:
            self.taken[name] += self._apply(name)
        self._note_warnings()
        self._come_back()
        self._look()

    def _apply(self, name: str) -> int:
        total = 0
        while True:
            with transaction(self.session) as session:
                taken = once(session, self.settings, self.now, name)
            self.faults["too many in a transaction"] += taken > MOST
            total += taken
            if taken < MOST:
                return total

    def _note_warnings(self) -> None:
        with transaction(self.session) as session:
            written = sa.select(OutboxRow.payload).where(OutboxRow.kind == "send_account_mail")
            for payload in session.scalars(written):
                account_id = payload["account_id"]
                if isinstance(account_id, int):
                    self.people[account_id].warned.append(self.now.date())
            session.execute(sa.delete(OutboxRow))

    def _come_back(self) -> None:
        """Who comes back does so on the day of her warning; who has not confirmed her address may sign in too."""
        back = [k for k, p in self.people.items() if p.comes_back and p.warned and p.warned[-1] == self.now.date()]
        with transaction(self.session) as session:
            for account_id in back:
                self.people[account_id].seen = self.now.date()
                activity.note(session, self.now, account_id=account_id)

    def _look(self) -> None:
        there = dict(self.session.execute(sa.select(Account.id, Account.active)).all())
        today = self.now.date()
        for account_id, person in list(self.people.items()):
            if person.opened > today:
                continue
            longest = self.settings.inactive_days if person.is_confirmed else self.settings.unconfirmed_days
            if there.get(account_id, False):
                self.faults["overdue"] += today - person.last > timedelta(days=longest) + self.slack
            else:
                self._gone(person, longest, warnings=1 if person.is_confirmed else 2)
                del self.people[account_id]

    def _gone(self, person: Aged, days: int, *, warnings: int) -> None:
        today = self.now.date()
        lately = [day for day in person.warned if day >= person.last]
        self.faults["too early"] += today - person.last < timedelta(days=days)
        self.faults["not warned as promised"] += len(lately) != warnings
        self.faults["warned too late"] += bool(lately) and today - lately[-1] < timedelta(days=7)


def _account(number: int, opened: datetime, *, is_confirmed: bool) -> Account:
    return Account(
        email=f"aged{number}@example.org",
        fs_uniquifier=f"aged-{number}",
        name=f"Personne {number}",
        confirmed_at=opened if is_confirmed else None,
        last_active_on=opened.date() if is_confirmed and number % 4 else None,
        create_datetime=opened,
        update_datetime=opened,
    )


def _volunteer(account: Account, branch_id: int, opened: datetime) -> Volunteer:
    return Volunteer(account_id=account.id, branch_id=branch_id, created_at=opened, touched_at=opened)
