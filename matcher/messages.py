"""What web and services ask of the workers: one small dataclass for each kind of row of the outbox. No database."""

from dataclasses import dataclass, field, fields
from typing import ClassVar, Self

from matcher.database import Json


@dataclass(frozen=True, slots=True)
class Message:
    """What all messages share: a kind, a payload, and perhaps a key under which only one may wait."""

    kind: ClassVar[str]
    is_mail: ClassVar[bool] = False

    def key(self) -> str | None:
        """The key under which one row may wait at a time, None when each counts."""
        return None

    @classmethod
    def read(cls, payload: dict[str, Json]) -> Self:
        """Build the message from a row's payload; raises TypeError when a field is missing."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in payload.items() if name in known})


@dataclass(frozen=True, slots=True)
class RankNeed(Message):
    """Rank the volunteers for a need."""

    kind: ClassVar[str] = "rank_need"
    need_id: int

    def key(self) -> str | None:
        """One per need."""
        return str(self.need_id)


@dataclass(frozen=True, slots=True)
class RankOpenNeeds(Message):
    """Rank all needs that are ranked, a few at a time, from an id on; each change of weights or skills adds its own."""

    kind: ClassVar[str] = "rank_open_needs"
    after_id: int = 0


@dataclass(frozen=True, slots=True)
class RefreshVolunteer(Message):
    """Rank again the open needs that a volunteer's change may touch."""

    kind: ClassVar[str] = "refresh_volunteer"
    volunteer_id: int

    def key(self) -> str | None:
        """One per volunteer."""
        return str(self.volunteer_id)


@dataclass(frozen=True, slots=True)
class ExplainPlace(Message):
    """Find what would bring a volunteer among the first for a need, because she has asked."""

    kind: ClassVar[str] = "explain_place"
    need_id: int
    volunteer_id: int

    def key(self) -> str | None:
        """One per need and volunteer."""
        return f"{self.need_id} {self.volunteer_id}"


@dataclass(frozen=True, slots=True)
class AdvanceLine(Message):
    """Offer the free seats of a need to the next people in its line."""

    kind: ClassVar[str] = "advance_line"
    need_id: int

    def key(self) -> str | None:
        """One per need."""
        return str(self.need_id)


@dataclass(frozen=True, slots=True)
class SendInvitation(Message):
    """Invite the volunteer of a pairing, if it is still her turn."""

    kind: ClassVar[str] = "send_invitation"
    is_mail: ClassVar[bool] = True
    pairing_id: int

    def key(self) -> str | None:
        """One per pairing."""
        return str(self.pairing_id)


@dataclass(frozen=True, slots=True)
class SendMail(Message):
    """Send one mail, named by its code, to one account."""

    kind: ClassVar[str] = "send_mail"
    is_mail: ClassVar[bool] = True
    code: str
    recipient_id: int
    need_id: int | None = None
    pairing_id: int | None = None
    data: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendAccountMail(Message):
    """Send one mail of an account itself; the link in it is encrypted and erased at hand-off."""

    kind: ClassVar[str] = "send_account_mail"
    is_mail: ClassVar[bool] = True
    code: str
    address: str
    language: str
    name: str = ""
    about: str = ""
    account_id: int | None = None
    sealed_link: str | None = None


MESSAGES: dict[str, type[Message]] = {
    cls.kind: cls
    for cls in (
        RankNeed,
        RankOpenNeeds,
        RefreshVolunteer,
        ExplainPlace,
        AdvanceLine,
        SendInvitation,
        SendMail,
        SendAccountMail,
    )
}
MAIL_KINDS = tuple(kind for kind, cls in MESSAGES.items() if cls.is_mail)
