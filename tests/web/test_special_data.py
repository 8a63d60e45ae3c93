"""The warning before a text that seems to hold special data is kept: told once, in words, and never a refusal."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.models.note import Note
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.volunteer import Volunteer
from tests.factories import World
from tests.web.visiting import Answer, Visitor

HELD = "Je suis diabétique et je cours."


def meant(answer: Answer) -> list[str]:
    """What the page sends back when its button is pressed again."""
    return [str(each["value"]) for each in answer.page.select("input[name=meant]")]


def reread(world: World, volunteer: Volunteer) -> Volunteer:
    world.session.rollback()
    world.session.refresh(volunteer)
    return volunteer


def test_a_profile_is_warned_of_once_and_then_kept_as_it_is(world: World, app: Flask) -> None:
    volunteer = world.volunteer(description="Avant")
    visitor = Visitor(app, volunteer.account)
    typed = {"headline": "Comptable", "description": HELD, "experiences-0": "Trois ans de paie"}

    warned = visitor.post("/profile/text", typed)

    assert warned.status == 422
    assert list(warned.errors()) == ["description"]
    assert "health: “Je suis diabétique”" in warned.errors()["description"]
    assert HELD in warned.html
    assert reread(world, volunteer).description == "Avant"

    again = visitor.post("/profile/text", {**typed, "meant": meant(warned)})

    assert again.status == 303
    assert reread(world, volunteer).description == HELD


def test_another_text_is_warned_of_anew_and_another_mistake_does_not_warn_twice(world: World, app: Flask) -> None:
    volunteer = world.volunteer()
    visitor = Visitor(app, volunteer.account)
    signs = meant(visitor.post("/profile/text", {"headline": "", "description": HELD}))

    other = visitor.post("/profile/text", {"headline": "", "description": f"{HELD} Et gay.", "meant": signs})
    too_long = visitor.post("/profile/text", {"headline": "x" * 999, "description": HELD, "meant": signs})

    assert list(other.errors()) == ["description"]
    assert list(too_long.errors()) == ["headline"]
    assert meant(too_long) == signs


@pytest.mark.parametrize(
    ("language", "told"),
    [("fr", "santé\u00a0: «\u00a0Elle est enceinte\u00a0»"), ("en", "health: “Elle est enceinte”")],
)
def test_a_note_about_her_is_warned_of(world: World, app: Flask, language: str, told: str) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    page = f"/reviews/{pairing.need_id}/people/{pairing.volunteer_id}/notes"
    desk = Visitor(app, world.coordinator().account, language=language)

    warned = desk.post(page, {"text": "Elle est enceinte."})
    assert told in warned.errors()["text"]
    assert world.session.scalar(sa.select(sa.func.count(Note.id))) == 0

    assert desk.post(page, {"text": "Elle est enceinte.", "meant": meant(warned)}).status == 303


def test_a_motivation_and_a_need_are_warned_of(world: World, app: Flask) -> None:
    need, volunteer = world.need(NeedStatus.OPEN), world.volunteer()
    applying = Visitor(app, volunteer.account)
    warned = applying.post(f"/needs/{need.id}/apply", {"motivation": HELD})
    assert list(warned.errors()) == ["motivation"]
    assert world.session.scalar(sa.select(sa.func.count(Pairing.id))) == 0
    assert applying.post(f"/needs/{need.id}/apply", {"motivation": HELD, "meant": meant(warned)}).status == 303

    member = Visitor(app, world.member(need).account)
    address = f"/my/needs/{world.need(NeedStatus.DRAFT, association=need.association).id}/edit"
    page = member.post(address, {"description": "Notre comptable est en arrêt maladie."})
    assert "description" in page.errors()


@pytest.mark.parametrize(
    ("door", "typed", "field"),
    [
        ("changes", {}, "points"),
        ("refuse", {"elsewhere": "À la mairie."}, "reason"),
        ("refuse", {"reason": "Trop loin."}, "elsewhere"),
    ],
)
def test_what_a_coordinator_writes_to_an_association_is_warned_of(
    world: World, app: Flask, door: str, typed: dict[str, str], field: str
) -> None:
    need = world.need(NeedStatus.SUBMITTED)
    desk = Visitor(app, world.coordinator().account)
    address, said = f"/reviews/{need.id}/{door}", {**typed, field: "Elle est enceinte."}

    warned = desk.post(address, said)

    assert list(warned.errors()) == [field]
    assert desk.post(address, {**said, "meant": meant(warned)}).status == 303


def test_what_an_association_says_of_itself_is_warned_of(world: World, app: Flask) -> None:
    association = world.association()
    member = Visitor(app, association.members[0])
    typed = {"name": association.name, "description": "Notre comptable est en arrêt maladie."}

    warned = member.post(f"/associations/{association.id}/edit", typed)

    assert list(warned.errors()) == ["description"]
    assert member.post(f"/associations/{association.id}/edit", {**typed, "meant": meant(warned)}).status == 303
