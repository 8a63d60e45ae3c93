"""A member's needs as her pages show them: rows, states, what comes next, who said yes, what happened. No reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from matcher.actors import Actor
from matcher.labels import NEED_STATUSES, status_label
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.states import NeedStatus, PairingStatus
from matcher.need_words import Due, event_in_words, next_in_words, reason_in_words
from matcher.published import contacts_in
from matcher.queries.needs import need_page
from matcher.queries.own_needs import OwnNeed
from matcher.queries.pairings_of_need import NeedPerson
from matcher.queries.shown import names_itself, shown_as
from matcher.wording import moment_in_words
from web.need_cards import KINDS, language
from web.need_pages import Facts, ShownNeed, audience_fact, day_words, shown_need
from web.need_steps import Offer, offers_of
from web.runtime import today

PERSON_KINDS = {PairingStatus.ACCEPTED: "warn"}
ZONE = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class States:
    """The states by which the list can be narrowed, and the chosen one."""

    chosen: NeedStatus | None
    choices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One need in a member's list; `waits` says what waits for her, when something does."""

    url: str
    title: str
    association: str
    state: str
    state_kind: str
    places: str
    waits: str | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who said yes."""

    url: str
    name: str
    headline: str
    state: str
    state_kind: str
    waits: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a history."""

    iso: str
    when: str
    words: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A need as its association looks after it."""

    shown: ShownNeed
    association: str
    raw_title: str
    raw_description: str
    next: str
    points: str | None
    contacts: tuple[str, ...]
    names_itself: bool
    facts: Facts
    people: list[PersonRow]
    history: list[Happened]
    offers: list[Offer]
    is_public: bool


def states_of(asked: str) -> States:
    """Return the states to choose from and the one that the address names."""
    chosen = NeedStatus(asked) if asked in set(NeedStatus) else None
    return States(chosen, [(status.value, status_label(language(), status)) for status in NEED_STATUSES])


def own_rows(needs: Iterable[OwnNeed]) -> list[OwnRow]:
    """Return the rows of a member's list."""
    return [_row(need) for need in needs]


def own_page(actor: Actor, need: Need, people: Iterable[NeedPerson], due: Due) -> OwnPage:
    """Return a need ready to print for its association."""
    shown = shown_need(need_page(shown_as(language(), actor, need)))
    return OwnPage(
        shown=shown,
        association=shown.association,
        raw_title=need.title or gettext("Need without a title"),
        raw_description=need.description,
        next=next_in_words(language(), need, due, today()),
        points=need.review_points if need.status in {NeedStatus.CHANGES_REQUESTED, NeedStatus.CLOSED} else None,
        contacts=contacts_in(f"{need.title}\n{need.description}"),
        names_itself=names_itself(need),
        facts=[*shown.facts, *_contact(need), audience_fact(need)],
        people=[_person(person) for person in people],
        history=_history(need),
        offers=offers_of(need, is_asked=Clock.HOLD_SILENT in due),
        is_public=need.status in {NeedStatus.OPEN, NeedStatus.FILLED},
    )


def _contact(need: Need) -> Facts:
    return [(gettext("Contact"), need.contact.name or need.contact.email)] if need.contact else []


def _row(need: OwnNeed) -> OwnRow:
    return OwnRow(
        url=url_for("my_needs.show", need_id=need.need_id),
        title=need.title or gettext("Need without a title"),
        association=need.association,
        state=status_label(language(), need.status),
        state_kind=KINDS[need.status],
        places=gettext("Places taken: %(taken)s of %(seats)s", taken=need.taken, seats=need.seats),
        waits=_waits(need),
    )


def _waits(need: OwnNeed) -> str | None:
    if need.held:
        return str(ngettext("%(num)s person waits for your answer", "%(num)s people wait for your answer", need.held))
    if need.status is NeedStatus.CHANGES_REQUESTED:
        return str(gettext("The coordinator asks for changes"))
    return None


def _person(person: NeedPerson) -> PersonRow:
    waits = None
    day = day_words(person.answer_by)
    if day:
        waits = gettext("Waits for your answer, by %(day)s at the latest", day=day)
    if person.waits_for_check:
        waits = gettext("Waits for your word on the check")
    return PersonRow(
        url=url_for("missions.show", pairing_id=person.pairing_id),
        name=person.name,
        headline=person.headline,
        state=status_label(language(), person.status),
        state_kind=PERSON_KINDS.get(person.status, "good"),
        waits=waits,
    )


def _history(need: Need) -> list[Happened]:
    return [
        Happened(
            event.at.isoformat(),
            _moment(event.at),
            event_in_words(language(), event),
            reason_in_words(language(), event),
        )
        for event in reversed(need.events)
    ]


def _moment(at: datetime) -> str:
    return moment_in_words(language(), at, ZONE, today())
