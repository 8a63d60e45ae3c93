"""A pairing as its own page shows it: state, who does what next, plan, history and buttons. No writes."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from matcher import wording
from matcher.actors import Actor
from matcher.labels import CHECK_WAIVERS, code_label
from matcher.models.pairing import Pairing, PairingEvent
from matcher.models.states import PairingStatus
from matcher.pairing_words import Reader, Told, event_in_words, label_in_words, next_in_words
from matcher.policies import Action, may
from matcher.queries import contacts
from matcher.queries.acts import Act, acts_of
from matcher.queries.answers import Choice, choice_of
from matcher.queries.contacts import Contact
from matcher.queries.known import due_of, known_events, reason_of, told
from matcher.queries.missions import other_side
from matcher.queries.needs import need_page
from matcher.queries.profiles import Profile, profile_of
from matcher.queries.shown import shown_as
from matcher.visibility import SEEN_BY_ASSOCIATION
from web.answer_pages import Exchange, exchange_of
from web.mission_acts import MISSION_ACTS
from web.need_cards import language
from web.need_pages import ShownNeed, day_words, shown_need
from web.runtime import now, today
from web.yes_pages import KINDS, profile_facts

FIRST = (Act.CONFIRM, Act.BEGIN, Act.CHECK, Act.FINISH, Act.AGREE)
KINDS_OF_BUTTONS = {"danger": "quiet", "primary": "secondary"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to the page of an act."""

    url: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    iso: str
    when: str
    words: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class MissionPage:
    """What the template of a mission prints; `answers` are the names of what a volunteer may say to an invitation."""

    pairing_id: int
    reader: str
    other_side: str
    state: str
    state_kind: str
    next: str
    need: ShownNeed
    need_url: str
    plan: list[tuple[str, str]]
    contacts: tuple[Contact, ...]
    may_open_contacts: bool
    profile: Profile | None
    facts: list[tuple[str, str]]
    choice: Choice | None
    exchange: Exchange | None
    has_changed: bool
    answers: frozenset[str]
    offers: list[Offer]
    history: list[Happened]
    certificate_url: str | None
    mailbox: str


def mission_page(session: Session, actor: Actor, pairing: Pairing) -> MissionPage:
    """Return the page of a pairing for one of its two sides or a coordinator."""
    words = told(actor, pairing, due_of(session, [pairing])[pairing.id], language=language(), today=today())
    acts = acts_of(actor, pairing, now())
    profile = profile_of(language(), pairing) if _shows_profile(words) else None
    is_party = words.reader is not Reader.COORDINATOR
    is_hers = words.reader is Reader.VOLUNTEER
    return MissionPage(
        pairing_id=pairing.id,
        reader=words.reader.value,
        other_side=other_side(language(), words.reader, pairing),
        state=label_in_words(words),
        state_kind=KINDS.get(words.status, "neutral"),
        next=next_in_words(words),
        need=shown_need(need_page(shown_as(language(), actor, pairing.need))),
        need_url=_need_url(words),
        plan=_plan(pairing),
        contacts=contacts.of_other_side(actor, pairing) if is_party and pairing.contacts_are_open else (),
        may_open_contacts=not is_party and pairing.contacts_are_open and may(actor, Action.SEE_CONTACTS, pairing),
        profile=profile,
        facts=profile_facts(profile),
        choice=choice_of(session, pairing, language=language()) if is_hers and Act.YES in acts else None,
        exchange=None if words.reader is Reader.ASSOCIATION else exchange_of(pairing),
        has_changed=Act.STILL_AGREE in acts,
        answers=frozenset(act.name for act in acts if act not in MISSION_ACTS),
        offers=_offers(pairing, acts),
        history=[_happened(actor, pairing, event) for event in reversed(known_events(words.reader, pairing))],
        certificate_url=_certificate_url(pairing, is_party=is_party),
        mailbox=pairing.need.branch.mailbox,
    )


def _shows_profile(words: Told) -> bool:
    if words.reader is Reader.VOLUNTEER:
        return False
    return words.reader is Reader.COORDINATOR or words.pairing.status in SEEN_BY_ASSOCIATION


def _need_url(words: Told) -> str:
    pages = {Reader.VOLUNTEER: "needs.show", Reader.ASSOCIATION: "my_needs.show", Reader.COORDINATOR: "reviews.show"}
    return url_for(pages[words.reader], need_id=words.pairing.need_id)


def _plan(pairing: Pairing) -> list[tuple[str, str]]:
    if pairing.starts_on is None:
        return _declared(pairing)
    hours = pairing.planned_hours
    facts = [
        (gettext("Dates"), wording.period_in_words(language(), pairing.starts_on, pairing.ends_on)),
        (gettext("Hours in all"), wording.hours_in_words(language(), hours) if hours else ""),
        (gettext("Hours done"), wording.hours_in_words(language(), pairing.hours_done) if pairing.hours_done else ""),
    ]
    return [*_declared(pairing), *((label, value) for label, value in facts if value)]


def _declared(pairing: Pairing) -> list[tuple[str, str]]:
    """Say what the association declared of its check."""
    if pairing.check_seen_on is not None:
        day = wording.day_in_words(language(), pairing.check_seen_on, today())
        return [(gettext("Check"), gettext("the association has seen it on %(day)s", day=day))]
    if pairing.check_waived is None:
        return []
    why = gettext(CHECK_WAIVERS[pairing.check_waived])
    return [(gettext("Check"), gettext("not required, the association says: %(why)s", why=why))]


def _offers(pairing: Pairing, acts: tuple[Act, ...]) -> list[Offer]:
    first = next((act for act in FIRST if act in acts), None)
    return [
        Offer(
            url_for("missions.ask", pairing_id=pairing.id, act=act.value),
            _link(pairing, act),
            "primary" if act is first else KINDS_OF_BUTTONS[MISSION_ACTS[act].kind],
        )
        for act in acts
        if act in MISSION_ACTS
    ]


def _link(pairing: Pairing, act: Act) -> str:
    """What leads to an act; a check that was declared may be declared anew until the work begins."""
    if act is Act.CHECK and not pairing.waits_for_check:
        return str(gettext("Correct what was declared"))
    return str(gettext(MISSION_ACTS[act].link))


def _happened(actor: Actor, pairing: Pairing, event: PairingEvent) -> Happened:
    reason = reason_of(actor, pairing, event)
    return Happened(
        iso=event.at.isoformat(),
        when=day_words(event.at) or "",
        words=event_in_words(language(), event.step),
        detail=gettext("Reason: %(reason)s.", reason=code_label(language(), reason)) if reason else None,
    )


def _certificate_url(pairing: Pairing, *, is_party: bool) -> str | None:
    if not is_party or pairing.status is not PairingStatus.COMPLETED or not pairing.hours_done:
        return None
    return url_for("missions.certificate", pairing_id=pairing.id)
