"""The look-ups: what they offer, in which language, and that what they offer is understood when it is sent back."""

import pytest
from flask import Flask

from matcher.catalogue.communes import load_communes
from tests.web.visiting import Visitor
from web.forms.communes import commune_label, find_commune


def offers(app: Flask, address: str, language: str = "en") -> list[dict[str, str]]:
    """Return what a look-up answers."""
    answer = Visitor(app, language=language).client.get(address)
    assert answer.status_code == 200
    return list(answer.get_json())


def test_skills_are_offered_in_the_readers_language_or_in_the_one_asked_for(app: Flask) -> None:
    wanted = "binome:skill/accounting/association-accounting"

    assert {"value": wanted, "label": "Non-profit accounting"} in offers(app, "/catalogue/skills?q=non-profit")
    assert {"value": wanted, "label": "Comptabilité associative"} in offers(
        app, "/catalogue/skills?q=compta&language=fr"
    )


def test_communes_are_offered_with_their_postcode(app: Flask) -> None:
    assert {"value": "69389", "label": "Lyon 9e (69009)"} in offers(app, "/catalogue/communes?q=69009")
    assert offers(app, "/catalogue/communes?q=lyon")[0]["value"] == "69123"


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=" + "x" * 5000, "q=%25_%5C", "q=caf%C3%A9&language=xx"])
@pytest.mark.parametrize("what", ["skills", "communes"])
def test_what_means_nothing_offers_nothing_and_never_fails(app: Flask, what: str, query: str) -> None:
    assert isinstance(offers(app, f"/catalogue/{what}?{query}"), list)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lyon 9e (69009)", "69389"),
        ("lyon 9e", "69389"),
        ("69009", "69389"),
        ("LYON", "69123"),
        ("  Saint-Denis (97400) ", "97411"),
        ("st etienne du rouvray", "76575"),
        ("69389", "69389"),
        ("Saint-Denis", None),
        ("Trifouillis-les-Oies", None),
        ("Lyon (75001)", None),
        ("", None),
    ],
)
def test_a_commune_is_known_by_label_name_postcode_or_code(text: str, code: str | None) -> None:
    found = find_commune(text)

    assert (found.code if found else None) == code


def test_every_label_that_is_offered_is_understood() -> None:
    communes = list(load_communes().values())[::97]

    assert [find_commune(commune_label(each)) for each in communes] == communes
