"""What is kept about one person, as her own export holds it: the register says which columns, READERS whose rows.

Another account's number is left out, and so is what she may not know yet: pairings of which nobody has told her.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from pydantic_core import to_jsonable_python
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from matcher import outbox
from matcher.actors import Person
from matcher.database import Base, Json
from matcher.models.account import Role, account_roles
from matcher.models.association import Association, PendingMembership
from matcher.models.audit import AuditEntry
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer
from matcher.policies import visible
from matcher.privacy_register import register
from matcher.published import published
from matcher.queries import accesses, own_pairings
from matcher.visibility import named_to

Row = dict[str, Json]
Condition = ColumnElement[bool]
Beside = Mapping[str, sa.SQLColumnExpression[str] | sa.SQLColumnExpression[int]]
ACT = frozenset({"pairing_id", "at", "step"})
# What tells how far a need lies, or can be turned into it.
TELLING = frozenset({"distance_km", "score", "contributions", "reasons"})
# Without the number of whoever looked: it bears no foreign key, by which `_own` would leave it out.
LOOK = frozenset({"at", "actor", "action", "subject_kind", "subject_id", "reason"})


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind, each with its columns by name."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose rows of a table are hers; `only` narrows the columns, `beside` adds words of other tables.

    `instead` tells a column as she may know it; `veiled` ones are told of those rows only for which `unveiled` holds.
    `from_others` names the texts that somebody else wrote: she reads them without contacts, as on the pages.
    """

    name: str
    table: str
    hers: Callable[[Person], Condition]
    only: frozenset[str] | None = None
    beside: Beside = field(default_factory=dict)
    instead: own_pairings.Columns = field(default_factory=dict)
    veiled: frozenset[str] = frozenset()
    unveiled: Callable[[Person], Condition] = lambda _actor: sa.true()
    from_others: frozenset[str] = frozenset()


def read(session: Session, actor: Person) -> tuple[Section, ...]:
    """Return all that is kept about the actor, one section and one statement for each reader."""
    return tuple(Section(each.name, _rows(session, actor, each)) for each in READERS)


def _rows(session: Session, actor: Person, reader: Reader) -> tuple[Row, ...]:
    table = Base.metadata.tables[reader.table]
    names = [n for n in register().exported_columns(reader.table) if reader.only is None or n in reader.only]
    columns = [reader.instead.get(name, _told(reader, table.c[name], actor)).label(name) for name in names]
    beside: list[sa.Label[str] | sa.Label[int]] = [words.label(name) for name, words in reader.beside.items()]
    asked = sa.select(*columns).add_columns(*beside).select_from(table)
    found = session.execute(asked.where(reader.hers(actor)).order_by(*table.primary_key))
    language = actor.account.language
    return tuple(
        {name: _read(reader, language, name, value) for name, value in row.items()} for row in found.mappings()
    )


def _told(reader: Reader, column: sa.Column[object], actor: Person) -> ColumnElement[object]:
    return sa.case((reader.unveiled(actor), column)) if column.name in reader.veiled else _own(column, actor)


def _own(column: sa.Column[object], actor: Person) -> ColumnElement[object]:
    """An account's number is told when it is hers, and nobody else's."""
    if any(key.target_fullname == "accounts.id" for key in column.foreign_keys):
        return sa.case((column == actor.account.id, column))
    return column


def _read(reader: Reader, language: str, name: str, value: object) -> Json:
    return published(language, value) if name in reader.from_others and isinstance(value, str) else _plain(value)


def _plain(value: object) -> Json:
    plain: Json = to_jsonable_python(value)
    return plain


def _by(table: str, *columns: str) -> Callable[[Person], Condition]:
    held = Base.metadata.tables[table]
    return lambda actor: sa.or_(*(held.c[column] == actor.account.id for column in columns))


def _profile(actor: Person) -> sa.Select[int]:
    return sa.select(Volunteer.id).where(Volunteer.account_id == actor.account.id)


def _known(actor: Person) -> sa.Select[int]:
    return sa.select(Pairing.id).where(Pairing.volunteer_id.in_(_profile(actor)), Pairing.is_known_to_her)


def _of_profile(table: str, column: str = "volunteer_id") -> Callable[[Person], Condition]:
    held = Base.metadata.tables[table]
    return lambda actor: held.c[column].in_(_profile(actor))


def _of_pairings(table: str, told: Condition, column: str = "pairing_id") -> Callable[[Person], Condition]:
    held = Base.metadata.tables[table]
    return lambda actor: sa.and_(held.c[column].in_(_known(actor)), told)


def _by_her_for_others(table: str) -> Callable[[Person], Condition]:
    held = Base.metadata.tables[table]
    return lambda actor: sa.and_(held.c.account_id == actor.account.id, held.c.pairing_id.not_in(_known(actor)))


def _about_her(actor: Person) -> Condition:
    """What the page tells, and every act on her account or profile."""
    kind, number = AuditEntry.subject_kind, AuditEntry.subject_id
    account = sa.and_(kind == "account", number == actor.account.id)
    profile = sa.and_(kind == "volunteer", number.in_(_profile(actor)))
    others = AuditEntry.account_id.is_distinct_from(actor.account.id)
    return sa.or_(accesses.about(actor.account.id), sa.and_(others, sa.or_(account, profile)))


