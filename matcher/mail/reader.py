"""Whom a mail speaks to: the reader's language, clock and branch, and the words and addresses made for her."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher import wording
from matcher.database import Json
from matcher.i18n import LANGUAGES, translate, translate_plural
from matcher.links import Links, Subject, issue, live_links
from matcher.mail.letter import Button
from matcher.models.account import Account
from matcher.models.branch import Branch
from matcher.models.link import LinkPurpose, SignedLink
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer
from matcher.published import published
from matcher.settings import Settings


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
class ReaderCase:
    """A mail to one reader; each kind says which branch answers for it."""

    context: MailContext

    @property
    def answering(self) -> Branch:
        """The branch that answers for the mail."""
        raise NotImplementedError

    @property
    def language(self) -> str:
        """The reader's language."""
        return self.context.recipient.language if self.context.recipient.language in LANGUAGES else "fr"

    @property
    def timezone(self) -> str:
        """The clock by which times are told: the branch's."""
        return self.answering.timezone

    @property
    def today(self) -> date:
        """The day on that clock."""
        return self.context.now.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def branch(self) -> str:
        """The branch's name."""
        return self.answering.name(self.language)

    @property
    def greeting(self) -> str:
        """« Bonjour Marie, »."""
        name = self.free_text(self.context.recipient.name)
        return self.say("Hello %(name)s,", name=name) if name else self.say("Hello,")

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

    def fact(self, label: str, value: str) -> tuple[tuple[str, str], ...]:
        """Return one fact, or none when its value is empty."""
        return ((label, value),) if value else ()

    def page(self, label: str, name: str, **values: int | str) -> Button:
        """Return a button to a page."""
        return Button(label, self.context.links.page(name, **values))

    def signed(self, label: str, purpose: LinkPurpose, subject: Subject) -> Button:
        """Return a button whose link grants the reader one thing, for as long as it makes sense; writes its row."""
        return Button(label, self.context.links.address(self.granted(purpose, subject)))

    def granted(self, purpose: LinkPurpose, subject: Subject, *, expires_at: datetime | None = None) -> SignedLink:
        """Return the reader's link of one purpose and subject; writes its row when there is none."""
        context, about = self.context, self._about
        is_read = subject.pairing_id in {None, about.pairing_id} and subject.need_id in {None, about.need_id}
        return issue(
            context.session,
            context.now,
            purpose,
            subject=subject,
            recipient_id=context.recipient.id,
            expires_at=expires_at,
            live=self.live_links if is_read else None,
        )

    @property
    def _about(self) -> Subject:
        pairing, need = self.context.pairing, self.context.need
        return Subject(pairing.id if pairing else None, need.id if need else None)

    @cached_property
    def live_links(self) -> list[SignedLink]:
        """The reader's links about the mail's subject, oldest first; a mail has several: they are looked for once."""
        return live_links(self.context.session, self.context.recipient.id, self._about)


@dataclass(frozen=True)
class VolunteerCase(ReaderCase):
    """A mail to a volunteer about what she offers, and no need in particular."""

    volunteer: Volunteer

    @property
    def answering(self) -> Branch:
        """Her own branch."""
        return self.volunteer.branch

    @property
    def timezone(self) -> str:
        """Her own clock."""
        return self.volunteer.timezone


@dataclass(frozen=True)
class BranchCase(ReaderCase):
    """A mail to a coordinator about all that waits in her branches; `home` is the one whose clock counts."""

    home: Branch

    @property
    def answering(self) -> Branch:
        """The branch whose clock counts."""
        return self.home
