"""The public list and page of needs: who sees what, filters, hidden contacts, the number of statements, applying."""

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.models.association import AssociationStatus
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.ranking.types import Importance, Mode, NeededSkill
from tests.factories import World
from tests.web.visiting import Answer, Visitor

ACCOUNTING = NeededSkill("Comptabilité associative", uri="binome:skill/accounting/association-accounting")
CONTACTS = "Appelez le 06 12 34 56 78, écrivez à claire@example.org ou voyez https://exemple.fr/page."


def titles(answer: Answer) -> list[str]:
    """Return the titles of a list."""
    return [each.get_text() for each in answer.page.select("ul.rows h2")]


def pairings(world: World) -> list[Pairing]:
    """Return what stands in the database now."""
    world.session.rollback()
    return list(world.session.scalars(sa.select(Pairing)))


def test_list_shows_open_and_filled_needs_and_nothing_else(world: World, app: Flask) -> None:
    for status in NeedStatus:
        world.need(status, title=f"Besoin {status}")

    assert set(titles(Visitor(app).get("/needs"))) == {"Besoin open", "Besoin filled"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("domain=accounting", {"Comptes"}),
        ("where=remote", {"Site"}),
        ("where=69", {"Comptes"}),
        ("where=38", set()),
        ("language=en", {"Site"}),
        ("q=TRESORERIE", {"Comptes"}),
        ("q=oeuvre", {"Comptes"}),
        ("q=tresorerie+absent", set()),
    ],
)
def test_filters_narrow_the_list(world: World, app: Flask, query: str, found: set[str]) -> None:
    world.need(title="Comptes", description="Suivi de trésorerie d’une œuvre", skills=(ACCOUNTING,))
    world.need(title="Site", description="A new website", mode=Mode.REMOTE, communes=(), language="en")

    assert set(titles(Visitor(app).get(f"/needs?{query}"))) == found


@pytest.mark.parametrize(
    "query", ["domain=nothing", "where=%00", "language=xx", "q=%00", "q=" + "x" * 500, "page=-1", "page=" + "9" * 40]
)
def test_filters_that_cannot_be_are_answered_with_a_page(world: World, app: Flask, query: str) -> None:
    world.need(title="Comptes")

    assert Visitor(app).get(f"/needs?{query}").status == 200


def test_a_page_past_the_end_shows_the_last_one_and_keeps_filters(world: World, app: Flask) -> None:
    association = world.association()
    for number in range(21):
        world.need(title=f"Besoin {number}", association=association)

    answer = Visitor(app).get("/needs?where=on_site&page=99")

    assert titles(answer) == ["Besoin 0"]
    assert answer.page.find("a", rel="prev")["href"] == "/needs?where=on_site&page=1"


def test_list_takes_at_most_eight_statements_whatever_its_length(world: World, app: Flask) -> None:
    association = world.association()
    for number in range(21):
        world.need(title=f"Besoin {number}", association=association, skills=(ACCOUNTING,))
    signed_in = Visitor(app, world.volunteer().account)

    assert Visitor(app).count("/needs") <= 4
    assert signed_in.count("/needs?q=besoin&domain=accounting&where=69&language=fr") <= 8


def test_contacts_typed_into_a_need_are_never_published(world: World, app: Flask) -> None:
    need = world.need(title="Voir www.exemple.fr", description=f"Nos comptes. {CONTACTS}")

    for page in ("/needs", f"/needs/{need.id}", "/"):
        html = Visitor(app).get(page).html
        assert "Nos comptes" in html or page == "/"
        for contact in ("06 12", "claire@", "exemple.fr"):
            assert contact not in html


def test_the_writer_reads_her_contacts_with_a_warning(world: World, app: Flask) -> None:
    need = world.need(NeedStatus.DRAFT, description=CONTACTS)

    answer = Visitor(app, world.member(need).account).get(f"/my/needs/{need.id}")

    assert "not shown to others: 06 12 34 56 78, claire@example.org, https://exemple.fr/page" in answer.text
    assert CONTACTS in answer.text


def test_page_of_a_need_says_what_when_where_and_for_whom(world: World, app: Flask) -> None:
    useful = NeededSkill("Patience", Importance.USEFUL)
    need = world.need(title="Comptes", skills=(ACCOUNTING, useful), total_hours=12.0, seats=2)

    text = Visitor(app).get(f"/needs/{need.id}").text

    for words in (
        "Comptes",
        need.association.name,
        "Non-profit accounting",
        "Patience",
        "12 hours",
        "Lyon",
        "2 people",
    ):
        assert words in text


@pytest.mark.parametrize("status", [NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.ON_HOLD, NeedStatus.CLOSED])
def test_a_need_that_is_not_public_is_not_found_by_strangers(world: World, app: Flask, status: NeedStatus) -> None:
    need = world.need(status)

    assert Visitor(app).get(f"/needs/{need.id}").status == 404
    assert Visitor(app, world.volunteer().account).get(f"/needs/{need.id}").status == 404
    assert Visitor(app, world.member(need).account).get(f"/needs/{need.id}").status == 200


