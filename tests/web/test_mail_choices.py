"""The page behind « Choose which e-mails I get »: shows, keeps by a press, says it back; and « still true? »."""

from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser

from matcher.models.link import LinkPurpose
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Commitment, MailPace, Volunteer
from matcher.services import answers
from matcher.services.answers import Refusal
from tests.factories import World
from tests.web.linking import dump, path_of, served
from tests.web.visiting import Visitor

LATER = date(2026, 10, 1)


@pytest.fixture
def her(world: World) -> Volunteer:
    """Somebody who has chosen nothing yet."""
    return world.volunteer(commitment=Commitment.WEEKLY)


@pytest.fixture
def path(app: Flask, world: World, her: Volunteer) -> str:
    """The address that stands in each of her mails."""
    return path_of(app, world, LinkPurpose.MAIL_CHOICES, her.account, None)


@pytest.fixture
def nobody(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


def fresh(world: World, volunteer: Volunteer) -> Volunteer:
    """Read her anew."""
    world.session.rollback()
    world.session.refresh(volunteer)
    world.session.refresh(volunteer.account)
    return volunteer


def chosen(visitor: Visitor, path: str) -> dict[str, object]:
    """What the page shows as chosen."""
    page = visitor.get(path).page
    ticked = {str(each["name"]): each["value"] for each in page.select("input[checked]")}
    weekday = page.select_one("select[name=weekday] option[selected]")
    assert weekday is not None
    return {**ticked, "weekday": weekday["value"]}


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ({"wish": "immediate", "most": "4"}, "Invitations reach you at once."),
        ({"wish": "daily", "most": "8"}, "Invitations reach you once a day, in the morning."),
        ({"wish": "weekly", "most": "2", "weekday": "3"}, "once a week, in the morning. The day: Thursday."),
        ({"wish": "paused", "most": "2", "paused_until": "2026-10-01"}, "You are on pause until Thursday 1 October."),
        ({"wish": "paused", "most": "2"}, "You are on pause until you say otherwise."),
        ({"wish": "stopped", "most": "unlimited"}, "We do not invite you, and we send no reminders."),
    ],
)
def test_each_choice_is_kept_by_a_press_and_shown_back(
    nobody: Visitor, path: str, typed: dict[str, object], stands: str
) -> None:
    assert chosen(nobody, path) == {"wish": "immediate", "most": "2", "weekday": "1"}

    answer = nobody.post(path, {"weekday": "1", **typed})

    assert (answer.status, answer.location) == (303, path)
    shown = nobody.get(path).text
    assert stands in shown
    assert "What you chose holds from now on." in shown
    said = {key: value for key, value in typed.items() if key != "paused_until"}
    assert chosen(nobody, path) == {"weekday": "1", **said}


def test_a_second_press_is_told_kindly_and_changes_nothing(world: World, nobody: Visitor, path: str) -> None:
    typed = {"wish": "daily", "most": "4", "weekday": "1"}
    nobody.post(path, typed)
    before = dump(world)

    nobody.post(path, typed)

    assert dump(world) == before
    assert "nothing has changed" in nobody.get(path).text


def test_stop_is_the_same_as_the_one_click_of_a_mail_program_and_choosing_again_takes_it_back(
    world: World, app: Flask, nobody: Visitor, her: Volunteer, path: str
) -> None:
    one_click = path_of(app, world, LinkPurpose.UNSUBSCRIBE, her.account, None)
    app.test_client().post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert chosen(nobody, path)["wish"] == "stopped"

    nobody.post(path, {"wish": "weekly", "most": "2", "weekday": "1"})
    assert fresh(world, her).account.mail_stopped_at is None
    nobody.post(path, {"wish": "stopped", "most": "2", "weekday": "1"})

    assert fresh(world, her).account.mail_stopped_at == world.now
    assert her.invitations_allowed_at is None
    assert "It is done" in nobody.get(one_click).text


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"wish": "hourly", "most": "2"}, "wish"),
        ({"wish": "daily", "most": "3"}, "most"),
        ({"wish": "weekly", "most": "2", "weekday": "6"}, "weekday"),
        ({"wish": "paused", "most": "2", "paused_until": "2026-09-07"}, "paused_until"),
        ({"wish": "paused", "most": "2", "paused_until": "soon"}, "paused_until"),
        ({}, "wish"),
    ],
)
def test_what_is_not_offered_is_refused_beside_its_field(
    world: World, nobody: Visitor, path: str, typed: dict[str, object], wrong: str
) -> None:
    before = dump(world)

    answer = nobody.post(path, {"weekday": "1", **typed})

    assert answer.status == 422
    assert wrong in answer.errors()
    assert dump(world) == before


