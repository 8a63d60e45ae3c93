"""What a composer of mails about a need or a pairing is given, and the words and addresses made for its reader."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.orm import lazyload

from matcher import wording
from matcher.actors import Person
from matcher.links import Subject
from matcher.mail.letter import Button
from matcher.mail.reader import MailContext, ReaderCase
from matcher.models.account import Account
from matcher.models.association import Membership
from matcher.models.branch import Branch
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.published import excerpt
from matcher.queries.deadlines import due_at
from matcher.queries.shown import Shown, shown_as

__all__ = ["MailContext", "NeedCase", "PairingCase", "PreviewCase"]
LINK_OUTLIVES_BY = timedelta(days=60)
# A telephone shows about sixty characters of a subject; the news of the mail stands before the title.
TITLE_IN_SUBJECT = 36


@dataclass(frozen=True)
class NeedCase(ReaderCase):
    """A mail about a need that exists."""

    need: Need

    @property
    def answering(self) -> Branch:
        """The need's branch."""
        return self.need.branch

    @property
    def title(self) -> str:
        """The need's title between quotation marks, without contacts."""
        return wording.quoted(self.language, self.bare_title)

    @property
    def bare_title(self) -> str:
        """The need's title, or that it has none yet."""
        return self.free_text(self.need.title) or self.say("need without a title")

    @property
    def brief_title(self) -> str:
        """The title as a subject has room for it."""
        return excerpt(self.bare_title, TITLE_IN_SUBJECT)

    @property
    def association(self) -> str:
        """The association inside a sentence: its name, when the reader may know it."""
        return self.shown.inside

    @cached_property
    def shown(self) -> Shown:
        """What the reader gets of the association and the place."""
        return shown_as(self.language, Person(self.context.recipient), self.need)

    def say(self, sentence: str, **values: object) -> str:
        """Put an English sentence into the reader's language; an association without a name may begin it."""
        return self.shown.begun(super().say(sentence, **values))

    @property
    def coordinator(self) -> str:
        """Who answers for the need: the owning coordinator's name, else the team."""
        return self.name_of(self.need.coordinator)

    def name_of(self, coordinator: Account | None) -> str:
        """Return a coordinator's name, or that it is the team."""
        return (self.free_text(coordinator.name) if coordinator else "") or self.say("The Binôme team")

    @property
    def reader_is_member(self) -> bool:
        """True when the reader acts for the association."""
        her_membership = (self.need.association_id, self.context.recipient.id)
        return self.context.session.get(Membership, her_membership, options=[lazyload("*")]) is not None

    def due(self, clock: Clock) -> str:
        """Return the day on which a clock of the mail's subject falls due; empty when it does not run."""
        return self.date_of(due_at(self.context.session, self.need, clock))

    def until(self, clock: Clock) -> str:
        """Return the moment at which a clock of the need falls due, for whoever is to act before it."""
        return self.moment(due_at(self.context.session, self.need, clock))

    def to_need(self, label: str) -> Button:
        """Return a button to the association's own page of the need."""
        return self.page(label, "my_need", id=self.need.id)

    def to_review(self, label: str) -> Button:
        """Return a button to the coordinator's page of the need."""
        return self.page(label, "review", id=self.need.id)


@dataclass(frozen=True)
class PairingCase(NeedCase):
    """A mail about a pairing that exists."""

    pairing: Pairing

    @property
    def timezone(self) -> str:
        """The clock by which times are told: the volunteer's own for her, the branch's for others."""
        return self.pairing.volunteer.timezone if self.reader_is_volunteer else self.need.branch.timezone

    @property
    def reader_is_volunteer(self) -> bool:
        """True when the reader is the pairing's volunteer."""
        return self.pairing.volunteer.account_id == self.context.recipient.id

    @property
    def person(self) -> str:
        """The volunteer as others may know her before contacts open: a pseudonym and her headline."""
        name = wording.pseudonym(self.language, self.pairing.volunteer, need_id=self.need.id)
        headline = self.free_text(self.pairing.volunteer.headline)
        return f"{name} · {headline}" if headline else name

    @property
    def other_side(self) -> str:
        """Whom the reader works with: the association for the volunteer, the pseudonym for the association."""
        return self.association if self.reader_is_volunteer else self.person

    @property
    def chooser(self) -> str:
        """Who put her forward: « Claire Martin (Antenne de Lyon) »."""
        account = self.context.session.get(Account, self.pairing.decided_by_id) if self.pairing.decided_by_id else None
        return f"{self.name_of(account or self.need.coordinator)} ({self.branch})"

    def due(self, clock: Clock) -> str:
        """Return the day on which a clock of the pairing falls due; empty when it does not run."""
        return self.date_of(due_at(self.context.session, self.pairing, clock))

    def until(self, clock: Clock) -> str:
        """Return the moment at which a clock of the pairing falls due, for whoever is to act before it."""
        return self.moment(due_at(self.context.session, self.pairing, clock))

    def to_mission(self, label: str) -> Button:
        """Return a button to the mission's page."""
        return self.page(label, "mission", id=self.pairing.id)

    def to_answer(self, label: str, *, until: datetime | None = None) -> Button:
        """Return a button to the volunteer's own answer page, where she answers, changes her mind or looks."""
        return Button(label, self.context.links.address(self.answer_link(until)))

    def answer_link(self, until: datetime | None) -> SignedLink:
        """Return the link to the answer page; it outlives its invitation, so that the page can offer a fresh one."""
        expires_at = until + LINK_OUTLIVES_BY if until else None
        return self.granted(LinkPurpose.ANSWER, Subject(pairing_id=self.pairing.id), expires_at=expires_at)


@dataclass(frozen=True)
class PreviewCase(PairingCase):
    """An invitation that is looked at before it exists: its links grant nothing and no row is written."""

    def to_answer(self, label: str, *, until: datetime | None = None) -> Button:
        """Return a button to the coordinator's own page."""
        return self.to_review(label)
