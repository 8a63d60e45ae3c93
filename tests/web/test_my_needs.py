"""A member's needs: writing, saving, sending, editing, and the steps, each pressed twice and each refused once."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.actors import Person
from matcher.models.association import Association
from matcher.models.need import Need
from matcher.models.states import EndReason, NeedStatus, PairingStatus
from matcher.ranking.types import Importance, Mode, NeededSkill, Times
from tests import ways
from tests.factories import LYON, World
from tests.web.visiting import Answer, Typed, Visitor

WRITE = "/my/needs/write"
SAME_FORM = {"form_key": "the-key-of-one-form"}


def typed(world: World, member: Person, **changes: object) -> Typed:
    """Return what a member types to write a whole need."""
    return {
        "title": "Tenir nos comptes",
        "description": "Nous cherchons quelqu’un.",
        "language": "fr",
        "skills-0-word": "compta associative",
        "skills-0-importance": "required",
        "skills-1-word": "Patience",
        "skills-1-importance": "useful",
        "mode": "on_site",
        "communes-0": "Lyon",
        "starts_on": "2026-10-01",
        "ends_on": "2026-12-31",
        "total_hours": "12,5",
        "weekly": ["tue-evening"],
        "times": "preferred",
        "seats": "2",
        "contact_id": str(member.account.id),
        "action": "save",
        **changes,
    }


def all_needs(world: World) -> list[Need]:
    """Return what stands in the database now."""
    world.session.rollback()
    return list(world.session.scalars(sa.select(Need).order_by(Need.id)))


def fresh(world: World, need: Need) -> Need:
    """Read a need anew."""
    world.session.rollback()
    world.session.refresh(need)
    return need


def form_of(answer: Answer) -> Typed:
    """Return what a browser would send of a form that nobody touched."""
    form = answer.page.select_one("main form[data-leave]")
    assert form is not None
    found: dict[str, list[str]] = {}
    for each in form.select("input, select, textarea"):
        name, kind = str(each.get("name") or ""), each.get("type")
        if not name or (kind in {"checkbox", "radio"} and not each.has_attr("checked")) or each.find_parent("template"):
            continue
        if each.name == "textarea":
            value = each.get_text().removeprefix("\r\n")
        elif each.name == "select":
            chosen = each.select_one("option[selected]") or each.select_one("option")
            value = str(chosen["value"]) if chosen else ""
        else:
            value = str(each.get("value", "y"))
        found.setdefault(name, []).append(value)
    return dict(found)


@pytest.fixture
def association(world: World) -> Association:
    """An association with two members."""
    return world.association(members=2)


@pytest.fixture
def member(world: World, association: Association) -> Person:
    """Its first member."""
    return world.member(association)


@pytest.fixture
def visitor(app: Flask, member: Person) -> Visitor:
    """Her browser."""
    return Visitor(app, member.account)


def test_first_save_makes_the_draft_with_all_that_was_typed(world: World, visitor: Visitor, member: Person) -> None:
    answer = visitor.post(WRITE, typed(world, member))

    (need,) = all_needs(world)
    assert (answer.status, answer.location) == (303, f"/my/needs/{need.id}")
    assert (need.status, need.title, need.seats, need.total_hours) == (NeedStatus.DRAFT, "Tenir nos comptes", 2, 12.5)
    assert [place.commune for place in need.locations] == [LYON]
    assert [(s.label, s.uri, s.importance) for s in need.skills] == [
        ("compta associative", "binome:skill/accounting/association-accounting", Importance.REQUIRED),
        ("Patience", None, Importance.USEFUL),
    ]
    assert [(slot.weekday, slot.starts.hour) for slot in need.weekly] == [(1, 18)]


def test_pressing_save_twice_makes_one_draft(world: World, visitor: Visitor, member: Person) -> None:
    visitor.post(WRITE, typed(world, member, **SAME_FORM))
    visitor.post(WRITE, typed(world, member, **SAME_FORM, description="Plus précis."))

    assert [need.description for need in all_needs(world)] == ["Plus précis."]


def test_two_needs_of_the_same_title_are_two(world: World, visitor: Visitor, member: Person) -> None:
    first, second = (form_of(visitor.get(WRITE)) for _ in range(2))
    visitor.post(WRITE, {**first, "title": "", "description": "Tenir la buvette.", "action": "save"})
    visitor.post(WRITE, {**second, "title": "", "description": "Repeindre la salle.", "action": "save"})

    assert [need.description for need in all_needs(world)] == ["Tenir la buvette.", "Repeindre la salle."]


def test_a_form_that_is_refused_keeps_its_key(world: World, visitor: Visitor, member: Person) -> None:
    answer = visitor.post(WRITE, typed(world, member, **SAME_FORM, seats="0"))

    assert form_of(answer)["form_key"] == ["the-key-of-one-form"]


@pytest.mark.parametrize("key", ["", "short", "x" * 41, "the-key-with-\x00-inside"])
def test_a_key_that_no_page_of_ours_made_is_not_taken(world: World, visitor: Visitor, member: Person, key: str) -> None:
    answer = visitor.post(WRITE, typed(world, member, form_key=key, seats="0"))

    assert form_of(answer)["form_key"] != [key]
    assert visitor.post(WRITE, typed(world, member, form_key=key)).status == 303


def test_sending_saves_and_submits_once(world: World, visitor: Visitor, member: Person) -> None:
    visitor.post(WRITE, typed(world, member, **SAME_FORM, action="send"))
    answer = visitor.post(WRITE, typed(world, member, **SAME_FORM, action="send"))

    (need,) = all_needs(world)
    assert need.status is NeedStatus.SUBMITTED
    assert len(need.events) == 1
    page = visitor.get(str(answer.location)).text
    assert "reads your need and answers by Thursday 10 September at the latest" in page


def test_a_draft_may_lack_what_a_sent_need_may_not(world: World, visitor: Visitor, member: Person) -> None:
    gaps = {"title": "", "description": "", "mode": "", "communes-0": "", "skills-0-word": "", "skills-1-word": ""}

    sent = visitor.post(WRITE, typed(world, member, **gaps, action="send"))
    assert (sent.status, all_needs(world)) == (422, [])
    assert {"title", "description", "mode"} <= set(sent.errors())

    saved = visitor.post(WRITE, typed(world, member, **gaps))
    assert (saved.status, [need.status for need in all_needs(world)]) == (303, [NeedStatus.DRAFT])


def test_work_on_site_needs_a_commune_before_it_is_sent(world: World, visitor: Visitor, member: Person) -> None:
    answer = visitor.post(WRITE, typed(world, member, action="send", **{"communes-0": ""}))

    assert answer.errors() == {"communes-0": "Please say in which commune."}


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("ends_on", "2026-09-30", "ends_on"),
        ("starts_on", "32/13/2026", "starts_on"),
        ("starts_on", "0001-01-01", "starts_on"),
        ("ends_on", "9999-12-31", "ends_on"),
        ("seats", "0", "seats"),
        ("seats", "-1", "seats"),
        ("seats", "9" * 5000, "seats"),
        ("seats", "deux", "seats"),
        ("total_hours", "0", "total_hours"),
        ("total_hours", "nan", "total_hours"),
        ("total_hours", "inf", "total_hours"),
        ("total_hours", "beaucoup", "total_hours"),
        ("together_hours", "40", "together_hours"),
        ("title", "x" * 121, "title"),
        ("title", "avec \x00", "title"),
        ("description", "x" * 6001, "description"),
        ("skills-0-word", "binome:skill/accounting/nothing", "skills-0-word"),
        ("skills-0-word", "x" * 161, "skills-0-word"),
        ("skills-0-importance", "vital", "skills-0-importance"),
        ("communes-0", "Trifouillis-les-Oies", "communes-0"),
        ("communes-0", "Saint-Denis", "communes-0"),
        ("communes-0", "\x00", "communes-0"),
        ("mode", "on_the_moon", "mode"),
        ("weekly", "someday-night", "weekly"),
        ("working_languages", "klingon", "working_languages"),
        ("times", "never", "times"),
        ("contact_id", "999999", "contact_id"),
        ("contact_id", "me", "contact_id"),
        ("language", "xx", "language"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_the_rest_is_kept(
    world: World, visitor: Visitor, member: Person, field: str, value: str, at: str
) -> None:
    answer = visitor.post(WRITE, typed(world, member, **{field: value}))

    assert answer.status == 422
    assert list(answer.errors()) == [at]
    assert "Patience" in answer.html
    if field in {"title", "seats", "total_hours", "starts_on", "communes-0", "skills-0-word"} and "\x00" not in value:
        assert f'value="{value}"' in answer.html
    assert all_needs(world) == []


def test_more_skills_or_places_than_are_kept_is_said(world: World, visitor: Visitor, member: Person) -> None:
    words = {f"skills-{i}-word": f"Savoir {i}" for i in range(16)}
    kinds = {f"skills-{i}-importance": "required" for i in range(16)}
    places = {f"communes-{i}": name for i, name in enumerate(["Lyon", "Paris", "Nantes", "Lille", "Brest", "Rennes"])}

    answer = visitor.post(WRITE, typed(world, member, **words, **kinds, **places))

    assert set(answer.errors()) == {"skills-15-word", "communes-5"}


def test_ten_megabytes_of_text_are_refused_with_a_page(app: Flask, visitor: Visitor) -> None:
    answer = visitor.client.post(WRITE, data={"description": "x" * 10_000_000})

    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_a_skill_named_twice_counts_once(world: World, visitor: Visitor, member: Person) -> None:
    visitor.post(WRITE, typed(world, member, **{"skills-1-word": "Comptabilité associative"}))

    (need,) = all_needs(world)
    assert [skill.label for skill in need.skills] == ["compta associative"]


def test_a_row_is_added_without_scripts_and_nothing_is_lost(world: World, visitor: Visitor, member: Person) -> None:
    answer = visitor.post(WRITE, typed(world, member, add_row="skills"))

    assert answer.status == 200
    assert "skills-3-word" in form_of(answer)
    assert form_of(answer)["title"] == ["Tenir nos comptes"]
    assert all_needs(world) == []


def test_a_template_fills_the_form_and_asks_its_questions(world: World, visitor: Visitor) -> None:
    answer = visitor.get(f"{WRITE}?template=put-accounts-in-order")

    shown = form_of(answer)
    assert shown["title"] == ["Put our accounts in order"]
    assert shown["total_hours"] == ["24"]
    assert "Non-profit accounting" in shown["skills-0-word"]
    assert "Since when have the accounts been behind" in answer.text


def test_an_unconfirmed_member_saves_and_cannot_send(world: World, app: Flask, association: Association) -> None:
    member = world.join(association, world.account(is_confirmed=False))
    visitor = Visitor(app, member.account)

    answer = visitor.post(WRITE, typed(world, member, action="send"))

    (need,) = all_needs(world)
    assert need.status is NeedStatus.DRAFT
    assert "saved, but not sent. Please confirm your e-mail address first" in visitor.get(str(answer.location)).text
    assert "confirm your e-mail address first" in visitor.get(f"/my/needs/{need.id}/edit").text


def test_who_acts_for_no_association_is_told_what_to_do_first(world: World, app: Flask) -> None:
    visitor = Visitor(app, world.person().account)

    assert "You act for no association yet" in visitor.get("/my/needs").text
    assert "You act for no association yet" in visitor.get("/my/needs/new").text
    assert visitor.get(WRITE).status == 404


def test_the_association_is_chosen_among_ones_own_only(world: World, visitor: Visitor, member: Person) -> None:
    stranger = world.association()

    answer = visitor.client.post(WRITE, data={"association": str(stranger.id)})

    assert answer.status_code in {400, 404}
    assert visitor.get(f"{WRITE}?association={stranger.id}").status == 404


@pytest.mark.parametrize("path", ["", "/edit", "/submit", "/hold", "/close"])
def test_strangers_find_no_need_of_others(world: World, app: Flask, path: str) -> None:
    need = world.need(NeedStatus.OPEN)

    for account in (world.person().account, world.coordinator().account):
        assert Visitor(app, account).get(f"/my/needs/{need.id}{path}").status == 404


def test_editing_without_a_change_changes_nothing(world: World, app: Flask) -> None:
    need = world.need(
        skills=(NeededSkill("Comptabilité associative"), NeededSkill("Excel", Importance.USEFUL)),
        communes=("69389", "97411"), mode=Mode.HYBRID, total_hours=12.5, times=Times.FIXED, working_languages=("uk",),
    )  # fmt: skip
    visitor = Visitor(app, world.member(need).account)
    world.forget_mails()

    answer = visitor.post(f"/my/needs/{need.id}/edit", form_of(visitor.get(f"/my/needs/{need.id}/edit")))

    assert answer.status == 303
    assert not fresh(world, need).line_waits
    assert [place.commune for place in need.locations] == ["69389", "97411"]
    assert [(skill.label, skill.uri) for skill in need.skills] == [("Comptabilité associative", None), ("Excel", None)]
    assert need.working_languages == ("uk",)


def test_edit_of_an_open_need_says_what_it_sets_in_motion_and_does_it(world: World, app: Flask) -> None:
    pairing = world.pairing(PairingStatus.ACCEPTED)
    need = pairing.need
    visitor = Visitor(app, world.member(need).account)
    page = visitor.get(f"/my/needs/{need.id}/edit")
    world.forget_mails()

    visitor.post(f"/my/needs/{need.id}/edit", {**form_of(page), "total_hours": "30"})

    assert "those who have said yes are asked whether they still agree" in page.text
    assert fresh(world, need).line_waits
    assert ("need_changed", pairing.volunteer.account_id) in world.mails()


def test_seats_never_go_below_those_held_and_taken(world: World, app: Flask) -> None:
    need = world.need(seats=3)
    for status in (PairingStatus.ACCEPTED, PairingStatus.CONFIRMED):
        world.pairing(status, need=need)
    visitor = Visitor(app, world.member(need).account)
    address = f"/my/needs/{need.id}/edit"

    answer = visitor.post(address, {**form_of(visitor.get(address)), "seats": "1", "title": "Autre titre"})

    assert answer.errors() == {"seats": "There cannot be fewer places than people already engaged."}
    assert form_of(answer)["title"] == ["Autre titre"]
    assert (fresh(world, need).seats, need.title) == (3, "Tenir les comptes")


def test_an_open_need_cannot_be_emptied(world: World, app: Flask) -> None:
    need = world.need()
    visitor = Visitor(app, world.member(need).account)
    address = f"/my/needs/{need.id}/edit"

    answer = visitor.post(address, {**form_of(visitor.get(address)), "title": ""})

    assert answer.status == 422
    assert list(answer.errors()) == ["title"]


def test_page_of_a_need_shows_points_people_and_history(world: World, app: Flask) -> None:
    asked = world.need(NeedStatus.CHANGES_REQUESTED)
    pairing = world.pairing(PairingStatus.ACCEPTED)

    text = Visitor(app, world.member(asked).account).get(f"/my/needs/{asked.id}").text
    assert "Combien d’heures" in text
    assert "Without an answer it is closed on Wednesday 7 October" in text

    page = Visitor(app, world.member(pairing).account).get(f"/my/needs/{pairing.need_id}")
    assert re.search(r"Person [0-9A-F]{6}\b", page.text)
    assert "Waits for your answer, by Monday 21 September at the latest" in page.text
    assert pairing.volunteer.account.name not in page.html
    assert page.page.find("a", href=f"/missions/{pairing.id}")


STEPS = [
    (NeedStatus.DRAFT, "submit", {}, NeedStatus.SUBMITTED),
    (NeedStatus.DRAFT, "give-up", {}, NeedStatus.CLOSED),
    (NeedStatus.OPEN, "hold", {"returns_on": "2026-10-01"}, NeedStatus.ON_HOLD),
    (NeedStatus.OPEN, "hold", {}, NeedStatus.ON_HOLD),
    (NeedStatus.ON_HOLD, "resume", {}, NeedStatus.OPEN),
    (NeedStatus.OPEN, "close", {"reason": "nobody_found"}, NeedStatus.CLOSED),
    (NeedStatus.OPEN, "still-needed", {}, NeedStatus.OPEN),
]


@pytest.mark.parametrize(("status", "step", "data", "then"), STEPS)
def test_each_step_is_taken_once_however_often_it_is_pressed(
    world: World, app: Flask, status: NeedStatus, step: str, data: Typed, then: NeedStatus
) -> None:
    need = world.need(status)
    visitor = Visitor(app, world.member(need).account)
    address = f"/my/needs/{need.id}/{step}"

    first = visitor.post(address, data)
    events = len(fresh(world, need).events)
    again = visitor.post(address, data, page="/")

    assert (first.status, again.status, first.location) == (303, 303, f"/my/needs/{need.id}")
    assert (fresh(world, need).status, len(need.events)) == (then, events)


def test_the_reason_of_a_close_is_asked_for_and_kept(world: World, app: Flask) -> None:
    need = world.need()
    visitor = Visitor(app, world.member(need).account)

    assert list(visitor.post(f"/my/needs/{need.id}/close").errors()) == ["reason"]
    visitor.post(f"/my/needs/{need.id}/close", {"reason": "solved_elsewhere"})

    assert fresh(world, need).end_reason is EndReason.SOLVED_ELSEWHERE


@pytest.mark.parametrize("day", ["2026-09-07", "2020-01-01", "demain", "9999-12-31"])
def test_a_return_that_is_not_to_come_is_refused(world: World, app: Flask, day: str) -> None:
    need = world.need()

    answer = Visitor(app, world.member(need).account).post(f"/my/needs/{need.id}/hold", {"returns_on": day})

    assert (answer.status, list(answer.errors())) == (422, ["returns_on"])
    assert fresh(world, need).status is NeedStatus.OPEN


def test_enough_waits_until_every_yes_is_answered(world: World, app: Flask) -> None:
    need = world.need(seats=3)
    world.pairing(PairingStatus.CONFIRMED, need=need)
    held = world.pairing(PairingStatus.ACCEPTED, need=need)
    visitor = Visitor(app, world.member(need).account)

    answer = visitor.post(f"/my/needs/{need.id}/enough")
    assert "please confirm or refuse this person first" in visitor.get(str(answer.location)).text
    assert fresh(world, need).status is NeedStatus.OPEN

    ways.refuse(world, held)
    visitor.post(f"/my/needs/{need.id}/enough")
    assert (fresh(world, need).status, need.seats) == (NeedStatus.FILLED, 1)


def test_list_shows_what_waits_first_and_in_few_statements(world: World, app: Flask) -> None:
    association = world.association()
    for number in range(22):
        world.need(NeedStatus.OPEN, association=association, title=f"Besoin {number}")
    asked = world.need(NeedStatus.CHANGES_REQUESTED, association=association, title="À revoir")
    waits = world.need(association=association, title="Quelqu’un attend")
    world.pairing(PairingStatus.ACCEPTED, need=waits)
    visitor = Visitor(app, world.member(asked).account)

    answer = visitor.get("/my/needs")

    assert [each.get_text() for each in answer.page.select("ul.rows h2")][:2] == ["Quelqu’un attend", "À revoir"]
    assert "1 person waits for your answer" in answer.text
    assert "24 needs" in answer.text
    assert visitor.count("/my/needs") <= 8
    assert "À revoir" in visitor.get("/my/needs?state=changes_requested").text


def test_french_pages_speak_french(world: World, app: Flask) -> None:
    need = world.need(NeedStatus.SUBMITTED)

    text = Visitor(app, world.member(need).account, "fr").get(f"/my/needs/{need.id}").text

    assert "vous répond au plus tard le jeudi 10 septembre" in text
    assert "1 personne" in text


def test_a_row_that_is_added_begins_empty(world: World, visitor: Visitor, member: Person) -> None:
    answer = visitor.post(WRITE, typed(world, member, action="send", **{"communes-0": "Nulle-Part-sur-Mer"}))

    skills, places = (str(each) for each in answer.page.select("template[data-row-template]"))
    assert 'name="communes-__index__"' in places
    assert "Nulle-Part" not in places
    assert "error" not in places
    assert '<option value="required">' in skills
    assert '<option value="useful">' in skills
