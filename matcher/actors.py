"""Who acts: a signed-in person, the holder of a signed link, or the system."""

from dataclasses import dataclass
from enum import StrEnum

from matcher.models.account import Account
from matcher.models.link import SignedLink
from matcher.models.states import Door


class Hat(StrEnum):
    """The capacity in which a person looks at the pages."""

    VOLUNTEER = "volunteer"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Somebody who is not signed in."""

    @property
    def account_id(self) -> int | None:
        """Nobody."""
        return None

    @property
    def door(self) -> Door:
        """The pages."""
        return Door.PAGE

    @property
    def label(self) -> str:
        """The word for the audit log."""
        return "anonymous"


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in account."""

    account: Account
    hat: Hat | None = None

    @property
    def account_id(self) -> int | None:
        """The account's id."""
        return self.account.id

    @property
    def door(self) -> Door:
        """The pages."""
        return Door.PAGE

    @property
    def label(self) -> str:
        """The word for the audit log."""
        return "person"


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whoever holds a signed link; may do that link's one thing for its recipient, and no more."""

    link: SignedLink

    @property
    def account_id(self) -> int | None:
        """The account for which the link was made."""
        return self.link.recipient_id

    @property
    def door(self) -> Door:
        """A link."""
        return Door.LINK

    @property
    def label(self) -> str:
        """The word for the audit log."""
        return f"link:{self.link.purpose.value}"


@dataclass(frozen=True, slots=True)
class System:
    """A scheduled job or a worker."""

    job: str

    @property
    def account_id(self) -> int | None:
        """Nobody."""
        return None

    @property
    def door(self) -> Door:
        """The system's own."""
        return Door.SYSTEM

    @property
    def label(self) -> str:
        """The word for the audit log."""
        return f"system:{self.job}"


Actor = Anonymous | Person | LinkHolder | System
