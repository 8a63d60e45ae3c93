"""The register of personal data, read from privacy.toml: which column, why, on what ground, how long, for whose eyes.

Codes only: their words are in privacy_words. Reads no database.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

FILE = Path(__file__).parent / "privacy.toml"


class Purpose(StrEnum):
    """Why data is kept: the activities of processing."""

    ACCOUNT = "account"
    SIGN_IN = "sign_in"
    PROFILE = "profile"
    INVITATIONS = "invitations"
    NEED = "need"
    PAIRING = "pairing"
    RANKING = "ranking"
    REPLAY = "replay"
    QUESTION = "question"
    MAILS = "mails"
    CLOSED_ADDRESSES = "closed_addresses"
    RIGHTS = "rights"
    LOG = "log"
    PROCESS_LOG = "process_log"


class Basis(StrEnum):
    """The ground in law (GDPR, article 6) on which a purpose stands."""

    CONTRACT = "contract"
    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"


class Kept(StrEnum):
    """How long data is kept."""

    ACCOUNT = "account"
    UNCONFIRMED = "unconfirmed"
    PROFILE = "profile"
    INACTIVE = "inactive"
    NEED = "need"
    PAIRING = "pairing"
    RANKING = "ranking"
    REPLAY = "replay"
    LINK = "link"
    RIGHT = "right"
    MEMBERSHIP = "membership"
    INVITED = "invited"
    SENT = "sent"
    ASKED = "asked"
    SIGNED_OUT = "signed_out"
    REPORTED = "reported"
    COUNTED = "counted"
    NOTED = "noted"
    LOG = "log"
    PROCESS_LOG = "process_log"
    CLOSED = "closed"


class Seer(StrEnum):
    """Who may see data besides the person herself."""

    MEMBERS = "members"
    ASSOCIATION_AFTER_YES = "association_after_yes"
    OTHER_SIDE = "other_side"
    COORDINATORS = "coordinators"
    COORDINATORS_OF_ASSOCIATION = "coordinators_of_association"
    COORDINATORS_LOGGED = "coordinators_logged"
    ADMINISTRATORS = "administrators"
    ADMINISTRATORS_LOGGED = "administrators_logged"
    HOSTS = "hosts"


class Whose(StrEnum):
    """Whose data it is."""

    HOLDER = "holder"
    VOLUNTEER = "volunteer"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    INVITED = "invited"


class Exported(StrEnum):
    """Whether a person's own export holds it, or why not."""

    YES = "yes"
    SECRET = "secret"  # noqa: S105  a code, not a secret
    OTHERS = "others"
    HASH = "hash"
    MACHINE = "machine"
    OUTSIDE = "outside"


class Erased(StrEnum):
    """What an erasure does to it."""

    EMPTIED = "emptied"
    DELETED = "deleted"
    KEPT = "kept"
    AGED = "aged"


@dataclass(frozen=True, slots=True)
class Period:
    """How many days something is kept and after how many its owner is warned; no number: the words say the rule."""

    days: int | None = None
    warned_after_days: tuple[int, ...] = ()

    @property
    def length(self) -> timedelta:
        """The days as a span; raises ValueError for a rule without a number."""
        if self.days is None:
            raise ValueError("this rule has no number of days")
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is true of one personal column, or of one word that is written outside the database."""

    table: str
    column: str
    of: Whose
    purpose: Purpose
    basis: Basis
    kept: Kept
    seen_by: tuple[Seer, ...]
    exported: Exported
    erased: Erased


@dataclass(frozen=True, slots=True)
class Register:
    """The whole register: personal columns in the order of the file, and those of each table that are not personal.

    `outside` is what is kept in no table; there an entry's table is the place where it is written.
    """

    entries: tuple[Entry, ...]
    outside: tuple[Entry, ...]
    not_personal: dict[str, tuple[str, ...]]
    periods: dict[Kept, Period]
    unconfirmed_account: Kept
    inactive_account: Kept

    @property
    def rules(self) -> frozenset[Kept]:
        """How long a whole account is kept of which nobody makes use."""
        return frozenset({self.unconfirmed_account, self.inactive_account})

    def with_periods(self, periods: Mapping[Kept, Period]) -> "Register":
        """Return the register of an installation that keeps some things for less long."""
        return replace(self, periods={**self.periods, **periods})

    def of_table(self, table: str) -> tuple[Entry, ...]:
        """The personal columns of one table; empty when it has none."""
        return tuple(entry for entry in self.entries if entry.table == table)

    def for_purpose(self, purpose: Purpose) -> tuple[Entry, ...]:
        """What serves one purpose, in tables and outside."""
        return tuple(entry for entry in (*self.entries, *self.outside) if entry.purpose is purpose)

    def exported_columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table that a person's own export holds."""
        return tuple(entry.column for entry in self.of_table(table) if entry.exported is Exported.YES)


@cache
def register() -> Register:
    """Return the register; raises ValueError when the file says what no code stands for."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Register:
    """Read a register; raises ValueError for a code that does not exist, a word too many or one that is missing."""
    written = _WRITTEN.validate_python(tomllib.loads(text), extra="forbid")
    return Register(
        entries=_all(written.tables, written.purposes),
        outside=_all(written.outside, written.purposes),
        not_personal={name: table.not_personal for name, table in written.tables.items()},
        periods=written.kept,
        unconfirmed_account=written.rules.unconfirmed_account,
        inactive_account=written.rules.inactive_account,
    )


@dataclass(frozen=True, slots=True)
class _Group:
    columns: tuple[str, ...]
    purpose: Purpose
    kept: Kept
    seen_by: tuple[Seer, ...]
    exported: Exported
    erased: Erased


@dataclass(frozen=True, slots=True)
class _Table:
    of: Whose = Whose.HOLDER
    not_personal: tuple[str, ...] = ()
    personal: tuple[_Group, ...] = ()


@dataclass(frozen=True, slots=True)
class _Activity:
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Rules:
    unconfirmed_account: Kept
    inactive_account: Kept


@dataclass(frozen=True, slots=True)
class _Written:
    purposes: dict[Purpose, _Activity]
    kept: dict[Kept, Period]
    rules: _Rules
    outside: dict[str, _Table]
    tables: dict[str, _Table]


_WRITTEN = TypeAdapter(_Written)


def _all(places: dict[str, _Table], purposes: dict[Purpose, _Activity]) -> tuple[Entry, ...]:
    return tuple(entry for name, place in places.items() for entry in _entries(name, place, purposes))


def _entries(name: str, table: _Table, purposes: dict[Purpose, _Activity]) -> list[Entry]:
    return [
        Entry(
            table=name,
            column=column,
            of=table.of,
            purpose=group.purpose,
            basis=purposes[group.purpose].basis,
            kept=group.kept,
            seen_by=group.seen_by,
            exported=group.exported,
            erased=group.erased,
        )
        for group in table.personal
        for column in group.columns
    ]