def _suggested(actor: Person) -> Condition:
    return sa.and_(Suggestion.volunteer_id.in_(_profile(actor)), visible(actor, Suggestion))


def _places_told(actor: Person) -> Condition:
    """The suggestions of needs whose exact place she is told."""
    return Suggestion.need_id.in_(sa.select(Need.id).where(named_to(actor)))


def _invited(actor: Person) -> Condition:
    """An address that nobody has confirmed may be somebody else's."""
    return PendingMembership.email == actor.account.email if actor.account.is_confirmed else sa.false()


def _mailed(actor: Person) -> Condition:
    named = outbox.is_to(actor.account.id)
    if not actor.account.is_confirmed:  # an address that nobody has confirmed may be somebody else's
        return named
    return sa.or_(named, sa.func.lower(OutboxRow.payload["address"].as_string()) == actor.account.email.lower())


def _title(need_id: sa.SQLColumnExpression[int]) -> sa.ScalarSelect[str]:
    """The title of a need that she may read; a draft has none yet."""
    titled = sa.select(Need.title).where(Need.id == need_id, Need.submitted_at.is_not(None))
    return titled.correlate_except(Need).scalar_subquery()


def _name(table: str) -> Beside:
    named = sa.select(Association.name).where(Association.id == Base.metadata.tables[table].c.association_id)
    return {"association": named.correlate_except(Association).scalar_subquery()}


# Which mail it was; an invitation bears no code beside its kind.
MAIL = sa.func.coalesce(OutboxRow.payload["code"].as_string(), OutboxRow.kind)
# One reader for each kind of rows; a table with exported columns and without a reader fails a test.
READERS: tuple[Reader, ...] = (
    Reader("account", "accounts", _by("accounts", "id")),
    Reader(
        "roles",
        "account_roles",
        _by("account_roles", "account_id"),
        beside={"role": sa.select(Role.name).where(Role.id == account_roles.c.role_id).scalar_subquery()},
    ),
    Reader("branches", "branch_coordinators", _by("branch_coordinators", "account_id")),
    Reader("sign_ins", "sign_ins", _by("sign_ins", "account_id")),
    Reader("profile", "volunteers", _by("volunteers", "account_id")),
    Reader("skills", "volunteer_skills", _of_profile("volunteer_skills")),
    Reader("places", "volunteer_locations", _of_profile("volunteer_locations")),
    Reader("experiences", "experiences", _of_profile("experiences")),
    Reader("changes", "volunteer_changes", _of_profile("volunteer_changes")),
    Reader(
        "pairings",
        "pairings",
        _of_pairings("pairings", sa.true(), "id"),
        beside={"need": _title(Pairing.need_id)},
        instead=own_pairings.of_pairing(),
        from_others=frozenset({"need", "answer"}),
    ),
    Reader(
        "steps",
        "pairing_events",
        _of_pairings("pairing_events", own_pairings.is_told()),
        instead=own_pairings.of_step(),
    ),
    Reader("decisions", "decisions", _of_pairings("decisions", own_pairings.decision_is_told())),
    Reader("deadlines", "deadlines", _of_pairings("deadlines", own_pairings.deadline_is_told())),
    Reader("notes", "notes", _of_profile("notes"), instead=own_pairings.of_note()),
    Reader(
        "suggestions",
        "suggestions",
        _suggested,
        beside={"need": _title(Suggestion.need_id)},
        veiled=TELLING,
        unveiled=_places_told,
        from_others=frozenset({"need"}),
    ),
    Reader("questions", "counterfactuals", _of_profile("counterfactuals")),
    Reader("invitation_mails", "invitation_mails", _of_profile("invitation_mails")),
    Reader("silences", "silences_told", _of_profile("silences_told")),
    Reader("memberships", "memberships", _by("memberships", "account_id"), beside=_name("memberships")),
    Reader(
        "invited",
        "pending_memberships",
        _invited,
        beside=_name("pending_memberships"),
        from_others=frozenset({"association"}),
    ),
    Reader("needs", "needs", _by("needs", "author_id", "contact_id", "coordinator_id"), beside={"id": Need.id}),
    Reader("acts_on_needs", "need_events", _by("need_events", "account_id")),
    Reader("acts_on_pairings", "pairing_events", _by_her_for_others("pairing_events"), only=ACT),
    Reader("acts_of_deciding", "decisions", _by_her_for_others("decisions"), only=ACT),
    Reader("weights", "ranking_weights", _by("ranking_weights", "adopted_by_id")),
    Reader("quarantines", "quarantines", _by("quarantines", "lifted_by_id")),
    Reader("links", "signed_links", _by("signed_links", "recipient_id")),
    Reader("mails", "outbox", _mailed, beside={"mail": MAIL}),
    Reader("closed_addresses", "suppressions", _by("suppressions", "account_id")),
    Reader("log", "audit_log", _by("audit_log", "account_id")),
    # Who it was is not told: the number of an account bears no foreign key here, so it is left out by name.
    Reader("accesses", "audit_log", _about_her, only=LOOK),
)
