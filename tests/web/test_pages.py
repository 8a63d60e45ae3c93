"""The legal notice: who publishes this installation, where its source is, and whose data it uses."""

import pytest
from flask import Flask

from matcher.actors import System
from matcher.database import transaction
from matcher.services.catalogues import CatalogueContent, import_catalogue
from tests.factories import World
from tests.settings import make_settings
from tests.web.visiting import Visitor
from web import create_app

UNNAMED = "has not given its name here yet"
WHOLE = {
    "publisher_name": "Les Binômes de Lyon",
    "publisher_address": "1 rue des Lilas, 69003 Lyon",
    "publisher_director": "Odile Faucher",
    "publisher_email": "bonjour@binomes.example",
    "publisher_host": "Hébergeur & Fils, Villeurbanne, 04 00 00 00 00",
    "source_url": "https://source.example/binome",
}


def app_with(world: World, url: str, **changes: object) -> Flask:
    """The application under settings of this test."""
    return create_app(make_settings(url, second_factor=False, **changes), clock=lambda: world.now)


def facts_of(visitor: Visitor) -> dict[str, str]:
    """The lines about the publisher."""
    page = visitor.get("/legal").page
    return {term.get_text(): term.find_next("dd").get_text() for term in page.select("main dl.facts dt")}  # type: ignore[union-attr]


def test_the_legal_notice_names_the_publisher_with_all_that_is_set(world: World, sqlite_url: str) -> None:
    visitor = Visitor(app_with(world, sqlite_url, **WHOLE))

    answer = visitor.get("/legal")

    assert facts_of(visitor) == {
        "Publisher": WHOLE["publisher_name"],
        "Address": WHOLE["publisher_address"],
        "Director of publication": WHOLE["publisher_director"],
        "Contact": WHOLE["publisher_email"],
        "Host": WHOLE["publisher_host"],
    }
    assert UNNAMED not in answer.text
    link = answer.page.select_one("a[href='https://source.example/binome']")
    assert link is not None
    assert link.get_text() == "The source code of this installation"


@pytest.mark.parametrize(("language", "label"), [("en", "Publisher"), ("fr", "Éditeur")])
def test_what_is_not_set_has_no_line(world: World, sqlite_url: str, language: str, label: str) -> None:
    app = app_with(world, sqlite_url, publisher_name="Les Binômes de Lyon")

    assert facts_of(Visitor(app, language=language)) == {label: "Les Binômes de Lyon"}


def test_without_a_name_the_notice_says_that_it_is_missing(world: World, sqlite_url: str) -> None:
    visitor = Visitor(app_with(world, sqlite_url, publisher_host="Hébergeur & Fils"))

    assert UNNAMED in visitor.get("/legal").text
    assert facts_of(visitor) == {}
    assert "may ask its publisher for the source code" in visitor.get("/legal").text


def test_the_legal_notice_credits_the_catalogues_that_are_in_use(world: World, sqlite_url: str) -> None:
    visitor = Visitor(app_with(world, sqlite_url))
    assert "learns words from these catalogues" not in visitor.get("/legal").text

    content = CatalogueContent("ESCO", "The ESCO classification of the European Commission", skills=())
    with transaction(world.session):
        import_catalogue(world.session, System("catalogue"), world.now, content)

    assert "learns words from these catalogues" in visitor.get("/legal").text
    assert facts_of(visitor) == {"ESCO": "The ESCO classification of the European Commission"}
