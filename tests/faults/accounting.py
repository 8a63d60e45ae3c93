"""The one accounting of all families: which mails were owed, which were handed over, what is lost or too much.

It reads the database and the sink's log of Message-IDs, and knows no fault.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.models.account import Account
from matcher.models.invitation_mail import InvitationMail
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStep
from matcher.models.volunteer import Volunteer
from workers.tasks.invitations import WITH_ANOTHER

MAILS = ("send_mail", "send_account_mail")
INVITATIONS = "send_invitation"
SENT = "sent"


@dataclass(frozen=True, slots=True)
class Handed:
    """One mail that the sink answered with 250, or took without being able to say so."""

    identity: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What the database says: who is owed which mail, rows that came to no end, records that contradict each other.

    `withdrawn`: rows of accounts and invitations that ended without a mail, each with what was written about it; who
    went with another is in none. Other mails lose their sense when what they tell of goes on. `rows`: of which row of
    the outbox each mail is.
    """

    mails: Mapping[str, str]
    unfinished: frozenset[int] = frozenset()
    parked: frozenset[int] = frozenset()
    contradictions: tuple[str, ...] = ()
    withdrawn: Mapping[int, str] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Balance:
    """The figures of one audit, and what is wrong with them."""

    attempted: int
    handed: int
    lost: tuple[str, ...]
    unexpected: tuple[str, ...]
    copies: int
    most_copies_of_one: int
    bound: int
    stranded: tuple[str, ...] = field(default=())
    contradictions: tuple[str, ...] = field(default=())
    withdrawn: tuple[str, ...] = field(default=())

    @property
    def breaches(self) -> list[str]:
        """What breaks a promise; empty when all is well."""
        found = [f"lost: {each}" for each in self.lost] + [f"unexpected: {each}" for each in self.unexpected]
        found += [f"without an end: {each}" for each in self.stranded] + list(self.contradictions)
        found += [f"settled without a mail: {each}" for each in self.withdrawn]
        if self.copies > self.bound:
            found.append(f"{self.copies} copies, bound {self.bound}")
        return found

    @property
    def figures(self) -> dict[str, int]:
        """The numbers for the report."""
        return {
            "attempted": self.attempted,
            "handed": self.handed,
            "lost": len(self.lost) + len(self.stranded) + len(self.withdrawn),
            "unexpected": len(self.unexpected),
            "copies": self.copies,
            "copies_bound": self.bound,
            "most_of_one": self.most_copies_of_one,
        }

    def __str__(self) -> str:
        """One line that sums up."""
        return ", ".join(f"{name} {number}" for name, number in self.figures.items())


def identity(message_id: str) -> str:
    """The part of a Message-ID that names the mail, without the host."""
    return message_id.strip().strip("<>").split("@")[0]


def audit(owed: Owed, log: Iterable[Handed], *, bound: int = 0, all_leave: bool = False) -> Balance:
    """Compare what was owed with what was handed over; `bound` is how many copies the faults explain.

    With `all_leave` nobody withdraws anything meanwhile: a row that ended without a mail is a mail that was lost.
    """
    withdrawn = owed.withdrawn if all_leave else {}
    counts = Counter(log)
    right = {each for each in counts if owed.mails.get(each.identity) == each.recipient}
    reached = {each.identity for each in right}
    missing = [name for name in owed.mails if name not in reached]
    return Balance(
        attempted=len(owed.mails) + len(owed.unfinished) + len(owed.parked) + len(withdrawn),
        handed=len(reached),
        lost=tuple(sorted(missing)),
        unexpected=tuple(sorted(each.identity for each in set(counts) - right)),
        copies=sum(counts[each] - 1 for each in right),
        most_copies_of_one=max((counts[each] for each in right), default=0),
        bound=bound,
        stranded=tuple(f"row {row}" for row in sorted(owed.unfinished | owed.parked)),
        contradictions=owed.contradictions,
        withdrawn=tuple(f"row {row}: {said}" for row, said in sorted(withdrawn.items())),
    )


