"""The association's page for a yes: a profile without a name, two answers, never a contact."""

import pytest

from matcher.models.states import PairingStatus
from matcher.ranking.types import OfferedSkill
from tests.web.linking import EMAIL, PHONE, fresh, yes_path
from tests.web.visiting import Visitor

P = PairingStatus


@pytest.fixture
def said_yes(world):
    account = world.account(name="Jeanne Secrète", phone=PHONE)
    account.email = EMAIL
    volunteer = world.volunteer(
        account=account,
        skills=(OfferedSkill("Comptabilité", 3),),
        description=f"Je suis Jeanne Secrète, {PHONE}, {EMAIL}.",
    )
    return world.pairing(P.ACCEPTED, volunteer=volunteer)


def test_the_profile_shows_skills_hours_and_distance_but_neither_name_nor_contact(app, world, said_yes):
    page = Visitor(app).get(yes_path(app, world, said_yes))
    assert "2 hours a week" in page.text
    assert "less than 5 km away" in page.text
    assert "does it alone" in page.text
    for secret in ("Jeanne", "Secrète", EMAIL, PHONE):
        assert secret not in page.html


def test_meeting_opens_contacts_but_the_link_shows_none(app, world, said_yes):
    path, reader = yes_path(app, world, said_yes), Visitor(app)
    token = _token(reader, path)
    for _ in range(2):
        assert reader.client.post(f"{path}/confirm", data={"csrf_token": token}).status_code == 303
    assert fresh(world, said_yes).status is P.CONFIRMED
    page = reader.get(path)
    assert "Sign in and see the contacts" in page.text
    assert EMAIL not in page.html
    assert PHONE not in page.html


def test_refusing_asks_for_a_kind_reason_first(app, world, said_yes):
    path, reader = yes_path(app, world, said_yes), Visitor(app)
    page = reader.post(f"{path}/refuse", {})
    assert (page.status, list(page.errors())) == (422, ["reason"])
    reader.post(f"{path}/refuse", {"reason": "other_person_chosen"})
    assert fresh(world, said_yes).status is P.REFUSED
    assert "Get to know each other" not in reader.get(path).text


def test_a_yes_taken_back_is_told_and_cannot_be_confirmed(app, world, said_yes):
    path, reader = yes_path(app, world, said_yes), Visitor(app)
    from_page = {"csrf_token": _token(reader, path)}
    withdrawn = world.pairing(P.WITHDRAWN)
    answer = reader.client.post(f"{yes_path(app, world, withdrawn)}/confirm", data=from_page)
    assert answer.status_code == 303
    assert fresh(world, withdrawn).status is P.WITHDRAWN
    assert "taken back" in reader.get(yes_path(app, world, withdrawn)).text


def _token(reader, path):
    return reader.get(path).page.find("input", {"name": "csrf_token"})["value"]
