"""Skills found in what was typed: on a need and on a profile, ticked by hand, asked for once before a need is sent."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.actors import Person
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import OfferedSkill
from tests.factories import World
from tests.web.visiting import Answer, Typed, Visitor

WRITE = "/my/needs/write"
SKILLS = "/profile/skills"
ACCOUNTS = "binome:skill/accounting/annual-accounts"
MINUTES = "binome:skill/writing/minutes"
TEXT = "Il faut établir les comptes annuels, avec un compte de résultat, et écrire le compte rendu de réunion."


@pytest.fixture
def member(world: World) -> Person:
    """A member of an association."""
    return world.member(world.association())


@pytest.fixture
def visitor(app: Flask, member: Person) -> Visitor:
    """Her browser."""
    return Visitor(app, member.account)


@pytest.fixture
def volunteer(world: World) -> Volunteer:
    """Somebody whose words name what she can do."""
    return world.volunteer(
        skills=(), headline="Former bookkeeper", description="I take minutes at meetings.", language="en"
    )


def typed(member: Person, **changes: object) -> Typed:
    """Return what a member types who names no skill."""
    return {
        "title": "Clore l’exercice",
        "description": TEXT,
        "language": "fr",
        "mode": "remote",
        "times": "preferred",
        "seats": "1",
        "contact_id": str(member.account.id),
        "form_key": "the-key-of-one-form",
        **changes,
    }


def all_needs(world: World) -> list[Need]:
    """Return what stands in the database now."""
    world.session.rollback()
    return list(world.session.scalars(sa.select(Need)))


def offered(answer: Answer) -> list[str]:
    """Return the skills that a page offers to tick."""
    return [str(box["value"]) for box in answer.page.select("input[name=found]")]


def rows(answer: Answer) -> list[str]:
    """Return the skills that stand in the rows of a form."""
    return [str(each["value"]) for each in answer.page.select("[data-row] input[name$=-word]") if each.get("value")]


def because(answer: Answer, uri: str) -> str:
    """Return why a page offers a skill."""
    box = answer.page.select_one(f"input[name=found][value='{uri}']")
    assert box is not None
    assert box.parent is not None
    return " ".join(box.parent.get_text(" ").split())


def test_the_button_offers_skills_with_the_words_that_led_to_them_and_keeps_nothing(
    world: World, visitor: Visitor, member: Person
) -> None:
    answer = visitor.post(WRITE, typed(member, find_skills="1"))

    assert answer.status == 200
    assert {ACCOUNTS, MINUTES} <= set(offered(answer))
    assert because(answer, ACCOUNTS).startswith("Annual accounts because of: ")
    assert "comptes annuels" in because(answer, ACCOUNTS)
    assert (rows(answer), all_needs(world)) == ([], [])
    assert answer.page.select_one("#title[value='Clore l’exercice']") is not None


def test_words_lead_to_skills_in_the_language_of_the_reader(app: Flask, member: Person) -> None:
    answer = Visitor(app, member.account, "fr").post(WRITE, typed(member, find_skills="1"))

    assert because(answer, ACCOUNTS).startswith("Comptes annuels à cause de : ")


def test_ticked_skills_become_rows_and_are_not_offered_again(visitor: Visitor, member: Person) -> None:
    answer = visitor.post(WRITE, typed(member, add_found="1", found=[MINUTES], **{"skills-0-word": "Patience"}))

    assert rows(answer) == ["Patience", "Minute taking"]
    assert MINUTES not in offered(answer)
    assert ACCOUNTS in offered(answer)


def test_a_synonym_in_the_rows_is_not_offered_again(visitor: Visitor, member: Person) -> None:
    answer = visitor.post(WRITE, typed(member, find_skills="1", **{"skills-0-word": "note taking"}))

    assert MINUTES not in offered(answer)


def test_what_is_ticked_is_kept_when_the_need_is_saved(world: World, visitor: Visitor, member: Person) -> None:
    visitor.post(WRITE, typed(member, action="save", found=[MINUTES, "binome:skill/none/such", "", "<b>"]))

    (need,) = all_needs(world)
    assert [skill.uri for skill in need.skills] == [MINUTES]


def test_text_without_any_skill_says_what_to_do(visitor: Visitor, member: Person) -> None:
    for text in ("", "Bonjour à toutes.", "😀 مرحبا"):
        answer = visitor.post(WRITE, typed(member, title="", description=text, find_skills="1"))

        assert offered(answer) == []
        assert "Nothing recognised: describe what the person will do, or write the skill yourself." in answer.text


def test_too_many_ticked_skills_stop_at_what_a_need_may_hold(visitor: Visitor, member: Person) -> None:
    full = {f"skills-{place}-word": f"Skill {place}" for place in range(15)}

    answer = visitor.post(WRITE, typed(member, add_found="1", found=[MINUTES], **full))

    assert rows(answer) == list(full.values())


def test_a_need_without_skills_is_asked_about_once_before_it_is_sent(
    world: World, visitor: Visitor, member: Person
) -> None:
    asked = visitor.post(WRITE, typed(member, action="send"))
    (need,) = all_needs(world)
    assert (asked.status, asked.location) == (303, f"/my/needs/{need.id}/edit?look=skills")
    assert need.status is NeedStatus.DRAFT
    page = visitor.get(f"/my/needs/{need.id}/edit?look=skills")
    assert "no skill is named yet" in page.text
    assert ACCOUNTS in offered(page)

    visitor.post(f"/my/needs/{need.id}/edit", typed(member, action="send", skills_asked="1"))

    (need,) = all_needs(world)
    assert (need.status, list(need.skills)) == (NeedStatus.SUBMITTED, [])


@pytest.mark.parametrize("status", [NeedStatus.SUBMITTED, NeedStatus.OPEN])
def test_a_need_that_was_sent_already_is_not_asked_about(world: World, app: Flask, status: NeedStatus) -> None:
    need = world.need(status, description=TEXT, skills=())

    page = Visitor(app, world.member(need).account).get(f"/my/needs/{need.id}/edit?look=skills")

    assert "no skill is named yet" not in page.text
    assert page.page.select("button[name=action][value^=send]") == []


def test_send_without_skills_leaves_what_is_ticked_aside(world: World, visitor: Visitor, member: Person) -> None:
    visitor.post(WRITE, typed(member, action="send_without", skills_asked="1", found=[MINUTES]))

    (need,) = all_needs(world)
    assert (need.status, list(need.skills)) == (NeedStatus.SUBMITTED, [])


def test_send_with_what_is_ticked_sends_those_skills(world: World, visitor: Visitor, member: Person) -> None:
    visitor.post(WRITE, typed(member, action="send", skills_asked="1", found=[MINUTES]))

    (need,) = all_needs(world)
    assert (need.status, [skill.uri for skill in need.skills]) == (NeedStatus.SUBMITTED, [MINUTES])


def test_a_need_in_whose_text_nothing_is_found_is_not_asked_about(
    world: World, visitor: Visitor, member: Person
) -> None:
    visitor.post(WRITE, typed(member, action="send", title="Bonjour", description="Venez nous voir."))

    (need,) = all_needs(world)
    assert need.status is NeedStatus.SUBMITTED


def test_a_profile_offers_what_its_own_words_name(world: World, app: Flask, volunteer: Volunteer) -> None:
    reader = Visitor(app, volunteer.account)

    found = reader.post(SKILLS, {"find_skills": "1"})
    assert {MINUTES, "binome:skill/accounting/bookkeeping"} <= set(offered(found))
    added = reader.post(SKILLS, {"add_found": "1", "found": [MINUTES], "skills-0-word": "Patience"})
    assert rows(added) == ["Patience", "Minute taking"]
    world.session.rollback()
    world.session.refresh(volunteer)
    assert list(volunteer.skills) == []

    reader.post(SKILLS, {"skills-0-word": "Patience", "found": [MINUTES]})

    world.session.rollback()
    world.session.refresh(volunteer)
    assert {skill.uri for skill in volunteer.skills} == {None, MINUTES}


def test_a_profile_whose_rows_say_all_that_is_found_says_so(world: World, app: Flask) -> None:
    volunteer = world.volunteer(
        skills=(OfferedSkill("Minute taking", None, MINUTES),), headline="", description="Minute taking.", language="en"
    )

    answer = Visitor(app, volunteer.account).post(SKILLS, {"find_skills": "1", "skills-0-word": "Minute taking"})

    assert "Nothing more found in your text." in answer.text