def owed(session: Session) -> Owed:
    """Read from the database what was to leave, and what was settled without a mail."""
    session.rollback()
    rows = session.scalars(sa.select(OutboxRow).where(OutboxRow.kind.in_((*MAILS, INVITATIONS)))).all()
    addresses = {row.id: row.email for row in session.execute(sa.select(Account.id, Account.email))}
    sent = [row for row in rows if row.outcome == SENT]
    mails: dict[str, str] = {}
    rows_of: dict[str, int] = {}
    for row in sent:
        if row.kind == "send_mail":
            mails[f"binome.{row.id}"] = addresses[int(str(row.payload["recipient_id"]))]
            rows_of[f"binome.{row.id}"] = row.id
        elif row.kind == "send_account_mail":
            mails[f"account.{row.id}"] = str(row.payload["address"])
            rows_of[f"account.{row.id}"] = row.id
    leads = [(row, outbox.SendInvitation.read(row.payload).pairing_id) for row in sent if row.kind == INVITATIONS]
    parked = frozenset(row.id for row in rows if row.parked_at is not None and row.done_at is None)
    unfinished = frozenset(row.id for row in rows if row.done_at is None) - parked
    wanted = (row for row in rows if row.kind != "send_mail" and row.done_at is not None)
    withdrawn = {row.id: row.outcome or "" for row in wanted if row.outcome not in {SENT, WITH_ANOTHER}}
    contradictions = tuple(_contradictions(session, [lead for _, lead in leads]))
    for name, reader, row_id in _invitations(session, leads):
        mails[name], rows_of[name] = reader, row_id
    return Owed(mails, unfinished, parked, contradictions, withdrawn, rows_of)


def _invitations(session: Session, leads: Sequence[tuple[OutboxRow, int]]) -> Iterator[tuple[str, str, int]]:
    """Each row that sent invitations is one mail, however many it carried: its name, its reader and its row.

    It is named by the answer link of the one whose turn came first, and how often she had been invited before.
    """
    answers = (
        sa.select(SignedLink.pairing_id, SignedLink.id)
        .join(Pairing, Pairing.id == SignedLink.pairing_id)
        .join(Volunteer, Volunteer.id == Pairing.volunteer_id)
        .where(SignedLink.purpose == LinkPurpose.ANSWER, SignedLink.recipient_id == Volunteer.account_id)
    )
    links = {row.pairing_id: row.id for row in session.execute(answers)}
    people = sa.select(Pairing.id, Account.email).join(Pairing.volunteer).join(Volunteer.account)
    readers = {row.id: row.email for row in session.execute(people)}
    marks = session.execute(
        sa.select(PairingEvent.pairing_id, PairingEvent.at).where(PairingEvent.step == PairingStep.MARK_INVITED)
    ).all()
    for row, lead in leads:
        earlier = sum(mark.pairing_id == lead and mark.at < row.done_at for mark in marks)
        yield f"invitation.{links.get(lead, 'without-link')}.{earlier}", readers[lead], row.id


def _contradictions(session: Session, leads: Sequence[int]) -> list[str]:
    """Of each person: a record for each mail that left, and nobody marked as invited whom no mail carried."""
    people = {row.id: row.volunteer_id for row in session.execute(sa.select(Pairing.id, Pairing.volunteer_id))}
    marked = session.scalars(sa.select(PairingEvent.pairing_id).where(PairingEvent.step == PairingStep.MARK_INVITED))
    left, invited = Counter(people[lead] for lead in leads), Counter(people[pairing] for pairing in marked)
    recorded: Counter[int] = Counter()
    carried: Counter[int] = Counter()
    for record in session.scalars(sa.select(InvitationMail)):
        recorded[record.volunteer_id] += 1
        carried[record.volunteer_id] += record.invitations
    return [
        f"volunteer {who}: {left[who]} mails left, {recorded[who]} recorded; {carried[who]} invitations in them, "
        f"{invited[who]} marked as invited"
        for who in sorted(left.keys() | recorded.keys() | invited.keys())
        if left[who] != recorded[who] or invited[who] > carried[who]
    ]
