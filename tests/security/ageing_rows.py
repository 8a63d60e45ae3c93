"""Rows of all that is kept for a time only, of all ages, walked through months: what is gone, and on which day.

How long each may stay was written by hand from docs/privacy.md, not read from the code that deletes.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import Base, transaction
from matcher.models.association import PendingMembership
from matcher.models.audit import AuditEntry
from matcher.models.counterfactual import Counterfactual
from matcher.models.invitation_mail import InvitationMail
from matcher.models.note import Note
from matcher.models.outbox import JobSlot, OutboxRow
from matcher.models.sign_in import SignIn, SignInEnd
from matcher.models.suppression import MailReport, ReportOutcome, Suppression, SuppressionReason
from matcher.models.weights import RankingWeights
from matcher.privacy_register import Kept
from matcher.services import waking
from matcher.settings import Settings
from tests.factories import NOW, World
from workers.tasks.retention import DONE_ROWS, OLD_ROWS

Rule = Callable[[Session, Settings, datetime], int | None]
RULES: Mapping[str, Rule] = {**OLD_ROWS, **DONE_ROWS, "counted": lambda s, _set, now: waking.forget_mails(s, now)}


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rows hang on, by their numbers."""

    association_id: int
    branch_id: int
    need_ids: tuple[int, ...]
    volunteer_ids: tuple[int, ...]
    account_id: int

    @classmethod
    def of(cls, world: World, rows: int) -> "Ground":
        """As many needs and people as it takes for each question to be one of its own."""
        side = int(rows**0.5) + 1
        first = world.need()
        needs = (first, *(world.need(association=first.association) for _ in range(side - 1)))
        volunteers = tuple(world.volunteer() for _ in range(side))
        return cls(
            first.association_id,
            world.home.id,
            tuple(need.id for need in needs),
            tuple(volunteer.id for volunteer in volunteers),
            volunteers[0].account_id,
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows: by which rule they go, how many days after `at` they may stay, and how one is made."""

    rule: str
    days: int
    make: Callable[[Ground, int, datetime], Base]
    kept: Kept | None = None


def _mail(kind: str, **facts: object) -> Callable[[Ground, int, datetime], Base]:
    def make(_ground: Ground, number: int, at: datetime) -> Base:
        payload = {"code": "reset_password", "address": f"aged{number}@example.org", "account_id": None}
        moments = {name: at for name, is_there in facts.items() if is_there is True}
        return OutboxRow(kind=kind, payload=payload, created_at=at, not_before=at, attempts=1, **moments)

    return make


def _pending(ground: Ground, number: int, at: datetime) -> Base:
    email = f"guest{number}@example.org"
    return PendingMembership(association_id=ground.association_id, email=email, created_at=at)


def _question(ground: Ground, number: int, at: datetime) -> Base:
    need, volunteer = divmod(number, len(ground.volunteer_ids))
    return Counterfactual(need_id=ground.need_ids[need], volunteer_id=ground.volunteer_ids[volunteer], asked_at=at)


def _sign_in(*, is_ended: bool) -> Callable[[Ground, int, datetime], Base]:
    def make(ground: Ground, number: int, at: datetime) -> Base:
        end = SignInEnd.SIGNED_OUT if is_ended else None
        return SignIn(
            account_id=ground.account_id, secret_hash=f"{is_ended}-{number}", device="Firefox", is_remembered=True,
            began_at=at, seen_at=at, verified_at=at, ended_at=at if is_ended else None, end=end,
        )  # fmt: skip

    return make


def _report(_ground: Ground, number: int, at: datetime) -> Base:
    return MailReport(digest=f"digest-{number}", at=at, outcome=ReportOutcome.SOFT, address_hash=None)


def _pause(_ground: Ground, number: int, at: datetime) -> Base:
    since = at - timedelta(days=3)
    return Suppression(address_hash=f"hash-{number}", reason=SuppressionReason.SOFT, since=since, until=at)


def _note(ground: Ground, number: int, at: datetime) -> Base:
    volunteer_id = ground.volunteer_ids[number % len(ground.volunteer_ids)]
    return Note(volunteer_id=volunteer_id, branch_id=ground.branch_id, at=at, text=f"Note {number}")


def _entry(_ground: Ground, number: int, at: datetime) -> Base:
    return AuditEntry(at=at, actor="test", action="found", subject_kind="association", subject_id=number)


def _invitation_mail(ground: Ground, number: int, at: datetime) -> Base:
    return InvitationMail(volunteer_id=ground.volunteer_ids[number % len(ground.volunteer_ids)], at=at)


def _proposal(_ground: Ground, _number: int, at: datetime) -> Base:
    return RankingWeights(weights={}, made_at=at, made_by="test", decisions=0, measures={}, retired_at=at)


def _slot(_ground: Ground, number: int, at: datetime) -> Base:
    return JobSlot(job="aged", slot=str(number), at=at)


KINDS: dict[str, Kind] = {
    "mails handed over": Kind("forget_done", 30, _mail("send_account_mail", done_at=True), Kept.SENT),
    "mails with an address, set aside": Kind("forget_done", 30, _mail("send_account_mail", parked_at=True), Kept.SENT),
    "work done": Kind("forget_done", 30, _mail("rank_need", done_at=True)),
    "invitations to an association": Kind("invited", 90, _pending, Kept.INVITED),
    "questions about one's place": Kind("questions", 30, _question, Kept.ASKED),
    "sign-ins that were ended": Kind("sign_ins", 30, _sign_in(is_ended=True), Kept.SIGNED_OUT),
    "sign-ins that ended by their age": Kind("sign_ins", 30 + 30, _sign_in(is_ended=False), Kept.SIGNED_OUT),
    "mails that came back": Kind("reports", 30, _report, Kept.REPORTED),
    "pauses of an address": Kind("reports", 30, _pause, Kept.REPORTED),
    "mails with invitations": Kind("counted", 60, _invitation_mail, Kept.COUNTED),
    "notes between coordinators": Kind("notes", 365, _note, Kept.NOTED),
    "the log of acts": Kind("audit_log", 365, _entry, Kept.LOG),
    "weights set aside": Kind("weights", 365, _proposal),
    "runs of jobs": Kind("job_slots", 30, _slot),
}


@dataclass
class RowWalk:
    """All rows with their moments, and what was found wrong with the day on which each went."""

    session: Session
    settings: Settings
    began: datetime
    days: int
    there: dict[str, dict[object, datetime]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)

    def plant(self, world: World, each: int, seed: int) -> None:
        """Enter so many rows of each kind, from a year before the walk to its end."""
        dice, ground = random.Random(seed), Ground.of(world, each)
        for name, kind in KINDS.items():
            moments = [
                self.began + timedelta(minutes=dice.randrange(-365 * 1440, self.days * 1440)) for _ in range(each)
            ]
            rows = [kind.make(ground, number, at) for number, at in enumerate(moments)]
            with transaction(self.session) as session:
                session.add_all(rows)
                session.flush()
                self.there[name] = {_key(row): at for row, at in zip(rows, moments, strict=True)}
            self.session.expunge_all()

    def day(self, now: datetime, *, slack: timedelta) -> None:
        """Let every rule take what is due, a few at a time, then look at what is left of each kind."""
        for rule in RULES.values():
            while self._apply(rule, now):
                pass
        for name, kind in KINDS.items():
            self._look(name, kind, now, slack)

    def _apply(self, rule: Rule, now: datetime) -> bool:
        with transaction(self.session) as session:
            return bool(rule(session, self.settings, now))

    def _look(self, name: str, kind: Kind, now: datetime, slack: timedelta) -> None:
        entity = ENTITIES[name]
        keys = sa.inspect(entity).primary_key
        left = {tuple(row) for row in self.session.execute(sa.select(*keys))}
        newest = max(left) if entity is OutboxRow and left else None  # the newest stays: its number is not given again
        for key, at in list(self.there[name].items()):
            age = now - at
            if key in left:
                if age > timedelta(days=kind.days) + slack and key != newest:
                    self.faults[f"{name}: overdue"] += 1
                continue
            del self.there[name][key]
            self.gone[name] += 1
            if age < timedelta(days=kind.days):
                self.faults[f"{name}: too early"] += 1


def _key(row: Base) -> object:
    return tuple(sa.inspect(type(row)).primary_key_from_instance(row))


ENTITIES: dict[str, type[Base]] = {
    name: type(kind.make(Ground(1, 1, (1,), (1,), 1), 0, NOW)) for name, kind in KINDS.items()
}
