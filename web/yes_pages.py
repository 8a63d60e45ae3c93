"""Somebody's yes as the association reads it: the need, the profile without a name, what happens next. No contacts."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.pairing_words import label_in_words, next_in_words
from matcher.published import published
from matcher.queries.known import due_of, told
from matcher.queries.profiles import Profile, profile_of
from matcher.queries.shown import shown_as
from matcher.visibility import SEEN_BY_ASSOCIATION
from web.need_cards import language
from web.runtime import today

KINDS: dict[PairingStatus, str] = {
    PairingStatus.APPLIED: "primary",
    PairingStatus.APPROVED: "primary",
    PairingStatus.INVITED: "warn",
    PairingStatus.RESERVE: "primary",
    PairingStatus.ACCEPTED: "good",
    PairingStatus.CONFIRMED: "good",
    PairingStatus.ACTIVE: "good",
    PairingStatus.COMPLETED: "good",
    PairingStatus.REFUSED: "accent",
    PairingStatus.ABANDONED: "accent",
}


@dataclass(frozen=True, slots=True)
class YesPage:
    """What the templates of a yes print; the profile is None once this person is nobody the association knows of."""

    title: str
    lang: str
    association: str
    state: str
    state_kind: str
    next: str
    profile: Profile | None
    facts: list[tuple[str, str]]
    waits: bool
    is_met: bool
    mission_url: str


def yes_page(session: Session, actor: Actor, pairing: Pairing) -> YesPage:
    """Return the page of a pairing for the association."""
    profile = profile_of(language(), pairing) if pairing.status in SEEN_BY_ASSOCIATION else None
    words = told(actor, pairing, due_of(session, [pairing])[pairing.id], language=language(), today=today())
    return YesPage(
        title=published(language(), pairing.need.title),
        lang=pairing.need.language,
        association=shown_as(language(), actor, pairing.need).name,
        state=label_in_words(words),
        state_kind=KINDS.get(words.status, "neutral"),
        next=next_in_words(words),
        profile=profile,
        facts=profile_facts(profile),
        waits=pairing.status is PairingStatus.ACCEPTED,
        is_met=pairing.contacts_are_open,
        mission_url=url_for("missions.show", pairing_id=pairing.id),
    )


def profile_facts(profile: Profile | None) -> list[tuple[str, str]]:
    """Return the facts of a profile that were said; none for nobody."""
    if profile is None:
        return []
    facts = [
        (gettext("Time"), profile.hours or gettext("to be agreed together")),
        (gettext("Distance"), profile.distance),
        (gettext("Languages"), profile.languages),
    ]
    return [(label, value) for label, value in facts if value]
