"""What a composer is given: the reader, the need, the pairing, and the words and addresses made for this reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher import wording
from matcher.database import Json
from matcher.i18n import LANGUAGES, translate, translate_plural
from matcher.links import Links, Subject, issue
from matcher.mail.letter import Button
from matcher.models.account import Account
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.published import published
from matcher.queries.deadlines import due_at
from matcher.settings import Settings

LINK_OUTLIVES_BY = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class MailContext:
    """All that one mail is made from; `data` is the outbox row's."""

    session: Session
    links: Links
    settings: Settings
    now: datetime
    recipient: Account
    outbox_id: int
    need: Need | None = None
    pairing: Pairing | None = None
    data: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class NeedCase:
    """A mail about a need that exists."""

    context: MailContext
    need: Need

    @property
    def language(self) -> str:
        """The reader's language."""
        return self.context.recipient.language if self.context.recipient.language in LANGUAGES else "fr"

    @property
    def timezone(self) -> str:
        """The clock by which times are told: the branch's."""
        return self.need.branch.timezone

    @property
    def today(self) -> date:
        """The day on that clock."""
        return self.context.now.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def title(self) -> str:
        """The need's title between quotation marks, without contacts."""
        return wording.quoted(self.language, self.bare_title)

    @property
    def bare_title(self) -> str:
        """The need's title, or that it has none yet."""
        return self.free_text(self.need.title) or self.say("need without a title")

    @property
    def association(self) -> str:
        """The association's name."""
        return self.free_text(self.need.association.name)

    @property
    def branch(self) -> str:
        """The branch's name."""
        return self.need.branch.name(self.language)

    @property
    def coordinator(self) -> str:
        """Who answers for the need: the owning coordinator's name, else the team."""
        return self.name_of(self.need.coordinator)

    def name_of(self, coordinator: Account | None) -> str:
        """Return a coordinator's name, or that it is the team."""
        return (self.free_text(coordinator.name) if coordinator else "") or self.say("The Binôme team")

    @property
    def greeting(self) -> str:
        """« Bonjour Marie, »."""
        name = self.free_text(self.context.recipient.name)
        return self.say("Hello %(name)s,", name=name) if name else self.say("Hello,")

    @property
    def reader_is_member(self) -> bool:
        """True when the reader acts for the association."""
        return self.need.association.has_member(self.context.recipient.id)

    def say(self, sentence: str, **values: object) -> str:
        """Put an English sentence into the reader's language and fill its named places."""
        return translate(self.language, sentence, values)

    def say_plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The same for a counted sentence."""
        return translate_plural(self.language, one, many, n, values)

    def free_text(self, text: str | None) -> str:
        """Return what somebody wrote, without telephone numbers, addresses and links."""
        return published(self.language, text or "").strip()

    def day(self, day: date | None) -> str:
        """Return a date in words; empty when there is none."""
        return wording.day_in_words(self.language, day, self.today) if day else ""

    def moment(self, moment: datetime | None) -> str:
        """Return a moment in words on the reader's clock; empty when there is none."""
        return wording.moment_in_words(self.language, moment, self.timezone, self.today) if moment else ""

    def date_of(self, moment: datetime | None) -> str:
        """Return the day of a moment in words; empty when there is none."""
        return self.day(moment.astimezone(ZoneInfo(self.timezone)).date()) if moment else ""

    def due(self, clock: Clock) -> str:
        """Return the day on which a clock of the mail's subject falls due; empty when it does not run."""
        return self.date_of(due_at(self.context.session, self.need, clock))

    def fact(self, label: str, value: str) -> tuple[tuple[str, str], ...]:
        """Return one fact, or none when its value is empty."""
        return ((label, value),) if value else ()

    def page(self, label: str, name: str, **values: int | str) -> Button:
        """Return a button to a page."""
        return Button(label, self.context.links.page(name, **values))

    def to_need(self, label: str) -> Button:
        """Return a button to the association's own page of the need."""
        return self.page(label, "my_need", id=self.need.id)

    def to_review(self, label: str) -> Button:
        """Return a button to the coordinator's page of the need."""
        return self.page(label, "review", id=self.need.id)

    def signed(self, label: str, purpose: LinkPurpose, subject: Subject) -> Button:
        """Return a button whose link grants the reader one thing, for as long as it makes sense; writes its row."""
        context = self.context
        link = issue(context.session, context.now, purpose, subject=subject, recipient_id=context.recipient.id)
        return Button(label, context.links.address(link))


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
        name = wording.pseudonym(self.language, self.pairing.volunteer)
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

    def to_mission(self, label: str) -> Button:
        """Return a button to the mission's page."""
        return self.page(label, "mission", id=self.pairing.id)

    def to_answer(self, label: str, *, until: datetime | None = None) -> Button:
        """Return a button to the volunteer's own answer page, where she answers, changes her mind or looks."""
        return Button(label, self.context.links.address(self.answer_link(until)))

    def answer_link(self, until: datetime | None) -> SignedLink:
        """Return the link to the answer page; it outlives its invitation, so that the page can offer a fresh one."""
        return issue(
            self.context.session,
            self.context.now,
            LinkPurpose.ANSWER,
            subject=Subject(pairing_id=self.pairing.id),
            recipient_id=self.context.recipient.id,
            expires_at=until + LINK_OUTLIVES_BY if until else None,
        )


@dataclass(frozen=True)
class PreviewCase(PairingCase):
    """An invitation that is looked at before it exists: its links grant nothing and no row is written."""

    def to_answer(self, label: str, *, until: datetime | None = None) -> Button:
        """Return a button to the coordinator's own page."""
        return self.to_review(label)
