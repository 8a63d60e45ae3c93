"""A volunteer's own profile: each section typed and kept, what is wrong beside its field, the guided path, leaving."""

from datetime import time

import pytest
from flask import Flask

from matcher.models.account import Account
from matcher.models.volunteer import Commitment, MailPace, Volunteer
from matcher.ranking.types import OfferedSkill, Per, WeeklySlot
from tests.factories import World
from tests.web.visiting import Answer, Typed, Visitor
from web.pictures import PART_HOURS, Part

SECTIONS = ("text", "skills", "places", "time", "mail")
TYPED: dict[str, Typed] = {
    "text": {"headline": "Juriste", "description": "J’explique.", "experiences-0": "Dix ans", "language": "fr"},
    "skills": {"skills-0-word": "Comptabilité associative", "skills-0-level": "4", "languages": ["fr", "en"]},
    "places": {"lives": "here", "modes": ["remote", "on_site"], "commune": "Lyon", "radius_km": "12,5"},
    "time": {"commitment": "weekly", "hours": "2,5", "missions_at_once": "2", "usual": ["evenings"]},
    "mail": {"wish": "daily", "most": "4", "weekday": "1"},
}


@pytest.fixture
def volunteer(world: World) -> Volunteer:
    """Somebody whose profile says something already."""
    return world.volunteer(skills=(OfferedSkill("Jonglage", 2),))


@pytest.fixture
def visitor(app: Flask, volunteer: Volunteer) -> Visitor:
    """Her browser."""
    return Visitor(app, volunteer.account)


def fresh(world: World, volunteer: Volunteer) -> Volunteer:
    """Read her anew."""
    world.session.rollback()
    world.session.refresh(volunteer)
    world.session.refresh(volunteer.account)
    return volunteer


def refused(visitor: Visitor, section: str, **typed: object) -> Answer:
    """Send a section that is not right; the page comes back, and says so above too."""
    answer = visitor.post(f"/profile/{section}", {**TYPED[section], **typed})
    assert answer.status == 422
    assert answer.page.select_one(".error-summary") is not None
    return answer


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_section_opens_and_is_kept(app: Flask, volunteer: Volunteer, section: str, language: str) -> None:
    visitor = Visitor(app, volunteer.account, language)

    answer = visitor.post(f"/profile/{section}", TYPED[section])

    assert (answer.status, answer.location) == (303, "/profile")
    assert "message-good" in visitor.get("/profile").html


def test_what_was_typed_is_what_is_kept(world: World, volunteer: Volunteer, visitor: Visitor) -> None:
    for section in SECTIONS:
        visitor.post(f"/profile/{section}", TYPED[section])

    kept = fresh(world, volunteer)
    assert (kept.headline, [each.text for each in kept.experiences]) == ("Juriste", ["Dix ans"])
    assert [(skill.level, skill.uri is None) for skill in kept.skills] == [(4, False)]
    assert ([place.commune for place in kept.locations], kept.radius_km) == (["69123"], 12.5)
    assert (kept.commitment, kept.hours, kept.hours_per) == (Commitment.WEEKLY, 2.5, Per.WEEK)
    assert kept.weekly == tuple(WeeklySlot(day, *PART_HOURS[Part.EVENING]) for day in range(5))
    assert (kept.mail_pace, kept.most_invitations) == (MailPace.DAILY, 4)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_form_that_nobody_touched_changes_nothing(
    world: World, volunteer: Volunteer, visitor: Visitor, section: str
) -> None:
    for each in SECTIONS:
        visitor.post(f"/profile/{each}", TYPED[each])
    before = facts(fresh(world, volunteer))

    assert visitor.post(f"/profile/{section}", sent_by_browser(visitor.get(f"/profile/{section}"))).status == 303

    assert facts(fresh(world, volunteer)) == before


def facts(volunteer: Volunteer) -> tuple[object, ...]:
    """All that a profile says."""
    return (
        volunteer.headline, volunteer.description, volunteer.language, volunteer.languages, volunteer.remote,
        volunteer.on_site, volunteer.radius_km, volunteer.country, volunteer.timezone, volunteer.commitment,
        volunteer.hours, volunteer.hours_per, volunteer.weekly, volunteer.unavailable, volunteer.missions_at_once,
        [(skill.label, skill.uri, skill.level) for skill in volunteer.skills],
        [place.commune for place in volunteer.locations], [each.text for each in volunteer.experiences],
        volunteer.invitations_allowed_at,
    )  # fmt: skip


def sent_by_browser(answer: Answer) -> Typed:
    """What a browser sends of the page's form."""
    form = answer.page.select_one("main form[data-leave]")
    assert form is not None
    sent: Typed = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        is_box = field.get("type") in {"radio", "checkbox"}
        if field.find_parent("template") or (is_box and not field.has_attr("checked")):
            continue
        value = field.get("value", "")
        if field.name == "textarea":
            value = field.get_text().removeprefix("\n")
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen["value"] if chosen else ""
        name = str(field["name"])
        sent[name] = [*sent[name], value] if isinstance(sent.get(name), list) else [value]
    return sent


