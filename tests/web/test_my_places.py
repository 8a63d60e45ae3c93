"""Asking what would change one's place: who sees the button, the waiting, each answer in words, when it is too old."""

from datetime import timedelta

import pytest
from flask import Flask

from matcher.database import Json, transaction
from matcher.models.counterfactual import Counterfactual
from matcher.models.need import Need
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.ranking.changes import ChangeCode
from matcher.services import counterfactuals, volunteers
from matcher.services.profile_content import ProfileText
from tests import ways
from tests.factories import World
from tests.web.visiting import Visitor
from web.change_words import CHANGES
from web.place_pages import OUTCOMES

BUTTON = "What would bring me among the first?"
SKILL: dict[str, Json] = {"code": "add_skill", "label": "Comptabilité associative",
                          "uri": "binome:skill/accounting/association-accounting"}  # fmt: skip
EVERY: list[tuple[dict[str, Json], str, str]] = [
    ({"code": "state_hours", "hours": 2.5, "per": "week"}, "at least this: 2.5 hours a week", "time"),
    ({"code": "more_hours", "hours": 8.0, "per": "once"}, "if you can: 8 hours in all", "time"),
    ({"code": "state_week", "slots": ["mon 18:00-20:00"]}, "at these times: Monday 18:00 to 20:00", "time"),
    ({"code": "more_times", "slots": ["fri 21:00-00:00"]}, "if you are free then: Friday 21:00 to 00:00", "time"),
    (SKILL, "Add the skill “Non-profit accounting”, if you have it.", "skills"),
    ({**SKILL, "code": "state_level", "level": 3.0}, "Say your level for “Non-profit accounting”", "skills"),
    ({"code": "state_language", "language": "en"}, "if you speak it: English", "skills"),
    ({"code": "accept_remote"}, "you also work remotely", "places"),
    ({"code": "accept_on_site"}, "you also work on site", "places"),
    ({"code": "widen_radius", "km": 13.0}, "Go as far as 13 km", "places"),
    ({"code": "extend_dates", "ends_on": "2026-12-01"}, "available until 1 December 2026", "time"),
]


@pytest.fixture
def need(world: World) -> Need:
    """An open need."""
    return world.need()


@pytest.fixture
def volunteer(world: World) -> Volunteer:
    """A volunteer who may propose her help for it."""
    return world.volunteer()


def answered(world: World, need: Need, volunteer: Volunteer, **result: Json) -> None:
    """Keep an answer as a worker would."""
    with transaction(world.session):
        world.session.add(
            Counterfactual(
                need_id=need.id,
                volunteer_id=volunteer.id,
                asked_at=world.now,
                ready_at=world.now,
                result=result,
                version="test",
            )
        )


def page_of(app: Flask, need: Need, volunteer: Volunteer, language: str = "en") -> str:
    """The words of the need's page as she reads them."""
    return Visitor(app, volunteer.account, language).get(f"/needs/{need.id}").text


def test_pressing_the_button_keeps_the_question_and_says_that_it_is_being_calculated(
    world: World, app: Flask, need: Need, volunteer: Volunteer
) -> None:
    visitor = Visitor(app, volunteer.account)
    assert BUTTON in visitor.get(f"/needs/{need.id}").text

    answer = visitor.post(f"/needs/{need.id}/my-place", page=f"/needs/{need.id}")

    assert (answer.status, answer.location) == (303, f"/needs/{need.id}#my-place")
    after = visitor.get(f"/needs/{need.id}")
    part = after.page.select_one("#my-place")
    assert part is not None
    assert (part["aria-live"], part["data-poll"]) == ("polite", f"/needs/{need.id}#my-place")
    assert "We are calculating." in after.text
    assert "See whether it is ready" in after.text
    assert BUTTON not in after.text
    world.session.rollback()
    assert len(world.messages("explain_place")) == 1


def test_only_volunteers_who_may_propose_their_help_see_the_button(world: World, app: Flask, need: Need) -> None:
    applied = world.pairing(PairingStatus.APPLIED, need=need).volunteer
    unconfirmed = world.volunteer(account=world.account(is_confirmed=False))
    accounts = [None, world.person().account, world.member(need).account, applied.account, unconfirmed.account]

    assert [BUTTON in Visitor(app, account).get(f"/needs/{need.id}").text for account in accounts] == [False] * 5


def test_a_need_that_is_not_open_offers_no_button(world: World, app: Flask, volunteer: Volunteer) -> None:
    assert BUTTON not in page_of(app, world.need(NeedStatus.FILLED), volunteer)


def test_somebody_set_aside_without_knowing_sees_the_button_like_everybody(
    world: World, app: Flask, need: Need, volunteer: Volunteer
) -> None:
    ways.set_aside(world, need, volunteer)

    assert BUTTON in page_of(app, need, volunteer)


