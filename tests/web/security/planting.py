"""One world in which everything that people write is written, and the pages on which it stands. Expects nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.association import Association
from matcher.models.branch import Branch
from matcher.models.need import Need, NeedSkill
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.volunteer import Experience, Volunteer, VolunteerSkill
from matcher.ranking.types import Importance, NeededSkill, OfferedSkill
from matcher.services import answers
from tests import ways
from tests.factories import World

# Each text that somebody writes and somebody else reads, by the column that keeps it.
TEXTS: Mapping[str, InstrumentedAttribute[str] | InstrumentedAttribute[str | None]] = {
    "need title": Need.title,
    "need text": Need.description,
    "need skill": NeedSkill.label,
    "points to correct": Need.review_points,
    "association name": Association.name,
    "association text": Association.description,
    "person name": Account.name,
    "headline": Volunteer.headline,
    "profile text": Volunteer.description,
    "experience": Experience.text,
    "offered skill": VolunteerSkill.label,
    "motivation": Pairing.motivation,
    "question": Pairing.question,
    "answer": Pairing.answer,
    "branch name": Branch.name_fr,
}


@dataclass(frozen=True)
class Planted:
    """Who there is, and the pages that each of them may see on which something written stands."""

    people: Mapping[str, Account | None]
    pages: Mapping[str, tuple[str, ...]]


def plant(world: World) -> Planted:
    """Make a world in which each text has a place."""
    offers = (OfferedSkill("Comptabilité", 3),)
    applied, asked, agreed = (world.volunteer(skills=offers, country="FR") for _ in range(3))
    with transaction(world.session) as session:
        session.add_all(
            Experience(volunteer_id=each.id, position=0, text="Trésorier") for each in (applied, asked, agreed)
        )
    need = world.need(seats=2, skills=(NeededSkill("Comptabilité", Importance.REQUIRED),))
    returned = world.need(NeedStatus.CHANGES_REQUESTED, association=need.association)
    corrected = world.need(NeedStatus.SUBMITTED, association=need.association)
    application = world.pairing(PairingStatus.APPLIED, need=need, volunteer=applied)
    invited = world.pairing(PairingStatus.INVITED, need=need, volunteer=asked)
    world.act(answers.ask, world.volunteer_of(invited), pairing_id=invited.id, question="Le soir ?")
    mission = world.pairing(PairingStatus.CONFIRMED, volunteer=agreed)
    fresh = world.volunteer(skills=offers)
    world.suggest(need, [fresh])
    waiting = ways.approve(world, need, fresh)
    with transaction(world.session) as session:
        session.execute(sa.update(Pairing).values(motivation="Volontiers", answer="Oui"))
    public = ("/", "/needs", f"/needs/{need.id}", "/associations", f"/associations/{need.association_id}")
    people = {
        "anonymous": None,
        "volunteer": asked.account,
        "volunteer on a mission": agreed.account,
        "member": world.member(need).account,
        "member on a mission": world.member(mission).account,
        "coordinator": world.coordinator().account,
        "other coordinator": world.coordinator(world.branch()).account,
        "administrator": world.administrator().account,
    }
    desk = (f"/reviews/{need.id}", f"/reviews/{need.id}/line", f"/reviews/{need.id}/people", f"/reviews/{corrected.id}")
    mine = ("/profile", "/profile/text", "/profile/skills", "/missions", "/account")
    pages = {
        "anonymous": public,
        "volunteer": (*public, *mine, f"/missions/{invited.id}"),
        "volunteer on a mission": (*mine, f"/missions/{mission.id}", f"/needs/{mission.need_id}"),
        "member": (
            *public,
            "/my/needs",
            f"/my/needs/{need.id}",
            f"/my/needs/{need.id}/edit",
            f"/my/needs/{returned.id}",
            "/missions",
        ),
        "member on a mission": ("/missions", f"/missions/{mission.id}", f"/my/needs/{mission.need_id}"),
        "coordinator": (
            *public,
            "/reviews",
            *desk,
            f"/reviews/{need.id}/people/{fresh.id}/preview",
            f"/reviews/{need.id}/people/{fresh.id}/set-aside",
            f"/line/{invited.id}/reply",
            f"/missions/{application.id}",
            f"/missions/{waiting.id}",
            "/board",
        ),
        "other coordinator": (*public, "/reviews", "/board"),
        "administrator": (*public, *desk, f"/missions/{mission.id}", "/board", "/account"),
    }
    world.session.rollback()
    return Planted(people, pages)


def write(world: World, texts: Mapping[str, str]) -> None:
    """Put a text into each of its places, as if no service had looked at it."""
    with transaction(world.session) as session:
        for name, text in texts.items():
            session.execute(sa.update(TEXTS[name].class_).values({TEXTS[name].key: text}))
    world.session.rollback()