def test_a_half_week_from_elsewhere_keeps_its_minutes(world: World, app: Flask) -> None:
    from_import = (WeeklySlot(2, time(18, 30), time(21)), WeeklySlot(5, time(9), time(12)))
    volunteer = world.volunteer(weekly=from_import, commitment=Commitment.ASK, hours=None, hours_per=None)
    visitor = Visitor(app, volunteer.account)

    visitor.post("/profile/time", sent_by_browser(visitor.get("/profile/time")))

    assert fresh(world, volunteer).weekly == from_import


@pytest.mark.parametrize(
    ("section", "typed", "field"),
    [
        ("text", {"headline": "a\x00b"}, "headline"),
        ("text", {"headline": "x" * 161}, "headline"),
        ("text", {"description": "x" * 4001}, "description"),
        ("text", {"experiences-0": "x" * 2001}, "experiences-0"),
        ("text", {"experiences-0": "a\x00b"}, "experiences-0"),
        ("skills", {"skills-0-word": "a\x00b"}, "skills-0-word"),
        ("skills", {"skills-0-word": "binome:skill/nothing/here"}, "skills-0-word"),
        ("skills", {"skills-0-level": "9"}, "skills-0-level"),
        ("places", {"commune": "Atlantis"}, "commune"),
        ("places", {"commune": "a\x00b"}, "commune"),
        ("places", {"commune": ""}, "commune"),
        ("places", {"modes": []}, "modes"),
        ("places", {"radius_km": "-3"}, "radius_km"),
        ("places", {"radius_km": "nan"}, "radius_km"),
        ("places", {"radius_km": "501"}, "radius_km"),
        ("places", {"lives": "abroad", "country": "CA"}, "timezone"),
        ("places", {"lives": "abroad", "country": "XX", "timezone": "America/Toronto"}, "country"),
        ("time", {"commitment": ""}, "commitment"),
        ("time", {"hours": ""}, "hours"),
        ("time", {"hours": "-1"}, "hours"),
        ("time", {"hours": "61"}, "hours"),
        ("time", {"commitment": "not_before"}, "available_from"),
        ("time", {"available_from": "yesterday"}, "available_from"),
        ("time", {"available_from": "2026-12-01", "available_until": "2026-11-01"}, "available_until"),
        ("time", {"available_until": "2026-01-01"}, "available_until"),
        ("time", {"away-0-first": "2026-12-02", "away-0-last": "2026-12-01"}, "away-0-last"),
        ("time", {"away-0-first": "2026-12-02"}, "away-0-last"),
        ("time", {"missions_at_once": "0"}, "missions_at_once"),
        ("mail", {"wish": "loud"}, "wish"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(visitor: Visitor, section: str, typed: Typed, field: str) -> None:
    assert field in refused(visitor, section, **typed).errors()


@pytest.mark.parametrize(
    ("section", "rows", "field"),
    [
        ("text", {f"experiences-{n}": f"emploi {n}" for n in range(11)}, "experiences-0"),
        ("skills", {f"skills-{n}-word": f"savoir {n}" for n in range(21)}, "skills-0-word"),
        (
            "time",
            {f"away-{n}-{end}": f"2027-{n + 1:02}-09" for n in range(11) for end in ("first", "last")},
            "away-0-first",
        ),
    ],
)
def test_more_rows_than_are_kept_are_refused_and_stay_typed(
    visitor: Visitor, section: str, rows: Typed, field: str
) -> None:
    answer = refused(visitor, section, **rows)

    assert field in answer.errors()
    assert str(list(rows.values())[-1]) in answer.html


def test_ten_megabytes_are_refused_without_a_crash(visitor: Visitor) -> None:
    answer = visitor.post("/profile/text", {**TYPED["text"], "description": "x" * 10_000_000})

    assert answer.status in {413, 422}


def test_without_scripts_a_row_more_is_shown_and_nothing_is_kept(
    world: World, volunteer: Volunteer, visitor: Visitor
) -> None:
    answer = visitor.post("/profile/skills", {**TYPED["skills"], "add_row": "skills"})

    assert answer.page.find("input", {"name": "skills-1-word"}) is not None
    assert "Comptabilité associative" in answer.html
    assert [skill.label for skill in fresh(world, volunteer).skills] == ["Jonglage"]


def test_the_first_visit_leads_through_all_sections(world: World, app: Flask) -> None:
    account: Account = world.account()
    blank = {"headline": "", "description": "", "remote": None, "on_site": None, "hours": None, "hours_per": None}
    world.volunteer(account=account, places=(), **blank)
    visitor = Visitor(app, account)
    begin = visitor.get("/profile").page.select_one("a.button-primary")
    assert begin is not None
    address: str | None = str(begin["href"])

    seen = []
    while address and "path=" in address:
        seen.append(address.split("?")[0].rsplit("/", 1)[1])
        address = visitor.post(address, TYPED[seen[-1]]).location

    assert (tuple(seen), address) == (SECTIONS, "/profile")
    assert "Five short steps" not in visitor.get("/profile").text


def test_each_step_of_the_path_may_be_skipped(visitor: Visitor) -> None:
    page = visitor.get("/profile/time?path=1")

    assert "Step 4 of 5" in page.text
    assert page.page.find("a", string="Skip this step", href="/profile/mail?path=1") is not None
