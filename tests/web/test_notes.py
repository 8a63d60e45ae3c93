"""Notes between coordinators on their pages: written, read beside the line, taken out; nobody else finds them."""

import sqlalchemy as sa
from flask import Flask

from matcher.models.note import Note
from matcher.models.states import PairingStatus
from tests.factories import World
from tests.web.visiting import Visitor

TEXT = "Préfère <b>le soir</b> & jamais au travail."


def test_a_coordinator_writes_a_note_and_finds_it_beside_the_line(world: World, app: Flask) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    page = f"/reviews/{pairing.need_id}/people/{pairing.volunteer_id}/notes"
    desk = Visitor(app, world.coordinator().account)
    assert "This person can ask to read this" in desk.get(page).text
    assert page in desk.get(f"/reviews/{pairing.need_id}/line").html

    assert desk.post(page, {"text": ""}).status == 422
    too_long = desk.post(page, {"text": "é" * 301})
    assert too_long.status == 422
    assert "text" in too_long.errors()
    assert desk.post(page, {"text": TEXT}).status == 303

    shown = desk.get(page)
    assert TEXT in shown.text
    assert "about “Tenir les comptes”" in shown.text
    assert "1 note" in desk.get(f"/reviews/{pairing.need_id}/line").text


def test_nobody_else_reads_a_note_anywhere(world: World, app: Flask) -> None:
    pairing = world.pairing(PairingStatus.CONFIRMED)
    page = f"/reviews/{pairing.need_id}/people/{pairing.volunteer_id}/notes"
    desk = Visitor(app, world.coordinator().account)
    desk.post(page, {"text": "Zyxomma"})
    strangers = {
        302: [None],
        403: [pairing.volunteer.account, world.member(pairing).account, world.administrator().account],
        404: [world.branch().coordinators[0].account],
    }
    for status, accounts in strangers.items():
        for account in accounts:
            assert Visitor(app, account).get(page).status == status
    for account in (pairing.volunteer.account, world.member(pairing).account, world.administrator().account):
        visitor = Visitor(app, account)
        paths = (f"/missions/{pairing.id}", f"/reviews/{pairing.need_id}/line", f"/my/needs/{pairing.need_id}")
        assert not [path for path in paths if "Zyxomma" in visitor.get(path).html]


def test_a_note_of_ones_own_is_deleted_by_a_button_and_another_ones_is_not(world: World, app: Flask) -> None:
    pairing = world.pairing(PairingStatus.INVITED)
    page = f"/reviews/{pairing.need_id}/people/{pairing.volunteer_id}/notes"
    desk = Visitor(app, world.coordinator().account)
    desk.post(page, {"text": TEXT})
    world.session.rollback()
    note = world.session.scalars(sa.select(Note)).one()
    elsewhere = Visitor(app, world.branch().coordinators[0].account)

    assert elsewhere.post(f"{page}/{note.id}/take-out", page="/account").status == 404
    assert desk.post(f"{page}/{note.id}/take-out", page=page).status == 303
    assert desk.post(f"{page}/{note.id}/take-out", page=page).status == 404
    assert "No note yet." in desk.get(page).text


def test_somebody_of_another_branch_who_is_only_suggested_gets_no_note(world: World, app: Flask) -> None:
    need, far = world.need(), world.volunteer(branch_id=world.branch().id)
    world.suggest(need, [far])
    desk = Visitor(app, world.coordinator().account)
    page = f"/reviews/{need.id}/people/{far.id}/notes"

    assert "You can write a note about volunteers of your branch" in desk.get(page).text
    assert desk.post(page, {"text": TEXT}, page="/account").status == 403
