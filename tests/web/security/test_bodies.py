"""Only forms are read: what is sent as JSON or anything else is refused before a form or a limit looks at it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from matcher.models.states import NeedStatus
from tests.factories import World
from tests.faults.twice import differing, rows_of
from tests.web.security.posting import let_go, stocked
from tests.web.visiting import Visitor

OTHER_TYPES = ("application/json", "application/vnd.api+json", "text/plain", "application/xml")
ODD_BODIES = ("[1]", "5", "null", '"text"', '{"email": 5}', "{", "\x00")


def test_no_form_is_taken_in_another_writing(
    sqlite_template: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    sent = 0
    for stock in stocked(sqlite_template, tmp_path):
        app = stock.app()
        before = rows_of(stock.url)
        for name, form in stock.forms.items():
            visitor = Visitor(app, form.sender)
            token = visitor._token("/contact")
            bodies = [json.dumps({**form.typed, "csrf_token": token}), ODD_BODIES[sent % len(ODD_BODIES)]]
            for body in bodies:
                for kind in OTHER_TYPES:
                    answer = visitor.client.post(
                        form.address, data=body, content_type=kind, headers={"X-CSRFToken": token}
                    )
                    assert answer.status_code == 415, (name, kind, body[:60], answer.status_code)
                    sent += 1
        assert set(differing(before, rows_of(stock.url))) - {"sign_ins"} == set()
        let_go(app)
    record_property("cases", sent)


@pytest.mark.parametrize("body", ODD_BODIES)
@pytest.mark.parametrize("address", ["/sign-in", "/reset", "/register/volunteer", "/contact"])
def test_a_stranger_s_odd_json_is_refused_in_plain_words(app: Flask, address: str, body: str) -> None:
    visitor = Visitor(app)
    token = visitor._token("/contact")

    answer = visitor.client.post(address, data=body, content_type="application/json", headers={"X-CSRFToken": token})

    assert answer.status_code == 415
    assert "<h1" in answer.text


@pytest.mark.parametrize("blank", ["\u2028", "\u2003", "\x1f", " \t "])
def test_blanks_of_any_kind_are_no_choice(app: Flask, world: World, blank: str) -> None:
    need = world.need(NeedStatus.DRAFT)
    member = Visitor(app, world.member(need).account)
    volunteer = world.volunteer()

    said = {"title": "Tenir les comptes", "language": "fr", "times": "preferred", "audience": "named", "seats": 1}
    contact = world.member(need).account.id
    written = member.post(f"/my/needs/{need.id}/edit", {**said, "contact_id": contact, "mode": blank})
    abroad = {"lives": "abroad", "country": blank, "timezone": blank}
    placed = Visitor(app, volunteer.account).post("/profile/places", abroad)

    assert written.status in {303, 409}, "kept, or told that the page is an older one"
    assert placed.status == 422
