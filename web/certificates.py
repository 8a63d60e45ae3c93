"""The certificate of a completed mission, for its two sides. No reads, no writes."""

from dataclasses import dataclass

from matcher import wording
from matcher.actors import Actor
from matcher.errors import NotFound
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from matcher.pairing_words import Reader
from matcher.queries.known import reader_of
from matcher.queries.shown import shown_as
from web.need_cards import language
from web.runtime import LOCAL, now


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certificate says."""

    pairing_id: int
    volunteer: str
    association: str
    title: str
    lang: str
    period: str
    hours: str
    branch: str
    number: str
    issued_on: str


def certificate_of(actor: Actor, pairing: Pairing) -> Certificate:
    """Return the certificate; raises NotFound before the mission is completed and for whoever is no side of it."""
    if pairing.status is not PairingStatus.COMPLETED or not pairing.hours_done:
        raise NotFound
    if reader_of(actor, pairing) is Reader.COORDINATOR:
        raise NotFound
    need = pairing.need
    return Certificate(
        pairing_id=pairing.id,
        volunteer=pairing.volunteer.account.name,
        association=shown_as(language(), actor, need).name,
        title=need.title,
        lang=need.language,
        period=wording.period_in_words(language(), pairing.starts_on, pairing.ends_on),
        hours=wording.hours_in_words(language(), pairing.hours_done),
        branch=need.branch.name(language()),
        number=f"{pairing.since:%Y}-{pairing.id}",
        issued_on=wording.day_in_words(language(), now().astimezone(LOCAL).date()),
    )