def test_opening_the_page_changes_nothing_and_keeps_the_address_to_itself(
    app: Flask, world: World, nobody: Visitor, path: str
) -> None:
    before = dump(world)

    for method in ("get", "head"):
        answer = getattr(app.test_client(), method)(path)
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "no-referrer")

    assert dump(world) == before
    assert app.test_client().post(path, data={"wish": "stopped", "most": "2"}).status_code == 400, "no token, no press"


def test_a_scanner_that_runs_scripts_and_presses_nothing_changes_nothing(
    app: Flask, world: World, path: str, browser: Browser
) -> None:
    before = dump(world)

    with served(app) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address + path)
        page.wait_for_load_state("load")
        context.close()

    assert dump(world) == before


def test_links_of_others_and_forged_ones_open_nothing(app: Flask, world: World, nobody: Visitor, path: str) -> None:
    other = world.volunteer()
    for purpose in (LinkPurpose.UNSUBSCRIBE, LinkPurpose.STILL_TRUE):
        token = path_of(app, world, purpose, other.account, None).rsplit("/", 1)[1]
        assert nobody.get(f"/mail/{token}").status == 404
    assert nobody.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status == 404


def test_the_page_counts_what_left_and_says_when_the_next_may_come(world: World, nobody: Visitor, path: str) -> None:
    her = world.session.query(Volunteer).one()
    for _ in range(2):
        world.pairing(PairingStatus.INVITED, volunteer=her)

    shown = nobody.get(path).text

    assert "In the last 30 days 2 e-mails with invitations left for you. Your limit is 2." in shown
    assert "The next one is possible from Wednesday 7 October" in shown


def test_the_quiet_days_after_a_no_are_told_and_end_by_a_press(
    world: World, nobody: Visitor, her: Volunteer, path: str
) -> None:
    pairing = world.pairing(PairingStatus.INVITED, volunteer=her)
    world.act(answers.decline, world.volunteer_of(her), pairing_id=pairing.id, refusal=Refusal())
    assert "You said no lately: we leave you in peace until Monday 21 September" in nobody.get(path).text

    for _ in range(2):
        nobody.post(f"{path}/ask-again", page=path)

    assert "you may be invited again" in nobody.get(path).text
    assert fresh(world, her).rests_until is None


def test_the_same_choice_stands_in_the_profile(app: Flask, world: World, her: Volunteer, path: str) -> None:
    signed_in = Visitor(app, her.account)

    signed_in.post("/profile/mail", {"wish": "daily", "most": "8", "weekday": "1"})

    assert chosen(signed_in, "/profile/mail") == chosen(Visitor(app), path)
    assert "Invitations reach you once a day, in the morning." in signed_in.get("/profile").text
    assert (fresh(world, her).mail_pace, her.most_invitations) == (MailPace.DAILY, 8)
    assert signed_in.get("/profile/mail").text.count("What comes in any case") == 1


def test_still_true_is_asked_and_confirmed_by_one_button(
    app: Flask, world: World, nobody: Visitor, her: Volunteer
) -> None:
    old = world.now.date() - timedelta(days=120)
    her.confirmed_on = old
    world.session.commit()
    path = path_of(app, world, LinkPurpose.STILL_TRUE, her.account, None)
    before = dump(world)
    assert "Yes, still true" in nobody.get(path).text
    assert dump(world) == before

    for _ in range(2):
        assert nobody.post(path, page="/sign-in").status == 303
    shown = nobody.get(path).text

    assert fresh(world, her).confirmed_on == world.now.date()
    assert "Thank you: confirmed on Monday 7 September" in shown
    assert "Yes, still true" not in shown
    assert "/profile/time" in nobody.get(path).html