@pytest.mark.parametrize(("change", "words", "section"), EVERY, ids=lambda value: str(value)[:24])
def test_each_change_is_said_in_words_and_leads_to_its_part_of_the_profile(
    world: World, app: Flask, need: Need, volunteer: Volunteer, change: dict[str, Json], words: str, section: str
) -> None:
    answered(world, need, volunteer, outcome="changes", changes=[change], place=9, of=40, left_out_by=[])

    answer = Visitor(app, volunteer.account).get(f"/needs/{need.id}")

    assert "This change would bring your profile among the first five" in answer.text
    assert words in answer.text
    assert "Today the calculation puts your profile at place 9 of 40" in answer.text
    assert "A coordinator decides, not this calculation." in answer.text
    assert answer.page.select(f"#my-place li a[href='/profile/{section}']")


def test_no_change_and_no_outcome_is_without_words() -> None:
    assert set(CHANGES) == {code.value for code in ChangeCode} == {str(change["code"]) for change, *_ in EVERY}
    assert {"already", "changes", "nothing"} < set(OUTCOMES)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"outcome": "already", "place": 2, "of": 40, "left_out_by": []}, "comes among the first five"),
        ({"outcome": "nothing", "place": 30, "of": 40, "left_out_by": []}, "We found no change"),
        ({"outcome": "nothing", "place": 30, "of": 40, "left_out_by": ["distance"]}, "farther away than you are ready"),
        ({"outcome": "paused"}, "You are on pause"),
        ({"outcome": "not_invited"}, "You have asked not to be invited"),
        ({"outcome": "busy"}, "as many missions as you want"),
        ({"outcome": "own_association"}, "a need of your own association"),
        ({"outcome": "not_open"}, "takes no proposals at the moment"),
        ({"outcome": "unconfirmed"}, "confirm your e-mail address first"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_outcome_is_said_in_words(
    world: World, app: Flask, need: Need, volunteer: Volunteer, result: dict[str, Json], words: str, language: str
) -> None:
    answered(world, need, volunteer, **result)

    text = page_of(app, need, volunteer, language)

    assert (words in text) is (language == "en")
    assert ("Calculated on Monday 7 September at 10:00." in text) is (language == "en")
    assert "%(" not in text


def test_an_answer_is_out_of_date_when_her_profile_has_changed(
    world: World, app: Flask, need: Need, volunteer: Volunteer
) -> None:
    answered(world, need, volunteer, outcome="already", place=1, of=2, left_out_by=[])
    assert BUTTON not in page_of(app, need, volunteer)
    world.now += timedelta(hours=1)
    text = ProfileText("Trésorière")
    world.act(volunteers.save_text, world.volunteer_of(volunteer), volunteer_id=volunteer.id, text=text)

    after = page_of(app, need, volunteer)

    assert "Calculated on Monday 7 September at 10:00; your profile has changed since." in after
    assert BUTTON in after


def test_an_answer_is_out_of_date_when_the_list_was_made_anew(
    world: World, app: Flask, need: Need, volunteer: Volunteer
) -> None:
    answered(world, need, volunteer, outcome="already", place=1, of=2, left_out_by=[])
    world.now += timedelta(hours=1)
    world.suggest(need, [volunteer])

    after = page_of(app, need, volunteer)

    assert "the list has been made anew since." in after
    assert BUTTON in after


def test_a_question_that_nobody_answered_for_ten_minutes_can_be_asked_again(
    world: World, app: Flask, need: Need, volunteer: Volunteer
) -> None:
    world.act(counterfactuals.ask, world.volunteer_of(volunteer), need_id=need.id)
    assert BUTTON not in page_of(app, need, volunteer)
    world.now += timedelta(minutes=11)

    assert BUTTON in page_of(app, need, volunteer)


def test_the_twenty_first_question_of_a_day_is_refused_kindly(
    world: World, app: Flask, need: Need, volunteer: Volunteer
) -> None:
    visitor = Visitor(app, volunteer.account)
    for _ in range(20):
        assert visitor.post(f"/needs/{need.id}/my-place", page="/profile").location == f"/needs/{need.id}#my-place"

    refused = visitor.post(f"/needs/{need.id}/my-place", page="/profile")

    assert (refused.status, refused.location) == (303, "/needs")
    assert "You have asked twenty times today." in visitor.get("/needs").html


def test_the_panel_costs_one_statement(world: World, app: Flask, need: Need, volunteer: Volunteer) -> None:
    visitor = Visitor(app, volunteer.account)
    without = visitor.count(f"/needs/{need.id}")
    answered(world, need, volunteer, outcome="changes", changes=[SKILL], place=9, of=40, left_out_by=[])

    assert visitor.count(f"/needs/{need.id}") == without
    assert len([each for each in visitor.statements if "counterfactuals" in each]) == 1


def test_her_page_holds_nobody_elses_score_or_name(world: World, app: Flask, need: Need, volunteer: Volunteer) -> None:
    others = [world.volunteer() for _ in range(3)]
    world.suggest(need, others)
    answered(world, need, volunteer, outcome="changes", changes=[SKILL], place=4, of=4, left_out_by=[])

    html = Visitor(app, volunteer.account).get(f"/needs/{need.id}").html

    for other in others:
        assert other.account.name not in html
