"""Drafts that save themselves: what the script is told, what is kept, and what is left alone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from matcher.actors import Person
from matcher.models.association import Association
from matcher.models.audit import AuditEntry
from matcher.models.need import Need, NeedEvent
from matcher.models.outbox import OutboxRow
from matcher.models.states import NeedStatus
from tests.factories import World
from tests.web.test_my_needs import all_needs, form_of, fresh
from tests.web.visiting import Typed, Visitor

WRITE = "/my/needs/write"
BEGIN = "/my/needs/write/draft"


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


def keep(visitor: Visitor, address: str, form: Typed, **changes: object) -> TestResponse:
    """Send a form as the script does, with changes."""
    return visitor.client.post(address, data={**form, **changes})


def draft_of(world: World, association: Association) -> Need:
    """A draft that stands already."""
    return world.need(NeedStatus.DRAFT, association=association, title="Tenir nos comptes")


def test_a_new_form_makes_one_draft_however_often_it_saves_itself(world: World, visitor: Visitor) -> None:
    form = form_of(visitor.get(WRITE))

    answers = [keep(visitor, BEGIN, form, title=title) for title in ("Tenir", "Tenir nos", "Tenir nos comptes")]

    (need,) = all_needs(world)
    assert (need.status, need.title) == (NeedStatus.DRAFT, "Tenir nos comptes")
    assert [(each.status_code, each.json) for each in answers] == [
        (200, {"saved_at": "Draft saved at 10:00", "address": f"/my/needs/{need.id}/edit"})
    ] * 3


def test_save_pressed_on_a_form_that_saved_itself_edits_the_same_draft(world: World, visitor: Visitor) -> None:
    form = form_of(visitor.get(WRITE))
    keep(visitor, BEGIN, form, title="Tenir")

    visitor.post(WRITE, {**form, "title": "Tenir nos comptes", "action": "save"})
    keep(visitor, BEGIN, form, title="Tenir nos comptes du jardin")

    assert [need.title for need in all_needs(world)] == ["Tenir nos comptes du jardin"]


def test_two_pages_make_two_drafts(world: World, visitor: Visitor) -> None:
    for title in ("Tenir la buvette", "Repeindre la salle"):
        keep(visitor, BEGIN, form_of(visitor.get(WRITE)), title=title)

    assert [need.title for need in all_needs(world)] == ["Tenir la buvette", "Repeindre la salle"]


def test_the_key_of_another_person_leads_to_nothing_of_hers(world: World, app: Flask, visitor: Visitor) -> None:
    form = form_of(visitor.get(WRITE))
    keep(visitor, BEGIN, form, title="À moi")
    stranger = Visitor(app, world.member(world.association()).account)
    other = {**form_of(stranger.get(WRITE)), "form_key": form["form_key"]}

    keep(stranger, BEGIN, other, title="À une autre")

    assert [need.title for need in all_needs(world)] == ["À moi", "À une autre"]


def test_a_choice_alone_begins_no_draft_and_a_text_does(world: World, visitor: Visitor) -> None:
    form = form_of(visitor.get(WRITE))

    answer = keep(visitor, BEGIN, form, title=" ", mode="remote")
    assert (answer.status_code, answer.json) == (
        422,
        {"problem": "Not saved yet: a draft begins with a title or a text."},
    )
    assert all_needs(world) == []

    assert keep(visitor, BEGIN, form, description="Repeindre la salle.").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("starts_on", "32/13/2026", "Not saved yet. Please look at “First day”: "),
        ("communes-0", "Trifouillis-les-Oies", "Not saved yet. Please look at “Commune”: "),
        ("skills-0-word", "x" * 161, "Not saved yet. Please look at “Skill”: Please keep to 160 characters."),
        ("description", "x" * 6001, "Not saved yet. Please look at “What is to be done”: "),
    ],
)
def test_the_field_in_the_way_is_named_and_nothing_is_saved(
    world: World, visitor: Visitor, association: Association, field: str, value: str, words: str
) -> None:
    need = draft_of(world, association)
    form = form_of(visitor.get(f"/my/needs/{need.id}/edit"))

    answer = keep(visitor, f"/my/needs/{need.id}/draft", form, title="Autre titre", **{field: value})

    assert answer.status_code == 422
    assert str(answer.get_json()["problem"]).startswith(words)
    assert fresh(world, need).title == "Tenir nos comptes"


@pytest.mark.parametrize(
    "status", [each for each in NeedStatus if each is not NeedStatus.DRAFT], ids=lambda status: status.value
)
def test_what_others_see_never_changes_by_itself(
    world: World, visitor: Visitor, association: Association, status: NeedStatus
) -> None:
    draft = form_of(visitor.get(f"/my/needs/{draft_of(world, association).id}/edit"))
    need = world.need(status, association=association, title="Comme envoyé")
    world.forget_mails()

    answer = keep(visitor, f"/my/needs/{need.id}/draft", draft, title="Tout autre chose")

    assert answer.status_code == 409
    assert str(answer.get_json()["problem"]).startswith("Not saved. This is no longer possible")
    assert (fresh(world, need).title, need.status) == ("Comme envoyé", status)
    assert world.session.scalars(sa.select(OutboxRow)).all() == []
    assert "data-autosave" not in visitor.get(f"/my/needs/{need.id}/edit").html


def test_a_form_whose_need_was_sent_meanwhile_leaves_it_alone(world: World, visitor: Visitor, member: Person) -> None:
    form = form_of(visitor.get(WRITE))
    filled = {"title": "Tenir nos comptes", "description": "Nous cherchons.", "mode": "remote"}
    visitor.post(WRITE, {**form, **filled, "action": "send_without"})

    answer = keep(visitor, BEGIN, form, **{**filled, "title": "Trop tard"})

    (need,) = all_needs(world)
    assert (answer.status_code, need.status, need.title) == (409, NeedStatus.SUBMITTED, "Tenir nos comptes")


def test_saving_itself_writes_no_mail_and_no_history(world: World, visitor: Visitor, association: Association) -> None:
    need = draft_of(world, association)
    form = form_of(visitor.get(f"/my/needs/{need.id}/edit"))
    world.forget_mails()

    for number in range(3):
        assert keep(visitor, f"/my/needs/{need.id}/draft", form, title=f"Titre {number}").status_code == 200

    assert fresh(world, need).title == "Titre 2"
    for table in (OutboxRow, NeedEvent, AuditEntry):
        assert world.session.scalars(sa.select(table)).all() == []


def test_writing_puts_off_the_end_of_the_draft(world: World, visitor: Visitor, association: Association) -> None:
    need = draft_of(world, association)
    form = form_of(visitor.get(f"/my/needs/{need.id}/edit"))
    world.now += timedelta(days=2)

    keep(visitor, f"/my/needs/{need.id}/draft", form)

    assert fresh(world, need).touched_at == world.now


def test_an_unconfirmed_member_may_leave_the_saving_to_the_page(
    world: World, app: Flask, association: Association
) -> None:
    newcomer = Visitor(app, world.join(association, world.account(is_confirmed=False)).account)

    assert keep(newcomer, BEGIN, form_of(newcomer.get(WRITE)), title="Un début").status_code == 200


def test_others_find_no_draft_to_save(world: World, app: Flask, visitor: Visitor, association: Association) -> None:
    need = draft_of(world, association)
    stranger = Visitor(app, world.member(world.association()).account)
    form = form_of(stranger.get(WRITE))

    on_hers = keep(stranger, f"/my/needs/{need.id}/draft", form, title="À moi")
    for_hers = keep(stranger, BEGIN, {**form, "association": str(association.id)}, title="À moi")

    assert [(each.status_code, list(each.get_json())) for each in (on_hers, for_hers)] == [(404, ["problem"])] * 2
    assert [each.title for each in all_needs(world)] == ["Tenir nos comptes"]


def test_the_later_of_two_writers_is_told_keeps_her_words_and_may_take_the_place(
    world: World, app: Flask, visitor: Visitor, association: Association
) -> None:
    need, other = draft_of(world, association), Visitor(app, world.member(association, 1).account)
    edit = f"/my/needs/{need.id}/edit"
    hers, his = form_of(visitor.get(edit)), form_of(other.get(edit))
    keep(visitor, f"/my/needs/{need.id}/draft", hers, title="Tenir nos comptes du jardin")

    told = keep(other, f"/my/needs/{need.id}/draft", his, title="Repeindre")
    assert told.status_code == 409
    assert told.json["problem"].startswith("Not saved: this need was changed elsewhere since you opened it.")
    page = other.post(edit, {**his, "title": "Repeindre", "action": "save"})

    assert page.status == 409
    assert "What you typed stands below and has not been saved." in page.text
    assert page.page.select_one(f'main a[target="_blank"][href="{edit}"]') is not None
    assert form_of(page)["title"] == ["Repeindre"]
    assert page.page.select_one("form[data-autosave]") is None
    assert fresh(world, need).title == "Tenir nos comptes du jardin"
    assert other.post(edit, {**form_of(page), "action": "save"}).status == 303
    assert fresh(world, need).title == "Repeindre"
    assert keep(visitor, f"/my/needs/{need.id}/draft", hers, title="Tenir").status_code == 409


def test_a_page_whose_answer_was_lost_goes_on_and_a_question_on_the_page_forgets_nothing(
    world: World, app: Flask, visitor: Visitor, association: Association
) -> None:
    need, other = draft_of(world, association), Visitor(app, world.member(association, 1).account)
    edit = f"/my/needs/{need.id}/edit"
    hers, his = form_of(visitor.get(edit)), form_of(other.get(edit))
    for title in ("Tenir", "Tenir nos"):
        assert keep(visitor, f"/my/needs/{need.id}/draft", hers, title=title).status_code == 200

    more = other.post(edit, {**his, "add_row": "skills"})

    assert other.post(edit, {**form_of(more), "action": "save"}).status == 409
    assert visitor.post(edit, {**hers, "title": "Tenir nos comptes", "action": "save"}).status == 303


def test_without_the_token_of_the_session_nothing_is_saved(world: World, visitor: Visitor) -> None:
    form = form_of(visitor.get(WRITE))

    answer = keep(visitor, BEGIN, form, title="Tenir", csrf_token="")

    assert answer.status_code == 400
    assert "outlived your session" in str(answer.get_json()["problem"])
    assert all_needs(world) == []


def test_who_has_signed_out_is_led_away_and_nothing_is_saved(world: World, app: Flask, visitor: Visitor) -> None:
    form = form_of(visitor.get(WRITE))
    with visitor.client.session_transaction() as cookie:
        del cookie["_user_id"]

    assert keep(visitor, BEGIN, form, title="Tenir").status_code == 302
    assert all_needs(world) == []


def test_a_page_gone_wild_is_slowed_down_in_words(world: World, visitor: Visitor) -> None:
    form = form_of(visitor.get(WRITE))

    answers = [keep(visitor, BEGIN, form, title="Tenir") for _ in range(61)]

    assert [each.status_code for each in answers] == [200] * 60 + [429]
    assert "we try again" in str(answers[-1].get_json()["problem"])


def test_french_pages_are_answered_in_french(world: World, app: Flask, member: Person) -> None:
    reader = Visitor(app, member.account, "fr")
    world.now += timedelta(minutes=32)

    answer = keep(reader, BEGIN, form_of(reader.get(WRITE)), title="Tenir")

    assert answer.get_json()["saved_at"] == "Brouillon enregistré à 10\u00a0h\u00a032"
