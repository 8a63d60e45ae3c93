"""Forms with repeated rows take as many as a page may send, and answer more than that like any other mistake."""

import pytest
from flask import Flask

from matcher.services.needs import LOCATIONS_MAX, SKILLS_MAX
from matcher.services.profile_content import MOST_SKILLS
from tests.factories import World
from tests.web.visiting import Visitor

WRITE = "/my/needs/write"
PRESSED = [{"add_row": "skills"}, {"find_skills": "1"}, {"add_found": "1"}, {"action": "save"}]


@pytest.mark.parametrize("pressed", PRESSED, ids=lambda button: next(iter(button)))
@pytest.mark.parametrize("rows", [2 * SKILLS_MAX - 1, 2 * SKILLS_MAX, 3 * SKILLS_MAX])
def test_a_need_with_far_too_many_skills_is_answered(
    world: World, app: Flask, pressed: dict[str, str], rows: int
) -> None:
    visitor = Visitor(app, world.member(world.association()).account)
    skills = {f"skills-{place}-word": f"Skill {place}" for place in range(rows)}

    answer = visitor.post(WRITE, {**skills, **pressed})

    assert answer.status == (422 if "action" in pressed else 200)
    assert answer.page.select_one("[name=skills-0-word][value='Skill 0']") is not None


def test_a_need_with_far_too_many_places_is_answered(world: World, app: Flask) -> None:
    visitor = Visitor(app, world.member(world.association()).account)
    places = {f"communes-{place}": "Lyon" for place in range(2 * LOCATIONS_MAX)}

    assert visitor.post(WRITE, {**places, "add_row": "communes"}).status == 200


def test_a_profile_with_far_too_many_skills_is_answered(world: World, app: Flask) -> None:
    visitor = Visitor(app, world.volunteer().account)
    skills = {f"skills-{place}-word": f"Skill {place}" for place in range(2 * MOST_SKILLS)}

    assert visitor.post("/profile/skills", {**skills, "add_row": "skills"}).status == 200