def test_a_held_need_is_still_found_by_who_applied(world: World, app: Flask) -> None:
    pairing = world.pairing(PairingStatus.APPLIED)
    pairing.need.status = NeedStatus.ON_HOLD
    world.session.commit()

    answer = Visitor(app, pairing.volunteer.account).get(f"/needs/{pairing.need_id}")

    assert answer.status == 200
    assert "You have proposed your help" in answer.text


@pytest.mark.parametrize("address", ["/needs/0", "/needs/99999999999999999999", "/needs/abc", "/my/needs/99999999999"])
def test_impossible_numbers_are_not_found(world: World, app: Flask, address: str) -> None:
    assert Visitor(app, world.person().account).get(address).status == 404


def test_a_suspended_association_has_nothing_public(world: World, app: Flask) -> None:
    need = world.need()
    need.association.status = AssociationStatus.SUSPENDED
    world.session.commit()

    assert titles(Visitor(app).get("/needs")) == []
    assert Visitor(app).get(f"/needs/{need.id}").status == 404


def test_a_filled_need_thanks_and_shows_two_similar_ones(world: World, app: Flask) -> None:
    filled = world.need(NeedStatus.FILLED, skills=(ACCOUNTING,))
    for number in range(3):
        world.need(title=f"Semblable {number}", skills=(ACCOUNTING,))

    answer = Visitor(app).get(f"/needs/{filled.id}")

    assert "This need has found its people" in answer.text
    assert len(answer.page.select("section[aria-labelledby=similar] li h3")) == 2
    assert "Offer my help" not in answer.text


def test_applying_sends_the_proposal_once_however_often_it_is_pressed(world: World, app: Flask) -> None:
    need, volunteer = world.need(), world.volunteer()
    visitor = Visitor(app, volunteer.account)
    address = f"/needs/{need.id}/apply"

    first = visitor.post(address, {"motivation": "J’ai tenu des comptes."})
    again = visitor.post(address, {"motivation": "Encore."}, page="/")

    assert (first.status, first.location) == (303, f"/needs/{need.id}")
    assert again.status == 303
    (pairing,) = pairings(world)
    assert (pairing.status, pairing.motivation) == (PairingStatus.APPLIED, "J’ai tenu des comptes.")
    assert "answers you by Monday 14 September at the latest" in visitor.get(f"/needs/{need.id}").text


@pytest.mark.parametrize("motivation", ["x" * 601, "avec un \x00 dedans"])
def test_a_motivation_that_cannot_be_kept_is_refused_beside_its_field(
    world: World, app: Flask, motivation: str
) -> None:
    need = world.need()
    visitor = Visitor(app, world.volunteer().account)

    answer = visitor.post(f"/needs/{need.id}/apply", {"motivation": motivation})

    assert answer.status == 422
    assert list(answer.errors()) == ["motivation"]
    assert motivation.replace("\x00", "\ufffd") in answer.html.replace("\x00", "\ufffd")
    assert pairings(world) == []


def test_each_reader_is_told_what_she_can_do(world: World, app: Flask) -> None:
    need = world.need()
    unconfirmed = world.volunteer(account=world.account(is_confirmed=False))
    pages = {
        "own association": Visitor(app, world.member(need).account),
        "describe your skills first": Visitor(app, world.person().account),
        "confirm your e-mail address first": Visitor(app, unconfirmed.account),
        "Offer my help": Visitor(app),
    }

    for words, visitor in pages.items():
        assert words in visitor.get(f"/needs/{need.id}").text
        if visitor.account:
            assert visitor.get(f"/needs/{need.id}/apply").location == f"/needs/{need.id}"


def test_a_stranger_is_asked_to_sign_in_and_comes_back(world: World, app: Flask) -> None:
    answer = Visitor(app).get(f"/needs/{world.need().id}/apply")

    assert answer.status == 302
    assert "sign-in?next=" in str(answer.location)


def test_home_shows_the_newest_open_needs(world: World, app: Flask) -> None:
    for number in range(8):
        world.need(title=f"Besoin {number}")

    shown = [each.get_text() for each in Visitor(app).get("/").page.select("section[aria-labelledby=recent] h3")]

    assert shown == [f"Besoin {number}" for number in range(7, 1, -1)]


@pytest.mark.parametrize("words", ["mariedu", "example", "comptes mariedu"])
def test_a_search_does_not_spell_out_what_the_page_does_not_show(world: World, app: Flask, words: str) -> None:
    text = "Appelez Marie au 0612345678 ou mariedu@example.org pour tenir les comptes."
    world.need(title="Tenir les comptes", description=text)
    visitor = Visitor(app)

    assert "Tenir les comptes" in visitor.get("/needs?q=comptes").text
    assert "Tenir les comptes" not in visitor.get(f"/needs?q={words}").text
